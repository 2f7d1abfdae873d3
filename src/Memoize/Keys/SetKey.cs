using System.ComponentModel;

namespace Memoize.Keys;

/// <summary>
/// The elements of a set as a field of a key, whatever their order; called by generated code. It holds a copy: what happens to the
/// original later does not reach it. Immutable and thread-safe.
/// </summary>
/// <typeparam name="T">The type of the elements, which are compared as <see cref="KeyPart"/> does.</typeparam>
/// <remarks>The comparer of the set belongs to the identity: a method that asks the set whether it contains something can tell.</remarks>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class SetKey<T> : IEquatable<SetKey<T>>
{
    private readonly UnorderedItems<T> items;
    private readonly CollectionForm form;
    private readonly IEnumerable<T>? own;

    private SetKey(IEnumerable<T> items)
    {
        this.form = SetForms<T>.Of(items);
        if (this.form.IsOwn)
            this.own = items;
        this.items = new UnorderedItems<T>(this.form.IsKnown ? items.ToArray() : [], static item => KeyPart.Hash(item));
    }

    /// <summary>Copies the elements; <see langword="null"/> for <see langword="null"/>. What cannot be copied is not looked at, and equal to nothing else.</summary>
    public static SetKey<T>? Of(IEnumerable<T>? items) => items is null ? null : new SetKey<T>(items);

    /// <summary>Whether a copy of the set behaves as the set does: if its type is known.</summary>
    public static bool CanCopy(IEnumerable<T>? items) => items is null || SetForms<T>.Of(items).IsKnown;

    /// <summary>A fresh set of the same type, with the comparer and the order of the original, for the method that is called.</summary>
    /// <remarks>The original itself where it is immutable, or could not be copied.</remarks>
    public IEnumerable<T> Copy() => this.own ?? SetForms<T>.Copy(this.form, this.items.Items);

    /// <summary>Whether both are of one type and hold the same elements under the same comparer.</summary>
    public bool Equals(SetKey<T>? other)
        => ReferenceEquals(this, other)
           || (other is not null
               && this.form.IsKnown
               && this.form == other.form
               && this.items.SameAs(other.items, static (a, b) => KeyPart.Equal(a, b)));

    /// <inheritdoc/>
    public override bool Equals(object? obj) => this.Equals(obj as SetKey<T>);

    /// <inheritdoc/>
    public override int GetHashCode() => this.items.Hash;

    /// <summary>The elements, readable, in braces.</summary>
    public override string ToString() => KeyPart.TextOfAll(this.items.Items, '{', '}');
}
