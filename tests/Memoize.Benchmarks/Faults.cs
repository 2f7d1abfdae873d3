using System.Diagnostics;
using Memoize.Memcached;
using Memoize.Memcached.Tests;
using Memoize.Redis;
using Memoize.Redis.Tests;
using Memoize.Sqlite;
using Memoize.Tiers;
using Microsoft.Extensions.Caching.Distributed;
using StackExchange.Redis;
using Proxy = Memoize.Tiers.Tests.Proxy;

namespace Memoize.Benchmarks;

/// <summary>The method under test. Every call is of another product, so that memory never has it.</summary>
public static class Depot
{
    [Cached(Ttl = 300, MaxSize = 16, Tiers = "faulty")]
    public static Task<Product> FindAsync(int id) => Task.FromResult(new Product(id, $"product {id}", 1.50m, [], ""));
}

/// <summary>
/// What a tier that fails costs a call, with real servers and the options that are the default: the first call after the fault, the calls
/// while it lasts, and the time from its end until a value is stored again. A fault is made several times, of different lengths, since
/// the tier is tried at longer and longer intervals.
/// </summary>
internal static class Faults
{
    // As many as it takes until the runtime compiles nothing any more: on a small machine that shows in every hundredth call.
    private const int WarmCalls = 10_000;

    // What a call asks of a Redis that answers and takes nothing: for the value, and for the value or its lease.
    private const int TripsOfMiss = 2;

    private static int s_id;

    /// <param name="quick">Whether a few of each are enough.</param>
    /// <param name="some">Which of them: those whose names have this in it.</param>
    internal static async Task MeasureAsync(bool quick, string some)
    {
        // The last two end when the longest pause between two tries has just begun, where those are refused and where they hang.
        double[] lengths = quick ? [0.1, 0.1, 2] : [0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 1, 3.7, 6.7];
        foreach (var fault in (string[])["Redis, killed", "Redis, stopped", "Redis, refused", "Redis, 100 ms late", "Redis, half of an answer", "Redis, no memory", "Redis, read-only"])
            await (fault.Contains(some, StringComparison.Ordinal) ? OfRedisAsync(fault, lengths) : Task.CompletedTask);
        foreach (var fault in (string[])["memcached, killed", "memcached, stopped"])
            await (fault.Contains(some, StringComparison.Ordinal) ? OfMemcachedAsync(fault, lengths) : Task.CompletedTask);
        // As long as it takes until a replica has taken over.
        if ("Redis, cluster, primary killed".Contains(some, StringComparison.Ordinal))
            await OfClusterAsync("Redis, cluster, primary killed", quick ? [1] : [0.1, 1, 3, 6]);
        if ("SQLite, full disk".Contains(some, StringComparison.Ordinal))
            await OfDiskAsync("SQLite, full disk", lengths);
        if ("SQLite, read-only".Contains(some, StringComparison.Ordinal))
            await OfReadOnlyAsync("SQLite, read-only", quick ? 1 : 5, length: 1.5);
    }

    private static async Task OfRedisAsync(string fault, double[] lengths)
    {
        using var server = RedisProcess.Start();
        using var proxy = new Proxy(server.Port);
        await using var redis = new RedisCache(proxy.Address);
        await using var plain = fault == "Redis, no memory" ? await ConnectionMultiplexer.ConnectAsync(proxy.Address) : null;
        await MeasureAsync(fault, redis, lengths, fault switch
        {
            "Redis, killed" => (server.Kill, server.Start),
            "Redis, stopped" => (() => server.Signal("STOP"), () => server.Signal("CONT")),
            "Redis, refused" => (proxy.Refuse, proxy.Listen),
            "Redis, 100 ms late" => (() => proxy.Latency = TimeSpan.FromMilliseconds(100), () => proxy.Latency = default),
            "Redis, half of an answer" => (() => proxy.Halves = true, () => proxy.Halves = false),
            "Redis, no memory" => (() => server.Say("CONFIG SET maxmemory 1"), () => server.Say("CONFIG SET maxmemory 0")),
            // A primary that nobody hears of, so that there is nothing to be copied and nobody to be asked instead.
            _ => (() => server.Say("REPLICAOF 127.0.0.1 1"), () => server.Say("REPLICAOF NO ONE")),
        }, plain?.GetDatabase());
    }

    private static async Task OfMemcachedAsync(string fault, double[] lengths)
    {
        using var server = MemcachedServer.StartInstalled("-t", "4");
        var options = new MemcachedCacheOptions();
        options.Servers.Add(server.Address);
        await using var memcached = new MemcachedCache(options);
        await MeasureAsync(fault, memcached, lengths, fault == "memcached, killed" ? (server.Kill, server.Launch) : (server.Halt, server.Continue));
    }

    // Three primaries with a replica each. Who has been killed comes back as a replica before the next one is killed.
    private static async Task OfClusterAsync(string fault, double[] lengths)
    {
        using var cluster = RedisCluster.Start(primaries: 3, replicas: true, timeout: 1_500);
        await using var redis = new RedisCache(cluster.Address);
        RedisProcess? killed = null, successor = null;
        await MeasureAsync(fault, redis, lengths, (Begin, () => cluster.WaitUntilPrimary(successor!)));

        void Begin()
        {
            killed?.Start();
            RedisCluster.Wait(() => killed?.Say("INFO replication").Contains("master_link_status:up", StringComparison.Ordinal) != false, "it has not come back as a replica");
            killed = cluster.PrimaryOf(0);
            RedisCluster.Wait(() => !killed.Say("CLUSTER NODES").Contains("fail", StringComparison.Ordinal), "the others do not know that it is back");
            successor = cluster.ReplicaOf(killed);
            killed.Kill();
        }
    }

    private static async Task OfDiskAsync(string fault, double[] lengths)
        => await OnSmallDiskAsync(async folder =>
        {
            await using var sqlite = new SqliteCache(new() { File = Path.Combine(folder, "cache.db") });
            var ballast = Path.Combine(folder, "ballast");
            await MeasureAsync(fault, sqlite, lengths, (() => Run("dd", "if=/dev/zero", $"of={ballast}", "bs=4096"), () => File.Delete(ballast)));
        });

    // Root may write every file, but not on a disk that is read-only, and that it becomes only while nobody has the file open. So the fault
    // is there when the file is opened.
    private static async Task OfReadOnlyAsync(string fault, int times, double length)
        => await OnSmallDiskAsync(async folder =>
        {
            var all = new Times();
            for (var i = -1; i < times; i++)
            {
                await using (var writable = new SqliteCache(new() { File = Path.Combine(folder, "cache.db") }))
                {
                    await UntilItStoresAsync(Memo.AddTier("faulty", writable));
                    Memo.RemoveTier("faulty");
                }

                Remount("ro");
                await using var sqlite = new SqliteCache(new() { File = Path.Combine(folder, "cache.db") });
                var tier = Memo.AddTier("faulty", sqlite);
                await RoundAsync(tier, length, warm: i < 0, begin: static () => { }, end: () => Remount("rw"), plain: null, i < 0 ? new() : all);
                Memo.RemoveTier("faulty");
            }

            Report(fault, all, isAsked: false);

            void Remount(string how)
            {
                if (Run("mount", "-o", $"remount,{how}", folder) != 0)
                    throw new InvalidOperationException($"The disk does not become {how}.");
            }
        });

    // A small disk, where one can be made: that takes root.
    private static async Task OnSmallDiskAsync(Func<string, Task> measure)
    {
        var folder = Directory.CreateTempSubdirectory("memoize-faults-").FullName;
        if (!Environment.IsPrivilegedProcess || Run("mount", "-t", "tmpfs", "-o", "size=64m", "tmpfs", folder) != 0)
            return;
        try
        {
            await measure(folder);
        }
        finally
        {
            Run("umount", folder);
            Directory.Delete(folder);
        }
    }

    // Where calls ask the store all the time, as many bare GETs in turns with them, over the same proxy, say what machine, proxy and server take.
    private static async Task MeasureAsync(string what, IDistributedCache store, double[] lengths, (Action Begin, Action End) fault, IDatabase? plain = null)
    {
        var tier = Memo.AddTier("faulty", store);
        var all = new Times();

        // Once beforehand, so that what is compiled is compiled.
        await UntilItStoresAsync(tier);
        await RoundAsync(tier, length: 0.1, warm: true, fault.Begin, fault.End, plain, new());
        foreach (var length in lengths)
            await RoundAsync(tier, length, warm: false, fault.Begin, fault.End, plain, all);

        Memo.RemoveTier("faulty");
        Report(what, all, plain is not null);
    }

    // One fault, from its beginning until something is stored again.
    private static async Task RoundAsync(CacheTier tier, double length, bool warm, Action begin, Action end, IDatabase? plain, Times times)
    {
        await Memo.FlushTiersAsync();
        var (calls, known, failures) = (s_id, Known(tier), tier.Statistics.Failures);
        begin();
        var began = Stopwatch.GetTimestamp();
        times.First.Add(await AskAsync());
        await Memo.FlushTiersAsync();
        for (var call = 0; warm && call < WarmCalls; call++)
        {
            await AskAsync();
            await (plain is null ? Task.CompletedTask : AskBareAsync(plain));
        }

        while (Stopwatch.GetElapsedTime(began).TotalSeconds < length)
        {
            times.During.Add(await AskAsync());
            await Task.Delay(1);
            if (plain is null)
                continue;
            times.Bare.Add(await AskBareAsync(plain));
            await Task.Delay(1);
        }

        times.Failures += tier.Statistics.Failures - failures;
        end();
        var ended = Stopwatch.GetTimestamp();
        await UntilItStoresAsync(tier);
        times.Recovery.Add(Stopwatch.GetElapsedTime(ended).TotalSeconds);
        times.Uncounted += Math.Abs(s_id - calls - (Known(tier) - known));
    }

    private static void Report(string what, Times times, bool isAsked)
    {
        var (first, during, bare, recovery) = (times.First, times.During, times.Bare, times.Recovery);
        Table.Print(what, $"first call, {first.Count} times: median, worst", $"{At(first, 0.5)}, {At(first, 1)} ms");
        Table.Print(what, $"{during.Count} further calls: median, p99, worst", $"{At(during, 0.5)}, {At(during, 0.99)}, {At(during, 1)} ms");
        Table.Print(what, "calls that asked in vain, before it was given up or when it was tried too early", $"{times.Failures}");
        if (isAsked)
            Table.Print(what, $"{bare.Count} times {TripsOfMiss} bare GETs in turns with them: median, p99, worst", $"{At(bare, 0.5)}, {At(bare, 0.99)}, {At(bare, 1)} ms");
        Table.Print(what, "stores again after: median, worst", $"{At(recovery, 0.5)}, {At(recovery, 1)} s");
        Bars.AtMost($"{what}: ms of the first call, worst", first.Max(), 50);
        Bars.AtMost($"{what}: ms while it lasts, p99", Part(during, 0.99), 1);
        if (isAsked)
            Bars.AtMost($"{what}: while it lasts, median / bare GETs", Part(during, 0.5) / Part(bare, 0.5), 2);
        Bars.AtMost($"{what}: s until it stores again, worst", recovery.Max(), 5);
        Bars.AtMost($"{what}: loads that are neither stored nor counted as not stored", times.Uncounted, 0);
    }

    // Each call loads, and each load is stored or not, for a reason that is counted.
    private static long Known(CacheTier tier) => tier.Statistics is var s
        ? s.Stores + s.NotStoredEvicted + s.NotStoredLeaseLost + s.NotStoredFailed + s.NotStoredTooLarge + s.NotStoredUnserializable
        : 0;

    private static async Task UntilItStoresAsync(CacheTier tier)
    {
        for (var stores = tier.Statistics.Stores; tier.Statistics.Stores == stores; await Task.Delay(5))
        {
            await AskAsync();
            await Memo.FlushTiersAsync();
        }
    }

    private static async Task<double> AskAsync()
    {
        var id = ++s_id;
        var began = Stopwatch.GetTimestamp();
        var found = await Depot.FindAsync(id);
        return found.Id == id ? Stopwatch.GetElapsedTime(began).TotalMilliseconds : throw new InvalidOperationException("A wrong answer.");
    }

    private static async Task<double> AskBareAsync(IDatabase plain)
    {
        var began = Stopwatch.GetTimestamp();
        for (var trip = 0; trip < TripsOfMiss; trip++)
            await plain.StringGetAsync("nothing");
        return Stopwatch.GetElapsedTime(began).TotalMilliseconds;
    }

    private static double Part(List<double> values, double part) => values.Order().ElementAt((int)((values.Count - 1) * part));

    private static string At(List<double> values, double part) => Table.Number(Part(values, part), "0.00");

    private static int Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true, RedirectStandardOutput = true })!;
        process.StandardError.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode;
    }

    private sealed class Times
    {
        internal List<double> First { get; } = [];

        internal List<double> During { get; } = [];

        internal List<double> Bare { get; } = [];

        internal List<double> Recovery { get; } = [];

        internal long Failures { get; set; }

        internal long Uncounted { get; set; }
    }
}
