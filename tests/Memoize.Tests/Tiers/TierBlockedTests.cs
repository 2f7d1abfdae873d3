using Memoize.Keys;
using Memoize.Tests.Batches;
using Memoize.Tiers;

namespace Memoize.Tests.Tiers;

/// <summary>Synchronous callers, who wait for tiers on threads of the pool: only so many at once, and nobody until the pool is free.</summary>
[Collection(nameof(Api.ProcessWide))]
public sealed class TierBlockedTests : IDisposable
{
    private readonly TestTiers tiers = new();

    public void Dispose() => tiers.Dispose();

    public static TheoryData<bool> Leases => [false, true];

    // By its own time, each would wait an hour.
    [Theory, MemberData(nameof(Leases))]
    public async Task As_many_wait_on_the_pool_as_may_and_the_others_do_without_the_tier(bool leases)
    {
        var (store, tier, cache) = Add(leases, timeout: 3600);
        var opened = new TaskCompletionSource();
        store.Gate = opened.Task;
        var first = Enumerable.Range(0, BlockedCaller.Most).Select(i => Task.Run(() => cache.Call($"{i}", $"value {i}"))).ToArray();
        Concurrency.Until(() => store.Operations == first.Length);
        Assert.Equal(BlockedCaller.Most, BlockedCaller.Waiting);

        // What cannot be waited for is not asked either.
        Assert.Equal("beyond", await Task.Run(() => cache.Call("beyond", "beyond")).InTime());
        Assert.Equal("1, 2", await Task.Run(() => InBatch(tier, 1, 2)).InTime());
        Assert.Equal((first.Length, 3, 0), (store.Operations, tier.Statistics.NotAwaited, tier.Statistics.Failures));

        // Who has a thread of his own waits, and so does who awaits.
        var own = Concurrency.OnThread(() => cache.Call("own", "value"));
        var awaits = cache.CallAsync("awaits", "value");
        Concurrency.Until(() => store.Operations == first.Length + 2);
        Assert.DoesNotContain([.. first, own, awaits], static call => call.IsCompleted);

        opened.SetResult();
        Assert.Equal(first.Select(static (_, i) => $"value {i}"), await Task.WhenAll(first).InTime());
        await Task.WhenAll(own, awaits).InTime();
        Assert.Equal(0, BlockedCaller.Waiting);
        Assert.True(tier.IsAvailable);

        // What was not asked for is not stored: there is no lease, and no stamp from before the load.
        await Memo.FlushTiersAsync(TestContext.Current.CancellationToken);
        Assert.Equal((first.Length + 2, 3), (tier.Statistics.Stores, tier.Statistics.NotStoredFailed));
        Assert.Equal("beyond", await Task.Run(() => cache.Another().Call("beyond", "beyond")).InTime());
        Assert.Equal(3, tier.Statistics.NotAwaited);
    }

    [Fact]
    public async Task A_store_that_answers_at_once_is_asked_by_everybody()
    {
        var (slow, _, waiting) = Add(leases: false, timeout: 3600);
        var opened = new TaskCompletionSource();
        slow.Gate = opened.Task;
        var first = Enumerable.Range(0, BlockedCaller.Most).Select(i => Task.Run(() => waiting.Call($"{i}", "value"))).ToArray();
        Concurrency.Until(() => BlockedCaller.Waiting == BlockedCaller.Most);

        var (_, tier, cache) = Add(leases: true, timeout: 3600);
        await Task.Run(() => cache.Call("a", "value")).InTime();
        await Memo.FlushTiersAsync(TestContext.Current.CancellationToken).InTime();
        Assert.Equal("value", await Task.Run(() => cache.Another().Call("a", "another")).InTime());
        Assert.Equal((1, 1, 0), (tier.Statistics.Stores, tier.Statistics.Hits, tier.Statistics.NotAwaited));

        opened.SetResult();
        await Task.WhenAll(first).InTime();
    }

    [Fact]
    public async Task Nobody_waits_on_the_pool_for_another_process_without_a_place()
    {
        var (store, tier, cache) = Add(leases: true, timeout: 3600);
        await cache.CallAsync("known", "value");        // and the stamp of the method
        await Memo.FlushTiersAsync(TestContext.Current.CancellationToken);
        var loading = new TaskCompletionSource<string>();
        var holder = cache.CallAsync("a", () => loading.Task);
        Concurrency.Until(() => ((LeasingStore)store).Leases == 1);

        var first = Enumerable.Range(0, BlockedCaller.Most).Select(_ => cache.Another()).Select(one => Task.Run(() => one.Call("a", "own"))).ToArray();
        Concurrency.Until(() => BlockedCaller.Waiting == BlockedCaller.Most);
        Assert.Equal("own", await Task.Run(() => cache.Another().Call("a", "own")).InTime());
        Assert.DoesNotContain(first, static call => call.IsCompleted);

        loading.SetResult("value");
        await holder;
        Assert.All(await Task.WhenAll(first).InTime(), static value => Assert.Equal("value", value));
    }

    [Theory, MemberData(nameof(Leases))]
    public async Task Who_waits_on_his_thread_when_it_fails_goes_on_at_once(bool leases)
    {
        var (store, tier, cache) = Add(leases, timeout: 3600);
        store.Gate = new TaskCompletionSource().Task;
        var own = Concurrency.OnThread(() => cache.Call("own", "value"));
        var pool = Task.Run(() => cache.Call("pool", "value"));
        Concurrency.Until(() => store.Operations == 2);

        store.Gate = Task.CompletedTask;
        store.Failure = new InvalidOperationException("down");
        await cache.CallAsync("bad", "value");
        await Task.WhenAll(own, pool).InTime();
        Assert.Equal((3, 2, 0), (tier.Statistics.Failures, tier.Statistics.Timeouts, tier.Statistics.NotAwaited));
    }

    [Fact]
    public async Task A_store_that_hangs_is_given_up()
    {
        var (store, tier, cache) = Add(leases: false, timeout: 0.05);
        store.Gate = new TaskCompletionSource().Task;
        var calls = 0;

        // A call says so unless the pool is busy as well.
        Concurrency.Until(() =>
        {
            Assert.Equal("value", cache.Call($"{calls++}", "value"));
            return !tier.IsAvailable;
        });
        var asked = store.Operations;
        Assert.Equal((1, 1, calls - 1), (tier.Statistics.Failures, tier.Statistics.Timeouts, tier.Statistics.NotAwaited));
        await Task.WhenAll(Enumerable.Range(0, 64).Select(i => Task.Run(() => cache.Call($"then {i}", "value")))).InTime();
        Assert.Equal(64, tier.Statistics.Skipped);
        Assert.Equal(asked, store.Operations);
    }

    [Theory, MemberData(nameof(Leases))]
    public async Task A_caller_who_leaves_is_no_failure_of_the_store(bool leases)
    {
        var (store, tier, cache) = Add(leases, timeout: 3600);
        var opened = new TaskCompletionSource();
        store.Gate = opened.Task;
        using var leaving = new CancellationTokenSource();
        var cancelled = Task.Run(() => cache.Cache.Load("a", static _ => "never", leaving.Token), TestContext.Current.CancellationToken);
        Thread? thread = null;
        var interrupted = Concurrency.OnThread(() =>
        {
            thread = Thread.CurrentThread;
            return cache.Call("b", "never");
        });
        Concurrency.Until(() => store.Operations == 2);

        await leaving.CancelAsync();
        thread!.Interrupt();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(cancelled.InTime);
        await Assert.ThrowsAsync<ThreadInterruptedException>(interrupted.InTime);
        Assert.Equal((0, 0), (tier.Statistics.Failures, BlockedCaller.Waiting));

        // What it is given all the same it gives back.
        opened.SetResult();
        Concurrency.Until(() => store is not LeasingStore { Leases: > 0 });
    }

    private static string InBatch(CacheTier tier, params int[] ids)
    {
        var method = new CachedMethod("Shop.Store.Get(int)", new() { Ttl = 300, Tiers = tier.Name });
        var calls = new BatchCalls(method.CreateCache<int, string>(false, new TierCodec<int>(1, static key => "id:" + KeyPart.Shared(key))));
        return string.Join(", ", calls.Get(ids).Keys.Order());
    }

    private (TestStore Store, CacheTier Tier, TieredCache<string> Cache) Add(bool leases, double timeout)
    {
        var store = leases ? new LeasingStore() : new TestStore();
        var tier = tiers.Add(store, out var name, new() { Timeout = timeout, RetryAfter = 3600 });
        return (store, tier, new(name));
    }
}
