using StackExchange.Redis;
using static Memoize.Redis.Tests.TestHelp;

namespace Memoize.Redis.Tests;

public sealed class ClearTests
{
    [Theory, MemberData(nameof(TestServers.All), MemberType = typeof(TestServers))]
    public async Task It_removes_what_is_its_own_and_ten_thousand_foreign_keys_survive(string kind)
    {
        var prefix = TestServers.NewPrefix() + "[s]*?\\:";
        await using var cache = TestServers.Cache(kind, prefix);
        using var plain = await TestServers.Plain(kind);
        var redis = plain.GetDatabase();
        string[] near = [prefix[..^1], "x" + prefix + "a", "{" + prefix + "a}", "{" + prefix + "a}:lease:x", "{x}:lease:y" + prefix, "{" + prefix[..^1] + "}:lease", prefix.Replace("[s]", "s", StringComparison.Ordinal) + "a"];
        string[] foreign = [.. near, .. Enumerable.Range(0, 10_000).Select(i => $"foreign {prefix[1..]}{i}")];
        await Task.WhenAll(foreign.Select(key => redis.StringSetAsync(key, "1", Minute)));
        await Task.WhenAll(Enumerable.Range(0, 3000).Select(i => cache.Put($"{i}", "1")));
        string[] leased = ["free", "{tag}free", "odd}free"];
        var leases = new List<Memoize.Tiers.CacheLease>();
        foreach (var key in leased)
            leases.Add((await cache.Ask(key)).Lease!.Value);

        Assert.Equal(3003, await cache.ClearAsync());

        Assert.Equal(0, await Exist(redis, Enumerable.Range(0, 3000).Select(i => $"{prefix}{i}")));
        foreach (var (key, lease) in leased.Zip(leases))
            Assert.False(await cache.Put(key, "older", lease));
        Assert.Equal(foreign.Length, await Exist(redis, foreign));
    }

    [Theory, MemberData(nameof(TestServers.All), MemberType = typeof(TestServers))]
    public async Task It_removes_what_begins_with_a_text(string kind)
    {
        await using var cache = TestServers.Cache(kind);
        await cache.Put("user:1", "1");
        await cache.Put("user:2", "1");
        await cache.Put("users", "1");
        await cache.Put("a user:1", "1");
        var other = (await cache.Ask("users:lease")).Lease!.Value;
        Assert.Equal(2, await cache.ClearAsync("user:"));
        Assert.Null(await cache.Text("user:1"));
        Assert.Equal("1", await cache.Text("users"));
        Assert.Equal("1", await cache.Text("a user:1"));
        Assert.True(await cache.Put("users:lease", "1", other));
    }

    [Theory, MemberData(nameof(TestServers.All), MemberType = typeof(TestServers))]
    public async Task A_load_from_before_stores_nothing_that_stays(string kind)
    {
        var prefix = TestServers.NewPrefix();
        await using var cache = TestServers.Cache(kind, prefix);
        for (var round = 0; round < 10; round++)
        {
            var loads = new List<(string Key, Memoize.Tiers.CacheLease Lease)>();
            for (var i = 0; i < 200; i++)
                loads.Add(($"{round}:{i}", (await cache.Ask($"{round}:{i}")).Lease!.Value));
            var stores = Task.WhenAll(loads.Select(load => cache.Put(load.Key, "older", load.Lease)));
            await Task.WhenAll(cache.ClearAsync(), stores);
            foreach (var (key, _) in loads)
                Assert.Null(await cache.Text(key));
        }
    }

    // One by one: in a cluster they are not all in one place.
    private static async Task<int> Exist(IDatabase redis, IEnumerable<string> keys)
        => (await Task.WhenAll(keys.Select(key => redis.KeyExistsAsync(key)))).Count(static exists => exists);
}
