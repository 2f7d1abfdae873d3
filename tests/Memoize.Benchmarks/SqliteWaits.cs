using System.Diagnostics;
using Memoize.Sqlite;
using SQLitePCL;

namespace Memoize.Benchmarks;

/// <summary>
/// How long a get takes by the clock on the wall, in the situations in which it could have to wait: of values that are stored, whose uses
/// have to be written. On a busy machine, the worst one tells about the others.
/// </summary>
internal static class SqliteWaits
{
    private const int Most = 10;
    private const int Keys = 16_000;

    internal static void Measure()
    {
        var folder = Directory.CreateTempSubdirectory("memoize-bench-").FullName;
        try
        {
            WhileLargeOnesAreStored(Path.Combine(folder, "large.db"));
            Aged(Path.Combine(folder, "aged.db"));
            AfterALock(Path.Combine(folder, "lock.db"));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>
    /// Another thread stores values of 1 MB, nearly a thousand in a second, and evicts as many; the keys that are read are in use, so they
    /// stay. Without its pauses the file looked back on 8 ms, and a key that was lost once would be lost again before it is stored.
    /// </summary>
    private static void WhileLargeOnesAreStored(string file)
    {
        const int hot = 50;
        using var cache = Open(file);
        var value = new byte[1024];
        for (var i = 0; i < hot; i++)
            cache.Set("read:" + i, value, new());
        var stop = false;
        var sets = new List<double>();
        var thread = new Thread(() =>
        {
            var large = new byte[1 << 20];
            for (var i = 0; !Volatile.Read(ref stop); i++)
            {
                sets.Add(Time(() => cache.Set("large:" + i, large, new())));
                Thread.Sleep(1);
            }
        });
        thread.Start();
        var times = new List<double>();
        var found = 0;
        var wall = Stopwatch.StartNew();
        for (var i = 0; wall.Elapsed.TotalSeconds < 4; i++)
        {
            var key = "read:" + i % hot;
            byte[]? read = null;
            var time = Time(() => read = cache.Get(key));
            if (read is null)
                cache.Set(key, value, new());
            // Until it is full, nothing is evicted.
            if (wall.Elapsed.TotalSeconds < 1)
                continue;
            times.Add(time);
            found += read is null ? 0 : 1;
        }
        Volatile.Write(ref stop, true);
        thread.Join();
        const string what = "while 1 MB values are stored and evicted";
        Print(what, times);
        Table.Print(what, "gets that found their value", $"{Table.Number(100.0 * found / times.Count, "0.000")} % of {times.Count}");
        Table.Print(what, "sets of 1 MB, evictions", $"{sets.Count}, {cache.GetStatistics().Evictions}");
        Table.Print(what, "set of 1 MB, p50, p99, worst", $"{At(sets, 0.5)}, {At(sets, 0.99)}, {At(sets, 1)} ms");
    }

    /// <summary>Each get is the first one of its key for a long time, so that its use is to be written.</summary>
    private static void Aged(string file)
    {
        using var reader = Filled(file);
        var times = new List<double>();
        for (var i = 0; i < Keys; i++)
            times.Add(Time(() => reader.Get("k" + i)));
        Print("keys that were not read for long", times);
    }

    /// <summary>Another process has held the lock of the writers while uses gathered.</summary>
    private static void AfterALock(string file)
    {
        const int locked = 4_000;
        using var reader = Filled(file);
        _ = raw.sqlite3_open(file, out var other);
        var (during, after) = (new List<double>(), new List<double>());
        // Over and over, the keys that come next.
        for (var round = 0; round < Keys / locked; round++)
        {
            _ = raw.sqlite3_exec(other, "BEGIN IMMEDIATE");
            for (var i = 0; i < locked; i++)
                during.Add(Time(() => reader.Get("k" + (round * locked + i))));
            _ = raw.sqlite3_exec(other, "ROLLBACK");
            for (var i = 0; i < locked; i++)
                after.Add(Time(() => reader.Get("k" + (round * locked + i))));
        }
        other.Dispose();
        Print("while another process holds the lock of the writers", during);
        Print("after another process held the lock for 4,000 gets", after);
    }

    private static SqliteCache Open(string file) => new(new() { File = file, MaxBytes = 64 << 20 });

    /// <summary>More than half full, so that uses matter; each was used seconds ago.</summary>
    private static SqliteCache Filled(string file)
    {
        using (var cache = Open(file))
        {
            var value = new byte[2_000];
            for (var i = 0; i < Keys; i++)
                cache.Set("k" + i, value, new());
        }
        Thread.Sleep(TimeSpan.FromSeconds(3));
        var reader = Open(file);
        reader.Get("opens the file");
        return reader;
    }

    private static void Print(string what, List<double> gets)
    {
        Table.Print(what, "get, p50, p99, p99.9, worst", $"{At(gets, 0.5)}, {At(gets, 0.99)}, {At(gets, 0.999)}, {At(gets, 1)} ms");
        Bars.AtMost("ms of a get, p99.9, " + what, Part(gets, 0.999), Most);
        Bars.AtMost("ms of a get, worst, " + what, Part(gets, 1), Most);
    }

    private static string At(List<double> times, double part) => Table.Number(Part(times, part), "0.000");

    private static double Part(List<double> times, double part)
    {
        times.Sort();
        return times[(int)((times.Count - 1) * part)];
    }

    private static double Time(Action action)
    {
        var began = Stopwatch.GetTimestamp();
        action();
        return Stopwatch.GetElapsedTime(began).TotalMilliseconds;
    }
}
