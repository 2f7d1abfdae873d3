using System.Diagnostics;
using System.IO.MemoryMappedFiles;

namespace Memoize.Tiers.Peer;

/// <summary>
/// The database that all processes share: a file of versions that only grow, and for each version when its eviction was over. The
/// clock is that of the machine, so that processes can compare their times.
/// </summary>
public sealed class Truth : IDisposable
{
    public const int Keys = 64;
    private const int Versions = 1 << 14;
    private const long Row = 8L * (1 + Versions);

    private readonly MemoryMappedFile file;
    private readonly MemoryMappedViewAccessor view;

    public Truth(string path)
    {
        file = MemoryMappedFile.CreateFromFile(path, FileMode.OpenOrCreate, null, Row * Keys);
        view = file.CreateViewAccessor();
    }

    /// <summary>The version now.</summary>
    public int Read(int key)
    {
        Thread.MemoryBarrier();
        return (int)view.ReadInt64(Row * key);
    }

    /// <summary>Writes the next version. Each key has one writer.</summary>
    public int Write(int key)
    {
        var version = Read(key) + 1;
        view.Write(Row * key, (long)version);
        Thread.MemoryBarrier();
        return version;
    }

    /// <summary>The eviction that followed a version is over.</summary>
    public void Evicted(int key, int version) => view.Write(Row * key + 8L * version, Stopwatch.GetTimestamp());

    /// <summary>For how long a value had been out of date, and evicted, when a call began that returned it; 0 if it was not.</summary>
    public TimeSpan StaleFor(int key, int version, long began)
    {
        var evicted = view.ReadInt64(Row * key + 8L * (version + 1));
        return evicted == 0 || evicted > began ? TimeSpan.Zero : Stopwatch.GetElapsedTime(evicted, began);
    }

    public void Dispose()
    {
        view.Dispose();
        file.Dispose();
    }
}
