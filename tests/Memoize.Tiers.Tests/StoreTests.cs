using Memoize.Redis.Tests;
using Microsoft.Extensions.Time.Testing;

namespace Memoize.Tiers.Tests;

/// <summary>What generated methods promise, over every store there is.</summary>
[Collection(nameof(ProcessWide))]
public sealed class StoreTests
{
    private static int s_articles;

    private readonly string article = $"a-{Interlocked.Increment(ref s_articles)}";

    public static IEnumerable<TheoryDataRow<string>> Kinds => Stores.Kinds.Select(static kind => new TheoryDataRow<string>(kind));

    [Theory, MemberData(nameof(Kinds))]
    public async Task A_fresh_process_finds_the_value_and_runs_nothing(string kinds)
    {
        await using var stores = new Stores(kinds);
        var first = await Shop.FindAsync(article);
        var second = Shop.Find(article + "s");
        await Stores.RestartAsync();

        Assert.Equal(first, await Shop.FindAsync(article));
        Assert.NotSame(first, await Shop.FindAsync(article));
        Assert.Equal(second, Shop.Find(article + "s"));
        Assert.Equal((1, 1), (Shop.Runs(article), Shop.Runs(article + "s")));
        Assert.All(stores.All, static tier => Assert.Equal((2, 0, 0), (tier.Statistics.Stores, tier.Statistics.Failures, NotStored(tier))));
        Assert.Equal(2, stores.All.First().Statistics.Hits);
    }

    [Theory, InlineData("redis+sqlite"), InlineData("memcached+sqlite")]
    public async Task The_near_tier_gets_what_only_the_far_one_has(string kinds)
    {
        await using (var before = new Stores(kinds))
        {
            await Shop.FindAsync(article);
            await Stores.RestartAsync();
            await before.Shared!.Store.RemoveAsync(before.Shared.Prefix + $"Memoize.Tiers.Tests.Shop.FindAsync(string)(article:\"{article}\")");

            await Shop.FindAsync(article);
            await Stores.RestartAsync();
            Assert.Equal((1, 2), (before.Disk!.Statistics.Hits, before.Shared.Statistics.Stores));

            Memo.RemoveTier("disk");
            await Shop.FindAsync(article);
            Assert.Equal(1, before.Shared.Statistics.Hits);
        }
        Assert.Equal(1, Shop.Runs(article));
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task Memory_keeps_a_value_no_longer_than_the_tier_does(string kinds)
    {
        var clock = new FakeTimeProvider(DateTimeOffset.UtcNow);
        Memo.TimeProvider = clock;
        await using var stores = new Stores(kinds);
        await Shop.FindAsync(article);
        await Stores.RestartAsync();

        clock.Advance(TimeSpan.FromSeconds(200));
        await Shop.FindAsync(article);
        clock.Advance(TimeSpan.FromSeconds(99));
        await Shop.FindAsync(article);
        Assert.Equal(1, Shop.Runs(article));

        clock.Advance(TimeSpan.FromSeconds(2));
        await Shop.FindAsync(article);
        Assert.Equal(2, Shop.Runs(article));
    }

    public static IEnumerable<TheoryDataRow<string, string>> Evictions =>
        from kind in Stores.Kinds
        from way in new[] { "Evict", "EvictAsync", "[Evicts]", "[Updates]", "EvictTagAsync", "ClearAsync", "ClearAllAsync" }
        select new TheoryDataRow<string, string>(kind, way);

    [Theory, MemberData(nameof(Evictions))]
    public async Task An_eviction_reaches_every_tier(string kinds, string way)
    {
        await using var stores = new Stores(kinds);
        await Shop.FindAsync(article);
        await Stores.RestartAsync();
        if (!way.StartsWith('['))
            Shop.Versions[article] = 1;
        switch (way)
        {
            case "Evict":
                ShopCache.FindAsync.Evict(article);
                break;
            case "EvictAsync":
                await ShopCache.FindAsync.EvictAsync(article);
                break;
            case "[Evicts]":
                Shop.Forget(article);
                break;
            case "[Updates]":
                await Shop.Change(article);
                break;
            case "EvictTagAsync":
                await Memo.EvictTagAsync("article:" + article);
                break;
            case "ClearAsync":
                await ShopCache.FindAsync.ClearAsync();
                break;
            default:
                await Memo.ClearAllAsync();
                break;
        }

        await Stores.RestartAsync();
        Assert.Equal(1, (await Shop.FindAsync(article)).Version);
        await Stores.RestartAsync();
        Assert.Equal(1, (await Shop.FindAsync(article)).Version);
        Assert.Equal(2, Shop.Runs(article));
        Assert.All(stores.All, static tier => Assert.Equal((0, 0), (tier.Statistics.Owed, NotStored(tier))));
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task What_is_set_is_in_every_tier(string kinds)
    {
        await using var stores = new Stores(kinds);
        await Shop.FindAsync(article);
        await ShopCache.FindAsync.SetAsync(article, new(article, 7, 1));
        foreach (var tier in stores.All.Reverse().ToArray())
        {
            await Stores.RestartAsync();
            Assert.Equal(7, (await Shop.FindAsync(article)).Version);
            Memo.RemoveTier(stores.All.First().Name);
        }
        Assert.Equal(1, Shop.Runs(article));
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task An_eviction_by_a_part_of_the_key_reaches_every_tier(string kinds)
    {
        await using var stores = new Stores(kinds);
        Shop.FindOf(article, 1);
        Shop.FindOf(article, 2);
        await Stores.RestartAsync();
        ShopCache.FindOf.EvictWhere(article);
        await Stores.RestartAsync();
        Shop.FindOf(article, 1);
        Shop.FindOf(article, 2);
        Assert.Equal(4, Shop.Runs(article));
    }

    public static IEnumerable<TheoryDataRow<string, int>> Sizes =>
        from kind in Stores.Kinds
        from size in new[] { 1 << 10, 50_000, (1 << 20) - 1, 1 << 20, (1 << 20) + 1, 10_000_000, 64 << 20 }
        // To a node of a cluster they go as to a server alone.
        where kind != TestServers.Cluster || size < 64 << 20
        select new TheoryDataRow<string, int>(kind, size);

    [Theory, MemberData(nameof(Sizes))]
    public async Task A_value_of_any_size_comes_back_as_it_was_or_is_a_reported_non_store(string kinds, int size)
    {
        await using var stores = new Stores(kinds);
        Shop.Picture(article, size);
        await Stores.RestartAsync();
        Assert.True(Shop.Bytes(size).AsSpan().SequenceEqual(Shop.Picture(article, size)));

        await Memo.FlushTiersAsync();
        foreach (var tier in stores.All)
        {
            var statistics = tier.Statistics;
            Assert.Equal(IsTooLarge(tier) ? (0, 2) : (1, 0), (statistics.Stores, statistics.NotStoredTooLarge));
            Assert.Equal((0, statistics.NotStoredTooLarge), (statistics.Failures, NotStored(tier)));
        }
        Assert.Equal(stores.All.All(IsTooLarge) ? 2 : 1, Shop.Runs(article));

        // memcached takes 1 MiB, its own header and ours included; the others take all of these.
        bool IsTooLarge(CacheTier tier) => tier.Store is Memcached.MemcachedCache && size >= (1 << 20) - 1;
    }

    internal static long NotStored(CacheTier tier)
        => tier.Statistics is var s ? s.NotStoredEvicted + s.NotStoredLeaseLost + s.NotStoredFailed + s.NotStoredTooLarge + s.NotStoredUnserializable : 0;
}
