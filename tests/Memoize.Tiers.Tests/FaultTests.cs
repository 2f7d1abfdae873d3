using System.Diagnostics;
using Memoize.Memcached;
using Memoize.Memcached.Tests;
using Memoize.Redis;
using Memoize.Redis.Tests;
using Microsoft.Extensions.Caching.Distributed;

namespace Memoize.Tiers.Tests;

/// <summary>Whatever happens to a tier, the call has its answer: what it costs, how long it takes until the tier is used again, and what is counted.</summary>
[Collection(nameof(ProcessWide))]
public sealed class FaultTests : FaultBench
{
    [Theory, InlineData("killed"), InlineData("stopped"), InlineData("refused"), InlineData("slow"), InlineData("half")]
    public async Task A_failing_Redis_costs_its_budget_once(string fault)
    {
        var server = Own(TestServers.OwnRedis());
        var proxy = Own(new Proxy(server.Port));
        var redis = Own(new RedisCache(proxy.Address));
        await AddAsync(redis);
        (Action Begin, Action End) times = fault switch
        {
            "killed" => (server.Kill, server.Start),
            "stopped" => (() => server.Signal("STOP"), () => server.Signal("CONT")),
            "refused" => (proxy.Refuse, proxy.Listen),
            "slow" => (() => proxy.Latency = TimeSpan.FromMilliseconds(100), () => proxy.Latency = default),
            _ => (() => proxy.Halves = true, () => proxy.Halves = false),
        };
        await CostsItsBudgetOnceAsync("Redis, " + fault, times.Begin, times.End);
    }

    [Theory, InlineData("killed"), InlineData("stopped")]
    public async Task A_failing_memcached_costs_its_budget_once(string fault)
    {
        var server = Own(MemcachedServer.Start());
        var memcached = Own(server.Connect(static options => options.OperationTimeout = new MemcachedCacheOptions().OperationTimeout));
        await AddAsync(memcached);
        if (fault == "killed")
            await CostsItsBudgetOnceAsync("memcached, killed", server.Kill, server.Launch);
        else
            await CostsItsBudgetOnceAsync("memcached, stopped", server.Halt, server.Continue);
    }

    [Fact]
    public async Task A_Redis_without_memory_is_read_and_what_it_does_not_take_is_counted()
    {
        var server = Own(TestServers.OwnRedis("--maxmemory", "5mb", "--maxmemory-policy", "noeviction"));
        await AddAsync(Own(new RedisCache(server.Address)), timeout: 10);
        var articles = Enumerable.Range(0, 120).Select(_ => NewArticle()).ToArray();
        for (var round = 0; round < 2; round++)
        {
            foreach (var article in articles)
                Assert.True(Shop.Bytes(50_000).AsSpan().SequenceEqual(Shop.Picture(article, 50_000)));
            await Stores.RestartAsync();
        }
        var statistics = tier.Statistics;
        Assert.True(statistics.Hits > 10 && statistics.Stores > 10 && statistics.NotStoredFailed > 10, statistics.ToString());
        Assert.True(tier.IsAvailable);
        await AllIsCountedAsync();

        using var plain = await StackExchange.Redis.ConnectionMultiplexer.ConnectAsync(server.Address + ",allowAdmin=true");
        await plain.GetServers()[0].ConfigSetAsync("maxmemory", "0");
        await RecoversAsync("Redis without memory");
    }

    [Fact]
    public async Task A_replica_is_not_written_to_until_it_is_a_primary()
    {
        var primary = Own(TestServers.OwnRedis());
        var replica = Own(TestServers.OwnRedis("--replicaof", "127.0.0.1", $"{primary.Port}"));
        tier = Memo.AddTier("shared", Own(new RedisCache(replica.Address)), new() { Prefix = TestServers.NewPrefix() });
        for (var i = 0; i < 20; i++)
            await AskAsync();
        Assert.Equal(0, tier.Statistics.Stores);
        await AllIsCountedAsync();

        using var plain = await StackExchange.Redis.ConnectionMultiplexer.ConnectAsync(replica.Address + ",allowAdmin=true");
        await plain.GetServers()[0].ExecuteAsync("REPLICAOF", "NO", "ONE");
        await RecoversAsync("replica that became a primary");
    }

    [Fact]
    public async Task A_primary_that_became_a_replica_refuses_and_what_it_refused_is_counted()
    {
        var server = Own(TestServers.OwnRedis());
        await AddAsync(Own(new RedisCache(server.Address)), timeout: 10);
        using var plain = await StackExchange.Redis.ConnectionMultiplexer.ConnectAsync(server.Address + ",allowAdmin=true");
        var admin = plain.GetServers()[0];

        // Of a primary that nobody can reach: it goes on reading what it has.
        await admin.ExecuteAsync("REPLICAOF", "127.0.0.1", "1");
        var before = tier.Statistics;
        for (var i = 0; i < 20; i++)
            await AskAsync();
        await AllIsCountedAsync();
        Assert.Equal(before.Stores, tier.Statistics.Stores);
        Assert.Contains("errorstat_READONLY", (string?)await admin.ExecuteAsync("INFO", "errorstats"));

        await admin.ExecuteAsync("REPLICAOF", "NO", "ONE");
        await RecoversAsync("primary that was a replica for a while");
        await AllIsCountedAsync();
    }

    [Fact]
    public async Task Half_of_a_stored_value_is_a_miss()
    {
        const int Length = 500_000;
        var server = Own(TestServers.OwnRedis());
        var proxy = Own(new Proxy(server.Port));
        await AddAsync(Own(new RedisCache(proxy.Address)), timeout: 10);
        var article = NewArticle();
        Assert.Equal(Shop.Bytes(Length), Shop.Picture(article, Length));
        await Memo.FlushTiersAsync();
        await Stores.RestartAsync();

        var (hits, runs) = (tier.Statistics.Hits, Shop.Runs(article));
        proxy.Halves = true;
        Assert.Equal(Shop.Bytes(Length), Shop.Picture(article, Length));
        proxy.Halves = false;
        Assert.Equal((hits, runs + 1), (tier.Statistics.Hits, Shop.Runs(article)));
        await AllIsCountedAsync();
        await RecoversAsync("half of a stored value");
    }

    public static IEnumerable<TheoryDataRow<string>> Single => Stores.Kinds.Where(static kind => !kind.Contains('+')).Select(static kind => new TheoryDataRow<string>(kind));

    [Theory, MemberData(nameof(Single))]
    public async Task A_flipped_bit_is_a_miss(string kind)
    {
        await using var stores = new Stores(kind);
        var article = NewArticle();
        tier = stores.All.First();
        var right = await Shop.FindAsync(article);
        await Stores.RestartAsync();
        var key = tier.Prefix + $"Memoize.Tiers.Tests.Shop.FindAsync(string)(article:\"{article}\")";
        var whole = (await tier.Store.GetAsync(key))!;
        var flips = 0;
        for (var bit = 0; bit < whole.Length * 8; bit += 13)
        {
            var damaged = whole.ToArray();
            damaged[bit / 8] ^= (byte)(1 << bit % 8);
            await tier.Store.SetAsync(key, damaged, new DistributedCacheEntryOptions());
            Assert.Equal(right, await Shop.FindAsync(article));
            Assert.Equal(++flips + 1, Shop.Runs(article));
            await Stores.RestartAsync();
        }
        for (var length = 0; length < whole.Length; length += 11)
        {
            await tier.Store.SetAsync(key, whole[..length], new DistributedCacheEntryOptions());
            Assert.Equal(right, await Shop.FindAsync(article));
            Assert.Equal(++flips + 1, Shop.Runs(article));
            await Stores.RestartAsync();
        }
        Assert.Equal(flips, tier.Statistics.Unreadable);
    }

    // The machine may be held up in the one call that is timed: of three tries one has to be in time. The rest holds in each.
    private async Task CostsItsBudgetOnceAsync(string what, Action begin, Action end)
    {
        var times = new List<double>();
        do
        {
            begin();
            times.Add(await FirstOfThoseAsync(what, end));
        }
        while (times[^1] > 500 && times.Count < 3);
        Assert.InRange(times.Min(), 0, 500);
    }

    // How many milliseconds the first call took.
    private async Task<double> FirstOfThoseAsync(string what, Action end)
    {
        // Memory is empty, so each call asks the tier, or would.
        await Stores.RestartAsync();
        var began = Stopwatch.GetTimestamp();
        await AskAsync();
        var first = Stopwatch.GetElapsedTime(began).TotalMilliseconds;
        await Memo.FlushTiersAsync();

        // The bars are 50 ms for the first call and 1 ms for the others, which `Memoize.Benchmarks -- faults` measures on a machine that does nothing
        // else. Here it is counted who has waited: the first one once, and after that nobody.
        var (waits, skipped) = (Waits(), tier.Statistics.Skipped);
        Assert.False(tier.IsAvailable && tier.Store is RedisCache, what);
        const int Calls = 200;
        for (var i = 0; i < Calls; i++)
            await AskAsync();
        Assert.Equal(waits, Waits());
        Assert.Equal(skipped + (tier.IsAvailable ? 0 : Calls), tier.Statistics.Skipped);
        Report($"{what}: the first call {first:0} ms; then {Calls} in {Stopwatch.GetElapsedTime(began).TotalMilliseconds - first:0} ms");
        await AllIsCountedAsync();

        end();
        await RecoversAsync(what);
        await AllIsCountedAsync();
        return first;
    }

    // How often something was asked for in vain; memcached itself knows which of its servers is not to be asked.
    private long Waits()
        => tier.Statistics.Failures
            + (tier.Store is MemcachedCache memcached ? memcached.Statistics.FailedReads.Where(static pair => pair.Key != MemcachedFailure.ServerDown).Sum(static pair => pair.Value) : 0);

    private static void Report(string what) => TestContext.Current.TestOutputHelper?.WriteLine(what);
}
