using Memoize.Tags;
using Memoize.Tiers;

namespace Memoize;

/// <summary>
/// What a load or a <c>Set</c> needs to know beyond key and value; the default means nothing. Generated code fills it with what the
/// attribute asks for.
/// </summary>
/// <typeparam name="TValue">The result of the method.</typeparam>
public readonly struct EntryRules<TValue>
{
    /// <summary>
    /// Says, for a value that was just loaded or set, whether and how long it is remembered and how much it weighs; null for what
    /// the options say. It runs once for each value, never for a hit, as part of the load: in the load's context and before
    /// anybody gets the value.
    /// </summary>
    /// <remarks>
    /// If it throws, those who wait for the load get the value all the same, and it is not remembered
    /// (<see cref="CacheStatistics.NotStoredFailed"/>).
    /// </remarks>
    public Func<TValue, EntryTerms>? Terms { get; init; }

    /// <summary>
    /// What the entry can be evicted by besides its key; null for nothing. Known before the load, so that an eviction by a tag also
    /// reaches loads under way.
    /// </summary>
    public EntryTag[]? Tags { get; init; }

    /// <summary>
    /// Asked once when the load has ended: whether the key still says what the load was made of; null where nothing in the key can
    /// change. If it does not, the outcome is that of another key: the caller who ran the load gets it, it is not remembered, and whoever
    /// else waited loads for itself.
    /// </summary>
    /// <remarks>An exception counts as no. Such a value is counted as <see cref="CacheStatistics.NotStoredFailed"/>.</remarks>
    public Func<bool>? KeyHolds { get; init; }

    /// <summary>Whether anything is asked of a load that has ended.</summary>
    internal bool AskAfterLoad => Terms is not null || KeyHolds is not null;

    /// <summary>What the load has to do with the tiers; null for nothing. A <c>TierLoad</c> of the key's type.</summary>
    internal ITierLoad<TValue>? Tier { get; init; }

    /// <summary>Whether the load is that of a batch, which may return nothing for the key.</summary>
    internal bool MayGoUnanswered { get; init; }
}
