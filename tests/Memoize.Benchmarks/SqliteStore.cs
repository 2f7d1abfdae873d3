using System.Buffers;
using System.Diagnostics;
using System.Globalization;
using Memoize.Sqlite;
using Microsoft.Extensions.Caching.Distributed;

namespace Memoize.Benchmarks;

/// <summary>
/// The SQLite store beside Python's diskcache (Debian: python3-diskcache), in turns and on the same disk: the same sizes, the same
/// number of keys, values with a lifetime. The median of the rounds, in microseconds of processor time for
/// each operation, user and system: on a busy machine, the time of day tells about the others.
/// </summary>
internal static class SqliteStore
{
    private static readonly string[] s_names = ["get 1 KB", "set 1 KB again", "set 1 KB, new keys", "set 1 KB, new keys, five lifetimes", "get 1 KB of 15,000, in any order"];
    private static readonly string[] s_largeNames = ["get 1 MB", "set 1 MB"];

    // What is copied depends on where it lies in memory, and three rounds tell too little about it.
    private const int FewestLargeRounds = 9;
    private const int Small = 5_000;
    private const int Large = 100;

    private const string Python =
        """
        import sys, time, os, diskcache
        c = diskcache.Cache(sys.argv[1], size_limit=1 << 30)
        small, large = os.urandom(1024), os.urandom(1 << 20)
        def run(n, f):
            t = time.process_time()
            for i in range(n): f(i)
            return (time.process_time() - t) / n * 1e6
        def best(n, f): run(n, f); return run(n, f)
        if sys.argv[2] == 'large':
            S = best(100, lambda i: c.set('large:%d' % (i % 20), large, expire=3600))
            G = best(100, lambda i: c.get('large:%d' % (i % 20)))
            print(G, S)
            sys.exit()
        s = best(5000, lambda i: c.set('key:%d' % i, small, expire=3600))
        g = best(5000, lambda i: c.get('key:%d' % i))
        n = run(5000, lambda i: c.set('new:%d' % i, small, expire=3600))
        m = run(5000, lambda i: c.set('mixed:%d' % i, small, expire=60 << i % 5))
        a = run(5000, lambda i: c.get('%s:%d' % (('key', 'new', 'mixed')[i % 3], i * 2741 % 5000)))
        print(g, s, n, m, a)
        """;

    internal static void Measure(int rounds)
    {
        var folder = Directory.CreateTempSubdirectory("memoize-bench-").FullName;
        try
        {
            var ratios = Compare(folder, "small", Run, s_names, rounds);
            Bars.AtLeast("diskcache / get 1 KB", ratios[0], 1.3);
            Bars.AtLeast("diskcache / set 1 KB again", ratios[1], 2);
            Bars.AtLeast("diskcache / set 1 KB, new keys", ratios[2], 2);
            Bars.AtLeast("diskcache / set 1 KB, new keys, five lifetimes", ratios[3], 2);
            Bars.AtLeast("diskcache / get 1 MB", Compare(folder, "large", RunLarge, s_largeNames, Math.Max(rounds, FewestLargeRounds))[0], 1);
            SqliteWaits.Measure();
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    // In turns, after one round that does not count.
    private static double[] Compare(string folder, string what, Func<string, double[]> run, string[] names, int rounds)
    {
        var ours = new List<double[]>();
        var theirs = new List<double[]>();
        run(Path.Combine(folder, what, "warm"));
        for (var round = 0; round < rounds; round++)
        {
            ours.Add(run(Path.Combine(folder, what, "ours" + round)));
            theirs.Add(RunPython(Path.Combine(folder, what, "theirs" + round), what));
        }
        return [.. names.Select((name, i) =>
        {
            var (one, other) = (Median(ours, i), Median(theirs, i));
            Table.Print("SQLite store and diskcache", name, $"{Table.Number(one, "0.0")} and {Table.Number(other, "0.0")} us", "", Table.Number(other / one, "0.00"));
            return other / one;
        })];
    }

    private static double[] Run(string folder)
    {
        using var cache = new SqliteCache(new() { File = Path.Combine(folder, "cache.db") });
        var options = new DistributedCacheEntryOptions { AbsoluteExpirationRelativeToNow = TimeSpan.FromHours(1) };
        var small = new byte[1024];
        new Random(1).NextBytes(small);
        var set = Best(Small, i => cache.Set("key:" + i, small, options));
        var get = Best(Small, i => cache.Get("key:" + i));
        var setNew = One(Small, i => cache.Set("new:" + i, small, options));
        var lifetimes = Enumerable.Range(0, 5).Select(i => new DistributedCacheEntryOptions { AbsoluteExpirationRelativeToNow = TimeSpan.FromSeconds(60 << i) }).ToArray();
        var setMixed = One(Small, i => cache.Set("mixed:" + i, small, lifetimes[i % 5]));
        var getAny = One(Small, i => cache.Get((i % 3) switch { 0 => "key:", 1 => "new:", _ => "mixed:" } + i * 2741L % Small));
        return [get, set, setNew, setMixed, getAny];
    }

    private static double[] RunLarge(string folder)
    {
        using var cache = new SqliteCache(new() { File = Path.Combine(folder, "cache.db") });
        var options = new DistributedCacheEntryOptions { AbsoluteExpirationRelativeToNow = TimeSpan.FromHours(1) };
        var large = new byte[1 << 20];
        new Random(2).NextBytes(large);
        var writer = new ArrayBufferWriter<byte>(2 << 20);
        var setLarge = Best(Large, i => cache.Set("large:" + i % 20, large, options));
        var getLarge = Best(Large, i =>
        {
            writer.ResetWrittenCount();
            cache.TryGet("large:" + i % 20, writer);
        });
        return [getLarge, setLarge];
    }

    private static double Best(int count, Action<int> action)
    {
        One(count, action);
        return One(count, action);
    }

    private static double One(int count, Action<int> action)
    {
        var began = Environment.CpuUsage.TotalTime;
        for (var i = 0; i < count; i++)
            action(i);
        return (Environment.CpuUsage.TotalTime - began).TotalMicroseconds / count;
    }

    private static double[] RunPython(string folder, string what)
    {
        using var process = Process.Start(new ProcessStartInfo("/usr/bin/python3", ["-c", Python, folder, what]) { RedirectStandardOutput = true })!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return [.. output.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(number => double.Parse(number, CultureInfo.InvariantCulture))];
    }

    private static double Median(List<double[]> rounds, int column)
        => rounds.Select(round => round[column]).Order().ElementAt(rounds.Count / 2);
}
