using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Collections.Immutable;
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
    private readonly object? comparer;

    private MapKey(KeyValuePair<TKey, TValue>[] items, object? comparer)
    {
        this.items = new UnorderedItems<KeyValuePair<TKey, TValue>>(
            items, static item => KeyPart.Combine(KeyPart.Hash(item.Key), KeyPart.Hash(item.Value)));
        this.comparer = comparer;
    }

    /// <summary>Copies the entries; <see langword="null"/> for <see langword="null"/>.</summary>
    public static MapKey<TKey, TValue>? Of(IEnumerable<KeyValuePair<TKey, TValue>>? items)
        => items is null ? null : new MapKey<TKey, TValue>(items.ToArray(), ComparerOf(items));

    /// <summary>A fresh dictionary with the entries and, where it is one for hashing, the comparer, for the method that is called.</summary>
    public Dictionary<TKey, TValue> ToDictionary()
    {
        var map = new Dictionary<TKey, TValue>(this.items.Items.Length, this.comparer as IEqualityComparer<TKey>);
        foreach (var (key, value) in this.items.Items)
            map[key] = value;
        return map;
    }

    /// <summary>Whether both hold the same entries under the same comparer.</summary>
    public bool Equals(MapKey<TKey, TValue>? other)
        => ReferenceEquals(this, other)
           || (other is not null
               && Equals(this.comparer, other.comparer)
               && this.items.SameAs(other.items, static (a, b) => KeyPart.Equal(a.Key, b.Key) && KeyPart.Equal(a.Value, b.Value)));

    /// <inheritdoc/>
    public override bool Equals(object? obj) => this.Equals(obj as MapKey<TKey, TValue>);

    /// <inheritdoc/>
    public override int GetHashCode() => this.items.Hash;

    /// <summary>The entries, readable, in braces.</summary>
    public override string ToString()
        => "{" + string.Join(", ", this.items.Items.ToArray().Select(x => KeyPart.Text(x.Key) + ": " + KeyPart.Text(x.Value))) + "}";

    private static object? ComparerOf(IEnumerable<KeyValuePair<TKey, TValue>> items) => items switch
    {
        Dictionary<TKey, TValue> x => x.Comparer,
        SortedDictionary<TKey, TValue> x => x.Comparer,
        SortedList<TKey, TValue> x => x.Comparer,
        ConcurrentDictionary<TKey, TValue> x => x.Comparer,
        FrozenDictionary<TKey, TValue> x => x.Comparer,
        ImmutableDictionary<TKey, TValue> x => (x.KeyComparer, x.ValueComparer),
        ImmutableSortedDictionary<TKey, TValue> x => (x.KeyComparer, x.ValueComparer),
        _ => null,
    };
}
