namespace Memoize.Sqlite;

/// <summary>What a <see cref="SqliteCache"/> has done since it was made, and what is in its file now.</summary>
public sealed record SqliteCacheStatistics
{
    /// <summary>The entries in the file, of all processes; those that have expired and are not yet removed are counted too.</summary>
    public long Entries { get; init; }

    /// <summary>The bytes of the file that are in use, the tables' own included.</summary>
    public long Bytes { get; init; }

    /// <summary>Reads that found a value.</summary>
    public long Hits { get; init; }

    /// <summary>Reads that found none, the failed ones included.</summary>
    public long Misses { get; init; }

    /// <summary>Values stored.</summary>
    public long Stored { get; init; }

    /// <summary>Entries that this process removed because the file was at its bound.</summary>
    public long Evictions { get; init; }

    /// <summary>Entries that this process removed because they had expired.</summary>
    public long Expirations { get; init; }

    /// <summary>What went wrong, by reason: each failed use of the file, each damaged entry, each file that was set aside.</summary>
    public IReadOnlyDictionary<SqliteFailure, long> Failures { get; init; } = new Dictionary<SqliteFailure, long>();

    /// <summary>Values that were not stored, and removals that could not be written, by reason. What was refused for want of a good lease is not among them.</summary>
    public IReadOnlyDictionary<SqliteFailure, long> NotStored { get; init; } = new Dictionary<SqliteFailure, long>();
}
