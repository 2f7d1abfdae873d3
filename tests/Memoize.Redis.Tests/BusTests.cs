using System.Diagnostics;
using System.Globalization;
using static Memoize.Redis.Tests.TestHelp;

namespace Memoize.Redis.Tests;

public sealed class BusTests
{
    [Theory, MemberData(nameof(TestServers.All), MemberType = typeof(TestServers))]
    public async Task Messages_arrive_in_their_order_everywhere(string kind)
    {
        var prefix = TestServers.NewPrefix();
        await using var here = TestServers.Cache(kind, prefix);
        await using var there = TestServers.Cache(kind, prefix);
        await using var stranger = TestServers.Cache(kind);
        using var first = await Listener.Start(here);
        using var second = await Listener.Start(there);
        using var foreign = await Listener.Start(stranger);

        for (var i = 0; i < 1000; i++)
            await here.PublishAsync(Bytes($"{i}"));

        string[] expected = [.. Enumerable.Range(0, 1000).Select(static i => $"{i}")];
        await Until(() => Task.FromResult(first.Events.Contains("999") && second.Events.Contains("999")));
        foreach (var heard in new[] { first.Events, second.Events })
        {
            // While a cluster is still being explored, two of its nodes may pass the same message on, and a connection to another of them that comes late
            // is told like one that was lost: none is missing, and none overtakes another.
            Assert.Equal(expected, kind == TestServers.Cluster ? heard.Where(static one => one != Listener.Interrupted).Distinct() : heard);
        }

        Assert.Empty(foreign.Events);
    }

    [Theory, MemberData(nameof(TestServers.All), MemberType = typeof(TestServers))]
    public async Task Who_has_left_hears_nothing_and_the_others_do(string kind)
    {
        await using var cache = TestServers.Cache(kind);
        using var stays = await Listener.Start(cache);
        using var leaves = await Listener.Start(cache);
        leaves.Dispose();
        await cache.PublishAsync(Bytes("1"));
        await stays.Has(1);
        Assert.Empty(leaves.Events);
    }

    [Fact]
    public async Task After_a_restart_of_the_server_the_interruption_comes_before_the_next_message()
    {
        using var server = TestServers.OwnRedis();
        await using var here = new RedisCache(server.Address);
        await using var there = new RedisCache(server.Address);
        using var listener = await Listener.Start(there);
        for (var round = 0; round < 3; round++)
        {
            await here.PublishAsync(Bytes("before"));
            await listener.Has(1);
            server.Kill();
            await Assert.ThrowsAnyAsync<Exception>(async () => await here.PublishAsync(Bytes("lost")));
            server.Start();
            var back = Stopwatch.GetTimestamp();
            await Until(() => Task.FromResult(listener.Events.Contains(Listener.Interrupted)));
            var heard = Stopwatch.GetElapsedTime(back);
            Assert.True(heard < TimeSpan.FromSeconds(5), $"{heard}");
            await Until(async () => await Publishes(here, "after"));
            await Until(() => Task.FromResult(listener.Events.Contains("after")));
            Assert.Equal(["before", Listener.Interrupted], listener.Events.Distinct().Take(2));
            TestContext.Current.SendDiagnosticMessage("interrupted {0} ms after the restart", heard.TotalMilliseconds.ToString("0", CultureInfo.InvariantCulture));
            // What follows an interruption is complete: no other one is due.
            listener.Forget();
        }
    }

    [Fact]
    public async Task A_connection_that_was_cut_is_an_interruption_too()
    {
        using var server = TestServers.OwnRedis();
        await using var cache = new RedisCache(server.Address);
        using var listener = await Listener.Start(cache);
        using var plain = await StackExchange.Redis.ConnectionMultiplexer.ConnectAsync(server.Address + ",allowAdmin=true");
        await plain.GetDatabase().ExecuteAsync("CLIENT", "KILL", "TYPE", "pubsub", "SKIPME", "yes");
        await listener.Has(1);
        Assert.All(listener.Events, static heard => Assert.Equal(Listener.Interrupted, heard));
        await cache.PublishAsync(Bytes("after"));
        await Until(() => Task.FromResult(listener.Events.Contains("after")));
    }

    [Fact]
    public async Task A_listener_may_come_before_the_server()
    {
        using var server = TestServers.OwnRedis();
        server.Kill();
        await using var cache = new RedisCache(new RedisCacheOptions { Configuration = server.Address, Timeout = TimeSpan.FromSeconds(1) });
        using var listener = new Listener(cache);
        await Assert.ThrowsAnyAsync<Exception>(async () => await cache.PublishAsync(Bytes("lost")));
        Assert.Empty(listener.Events);
        server.Start();
        await listener.Has(1);
        Assert.Equal(Listener.Interrupted, listener.Events.First());
    }

    [Theory, MemberData(nameof(TestServers.All), MemberType = typeof(TestServers))]
    public async Task A_message_is_there_well_within_a_second(string kind)
    {
        var prefix = TestServers.NewPrefix();
        await using var here = TestServers.Cache(kind, prefix);
        await using var there = TestServers.Cache(kind, prefix);
        using var listener = await Listener.Start(there);
        var times = new List<double>();
        for (var i = 1; i <= 200; i++)
        {
            var start = Stopwatch.GetTimestamp();
            await here.PublishAsync(Bytes($"{i}"));
            while (listener.Events.Count < i)
                await Task.Yield();
            times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }
        times.Sort();
        TestContext.Current.SendDiagnosticMessage("{0}: p50 {1:0.00} ms, p99 {2:0.00} ms", kind, times[100], times[198]);
        Assert.True(times[198] < 1000, $"{times[198]} ms");
    }

    private static async Task<bool> Publishes(RedisCache cache, string message)
    {
        try
        {
            await cache.PublishAsync(Bytes(message));
            return true;
        }
        catch (StackExchange.Redis.RedisException)
        {
            return false;
        }
    }
}
