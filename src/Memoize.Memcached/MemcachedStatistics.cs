namespace Memoize.Memcached;

/// <summary>What a <see cref="MemcachedCache"/> has done since it was created. A snapshot.</summary>
public sealed class MemcachedStatistics
{
    internal MemcachedStatistics()
    {
    }

    /// <summary>Reads that found a value.</summary>
    public long Hits { get; internal init; }

    /// <summary>Reads that found none, those that failed included.</summary>
    public long Misses { get; internal init; }

    /// <summary>Values that were stored.</summary>
    public long Stored { get; internal init; }

    /// <summary>Reads that were misses for another reason than that there was no value; reasons that did not occur are left out.</summary>
    public required IReadOnlyDictionary<MemcachedFailure, long> FailedReads { get; init; }

    /// <summary>Values that were not stored, by reason. (A lease that was no longer good is no failure, and not counted.)</summary>
    public required IReadOnlyDictionary<MemcachedFailure, long> NotStored { get; init; }

    /// <summary>Values whose removal was not confirmed, by reason. It is made up for as soon as the server answers again.</summary>
    public required IReadOnlyDictionary<MemcachedFailure, long> NotRemoved { get; init; }

    /// <summary>The servers that are out of reach now, as <c>host:port</c>.</summary>
    public required IReadOnlyList<string> ServersDown { get; init; }
}
