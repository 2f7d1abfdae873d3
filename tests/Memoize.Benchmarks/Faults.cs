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
        if ("SQLite, full disk".Contains(some, StringComparison.Ordinal))
            await OfDiskAsync("SQLite, full disk", lengths);
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

    // A small disk, where one can be made: that takes root.
    private static async Task OfDiskAsync(string fault, double[] lengths)
    {
        var folder = Directory.CreateTempSubdirectory("memoize-faults-").FullName;
        if (!Environment.IsPrivilegedProcess || Run("mount", "-t", "tmpfs", "-o", "size=64m", "tmpfs", folder) != 0)
            return;
        try
        {
            await using var sqlite = new SqliteCache(new() { File = Path.Combine(folder, "cache.db") });
            var ballast = Path.Combine(folder, "ballast");
            await MeasureAsync(fault, sqlite, lengths, (() => Run("dd", "if=/dev/zero", $"of={ballast}", "bs=4096"), () => File.Delete(ballast)));
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
        var (first, during, recovery, bare) = (new List<double>(), new List<double>(), new List<double>(), new List<double>());

        // Once beforehand, so that what is compiled is compiled.
        foreach (var (i, length) in lengths.Prepend(0.1).Index())
        {
            await UntilItStoresAsync(tier);
            fault.Begin();
            var began = Stopwatch.GetTimestamp();
            var one = await AskAsync();
            await Memo.FlushTiersAsync();
            for (var call = 0; i == 0 && call < WarmCalls; call++)
            {
                await AskAsync();
                await (plain is null ? Task.CompletedTask : AskBareAsync(plain));
            }

            var (others, bareOthers) = (new List<double>(), new List<double>());
            while (Stopwatch.GetElapsedTime(began).TotalSeconds < length)
            {
                others.Add(await AskAsync());
                await Task.Delay(1);
                if (plain is null)
                    continue;
                bareOthers.Add(await AskBareAsync(plain));
                await Task.Delay(1);
            }

            fault.End();
            var ended = Stopwatch.GetTimestamp();
            await UntilItStoresAsync(tier);
            if (i == 0)
                continue;
            first.Add(one);
            during.AddRange(others);
            bare.AddRange(bareOthers);
            recovery.Add(Stopwatch.GetElapsedTime(ended).TotalSeconds);
        }

        Memo.RemoveTier("faulty");
        Table.Print(what, $"first call, {first.Count} times: median, worst", $"{At(first, 0.5)}, {At(first, 1)} ms");
        Table.Print(what, $"{during.Count} further calls: median, p99, worst", $"{At(during, 0.5)}, {At(during, 0.99)}, {At(during, 1)} ms");
        if (plain is not null)
            Table.Print(what, $"{bare.Count} times {TripsOfMiss} bare GETs in turns with them: median, p99, worst", $"{At(bare, 0.5)}, {At(bare, 0.99)}, {At(bare, 1)} ms");
        Table.Print(what, "stores again after: median, worst", $"{At(recovery, 0.5)}, {At(recovery, 1)} s");
        Bars.AtMost($"{what}: ms of the first call, worst", first.Max(), 50);
        Bars.AtMost($"{what}: ms while it lasts, p99", Part(during, 0.99), 1);
        if (plain is not null)
            Bars.AtMost($"{what}: while it lasts, median / bare GETs", Part(during, 0.5) / Part(bare, 0.5), 2);
        Bars.AtMost($"{what}: s until it stores again, worst", recovery.Max(), 5);
    }

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
}
