using System.Diagnostics;
using System.Text.Json;
using Memoize.Redis.Tests;
using Memoize.Tiers;
using Microsoft.Extensions.Caching.Distributed;
using StackExchange.Redis;

namespace Memoize.Benchmarks;

/// <summary>What the shop sells; about a kilobyte as JSON.</summary>
public sealed record Product(int Id, string Name, decimal Net, string[] Regions, string Description);

/// <summary>The method under test. Memory has room for next to nothing, so that every call of another product asks the tier.</summary>
public static class Shelf
{
    public static int Runs { get; private set; }

    [Cached(Ttl = 300, MaxSize = 16, Tiers = "redis")]
    public static Task<Product> FindAsync(int id)
    {
        Runs++;
        return Task.FromResult(Load(id));
    }

    internal static Product Load(int id) => new(id, $"product {id}", 1.50m, ["north", "south", "east"], new string('x', 800));
}

/// <summary>
/// A hit in the Redis tier beside a bare GET of the same bytes and their deserialization, in turns on one server on the loopback
/// interface (redis-server, which has to be installed). What counts is the median of the ratios of neighbours: the machine's speed is not the same all the time.
/// </summary>
internal static class RedisStore
{
    private const int Keys = 500;
    private const string Group = "Redis, hit of 1 KB";

    internal static async Task MeasureAsync(bool quick)
    {
        using var server = RedisProcess.Start();
        await using var multiplexer = await ConnectionMultiplexer.ConnectAsync(server.Address);
        await using var cache = new Memoize.Redis.RedisCache(server.Address);
        using var theirs = new Microsoft.Extensions.Caching.StackExchangeRedis.RedisCache(new Microsoft.Extensions.Caching.StackExchangeRedis.RedisCacheOptions { Configuration = server.Address });
        var tier = Memo.AddTier("redis", cache, new CacheTierOptions { Timeout = 10 });
        while (!tier.IsAvailable || Shelf.Runs < Keys || tier.Statistics.Stores < Keys)
        {
            for (var id = 0; id < Keys; id++)
                await Shelf.FindAsync(id);
            await Memo.FlushTiersAsync();
        }

        var redis = multiplexer.GetDatabase();
        var stored = multiplexer.GetServers()[0].Keys(pattern: "*Shelf.FindAsync*id:*").OrderBy(static key => key.ToString(), StringComparer.Ordinal).ToArray();
        foreach (var (i, key) in stored.Index())
            await theirs.SetAsync($"{i}", (byte[])(await redis.StringGetAsync(key))!, new DistributedCacheEntryOptions { AbsoluteExpirationRelativeToNow = TimeSpan.FromHours(1) });
        var prefix = "memoize:".Length;

        Row[] rows =
        [
            new("StringGetAsync and JSON", async i => Parse((byte[])(await redis.StringGetAsync(stored[i % stored.Length]))!)),
            new("cached method, memory cold", static i => Shelf.FindAsync(i % Keys)),
            new("RedisCache of Memoize and JSON", async i => Parse(await cache.GetAsync(stored[i % stored.Length].ToString()[prefix..]))),
            new("RedisCache of Microsoft and JSON", async i => Parse(await theirs.GetAsync($"{i % stored.Length}"))),
        ];

        var (runs, hits) = (Shelf.Runs, tier.Statistics.Hits);
        // One at a time is what a caller waits for, and is measured last.
        foreach (var callers in (int[])[32, 1])
        {
            await RunAsync(rows, callers, quick ? 20 : 60, calls: 400);
            foreach (var row in rows)
                row.Times.Clear();
            await RunAsync(rows, callers, quick ? 40 : 300, calls: 200);
            foreach (var row in rows)
                Table.Print($"{Group}, {callers} at once", row.Name, $"{Table.Number(Median(row.Times), "0.0")} µs", $"{row.Bytes:0} B", Table.Number(row.Ratio(rows[0]), "0.00"));
            Bars.AtMost($"Redis hit / bare GET and JSON, {callers} at once", rows[1].Ratio(rows[0]), 1.15);
        }

        if (Shelf.Runs != runs || tier.Statistics.Hits == hits)
            throw new InvalidOperationException($"It was not the tier that was measured: {Shelf.Runs - runs} runs, {tier.Statistics}.");
        Memo.RemoveTier("redis");
    }

    // Before the JSON stands the header of the payload.
    private static Product Parse(byte[]? bytes) => JsonSerializer.Deserialize<Product>(bytes.AsSpan(bytes.AsSpan().IndexOf("{\"Id\""u8)))!;

    private static async Task RunAsync(Row[] rows, int callers, int rounds, int calls)
    {
        for (var round = 0; round < rounds; round++)
        {
            foreach (var row in rows)
            {
                var bytes = GC.GetTotalAllocatedBytes();
                var began = Stopwatch.GetTimestamp();
                await Task.WhenAll(Enumerable.Range(0, callers).Select(caller => Task.Run(async () =>
                {
                    for (var i = 0; i < calls; i++)
                        _ = await row.Get(caller * 97 + row.Next + i) ?? throw new InvalidOperationException(row.Name);
                })));
                row.Times.Add(Stopwatch.GetElapsedTime(began).TotalMicroseconds / (callers * calls));
                row.Bytes = (double)(GC.GetTotalAllocatedBytes() - bytes) / (callers * calls);
                row.Next += calls;
            }
        }
    }

    private static double Median(IEnumerable<double> values) => values.Order().ToArray() is var sorted ? sorted[sorted.Length / 2] : 0;

    private sealed record Row(string Name, Func<int, Task<Product>> Get)
    {
        internal List<double> Times { get; } = [];

        internal double Bytes { get; set; }

        internal int Next { get; set; }

        internal double Ratio(Row basis) => Median(Times.Zip(basis.Times, static (own, other) => own / other));
    }
}
