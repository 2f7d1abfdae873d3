using Memoize.Tiers;
using Microsoft.Extensions.Time.Testing;

namespace Memoize.Tests.Tiers;

/// <summary>What a touch must not do: bring something back, cost a hit anything, ask a store that is down, or pile up.</summary>
[Collection(nameof(Api.ProcessWide))]
public sealed class TierTouchTests : IDisposable
{
    private readonly TestTiers tiers = new();
    private readonly FakeTimeProvider clock = new();

    public TierTouchTests() => Memo.TimeProvider = clock;

    public void Dispose()
    {
        Memo.TimeProvider = TimeProvider.System;
        tiers.Dispose();
    }

    private static CancellationToken Ends => TestContext.Current.CancellationToken;

    private async Task<(TieredCache<string> Cache, CacheTier Tier)> Before(SlidingStore store, CacheTierOptions? options = null, int keys = 1)
    {
        var tier = tiers.Add(store, out var name, options);
        var cache = new TieredCache<string>(name, new() { Sliding = 60, MaxSize = 10_000, Tiers = name });
        for (var i = 0; i < keys; i++)
            await cache.CallAsync($"{i}", "value");
        await Memo.FlushTiersAsync(Ends);
        Assert.Equal(keys, store.Held);
        return (cache, tier);
    }

    private void Use(TieredCache<string> cache, int keys = 1)
    {
        for (var i = 0; i < keys; i++)
            Assert.True(cache.Cache.TryGet($"{i}", out string? _));
    }

    [Fact]
    public async Task What_was_evicted_is_not_brought_back_by_a_store_that_writes_what_it_touches()
    {
        var store = new RewritingStore(clock);
        var touching = new TaskCompletionSource();
        store.Gate = touching.Task;
        var (cache, _) = await Before(store, new() { Timeout = 60 });
        clock.Advance(TimeSpan.FromSeconds(20));
        Use(cache);
        await store.HasRead.Task.InTime();

        // The eviction has come when the store has read what it is about to write again.
        var eviction = cache.Cache.EvictAsync("0").AsTask();
        Assert.False(eviction.IsCompleted);
        touching.SetResult();
        await eviction.InTime();
        await Memo.FlushTiersAsync(Ends);
        Assert.Equal(0, store.Held);
        Assert.Equal("new", await cache.Another().CallAsync("0", "new"));
    }

    [Fact]
    public async Task What_is_being_evicted_is_not_touched()
    {
        var store = new SlidingStore(clock);
        var (cache, tier) = await Before(store, new() { Timeout = 60 });
        var removing = new TaskCompletionSource();
        store.Removing = removing.Task;
        var eviction = cache.Cache.EvictAsync("0").AsTask();
        await cache.CallAsync("0", "value");
        clock.Advance(TimeSpan.FromSeconds(20));
        Use(cache);
        await Memo.FlushTiersAsync(Ends);
        Assert.Equal((0, 0, 1), (store.Touched, tier.Statistics.Touches, tier.Statistics.NotTouched));
        removing.SetResult();
        await eviction.InTime();
    }

    [Fact]
    public async Task A_touch_of_what_is_gone_is_nothing()
    {
        var store = new SlidingStore(clock);
        var (cache, tier) = await Before(store);
        foreach (var key in store.Keys)
            store.Remove(key);
        clock.Advance(TimeSpan.FromSeconds(20));
        Use(cache);
        await Memo.FlushTiersAsync(Ends);
        Assert.Equal((1, 0), (store.Touched, store.Held));
        Assert.Equal("new", await cache.Another().CallAsync("0", "new"));
        Assert.Equal((1, 0), (tier.Statistics.Touches, tier.Statistics.NotTouched));
    }

    [Fact]
    public async Task A_touch_that_fails_is_a_failure_and_then_nobody_asks()
    {
        var store = new SlidingStore(clock);
        var (cache, tier) = await Before(store, new() { Timeout = 5, RetryAfter = 3600, TimeProvider = new FakeTimeProvider() }, keys: 2);
        store.Failure = new IOException("down");
        clock.Advance(TimeSpan.FromSeconds(20));
        Use(cache);
        await Memo.FlushTiersAsync(Ends);
        Assert.Equal((1, 1, 0, 1, false), (store.Touched, tier.Statistics.Failures, tier.Statistics.Touches, tier.Statistics.NotTouched, tier.IsAvailable));

        Use(cache, keys: 2);
        await Memo.FlushTiersAsync(Ends);
        Assert.Equal((1, 1, 2), (store.Touched, tier.Statistics.Failures, tier.Statistics.NotTouched));
    }

    [Fact]
    public async Task When_the_store_is_back_the_next_eighth_touches()
    {
        var store = new SlidingStore(clock);
        var retries = new FakeTimeProvider();
        var (cache, tier) = await Before(store, new() { Timeout = 5, RetryAfter = 1, TimeProvider = retries });
        store.Failure = new IOException("down");
        clock.Advance(TimeSpan.FromSeconds(20));
        Use(cache);
        await Memo.FlushTiersAsync(Ends);
        Assert.False(tier.IsAvailable);

        store.Failure = null;
        retries.Advance(TimeSpan.FromSeconds(1));
        Concurrency.Until(() => tier.IsAvailable);
        clock.Advance(TimeSpan.FromSeconds(8));
        Use(cache);
        await Memo.FlushTiersAsync(Ends);
        Assert.Equal((1, 1), (tier.Statistics.Touches, tier.Statistics.NotTouched));
        clock.Advance(TimeSpan.FromSeconds(59));
        Assert.Equal(1, store.Held);
    }

    [Fact]
    public async Task A_store_that_hangs_holds_up_no_hit_and_what_waits_for_it_is_bounded()
    {
        const int Keys = 3000;
        var store = new SlidingStore(clock);
        var (cache, tier) = await Before(store, new() { Timeout = 5, WriteTimeout = 3600 }, Keys);
        var hanging = new TaskCompletionSource();
        store.Gate = hanging.Task;
        clock.Advance(TimeSpan.FromSeconds(20));
        Use(cache);
        Concurrency.Until(() => store.Touched == 1);
        Use(cache, Keys);
        Assert.InRange(store.Touched, 1, CacheTier.AtOnce);
        Assert.InRange(tier.Statistics.NotTouched, Keys - 1 - TierTouches<string>.MostWaiting, Keys - TierTouches<string>.MostWaiting);

        hanging.SetResult();
        await Memo.FlushTiersAsync(Ends);
        Assert.Equal(Keys, tier.Statistics.Touches + tier.Statistics.NotTouched);
        Assert.Equal(store.Touched, tier.Statistics.Touches);

        clock.Advance(TimeSpan.FromSeconds(8));
        Use(cache);
        await Memo.FlushTiersAsync(Ends);
        Assert.Equal(Keys + 1, tier.Statistics.Touches + tier.Statistics.NotTouched);
    }

    [Fact]
    public async Task A_touch_that_takes_too_long_is_given_up()
    {
        var store = new SlidingStore(clock) { Gate = new TaskCompletionSource().Task };
        var (cache, tier) = await Before(store, new() { Timeout = 5, WriteTimeout = 0.01, RetryAfter = 3600 });
        clock.Advance(TimeSpan.FromSeconds(20));
        Use(cache);
        await Memo.FlushTiersAsync(Ends);
        Assert.Equal((0, 1, 1, 1), (tier.Statistics.Touches, tier.Statistics.NotTouched, tier.Statistics.Failures, tier.Statistics.Timeouts));
    }

    [Fact]
    public async Task A_hit_that_touches_allocates_nothing()
    {
        const int Keys = 500;
        var store = new SlidingStore(clock);
        var (cache, tier) = await Before(store, keys: Keys);
        string[] ids = [.. Enumerable.Range(0, Keys).Select(static i => $"{i}")];
        var least = long.MaxValue;
        for (var round = 1; round <= 20; round++)
        {
            clock.Advance(TimeSpan.FromSeconds(8));
            var before = GC.GetAllocatedBytesForCurrentThread();
            foreach (var id in ids)
                Assert.True(cache.Cache.TryGet(id, out string? _));
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
            await Memo.FlushTiersAsync(Ends);
            Assert.Equal((round * Keys, 0), (tier.Statistics.Touches, tier.Statistics.NotTouched));
        }

        Assert.Equal(0, least);
    }
}
