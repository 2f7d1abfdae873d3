using System.Diagnostics;
using Microsoft.Extensions.Caching.Distributed;

namespace Memoize.Sqlite.Tests;

/// <summary>A file of its own for one test, in a folder that goes with the test.</summary>
public sealed class TestFile : IDisposable
{
    internal static readonly DistributedCacheEntryOptions Forever = new();

    public string Folder { get; } = Directory.CreateTempSubdirectory("memoize-sqlite-").FullName;

    public string Path => System.IO.Path.Combine(Folder, "cache.db");

    public SqliteCache Open(TimeProvider? clock = null, long maxBytes = 1L << 30, int busyTimeout = 5_000, int retryAfter = 200)
        => new(new() { File = Path, Clock = clock ?? TimeProvider.System, MaxBytes = maxBytes, BusyTimeout = busyTimeout, RetryAfter = retryAfter });

    /// <summary>The files that were set aside, without what belongs to them.</summary>
    public string[] SetAside() => [.. Directory.GetFiles(Folder, "cache.db.*").Where(file => file != Path && !file.EndsWith("-wal", StringComparison.Ordinal) && !file.EndsWith("-shm", StringComparison.Ordinal) && !file.EndsWith("-values", StringComparison.Ordinal))];

    /// <summary>Starts another process on the file.</summary>
    public Process Peer(params string[] arguments)
        => Shell(OwnRuntime.Dotnet, [System.IO.Path.Combine(AppContext.BaseDirectory, "Memoize.Sqlite.Peer.dll"), arguments[0], Path, .. arguments[1..]]);

    public static Process Shell(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, UseShellExecute = false };
        return Process.Start(start)!;
    }

    public static async Task<string> Finish(Process process)
    {
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.Equal(0, process.ExitCode);
        process.Dispose();
        return output.Trim();
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
