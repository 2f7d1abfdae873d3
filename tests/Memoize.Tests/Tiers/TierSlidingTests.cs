using Memoize.Tiers;
using Microsoft.Extensions.Time.Testing;

namespace Memoize.Tests.Tiers;

/// <summary>An entry that slides lives for as long as it is used, wherever that is seen.</summary>
[Collection(nameof(Api.ProcessWide))]
public sealed class TierSlidingTests : IDisposable
{
    private readonly TestTiers tiers = new();
    private readonly FakeTimeProvider clock = new();
    private readonly SlidingStore store;
    private readonly CacheTier tier;
    private readonly string name;

    public TierSlidingTests()
    {
        Memo.TimeProvider = clock;
        store = new(clock);
        tier = tiers.Add(store, out name);
    }

    public void Dispose()
    {
        Memo.TimeProvider = TimeProvider.System;
        tiers.Dispose();
    }

    private static CancellationToken Ends => TestContext.Current.CancellationToken;

    private CacheOptions Of(string kind) => kind switch
    {
        "sliding" => new() { Sliding = 60, Tiers = name },
        "with an end" => new() { Sliding = 60, Ttl = 3600, Tiers = name },
        "ahead" => new() { Sliding = 60, Ttl = 3600, RefreshAhead = 0.8, Tiers = name },
        "weighed" => new() { Sliding = 60, Ttl = 3600, StaleIfError = 60, MaxBytes = 1_000_000, Tiers = name },
        _ => new() { Sliding = 60, Eviction = Eviction.Lfu, Tiers = name },
    };

    private async Task<TieredCache<string>> WithSessionAsync(CacheOptions options, bool tasks = false)
    {
        var cache = new TieredCache<string>(name, options, tasks: tasks);
        await cache.CallAsync("session", "signed in");
        await Memo.FlushTiersAsync(Ends);
        Assert.Equal((1, 1), (cache.Runs, store.Held));
        return cache;
    }

    // What a visitor of one process does, who comes back every so many seconds.
    private async Task UseAsync(TieredCache<string> cache, double seconds, double every)
    {
        for (var passed = every; passed <= seconds; passed += every)
        {
            clock.Advance(TimeSpan.FromSeconds(every));
            Assert.True(cache.Cache.TryGet("session", out var value));
            Assert.Equal("signed in", value);
            await Memo.FlushTiersAsync(Ends);
        }
    }

    [Theory, InlineData("sliding"), InlineData("with an end"), InlineData("ahead"), InlineData("weighed"), InlineData("lfu")]
    public async Task What_one_process_uses_in_memory_another_finds_in_the_tier(string kind)
    {
        var here = await WithSessionAsync(Of(kind));
        await UseAsync(here, seconds: 600, every: 20);

        var there = here.Another();
        Assert.Equal("signed in", await there.CallAsync("session", "signed out"));
        Assert.Equal(0, there.Runs);
    }

    [Fact]
    public async Task So_it_is_where_a_hit_is_a_task()
    {
        var here = await WithSessionAsync(Of("sliding"), tasks: true);
        for (var i = 0; i < 10; i++)
        {
            clock.Advance(TimeSpan.FromSeconds(20));
            Assert.True(here.Cache.TryGetTask("session", out var task));
            Assert.Equal("signed in", await task);
            await Memo.FlushTiersAsync(Ends);
        }

        Assert.Equal("signed in", await here.Another().CallAsync("session", "signed out"));
    }

    [Fact]
    public async Task What_nobody_uses_ends_there_as_here()
    {
        var here = await WithSessionAsync(Of("sliding"));
        await UseAsync(here, seconds: 120, every: 20);
        clock.Advance(TimeSpan.FromSeconds(60));
        Assert.Equal("signed out", await here.CallAsync("session", "signed out"));
        Assert.Equal(2, here.Runs);
    }

    // The last touch is at most an eighth older than the last use.
    [Fact]
    public async Task It_is_in_the_tier_for_seven_eighths_after_its_last_use()
    {
        var here = await WithSessionAsync(new() { Sliding = 64, Tiers = name });
        for (var use = 0; use < 200; use++)
        {
            await UseAsync(here, seconds: 1, every: 1);
            var last = clock.GetUtcNow();
            Assert.True(store.Held == 1 && Left() >= 56, $"{use}: {Left()}");
            Assert.True(Left() <= 64, $"{use}: {Left()}");

            double Left() => Math.Round((store.Ending - last).TotalSeconds, 3);
        }
    }

    [Theory, InlineData(0.05), InlineData(1), InlineData(5)]
    public async Task It_is_touched_eight_times_in_its_time_however_often_it_is_used(double every)
    {
        var here = await WithSessionAsync(Of("sliding"));
        await UseAsync(here, seconds: 600, every);
        Assert.InRange(store.Touched, 79, 80);
        Assert.Equal((store.Touched, 0), (tier.Statistics.Touches, tier.Statistics.NotTouched));
    }

    [Fact]
    public async Task Many_threads_touch_it_once()
    {
        var here = await WithSessionAsync(Of("sliding"));
        for (var round = 1; round <= 50; round++)
        {
            clock.Advance(TimeSpan.FromSeconds(7.5));
            Assert.All(await Task.WhenAll(Concurrency.OnThreads(4, _ => here.Cache.TryGet("session", out string? _))), Assert.True);
            await Memo.FlushTiersAsync(Ends);
            Assert.Equal(round, store.Touched);
        }
    }

    [Fact]
    public async Task The_absolute_end_stays_where_it_is()
    {
        var here = await WithSessionAsync(new() { Sliding = 60, Ttl = 200, Tiers = name });
        await UseAsync(here, seconds: 199, every: 1);
        clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(0, store.Held);
        Assert.Equal("signed out", await here.CallAsync("session", "signed out"));
    }

    [Fact]
    public async Task A_hit_in_a_near_tier_is_a_use_in_those_behind()
    {
        var near = new SlidingStore(clock);
        tiers.Add(near, out var nearName);
        var here = await WithSessionAsync(new() { Sliding = 60, Tiers = $"{nearName},{name}" });
        for (var i = 0; i < 10; i++)
        {
            // Another process of the same machine, whose memory is empty.
            clock.Advance(TimeSpan.FromSeconds(50));
            var there = here.Another();
            Assert.Equal("signed in", await there.CallAsync("session", "signed out"));
            await Memo.FlushTiersAsync(Ends);
        }

        Assert.Equal((1, 1), (near.Held, store.Held));
        Assert.Equal((0, 10), (near.Touched, store.Touched));
    }

    [Fact]
    public async Task A_hit_in_memory_is_a_use_in_all_tiers()
    {
        var near = new SlidingStore(clock);
        tiers.Add(near, out var nearName);
        var here = await WithSessionAsync(new() { Sliding = 60, Tiers = $"{nearName},{name}" });
        await UseAsync(here, seconds: 300, every: 30);
        Assert.Equal((1, 1), (near.Held, store.Held));
        Assert.Equal((10, 10), (near.Touched, store.Touched));
    }

    [Fact]
    public async Task Options_that_change_meanwhile_count()
    {
        var here = await WithSessionAsync(Of("sliding"));
        here.Method.Configure(new() { MaxSize = 500 });
        await UseAsync(here, seconds: 300, every: 30);
        Assert.Equal((1, 10), (store.Held, store.Touched));

        here.Method.Configure(new() { Sliding = 0, Ttl = 3600 });
        clock.Advance(TimeSpan.FromSeconds(30));
        Assert.True(here.Cache.TryGet("session", out string? _));
        await Memo.FlushTiersAsync(Ends);
        Assert.Equal(10, store.Touched);
    }

    [Fact]
    public async Task Nothing_is_touched_without_a_sliding_lifetime_or_by_who_only_looks()
    {
        var fixedTime = await WithSessionAsync(new() { Ttl = 3600, Tiers = name });
        await UseAsync(fixedTime, seconds: 600, every: 20);
        Assert.Equal(0, store.Touched);

        var here = new TieredCache<string>(name, new() { Sliding = 3600, Tiers = name }, name: "Shop.Other");
        await here.CallAsync("session", "signed in");
        clock.Advance(TimeSpan.FromSeconds(1000));
        Assert.True(here.Cache.Peek("session", out _));
        await Memo.FlushTiersAsync(Ends);
        Assert.Equal(0, store.Touched);
    }
}
