using System.Diagnostics;
using Memoize.Redis;
using Memoize.Redis.Tests;

namespace Memoize.Tiers.Tests;

/// <summary>A primary goes and its replica takes over: in a cluster, behind a sentinel, and by hand.</summary>
[Collection(nameof(ProcessWide))]
public sealed class FailoverTests : FaultBench
{
    private const int Stock = 90;

    [Theory, InlineData("killed"), InlineData("by hand")]
    public async Task In_a_cluster_the_replica_takes_over(string how)
    {
        var cluster = Own(TestServers.OwnCluster());
        await AddAsync(Own(new RedisCache(cluster.Address)));
        var stock = await FillAsync();
        var primary = cluster.PrimaryOf(0);
        var replica = cluster.ReplicaOf(primary);
        if (how == "killed")
            primary.Kill();
        else
            replica.Say("CLUSTER FAILOVER");

        var takenOver = Task.Run(() => cluster.WaitUntilPrimary(replica));
        await WorkUntilAsync(takenOver, stock);
        await IsWholeAsync($"cluster, {how}", stock);
    }

    [Fact]
    public async Task Behind_a_sentinel_the_promoted_replica_is_used()
    {
        var primary = Own(TestServers.OwnRedis());
        var replica = Own(TestServers.OwnRedis("--replicaof", "127.0.0.1", $"{primary.Port}", "--repl-diskless-sync-delay", "0"));
        RedisCluster.Wait(() => replica.Say("INFO replication").Contains("master_link_status:up", StringComparison.Ordinal), "the replica has not begun");
        var sentinel = Own(RedisProcess.StartSentinel("main", primary.Port));
        RedisCluster.Wait(() => sentinel.Say("INFO sentinel").Contains("slaves=1", StringComparison.Ordinal), "the sentinel has not found the replica");

        await AddAsync(Own(new RedisCache($"{sentinel.Address},serviceName=main")));
        var stock = await FillAsync();
        primary.Kill();

        var takenOver = Task.Run(() => RedisCluster.Wait(IsPromoted, "the sentinel has not promoted the replica"));
        await WorkUntilAsync(takenOver, stock);
        await IsWholeAsync("sentinel", stock);

        bool IsPromoted()
        {
            try
            {
                return replica.Say("INFO replication").Contains("role:master", StringComparison.Ordinal);
            }
            catch (IOException)
            {
                return false;       // a sentinel that promotes a server ends the connections of its clients, and this may be one
            }
        }
    }

    [Fact]
    public async Task An_eviction_that_the_replica_never_heard_of_is_made_again()
    {
        var primary = Own(TestServers.OwnRedis());
        var between = Own(new Proxy(primary.Port));
        var replica = Own(TestServers.OwnRedis("--replicaof", "127.0.0.1", $"{between.Port}", "--repl-diskless-sync-delay", "0"));
        RedisCluster.Wait(() => replica.Say("INFO replication").Contains("master_link_status:up", StringComparison.Ordinal), "the replica has not begun");
        await AddAsync(Own(new RedisCache($"{primary.Address},{replica.Address}")), timeout: 10);
        var stock = await FillAsync();
        RedisCluster.Wait(() => replica.Say("DBSIZE") == primary.Say("DBSIZE"), "the replica has not got it all");

        between.Refuse();
        foreach (var article in stock)
            await Shop.Change(article);
        Assert.Equal(0, tier.Statistics.Owed);
        primary.Kill();
        replica.Say("REPLICAOF NO ONE");
        await IsWholeAsync("a lost eviction", stock);
    }

    // In a cluster, these are in all primaries.
    private async Task<string[]> FillAsync()
    {
        string[] stock = [.. Enumerable.Range(0, Stock).Select(_ => NewArticle())];
        foreach (var article in stock)
            await Shop.FindAsync(article);
        await Memo.FlushTiersAsync();
        await AllIsCountedAsync();
        return stock;
    }

    // Reads and writes go on all the time. What they answer is what the database says.
    private async Task WorkUntilAsync(Task over, string[] stock)
    {
        var slowest = 0.0;
        for (var i = 0; !over.IsCompleted; i++)
        {
            var article = stock[i % stock.Length];
            if (i % 3 == 0)
                await Shop.Change(article);
            if (i % 7 == 0)
                await Stores.RestartAsync();
            var began = Stopwatch.GetTimestamp();
            Assert.Equal(Shop.Versions.GetValueOrDefault(article), (await Shop.FindAsync(article)).Version);
            slowest = Math.Max(slowest, Stopwatch.GetElapsedTime(began).TotalMilliseconds);
            await AskAsync();
            await Task.Delay(1);
        }
        await over;
        TestContext.Current.TestOutputHelper?.WriteLine($"while nobody had taken over, the slowest call took {slowest:0} ms; {tier.Statistics}");
    }

    // All parts of the store are used again, and have nothing of before.
    private async Task IsWholeAsync(string what, string[] stock)
    {
        var began = Stopwatch.GetTimestamp();
        while (true)
        {
            await Stores.RestartAsync();
            foreach (var article in stock)
                Assert.Equal(Shop.Versions.GetValueOrDefault(article), (await Shop.FindAsync(article)).Version);
            await Stores.RestartAsync();
            var hits = tier.Statistics.Hits;
            foreach (var article in stock)
                Assert.Equal(Shop.Versions.GetValueOrDefault(article), (await Shop.FindAsync(article)).Version);
            if (tier.Statistics.Hits - hits == stock.Length)
                break;
            Assert.True(Stopwatch.GetElapsedTime(began).TotalSeconds < 15, $"{what}: {tier.Statistics}");
            await Task.Delay(20);
        }

        var recovered = Stopwatch.GetElapsedTime(began).TotalMilliseconds;
        TestContext.Current.TestOutputHelper?.WriteLine($"{what}: everything is stored and found again {recovered:0} ms after the replica had taken over");
        Assert.InRange(recovered, 0, 10_000);
        Assert.Equal(0, tier.Statistics.Owed);
        await AllIsCountedAsync();
    }
}
