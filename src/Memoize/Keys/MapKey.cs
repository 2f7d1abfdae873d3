using System.ComponentModel;

namespace Memoize.Keys;

/// <summary>
/// The entries of a dictionary as a field of a key, whatever their order; called by generated code. It holds a copy: what happens to
/// the original later does not reach it. Immutable and thread-safe.
/// </summary>
/// <typeparam name="TKey">The type of the keys, which are compared as <see cref="KeyPart"/> does.</typeparam>
/// <typeparam name="TValue">The type of the values, which are compared as <see cref="KeyPart"/> does.</typeparam>
/// <remarks>The comparer of the dictionary belongs to the identity: a method that looks something up in it can tell.</remarks>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class MapKey<TKey, TValue> : IEquatable<MapKey<TKey, TValue>>
    where TKey : notnull
{
    private readonly UnorderedItems<KeyValuePair<TKey, TValue>> items;
    private readonly CollectionForm form;
    private readonly IEnumerable<KeyValuePair<TKey, TValue>>? own;

    private MapKey(IEnumerable<KeyValuePair<TKey, TValue>> items)
    {
        this.form = MapForms<TKey, TValue>.Of(items);
        if (this.form.IsOwn)
            this.own = items;
        this.items = new UnorderedItems<KeyValuePair<TKey, TValue>>(
            this.form.IsKnown ? items.ToArray() : [], static item => KeyPart.Combine(KeyPart.Hash(item.Key), KeyPart.Hash(item.Value)));
    }

    /// <summary>Copies the entries; <see langword="null"/> for <see langword="null"/>. What cannot be copied is not looked at, and equal to nothing else.</summary>
    public static MapKey<TKey, TValue>? Of(IEnumerable<KeyValuePair<TKey, TValue>>? items) => items is null ? null : new MapKey<TKey, TValue>(items);

    /// <summary>Whether a copy of the dictionary behaves as the dictionary does: if its type is known.</summary>
    public static bool CanCopy(IEnumerable<KeyValuePair<TKey, TValue>>? items) => items is null || MapForms<TKey, TValue>.Of(items).IsKnown;

    /// <summary>A fresh dictionary of the same type, with the comparer and the order of the original, for the method that is called.</summary>
    /// <remarks>The original itself where it is immutable, or could not be copied.</remarks>
    public IEnumerable<KeyValuePair<TKey, TValue>> Copy() => this.own ?? MapForms<TKey, TValue>.Copy(this.form, this.items.Items);

    /// <summary>Whether both are of one type and hold the same entries under the same comparer.</summary>
    public bool Equals(MapKey<TKey, TValue>? other)
        => ReferenceEquals(this, other)
           || (other is not null
               && this.form.IsKnown
               && this.form == other.form
               && this.items.SameAs(other.items, static (a, b) => KeyPart.Equal(a.Key, b.Key) && KeyPart.Equal(a.Value, b.Value)));

    /// <inheritdoc/>
    public override bool Equals(object? obj) => this.Equals(obj as MapKey<TKey, TValue>);

    /// <inheritdoc/>
    public override int GetHashCode() => this.items.Hash;

    /// <summary>The entries, readable, in braces.</summary>
    public override string ToString()
        => "{" + string.Join(", ", this.items.Items.Select(x => KeyPart.Text(x.Key) + ": " + KeyPart.Text(x.Value))) + "}";
}
