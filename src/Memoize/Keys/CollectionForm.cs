namespace Memoize.Keys;

/// <summary>What a collection is, so far as a method that gets a copy of it could tell.</summary>
/// <param name="Kind">The type that a copy has.</param>
/// <param name="Comparer">What it finds its elements with, where that is not what lists do.</param>
/// <param name="IsWrapped">Whether a read-only wrapper is around it.</param>
internal readonly record struct CollectionForm(CollectionKind Kind, object? Comparer = null, bool IsWrapped = false)
{
    /// <summary>What an immutable dictionary compares its values with.</summary>
    public object? ValueComparer { get; init; }

    /// <summary>Of a type that nobody can copy without knowing it.</summary>
    public static CollectionForm Unknown => default;

    public bool IsKnown => this.Kind != CollectionKind.Unknown;

    /// <summary>Whether it finds its elements as every list does, by their own equality.</summary>
    public bool IsList => this.Kind is >= CollectionKind.Elements and <= CollectionKind.ImmutableList;

    /// <summary>Whether nobody can change it, so that no copy is needed.</summary>
    public bool IsImmutable => this.Kind is CollectionKind.ImmutableList
        or CollectionKind.FrozenSet or CollectionKind.ImmutableHashSet or CollectionKind.ImmutableSortedSet
        or CollectionKind.FrozenDictionary or CollectionKind.ImmutableDictionary or CollectionKind.ImmutableSortedDictionary;

    /// <summary>Whether the load gets the caller's own object: it needs no copy, or none can be made.</summary>
    public bool IsOwn => this.IsImmutable || !this.IsKnown;

    /// <summary>The same within a read-only wrapper; other wrappers are left to the original.</summary>
    public CollectionForm Wrapped() => this.IsWrapped || this.IsOwn ? Unknown : this with { IsWrapped = true };
}

/// <summary>The types of collections that can be copied, and immutable ones that need not be.</summary>
internal enum CollectionKind : byte
{
    /// <summary>Any other.</summary>
    Unknown,

    /// <summary>What can only be enumerated and counted: an iterator, a queue. A copy is an array.</summary>
    Elements,
    Array,
    List,
    Collection,
    ObservableCollection,
    LinkedList,
    ArraySegment,

    /// <summary>A list that nobody can change through it. A copy is a read-only collection.</summary>
    ReadOnlyList,
    ImmutableList,

    HashSet,
    SortedSet,
    FrozenSet,
    ImmutableHashSet,
    ImmutableSortedSet,

    Dictionary,
    SortedDictionary,
    SortedList,
    FrozenDictionary,
    ImmutableDictionary,
    ImmutableSortedDictionary,
}
