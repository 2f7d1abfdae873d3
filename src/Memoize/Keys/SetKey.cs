using System.Collections.Frozen;
using System.Collections.Immutable;
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
    private readonly object? comparer;

    private SetKey(T[] items, object? comparer)
    {
        this.items = new UnorderedItems<T>(items, static item => KeyPart.Hash(item));
        this.comparer = comparer;
    }

    /// <summary>Copies the elements; <see langword="null"/> for <see langword="null"/>.</summary>
    public static SetKey<T>? Of(IEnumerable<T>? items)
        => items is null ? null : new SetKey<T>(items.ToArray(), ComparerOf(items));

    /// <summary>A fresh set with the elements and, where it is one for hashing, the comparer, for the method that is called.</summary>
    public HashSet<T> ToHashSet()
    {
        var set = new HashSet<T>(this.items.Items.Length, this.comparer as IEqualityComparer<T>);
        foreach (var item in this.items.Items)
            set.Add(item);
        return set;
    }

    /// <summary>Whether both hold the same elements under the same comparer.</summary>
    public bool Equals(SetKey<T>? other)
        => ReferenceEquals(this, other)
           || (other is not null
               && Equals(this.comparer, other.comparer)
               && this.items.SameAs(other.items, static (a, b) => KeyPart.Equal(a, b)));

    /// <inheritdoc/>
    public override bool Equals(object? obj) => this.Equals(obj as SetKey<T>);

    /// <inheritdoc/>
    public override int GetHashCode() => this.items.Hash;

    /// <summary>The elements, readable, in braces.</summary>
    public override string ToString() => KeyPart.TextOfAll(this.items.Items.ToArray(), '{', '}');

    private static object? ComparerOf(IEnumerable<T> items) => items switch
    {
        HashSet<T> x => x.Comparer,
        SortedSet<T> x => x.Comparer,
        FrozenSet<T> x => x.Comparer,
        ImmutableHashSet<T> x => x.KeyComparer,
        ImmutableSortedSet<T> x => x.KeyComparer,
        ImmutableHashSet<T>.Builder x => x.KeyComparer,
        ImmutableSortedSet<T>.Builder x => x.KeyComparer,
        _ => null,
    };
}
