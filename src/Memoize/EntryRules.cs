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

    /// <summary>What the load has to do with the tiers; null for nothing. A <c>TierLoad</c> of the key's type.</summary>
    internal ITierLoad<TValue>? Tier { get; init; }

    /// <summary>Whether the load is that of a batch, which may return nothing for the key.</summary>
    internal bool MayGoUnanswered { get; init; }
}
