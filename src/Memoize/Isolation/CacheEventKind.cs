namespace Memoize.Isolation;

/// <summary>What has happened in the caches of an isolated flow.</summary>
public enum CacheEventKind
{
    /// <summary>A call was answered with a remembered value.</summary>
    Hit,

    /// <summary>A call found nothing.</summary>
    Miss,

    /// <summary>A call ran the original by itself: remembering was switched off, or the method's rule for its arguments said no.</summary>
    Bypass,

    /// <summary>The original was started on behalf of the cache.</summary>
    Load,

    /// <summary>A load has ended and its value is remembered.</summary>
    Stored,

    /// <summary>A load has ended with an exception.</summary>
    Failed,

    /// <summary>A load has ended and its value is not remembered, for instance because its key was evicted meanwhile.</summary>
    NotStored,

    /// <summary>An eviction was asked for, whether or not there was an entry.</summary>
    Evict,

    /// <summary>A value was stored that did not come from a load.</summary>
    Set,

    /// <summary>All entries of a cache were removed.</summary>
    Clear,
}
