using Memoize.Tags;

namespace Memoize;

/// <summary>What a <see cref="CachedMethod"/> needs from its caches, whatever their key and value.</summary>
internal interface IMethodCaches
{
    int Count { get; }

    CacheStatistics Statistics { get; }

    /// <summary>The same without what there is now, for which all caches would have to be visited.</summary>
    CacheStatistics Counts { get; }

    /// <summary>The live entries, collected while others may come and go.</summary>
    IEnumerable<CacheEntry> Entries();

    void Clear();

    /// <summary>The options of the method have changed.</summary>
    void Reconfigure();

    /// <summary>Removes the entries that have the tag.</summary>
    /// <returns>How many there were.</returns>
    int EvictTag(EntryTag tag);
}
