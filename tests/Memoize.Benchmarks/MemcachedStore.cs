using System.Diagnostics;
using Memoize.Memcached;
using Memoize.Memcached.Tests;
using Memoize.Redis;
using Memoize.Redis.Tests;
using Memoize.Tiers;
using Microsoft.Extensions.Caching.Distributed;

namespace Memoize.Benchmarks;

/// <summary>The same method as <see cref="Shelf"/> with memcached behind it.</summary>
public static class Cellar
{
    [Cached(Ttl = 300, MaxSize = 16, Tiers = "memcached")]
    public static Task<Product> FindAsync(int id) => Task.FromResult(Shelf.Load(id));
}

/// <summary>
/// The memcached store beside the Redis store, in turns, each with a server on the loopback interface; both have to be installed. Ratios are medians
/// of those of neighbours, and the turns come in series with pauses between them: on few processors the scheduler leaves a server for a while beside the
/// threads of its client or away from them, which costs more than all that is compared here (docs/decisions/0049-memcached-with-a-few-callers.md).
/// </summary>
internal static class MemcachedStore
{
    private const int Keys = 1000;
    private const int Callers = 64;
    private const int Slice = 200;
    private const int Series = 21;

    public static async Task MeasureAsync(bool quick)
    {
        using var server = MemcachedServer.StartInstalled("-t", "4");
        using var redisServer = RedisProcess.Start();
        var options = new MemcachedCacheOptions { OperationTimeout = TimeSpan.FromSeconds(5), CompressionThreshold = int.MaxValue };
        options.Servers.Add(server.Address);
        await using var memcached = new MemcachedCache(options);
        await using var redis = new RedisCache(redisServer.Address);
        Memo.AddTier("memcached", memcached, new CacheTierOptions { Timeout = 5 });
        Memo.AddTier("redis", redis, new CacheTierOptions { Timeout = 5 });
        string[] keys = [.. Enumerable.Range(0, Keys).Select(i => $"user:{i}")];
        foreach (var store in (IDistributedCache[])[memcached, redis])
        {
            while (await store.GetAsync(keys[0]) is null)
                await store.SetAsync(keys[0], new byte[1024], new DistributedCacheEntryOptions());
            foreach (var key in keys)
                await store.SetAsync(key, new byte[1024], new DistributedCacheEntryOptions());
        }

        Func<int, Task> Get(IDistributedCache store) => async i => _ = await store.GetAsync(keys[i % Keys]) ?? throw new InvalidOperationException("It is gone.");
        var some = keys.Take(Callers).ToList();
        Func<int, Task> Many(IBatchReads store) => async _ => await store.GetManyAsync(some, static (_, _) => { });
        await CompareAsync("get of 1 KB", Get(memcached), Get(redis), quick, callers: 1);
        await CompareAsync("hit of a cached method, memory cold", static i => Cellar.FindAsync(i % Keys), static i => Shelf.FindAsync(i % Keys), quick, callers: 1);
        await CompareAsync("64 keys by GetManyAsync", Many(memcached), Many(redis), quick, callers: 1);
        foreach (var callers in (int[])[2, 4, 8, Callers])
            await CompareAsync("get of 1 KB", Get(memcached), Get(redis), quick, callers);
        Memo.RemoveTier("memcached");
        Memo.RemoveTier("redis");
    }

    private static async Task CompareAsync(string what, Func<int, Task> memcached, Func<int, Task> redis, bool quick, int callers)
    {
        var (ours, theirs) = (new Lane(memcached), new Lane(redis));
        var rounds = quick ? 2 : 12;
        for (var series = -Series / 4; series < Series; series++)
        {
            if (series == 0)
                (ours, theirs) = (new Lane(memcached), new Lane(redis));
            await Task.Delay(20);
            for (var round = 0; round < rounds; round++)
            {
                await ours.RunAsync(callers);
                await theirs.RunAsync(callers);
            }
        }

        var ratio = Lane.Middle(ours.Slices.Zip(theirs.Slices, static (own, other) => own / other));
        foreach (var (name, lane) in new[] { ("memcached", ours), ("Redis", theirs) })
        {
            var sorted = lane.Calls.Order().ToArray();
            var result = callers == 1
                ? $"p50 {Microseconds(sorted, 0.5)}, p99 {Microseconds(sorted, 0.99)}"
                : $"{Table.Number(1e6 / Lane.Middle(lane.Slices), "0")} per second";
            Table.Print($"{what}, {(callers == 1 ? "one after the other" : $"{callers} callers")}", name, result, "", name == "Redis" ? "" : Table.Number(ratio, "0.00"));
            if (what.StartsWith("get of", StringComparison.Ordinal) && callers == 1)
                Bars.AtMost($"{name}: µs of a get of 1 KB, p99", sorted[(int)(sorted.Length * 0.99)], 1000);
            if (callers == Callers)
                Bars.AtLeast($"{name}: gets of 1 KB per second by {callers} callers", 1e6 / Lane.Middle(lane.Slices), 50_000);
        }

        Bars.AtMost($"{what}, {callers} at once: memcached / Redis", ratio, 1);
    }

    private static string Microseconds(double[] sorted, double part) => Table.Number(sorted[(int)(sorted.Length * part)], "0") + " µs";

    /// <summary>One of two that take turns.</summary>
    private sealed class Lane(Func<int, Task> call)
    {
        private int next;

        /// <summary>What each call took, where they come one after the other, in microseconds.</summary>
        internal List<double> Calls { get; } = [];

        /// <summary>What a call took on average in each turn.</summary>
        internal List<double> Slices { get; } = [];

        internal static double Middle(IEnumerable<double> values) => values.Order().ToArray() is var sorted ? sorted[sorted.Length / 2] : 0;

        internal async Task RunAsync(int callers)
        {
            var began = Stopwatch.GetTimestamp();
            if (callers == 1)
                await OneByOneAsync();
            else
                await Task.WhenAll(Enumerable.Range(0, callers).Select(_ => Task.Run(SomeAsync)));
            Slices.Add(Stopwatch.GetElapsedTime(began).TotalMicroseconds / (callers * Slice));
        }

        private async Task OneByOneAsync()
        {
            for (var i = 0; i < Slice; i++)
            {
                var began = Stopwatch.GetTimestamp();
                await call(next++);
                Calls.Add(Stopwatch.GetElapsedTime(began).TotalMicroseconds);
            }
        }

        private async Task SomeAsync()
        {
            for (var i = 0; i < Slice; i++)
                await call(Interlocked.Increment(ref next));
        }
    }
}
