using System.Diagnostics;
using StackExchange.Redis;
using static Memoize.Redis.Tests.TestHelp;

namespace Memoize.Redis.Tests;

/// <summary>A primary of a cluster goes, and its replica takes over: what the store does meanwhile and afterwards.</summary>
public sealed class ClusterFailoverTests
{
    [Theory, InlineData("killed"), InlineData("by hand"), InlineData("stopped")]
    public async Task The_bus_tells_of_the_interruption_and_the_store_goes_on(string how)
    {
        using var cluster = TestServers.OwnCluster();
        await using var here = new RedisCache(cluster.Address);
        await using var there = new RedisCache(cluster.Address);
        using var listener = await Listener.Start(there);
        await here.PublishAsync(Bytes("before"));
        await Until(() => Task.FromResult(listener.Events.Contains("before")));
        string[] keys = [.. Enumerable.Range(0, 60).Select(static i => $"{i}")];
        await Task.WhenAll(keys.Select(key => here.Put(key, key)));

        // The channel is in one primary, like a key.
        var primary = cluster.PrimaryOf(HashSlot.Of("memoize:invalidation"));
        var replica = cluster.ReplicaOf(primary);
        listener.Forget();
        switch (how)
        {
            case "killed":
                primary.Kill();
                break;
            case "stopped":
                primary.Signal("STOP");
                break;
            default:
                replica.Say("CLUSTER FAILOVER");
                break;
        }
        cluster.WaitUntilPrimary(replica);

        var back = Stopwatch.GetTimestamp();
        if (how == "stopped")
            primary.Signal("CONT");
        await Until(() => Task.FromResult(listener.Events.Contains(Listener.Interrupted)));
        await Until(async () => await Works(() => here.PublishAsync(Bytes("after")).AsTask()));
        await Until(() => Task.FromResult(listener.Events.Contains("after")));
        // What was said before may be heard twice, from the old place and the new one.
        Assert.Equal([Listener.Interrupted, "after"], listener.Events.Where(static heard => heard != "before").Distinct());
        await Until(() => Works(async () =>
        {
            // A replica may not have got what was stored last.
            var read = await Task.WhenAll(keys.Select(key => there.Text(key)));
            Assert.All(keys.Zip(read), static pair => Assert.Contains(pair.Second, (string?[])[pair.First, null]));
            await Task.WhenAll(keys.Select(key => there.Put(key, key)));
        }));
        var whole = Stopwatch.GetElapsedTime(back);
        TestContext.Current.SendDiagnosticMessage("{0}: everything works {1:0} ms after the replica had taken over", how, whole.TotalMilliseconds);
        Assert.True(whole < TimeSpan.FromSeconds(10), $"{whole}");
        foreach (var key in keys)
            Assert.True(await there.Put(key, key, (await there.LeaseAsync(key, Minute)).Lease!.Value));

        // The other one may still be about to connect to nodes for which it had no use before.
        await Until(() => Works(() => here.ClearAsync()));
        Assert.All(await Task.WhenAll(keys.Select(key => there.Text(key))), Assert.Null);
    }

    [Fact]
    public async Task Who_listens_is_told_of_a_replica_that_had_taken_over_for_a_moment()
    {
        using var cluster = TestServers.OwnCluster();
        await using var cache = new RedisCache(cluster.Address);
        using var listener = await Listener.Start(cache);
        var primary = cluster.PrimaryOf(HashSlot.Of("memoize:invalidation"));
        var replica = cluster.ReplicaOf(primary);
        for (var round = 0; round < 3; round++)
        {
            await Until(() => Task.FromResult(cache.IsListening));
            listener.Forget();
            // Without a vote, which nobody casts twice within two seconds.
            replica.Say("CLUSTER FAILOVER TAKEOVER");
            RedisCluster.Wait(() => primary.Say("INFO replication").Contains("master_link_status:up", StringComparison.Ordinal), "the primary did not become a replica");
            primary.Say("CLUSTER FAILOVER TAKEOVER");
            RedisCluster.Wait(() => primary.Say("INFO replication").Contains("role:master", StringComparison.Ordinal), "the primary did not come back");
            await Until(() => Task.FromResult(listener.Events.Contains(Listener.Interrupted)));
        }
    }

    [Fact]
    public async Task Without_one_of_the_primaries_nothing_is_said_to_be_cleared()
    {
        using var cluster = TestServers.OwnCluster(replicas: false);
        await using var cache = new RedisCache(cluster.Address);
        await cache.Put("a", "1");
        Assert.Equal(1, await cache.ClearAsync());
        cluster.Nodes[2].Kill();
        await Assert.ThrowsAsync<RedisConnectionException>(() => cache.ClearAsync());
    }

    private static async Task<bool> Works(Func<Task> operation)
    {
        try
        {
            await operation();
            return true;
        }
        catch (Exception e) when (e is RedisException or TimeoutException)
        {
            return false;
        }
    }
}
