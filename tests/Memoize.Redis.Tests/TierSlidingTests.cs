using Memoize.Tiers;
using Microsoft.Extensions.Caching.Distributed;
using static Memoize.Redis.Tests.TestHelp;

namespace Memoize.Redis.Tests;

/// <summary>An entry that is used in memory alone lives on in the server.</summary>
public sealed class TierSlidingTests
{
    // An eighth is a second, and it takes eight in which this process does nothing to lose the entry.
    private const double Sliding = 8;

    [Theory, MemberData(nameof(TestServers.All), MemberType = typeof(TestServers))]
    public async Task A_hit_in_memory_moves_the_expiry_in_the_server_and_brings_nothing_back(string kind)
    {
        var prefix = TestServers.NewPrefix();
        await using var cache = TestServers.Cache(kind, prefix);
        using var plain = await TestServers.Plain(kind);
        var redis = plain.GetDatabase();
        var tier = Memo.AddTier("tier-sliding-" + kind, new WithoutBus(cache), new CacheTierOptions { Timeout = 20, Prefix = "" });
        try
        {
            var runs = 0;
            var method = new CachedMethod("Shop.Sessions.Find(int)", new CacheOptions { Sliding = Sliding, Tiers = tier.Name });
            var sessions = method.CreateCache<int, string>(tasks: false, new TierCodec<int>(1, static id => $"id:{id}"));
            var stored = prefix + "Shop.Sessions.Find(int)(id:7)";

            await sessions.LoadAsync(7, Load);
            await Memo.FlushTiersAsync();
            Assert.True(await redis.KeyExistsAsync(stored));

            await redis.KeyExpireAsync(stored, TimeSpan.FromSeconds(4));
            await Until(async () =>
            {
                Assert.True(sessions.TryGet(7, out var value));
                Assert.Equal("signed in", value);
                return await redis.KeyTimeToLiveAsync(stored) > TimeSpan.FromSeconds(5);
            });
            Assert.InRange((await redis.KeyTimeToLiveAsync(stored))!.Value.TotalSeconds, 5, Sliding);
            Assert.InRange(tier.Statistics.Touches, 1, 20);

            // The server has lost it, and nobody has told this process.
            var touches = tier.Statistics.Touches;
            await redis.KeyDeleteAsync(stored);
            await Until(() =>
            {
                Assert.True(sessions.TryGet(7, out _));
                return Task.FromResult(tier.Statistics.Touches > touches);
            });
            Assert.False(await redis.KeyExistsAsync(stored));
            Assert.Equal((1, 0L, 0L), (runs, tier.Statistics.NotTouched, tier.Statistics.Failures));

            Task<string> Load(CancellationToken token)
            {
                runs++;
                return Task.FromResult("signed in");
            }
        }
        finally
        {
            Memo.RemoveTier(tier.Name);
        }
    }

    // With one, memory forgets once what it has, as soon as it listens.
    private sealed class WithoutBus(IDistributedCache cache) : IDistributedCache
    {
        public byte[]? Get(string key) => cache.Get(key);

        public Task<byte[]?> GetAsync(string key, CancellationToken token = default) => cache.GetAsync(key, token);

        public void Refresh(string key) => cache.Refresh(key);

        public Task RefreshAsync(string key, CancellationToken token = default) => cache.RefreshAsync(key, token);

        public void Remove(string key) => cache.Remove(key);

        public Task RemoveAsync(string key, CancellationToken token = default) => cache.RemoveAsync(key, token);

        public void Set(string key, byte[] value, DistributedCacheEntryOptions options) => cache.Set(key, value, options);

        public Task SetAsync(string key, byte[] value, DistributedCacheEntryOptions options, CancellationToken token = default) => cache.SetAsync(key, value, options, token);
    }
}
