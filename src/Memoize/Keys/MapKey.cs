using System.ComponentModel;

namespace Memoize.Keys;

/// <summary>
/// The entries of a dictionary as a field of a key, whatever their order; called by generated code. A lookup <see cref="Rent">rents</see> a
/// reusable one of its thread, so that a hit allocates nothing; what is stored is a copy, which what happens to the original later does not
/// reach.
/// </summary>
/// <typeparam name="TKey">The type of the keys, which are compared as <see cref="KeyPart"/> does.</typeparam>
/// <typeparam name="TValue">The type of the values, which are compared as <see cref="KeyPart"/> does.</typeparam>
/// <remarks>
/// The comparer of the dictionary belongs to the identity: a method that looks something up in it can tell. Immutable and
/// thread-safe, but for a rented one: that belongs to the thread that rented it, until it is returned.
/// </remarks>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class MapKey<TKey, TValue> : CollectionKey<MapKey<TKey, TValue>, KeyValuePair<TKey, TValue>>, IEquatable<MapKey<TKey, TValue>>
    where TKey : notnull
{
    private readonly UnorderedItems<KeyValuePair<TKey, TValue>> items;

    private MapKey(UnorderedItems<KeyValuePair<TKey, TValue>>? items = null) => this.items = items ?? new(static item => KeyPart.Combine(KeyPart.Hash(item.Key), KeyPart.Hash(item.Value)));

    /// <summary>Copies the entries; <see langword="null"/> for <see langword="null"/>. What cannot be copied is not looked at, and equal to nothing else.</summary>
    public static MapKey<TKey, TValue>? Of(IEnumerable<KeyValuePair<TKey, TValue>>? items) => Rent(items)?.Read().Keep();

    /// <summary>
    /// A key for a lookup, which has looked at the type of the dictionary and not <see cref="Read">read</see> it yet; <see langword="null"/> for
    /// <see langword="null"/>. Pass it to <see cref="CollectionKey{TSelf, TItem}.Return"/> or <see cref="CollectionKey{TSelf, TItem}.Keep"/> after the lookup, on the same thread.
    /// </summary>
    public static MapKey<TKey, TValue>? Rent(IEnumerable<KeyValuePair<TKey, TValue>>? items) => items is null ? null : (Spares<MapKey<TKey, TValue>>.Take() ?? new()).Begin(items, MapForms<TKey, TValue>.Of(items));

    /// <summary>Reads the entries, once; what cannot be copied is not looked at.</summary>
    /// <returns>This key.</returns>
    public MapKey<TKey, TValue> Read()
    {
        this.items.Fill(this.Form.IsKnown ? this.Source! : []);
        return this;
    }

    /// <summary>A fresh dictionary of the same type, with the comparer and the order of the original, for the method that is called.</summary>
    /// <remarks>The original itself where it is immutable, or could not be copied.</remarks>
    public IEnumerable<KeyValuePair<TKey, TValue>> Copy() => this.Source ?? MapForms<TKey, TValue>.Copy(this.Form, this.items.Items);

    /// <summary>Whether both are of one type and hold the same entries under the same comparer.</summary>
    public bool Equals(MapKey<TKey, TValue>? other)
        => ReferenceEquals(this, other)
           || (other is not null
               && this.Form.IsKnown
               && this.Form == other.Form
               && this.items.SameAs(other.items, static (a, b) => KeyPart.Equal(a.Key, b.Key) && KeyPart.Equal(a.Value, b.Value)));

    /// <inheritdoc/>
    public override bool Equals(object? obj) => this.Equals(obj as MapKey<TKey, TValue>);

    /// <inheritdoc/>
    public override int GetHashCode() => this.items.Hash;

    /// <summary>The entries, readable, in braces.</summary>
    public override string ToString()
        => "{" + string.Join(", ", this.items.Items.Select(x => KeyPart.Text(x.Key) + ": " + KeyPart.Text(x.Value))) + "}";

    private protected override MapKey<TKey, TValue> Copied() => new(this.items.Kept());

    private protected override void Release() => this.items.Release();
}
