using Memoize.Tiers;
using static Memoize.Redis.Tests.TestHelp;

namespace Memoize.Redis.Tests;

/// <summary>What the keys of a tier are called in the server.</summary>
public sealed class TierKeyTests
{
    [Theory, MemberData(nameof(TestServers.All), MemberType = typeof(TestServers))]
    public async Task A_key_has_the_prefix_of_the_cache_once(string kind)
    {
        var prefix = TestServers.NewPrefix();
        await using var cache = TestServers.Cache(kind, prefix);
        Assert.Equal(prefix, cache.KeyPrefix);
        await using (var other = new RedisCache(TestServers.Address(kind)))
            Assert.Equal("memoize:", other.KeyPrefix);

        var tier = Memo.AddTier("tier-keys-" + kind, cache, new CacheTierOptions { Timeout = 20 });
        try
        {
            var method = new CachedMethod("Shop.Prices.Find(int)", new CacheOptions { Ttl = 300, Tiers = tier.Name });
            var prices = method.CreateCache<int, string>(tasks: false, new TierCodec<int>(1, static id => $"id:{id}"));
            // What is loaded while the bus begins to listen is not stored.
            await Until(async () =>
            {
                Assert.Equal("1.50", await prices.LoadAsync(7, static _ => Task.FromResult("1.50")));
                await Memo.FlushTiersAsync();
                return tier.Statistics.Stores == 1;
            });
        }
        finally
        {
            Memo.RemoveTier(tier.Name);
        }

        using var plain = await TestServers.Plain(kind);
        var found = plain.GetServers().SelectMany(server => server.Keys(pattern: $"*{prefix}*")).Select(static key => key.ToString()).Order(StringComparer.Ordinal);
        Assert.Equal([prefix + "#stamp:Shop.Prices.Find(int)", prefix + "Shop.Prices.Find(int)(id:7)"], found);
    }
}
