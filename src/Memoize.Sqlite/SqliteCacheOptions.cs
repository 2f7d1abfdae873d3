using Memoize.Sqlite.Engine;

namespace Memoize.Sqlite;

/// <summary>Where a <see cref="SqliteCache"/> keeps its values, and how many.</summary>
public sealed class SqliteCacheOptions
{
    /// <summary>
    /// The file. Its folder is made if it is not there. Null, the default, is a file of this user and this program alone:
    /// <c>memoize/{program}-{hash of its folder}/cache.db</c> in the user's local application data (<c>~/.local/share</c> on Linux,
    /// <c>%LOCALAPPDATA%</c> on Windows), or below the program's own folder where the user has none. Not on a network share.
    /// </summary>
    public string? File { get; set; }

    /// <summary>
    /// How many bytes of the file, and of the one with the large values, may be in use, the tables' own included. Beyond it the least recently used values go. Default 1 GiB,
    /// at least 256 KiB. A value of more than half of it is not stored.
    /// </summary>
    public long MaxBytes { get; set; } = 1L << 30;

    /// <summary>
    /// How long a write waits for the writes of other processes, in milliseconds, before it gives up. Default 500. Reads do not wait.
    /// </summary>
    public int BusyTimeout { get; set; } = 500;

    /// <summary>
    /// How long the file is left alone after it failed, in milliseconds: until then, reads are misses and values are not stored, at
    /// once. Default 1,000.
    /// </summary>
    public int RetryAfter { get; set; } = 1_000;

    /// <summary>The clock by which values expire. Default is the system's; all processes of one file should agree on the time.</summary>
    public TimeProvider Clock { get; set; } = TimeProvider.System;

    internal string Path => System.IO.Path.GetFullPath(File ?? DefaultFile.Path);

    internal void Check()
    {
        ArgumentNullException.ThrowIfNull(Clock);
        if (File is { } file)
            ArgumentException.ThrowIfNullOrWhiteSpace(file, nameof(File));
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxBytes, 256 * 1024);
        ArgumentOutOfRangeException.ThrowIfNegative(BusyTimeout);
        ArgumentOutOfRangeException.ThrowIfNegative(RetryAfter);
    }
}
