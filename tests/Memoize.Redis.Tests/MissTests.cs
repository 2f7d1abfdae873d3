using System.Buffers;
using System.Runtime.ExceptionServices;
using Memoize.Tiers;
using StackExchange.Redis;
using static Memoize.Redis.Tests.TestHelp;

namespace Memoize.Redis.Tests;

/// <summary>Who has looked, and has found nothing, asks for the value or its lease in one step and one round trip.</summary>
public sealed class MissTests
{
    [Theory, MemberData(nameof(TestServers.All), MemberType = typeof(TestServers))]
    public async Task He_is_given_what_is_there_by_now_or_the_lease_or_its_holder(string kind)
    {
        await using var cache = TestServers.Cache(kind);
        var given = await AskMissedAsync(cache);
        Assert.NotNull(given.Lease);
        var other = await AskMissedAsync(cache);
        Assert.Equal((false, null, given.Lease.Value.Id), (other.Found, other.Lease, other.Holder));

        Assert.True(await cache.Put("a", "value", given.Lease.Value));
        var value = new ArrayBufferWriter<byte>();
        Assert.True((await cache.GetMissedOrLeaseAsync("a", value, Minute)).Found);
        Assert.Equal("value"u8, value.WrittenSpan);
    }

    [Fact]
    public async Task He_does_not_look_twice()
    {
        using var server = TestServers.OwnRedis();
        await using var cache = new RedisCache(server.Address);
        await cache.Text("connects");
        var before = Gets(server);
        await AskMissedAsync(cache);
        Assert.Equal(1, Gets(server) - before);       // in the step that gives the lease
    }

    /// <summary>That is every call of a busy application, as long as it lasts: no call is to throw and catch for it.</summary>
    [Fact]
    public async Task A_server_without_memory_gives_a_lease_that_stores_nothing_and_is_no_error()
    {
        using var server = TestServers.OwnRedis();
        await using var cache = new RedisCache(server.Address);
        Assert.NotNull((await cache.Ask("before")).Lease);
        server.Say("CONFIG SET maxmemory 1");
        var thrown = 0;
        void Count(object? sender, FirstChanceExceptionEventArgs e)
        {
            if (e.Exception is RedisServerException && e.Exception.Message.Contains("OOM", StringComparison.Ordinal))
                Interlocked.Increment(ref thrown);
        }

        AppDomain.CurrentDomain.FirstChanceException += Count;
        try
        {
            foreach (var read in (LeasedRead[])[await AskMissedAsync(cache), await cache.Ask("a"), await cache.Ask("a")])
                Assert.Equal(StoreOutcome.Failed, await cache.StoreAsync("a", new(Bytes("value")), ForAMinute, Assert.NotNull(read.Lease)));
        }
        finally
        {
            AppDomain.CurrentDomain.FirstChanceException -= Count;
        }

        Assert.Equal(0, thrown);
        server.Say("CONFIG SET maxmemory 0");
        Assert.True(await cache.Put("a", "value", (await cache.Ask("a")).Lease!.Value));
    }

    private static async Task<LeasedRead> AskMissedAsync(RedisCache cache) => await cache.GetMissedOrLeaseAsync("a", new ArrayBufferWriter<byte>(), Minute);

    private static int Gets(RedisProcess server)
        => server.Say("INFO commandstats").Split('\n').Where(static line => line.StartsWith("cmdstat_get:calls=", StringComparison.Ordinal))
            .Sum(static line => int.Parse(line.Split('=', ',')[1], System.Globalization.CultureInfo.InvariantCulture));
}
