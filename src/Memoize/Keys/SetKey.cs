using System.ComponentModel;

namespace Memoize.Keys;

/// <summary>
/// The elements of a set as a field of a key, whatever their order; called by generated code. A lookup <see cref="Rent">rents</see> a
/// reusable one of its thread, so that a hit allocates nothing; what is stored is a copy, which what happens to the original later does not
/// reach.
/// </summary>
/// <typeparam name="T">The type of the elements, which are compared as <see cref="KeyPart"/> does.</typeparam>
/// <remarks>
/// The comparer of the set belongs to the identity: a method that asks the set whether it contains something can tell. Immutable and
/// thread-safe, but for a rented one: that belongs to the thread that rented it, until it is returned.
/// </remarks>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class SetKey<T> : CollectionKey<SetKey<T>, T>, IEquatable<SetKey<T>>
{
    private readonly UnorderedItems<T> items;

    private SetKey(UnorderedItems<T>? items = null) => this.items = items ?? new(static item => KeyPart.Hash(item));

    /// <summary>Copies the elements; <see langword="null"/> for <see langword="null"/>. What cannot be copied is not looked at, and equal to nothing else.</summary>
    public static SetKey<T>? Of(IEnumerable<T>? items) => Rent(items)?.Read().Keep();

    /// <summary>
    /// A key for a lookup, which has looked at the type of the set and not <see cref="Read">read</see> it yet; <see langword="null"/> for
    /// <see langword="null"/>. Pass it to <see cref="CollectionKey{TSelf, TItem}.Return"/> or <see cref="CollectionKey{TSelf, TItem}.Keep"/> after the lookup, on the same thread.
    /// </summary>
    public static SetKey<T>? Rent(IEnumerable<T>? items) => items is null ? null : (Spares<SetKey<T>>.Take() ?? new()).Begin(items, SetForms<T>.Of(items));

    /// <summary>Reads the elements, once; what cannot be copied is not looked at.</summary>
    /// <returns>This key.</returns>
    public SetKey<T> Read()
    {
        this.items.Fill(this.Form.IsKnown ? this.Source! : []);
        return this;
    }

    /// <summary>A fresh set of the same type, with the comparer and the order of the original, for the method that is called.</summary>
    /// <remarks>The original itself where it is immutable, or could not be copied.</remarks>
    public IEnumerable<T> Copy() => this.Source ?? SetForms<T>.Copy(this.Form, this.items.Items);

    /// <summary>Whether both are of one type and hold the same elements under the same comparer.</summary>
    public bool Equals(SetKey<T>? other)
        => ReferenceEquals(this, other)
           || (other is not null
               && this.Form.IsKnown
               && this.Form == other.Form
               && this.items.SameAs(other.items, static (a, b) => KeyPart.Equal(a, b)));

    /// <inheritdoc/>
    public override bool Equals(object? obj) => this.Equals(obj as SetKey<T>);

    /// <inheritdoc/>
    public override int GetHashCode() => this.items.Hash;

    /// <summary>The elements, readable, in braces.</summary>
    public override string ToString()
        => KeyPart.TextOfAll(this.items.Items, '{', '}');

    private protected override SetKey<T> Copied() => new(this.items.Kept());

    private protected override void Release() => this.items.Release();
}
