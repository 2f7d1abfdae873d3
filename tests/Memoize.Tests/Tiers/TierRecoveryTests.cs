using System.Collections.Concurrent;
using Memoize.Tiers;
using Microsoft.Extensions.Caching.Distributed;
using Microsoft.Extensions.Time.Testing;

namespace Memoize.Tests.Tiers;

/// <summary>How a tier comes back into use after its store has failed, and what was owed until then. No call helps it.</summary>
[Collection(nameof(Api.ProcessWide))]
public sealed class TierRecoveryTests : IDisposable
{
    private const double RetryAfter = 0.5;

    private readonly TestTiers tiers = new();
    private readonly FakeTimeProvider clock = new();
    private readonly TestStore store = new();
    private readonly CacheTier tier;
    private readonly TieredCache<string> cache;

    public TierRecoveryTests()
    {
        tier = tiers.Add(store, out var name, new() { Timeout = 5, RetryAfter = RetryAfter, TimeProvider = clock });
        cache = new(name);
    }

    public void Dispose() => tiers.Dispose();

    [Fact]
    public async Task What_is_owed_is_settled_though_nobody_calls()
    {
        await StoreAsync("a");
        await FailAsync();
        await cache.Cache.EvictAsync("a");
        Assert.Equal(1, tier.Statistics.Owed);

        store.Failure = null;
        clock.Advance(TimeSpan.FromSeconds(RetryAfter));
        Until(() => tier.IsAvailable);
        Assert.Equal(0, tier.Statistics.Owed);
        Assert.DoesNotContain(store.ValueKeys, static key => key.Contains("id:\"a\"", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_debt_that_is_made_while_the_store_is_probed_is_settled_too()
    {
        await StoreAsync("a");
        await FailAsync();
        store.Failure = null;
        var probing = new TaskCompletionSource();
        store.Gate = probing.Task;
        var before = store.Operations;
        clock.Advance(TimeSpan.FromSeconds(RetryAfter));
        Until(() => store.Operations > before);

        await cache.Cache.EvictAsync("a");
        Assert.Equal(1, tier.Statistics.Owed);
        probing.SetResult();
        Until(() => tier.IsAvailable && tier.Statistics.Owed == 0);
        Assert.DoesNotContain(store.ValueKeys, static key => key.Contains("id:\"a\"", StringComparison.Ordinal));
    }

    [Fact]
    public async Task It_is_tried_after_pauses_that_double_up_to_four_seconds()
    {
        var timers = new TimersByHand();
        var down = new TestStore { Failure = new InvalidOperationException("down") };
        var other = tiers.Add(down, out var name, new() { Timeout = 5, RetryAfter = RetryAfter, TimeProvider = timers });
        var one = new TieredCache<string>(name);
        await one.CallAsync("a", "all the same");
        for (var pauses = 1; pauses < 6; pauses++)
        {
            Until(() => timers.Started.Count == pauses);
            var before = down.Operations;
            await one.CallAsync(Guid.NewGuid().ToString(), "not asked");
            Assert.Equal(before, down.Operations);
            timers.Fire();
            Until(() => down.Operations == before + 1);
        }

        Until(() => timers.Started.Count == 6);
        Assert.Equal([0.5, 1, 2, 4, 4, 4], timers.Started.Select(static pause => pause.TotalSeconds));
        Assert.False(other.IsAvailable);
    }

    [Fact]
    public async Task A_try_that_began_before_the_bus_was_back_is_made_again_after_the_shortest_pause()
    {
        var timers = new TimersByHand();
        var down = new BusStore { Failure = new InvalidOperationException("down") };
        tiers.Add(down, out var name, new() { Timeout = 5, RetryAfter = RetryAfter, TimeProvider = timers });
        await new TieredCache<string>(name).CallAsync("a", "all the same");
        timers.Fire();
        Until(() => timers.Started.Count == 2);

        var failing = new TaskCompletionSource();
        down.Gate = failing.Task;
        var before = down.Operations;
        timers.Fire();
        Until(() => down.Operations == before + 1);
        down.Interrupt();
        failing.SetResult();
        Until(() => timers.Started.Count == 3);

        // And what fails after that is no longer near the sign.
        timers.Fire();
        Until(() => timers.Started.Count == 4);
        Assert.Equal([0.5, 1, 0.5, 1], timers.Started.Select(static pause => pause.TotalSeconds));
    }

    [Fact]
    public async Task A_store_that_answers_later_than_a_call_would_wait_is_not_used()
    {
        var late = new LateStore(clock) { Failure = new InvalidOperationException("down") };
        var other = tiers.Add(late, out var name, new() { Timeout = 0.05, RetryAfter = RetryAfter, TimeProvider = clock });
        await new TieredCache<string>(name).CallAsync("a", "all the same");
        Assert.False(other.IsAvailable);

        late.Failure = null;
        late.Late = 100;
        TriedBy(asks: 2);

        // So it is tried again. Late once may have been because it had to connect.
        late.Late = 1;
        TriedBy(asks: 2);
        Until(() => other.IsAvailable);

        void TriedBy(int asks)
        {
            var before = late.Operations;
            Until(() =>
            {
                clock.Advance(TimeSpan.FromMilliseconds(10));
                return late.Operations == before + asks;
            });
        }
    }

    [Fact]
    public void A_call_waits_a_little_less_than_it_may_cost()
    {
        Assert.Equal(42, new CacheTierOptions().Budget.TotalMilliseconds);
        Assert.Equal(16, new CacheTierOptions { Timeout = 0.02 }.Budget.TotalMilliseconds);
        Assert.Equal(9_992, new CacheTierOptions { Timeout = 10 }.Budget.TotalMilliseconds);
    }

    [Fact]
    public async Task A_tier_that_was_removed_is_not_tried()
    {
        var timers = new TimersByHand();
        tiers.Add(new TestStore { Failure = new InvalidOperationException("down") }, out var name, new() { Timeout = 5, RetryAfter = RetryAfter, TimeProvider = timers });
        await new TieredCache<string>(name).CallAsync("a", "all the same");
        Assert.Single(timers.Started);
        Assert.False(timers.IsDisposed);
        Memo.RemoveTier(name);
        Assert.True(timers.IsDisposed);
    }

    [Fact]
    public async Task A_load_whose_key_was_evicted_meanwhile_is_counted_as_not_stored()
    {
        var loaded = new TaskCompletionSource<string>();
        var call = cache.CallAsync("a", () => loaded.Task);
        await cache.Cache.EvictAsync("a");
        loaded.SetResult("old");
        await call;
        await Memo.FlushTiersAsync(TestContext.Current.CancellationToken);
        Assert.Equal((0, 1), (tier.Statistics.Stores, tier.Statistics.NotStoredEvicted));
    }

    [Fact]
    public async Task The_same_of_one_that_the_tier_had_no_answer_for()
    {
        await FailAsync();
        var loaded = new TaskCompletionSource<string>();
        var call = cache.CallAsync("a", () => loaded.Task);
        Memo.ClearAll();
        loaded.SetResult("old");
        await call;
        Assert.Equal(1, tier.Statistics.NotStoredEvicted);
    }

    private async Task StoreAsync(string id)
    {
        await cache.CallAsync(id, "old");
        await Memo.FlushTiersAsync(TestContext.Current.CancellationToken);
    }

    private async Task FailAsync()
    {
        store.Failure = new InvalidOperationException("down");
        await cache.CallAsync("fails", "all the same");
        Assert.False(tier.IsAvailable);
    }

    private static void Until(Func<bool> condition)
        => Assert.True(SpinWait.SpinUntil(condition, TimeSpan.FromSeconds(30)), "It did not happen within 30 seconds.");

    /// <summary>A store whose answers take 60 ms of the clock, as long as some are to be late.</summary>
    private sealed class LateStore(FakeTimeProvider clock) : TestStore, IDistributedCache
    {
        internal int Late { get; set; }

        Task<byte[]?> IDistributedCache.GetAsync(string key, CancellationToken token)
        {
            if (Failure is null && Late-- > 0)
                clock.Advance(TimeSpan.FromMilliseconds(60));
            return GetAsync(key, token);
        }
    }

    /// <summary>A clock whose only timer fires when the test says so.</summary>
    private sealed class TimersByHand : TimeProvider, ITimer
    {
        private Action fire = static () => { };

        internal ConcurrentQueue<TimeSpan> Started { get; } = [];

        internal bool IsDisposed { get; private set; }

        internal void Fire() => fire();

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            fire = () => callback(state);
            return this;
        }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            Started.Enqueue(dueTime);
            return true;
        }

        public void Dispose() => IsDisposed = true;

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
