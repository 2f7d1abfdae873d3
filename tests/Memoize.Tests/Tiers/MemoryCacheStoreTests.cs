using System.Buffers;
using Memoize.Tiers;
using Microsoft.Extensions.Caching.Distributed;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.Internal;

namespace Memoize.Tests.Tiers;

/// <summary>An application's own memory cache as a tier.</summary>
[Collection(nameof(Api.ProcessWide))]
public sealed class MemoryCacheStoreTests : IDisposable
{
    private readonly TestTiers tiers = new();
    private readonly HandClock clock = new();
    private readonly MemoryCache cache;
    private readonly MemoryCacheStore store;

    public MemoryCacheStoreTests()
    {
        cache = new(new MemoryCacheOptions { Clock = clock, SizeLimit = 10_000 });
        store = new(cache);
    }

    public void Dispose()
    {
        tiers.Dispose();
        cache.Dispose();
    }

    [Fact]
    public async Task Results_live_in_it_and_are_found_there()
    {
        var tier = tiers.Add(store, out var name);
        var one = new TieredCache<string>(name);
        Assert.Equal("first", await one.CallAsync("a", "first"));
        await Memo.FlushTiersAsync(TestContext.Current.CancellationToken);
        Assert.Equal(1, tier.Statistics.Stores);
        Assert.InRange(cache.Count, 1, 2);

        var other = one.Another();
        Assert.Equal("first", await other.CallAsync("a", "second"));
        Assert.Equal(0, other.Runs);
        await other.Cache.EvictAsync("a");
        Assert.Equal("third", await one.Another().CallAsync("a", "third"));
    }

    [Fact]
    public void Entries_of_the_application_are_not_touched()
    {
        cache.Set("a", "the application's", new MemoryCacheEntryOptions { Size = 1 });
        Assert.Null(store.Get("a"));
        store.Set("a", [1, 2], new DistributedCacheEntryOptions());
        store.Remove("a");
        Assert.Equal("the application's", cache.Get("a"));
    }

    [Fact]
    public async Task What_is_stored_is_a_copy_and_so_is_what_is_given()
    {
        byte[] value = [1, 2, 3];
        await store.SetAsync("a", value, new DistributedCacheEntryOptions(), TestContext.Current.CancellationToken);
        value[0] = 9;
        (await store.GetAsync("a", TestContext.Current.CancellationToken))![1] = 9;
        Assert.Equal([1, 2, 3], store.Get("a"));

        await store.SetAsync("b", new ReadOnlySequence<byte>([4, 5]), new DistributedCacheEntryOptions(), TestContext.Current.CancellationToken);
        var buffer = new ArrayBufferWriter<byte>();
        Assert.True(await store.TryGetAsync("b", buffer, TestContext.Current.CancellationToken));
        Assert.Equal([4, 5], buffer.WrittenSpan.ToArray());
        Assert.False(store.TryGet("c", buffer));
    }

    [Fact]
    public async Task Entries_expire_and_a_look_or_a_refresh_extends_the_sliding_ones()
    {
        store.Set("at", [1], new DistributedCacheEntryOptions { AbsoluteExpiration = clock.UtcNow.AddSeconds(10) });
        store.Set("in", [1], new DistributedCacheEntryOptions { AbsoluteExpirationRelativeToNow = TimeSpan.FromSeconds(10) });
        store.Set("sliding", [1], new DistributedCacheEntryOptions { SlidingExpiration = TimeSpan.FromSeconds(10) });
        store.Set("unused", [1], new DistributedCacheEntryOptions { SlidingExpiration = TimeSpan.FromSeconds(10) });
        clock.UtcNow += TimeSpan.FromSeconds(6);
        store.Refresh("sliding");
        clock.UtcNow += TimeSpan.FromSeconds(6);
        await store.RefreshAsync("sliding", TestContext.Current.CancellationToken);
        Assert.Equal([false, false, true, false], new[] { "at", "in", "sliding", "unused" }.Select(key => store.Get(key) is not null));
    }

    [Fact]
    public async Task Each_counts_with_its_length_against_the_limit()
    {
        store.Set("small", new byte[4_000], new DistributedCacheEntryOptions());
        store.Set("large", new byte[11_000], new DistributedCacheEntryOptions());
        Assert.NotNull(store.Get("small"));
        Assert.Null(store.Get("large"));
        await store.RemoveAsync("small", TestContext.Current.CancellationToken);
        Assert.Null(store.Get("small"));
    }

    [Fact]
    public async Task What_it_does_not_take_is_counted_as_not_stored()
    {
        var tier = tiers.Add(store, out var name, new() { Timeout = 5, CompressAbove = int.MaxValue });
        var one = new TieredCache<string>(name);
        var large = new string('x', 50_000);
        Assert.Equal(large, await one.CallAsync("a", large));
        await Memo.FlushTiersAsync(TestContext.Current.CancellationToken);
        Assert.Equal((0, 1), (tier.Statistics.Stores, tier.Statistics.NotStoredFailed));
        Assert.True(tier.IsAvailable);

        Assert.Equal("small", await one.CallAsync("b", "small"));
        await Memo.FlushTiersAsync(TestContext.Current.CancellationToken);
        Assert.Equal((1, 1), (tier.Statistics.Stores, tier.Statistics.NotStoredFailed));
    }

    private sealed class HandClock : ISystemClock
    {
        public DateTimeOffset UtcNow { get; set; } = DateTimeOffset.UnixEpoch.AddYears(50);
    }
}
