using Microsoft.Extensions.Caching.Distributed;
using StackExchange.Redis;
using static Memoize.Redis.Tests.TestHelp;

namespace Memoize.Redis.Tests;

/// <summary>What remains of a value is read from the server, so that nothing here waits for minutes or depends on being quick.</summary>
public sealed class ExpiryTests
{
    [Theory, MemberData(nameof(TestServers.All), MemberType = typeof(TestServers))]
    public async Task A_value_is_gone_after_its_time(string kind)
    {
        await using var cache = TestServers.Cache(kind);
        // An end that is over before it is said would be refused; a second is more than a busy machine needs.
        await cache.SetAsync("absolute", Bytes("1"), new() { AbsoluteExpiration = DateTimeOffset.UtcNow.AddSeconds(1) });
        await cache.SetAsync("relative", Bytes("1"), new() { AbsoluteExpirationRelativeToNow = TimeSpan.FromMilliseconds(100) });
        await cache.SetAsync("tiny", Bytes("1"), new() { AbsoluteExpirationRelativeToNow = TimeSpan.FromTicks(1) });
        await cache.SetAsync("unread", Bytes("1"), new() { SlidingExpiration = TimeSpan.FromMilliseconds(100) });
        await cache.SetAsync("for ever", Bytes("1"), new());
        await Task.Delay(1200);
        foreach (var key in (string[])["relative", "absolute", "tiny", "unread"])
            Assert.Null(await cache.GetAsync(key));
        Assert.Equal("1", await cache.Text("for ever"));
    }

    [Theory, MemberData(nameof(TestServers.All), MemberType = typeof(TestServers))]
    public async Task An_end_in_the_past_is_refused(string kind)
    {
        await using var cache = TestServers.Cache(kind);
        var past = new DistributedCacheEntryOptions { AbsoluteExpiration = DateTimeOffset.UtcNow.AddMinutes(-1) };
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => cache.SetAsync("a", Bytes("1"), past));
        Assert.Throws<ArgumentOutOfRangeException>(() => cache.Set("a", Bytes("1"), past));
        await cache.SetAsync("a", Bytes("1"), new() { AbsoluteExpirationRelativeToNow = TimeSpan.MaxValue });
        Assert.Equal("1", await cache.Text("a"));
    }

    public static TheoryData<string, string> WaysToUse()
    {
        var ways = new TheoryData<string, string>();
        foreach (var kind in TestServers.All)
        {
            foreach (var way in (string[])["Get", "GetAsync", "GetOrLease", "GetMany", "Refresh", "RefreshAsync"])
                ways.Add(kind.Data, way);
        }
        return ways;
    }

    [Theory, MemberData(nameof(WaysToUse))]
    public async Task Every_use_moves_a_sliding_expiry_and_never_past_the_end(string kind, string way)
    {
        var prefix = TestServers.NewPrefix();
        await using var cache = TestServers.Cache(kind, prefix);
        using var plain = await TestServers.Plain(kind);
        var redis = plain.GetDatabase();
        await cache.SetAsync("open", Bytes("1"), new() { SlidingExpiration = TimeSpan.FromMinutes(10) });
        await cache.SetAsync("capped", Bytes("2"), new() { SlidingExpiration = TimeSpan.FromMinutes(10), AbsoluteExpirationRelativeToNow = TimeSpan.FromMinutes(5) });
        Assert.InRange(await Left(redis, prefix + "open"), 590, 600);
        Assert.InRange(await Left(redis, prefix + "capped"), 290, 300);

        foreach (var (key, value, least, most) in ((string, string, int, int)[])[("open", "1", 590, 600), ("capped", "2", 290, 300)])
        {
            await redis.KeyExpireAsync(prefix + key, TimeSpan.FromSeconds(60));
            await Use(cache, key, value, way);
            await Until(async () => await Left(redis, prefix + key) > 60);
            Assert.InRange(await Left(redis, prefix + key), least, most);
        }
    }

    [Theory, MemberData(nameof(TestServers.All), MemberType = typeof(TestServers))]
    public async Task A_late_move_does_not_touch_the_value_that_came_after(string kind)
    {
        var prefix = TestServers.NewPrefix();
        await using var cache = TestServers.Cache(kind, prefix);
        using var plain = await TestServers.Plain(kind);
        await cache.SetAsync("a", Bytes("1"), new() { SlidingExpiration = TimeSpan.FromMinutes(10) });
        Assert.Equal("1", await cache.Text("a"));
        await cache.Put("a", "for a minute");
        await cache.RefreshAsync("a");
        await cache.RefreshAsync("never stored");
        Assert.InRange(await Left(plain.GetDatabase(), prefix + "a"), 50, 60);
    }

    [Theory, MemberData(nameof(TestServers.All), MemberType = typeof(TestServers))]
    public async Task A_value_that_looks_like_a_header_comes_back_as_it_was(string kind)
    {
        var prefix = TestServers.NewPrefix();
        await using var cache = TestServers.Cache(kind, prefix);
        using var plain = await TestServers.Plain(kind);
        foreach (var odd in (string[])[SlidingHeader.Mark, SlidingHeader.Mark + new string('9', 100), SlidingHeader.Mark[..7]])
        {
            await cache.Put("a", odd);
            Assert.Equal(odd, await cache.Text("a"));
            await cache.RefreshAsync("a");
            Assert.InRange(await Left(plain.GetDatabase(), prefix + "a"), 50, 60);
            await cache.SetAsync("a", Bytes(odd), new() { SlidingExpiration = Minute });
            Assert.Equal(odd, await cache.Text("a"));
        }
    }

    private static async Task Use(RedisCache cache, string key, string value, string way)
    {
        switch (way)
        {
            case "Get":
                Assert.Equal(Bytes(value), cache.Get(key));
                break;
            case "GetAsync":
                Assert.Equal(value, await cache.Text(key));
                break;
            case "GetOrLease":
                Assert.True((await cache.Ask(key)).Found);
                break;
            case "GetMany":
                await cache.GetManyAsync([key], (_, bytes) => Assert.Equal(Bytes(value).Length, bytes.Length));
                break;
            case "Refresh":
                cache.Refresh(key);
                break;
            case "RefreshAsync":
                await cache.RefreshAsync(key);
                break;
        }
    }

    private static async Task<double> Left(IDatabase redis, string key) => (await redis.KeyTimeToLiveAsync(key))!.Value.TotalSeconds;
}
