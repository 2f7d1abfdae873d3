using System.Diagnostics;
using Memoize.Keys;
using Memoize.Tests.Batches;
using Memoize.Tiers;

namespace Memoize.Tests.Tiers;

/// <summary>Nothing gets done on the thread pool, where a good store has its answers from. Synchronous callers look at the time themselves.</summary>
[Collection(nameof(Api.ProcessWide))]
public sealed class TierStuckPoolTests : IDisposable
{
    // Longer than a machine is likely to be busy with something else.
    private const double Timeout = 1.2;

    private readonly TestTiers tiers = new();

    public void Dispose() => tiers.Dispose();

    public static TheoryData<bool> Leases => [false, true];

    [Theory, MemberData(nameof(Leases))]
    public async Task A_call_does_without_the_tier_and_blames_the_pool(bool leases)
    {
        var (store, tier, cache) = Add(leases);
        var asked = StuckPool.During(() =>
        {
            Assert.Equal("value", cache.Call("a", "value"));
            var operations = store.Operations;
            Concurrency.Until(static () => PoolWatch.IsStuck);
            for (var i = 0; i < 100; i++)
                Assert.Equal("value", cache.Call($"b {i}", "value"));
            return store.Operations - operations;
        });
        Assert.Equal((0, 101, 0, true), (asked, tier.Statistics.NotAwaited, tier.Statistics.Failures, tier.IsAvailable));

        // A lease that comes afterwards is given back, and the tier is asked again.
        Concurrency.Until(() => !PoolWatch.IsStuck && store is not LeasingStore { Leases: > 0 });
        await cache.CallAsync("c", "value");
        await Memo.FlushTiersAsync(TestContext.Current.CancellationToken);
        Concurrency.Until(() => cache.Another().Call("c", "another") == "value");
    }

    // The times of those who awaited are long over when they can be looked at, and so are the answers.
    [Theory, MemberData(nameof(Leases))]
    public void A_batch_does_without_it(bool leases)
    {
        var (store, tier, _) = Add(leases);
        var method = new CachedMethod("Shop.Store.Get(int)", new() { Ttl = 300, Tiers = tier.Name });
        var calls = new BatchCalls(method.CreateCache<int, string>(false, new TierCodec<int>(1, static key => "id:" + KeyPart.Shared(key))));
        var found = StuckPool.During(() =>
        {
            var began = Stopwatch.GetTimestamp();
            var values = calls.Get(1, 2, 3);
            Concurrency.Until(() => Stopwatch.GetElapsedTime(began).TotalSeconds > 1.8 * Timeout);
            return values;
        });
        Assert.Equal(3, found.Count);
        Assert.Equal((3, 0, true), (tier.Statistics.NotAwaited, tier.Statistics.Failures, tier.IsAvailable));
        Concurrency.Until(() => store is not LeasingStore { Leases: > 0 });
        Assert.Equal("1,2,3", calls.Loads);
    }

    [Fact]
    public void Changes_go_on_behind_their_callers()
    {
        var (store, tier, cache) = Add(leases: false);
        cache.Call("a", "value");
        Concurrency.Until(() => store.ValueKeys.Count() == 1 && !PoolWatch.IsStuck);
        StuckPool.During(() =>
        {
            var began = Stopwatch.GetTimestamp();
            Assert.True(cache.Cache.Evict("a"));
            cache.Cache.Set("b", "value");
            cache.Cache.Clear();
            Memo.EvictTag("tag");
            cache.Method.Clear();
            Concurrency.Until(() => Stopwatch.GetElapsedTime(began).TotalSeconds > 1.8 * Timeout);
            return tier.Statistics.Owed;
        });
        Concurrency.Until(() => tier.Statistics.Owed == 0);
        Assert.Equal((0, true), (tier.Statistics.Failures, tier.IsAvailable));
        Assert.DoesNotContain(store.ValueKeys, static key => key.Contains("id:\"a\"", StringComparison.Ordinal));
    }

    [Fact]
    public void Evicted_is_evicted_when_the_caller_goes_on()
    {
        var (store, tier, cache) = Add(leases: false);
        cache.Call("a", "old");
        Concurrency.Until(() => store.ValueKeys.Any() && !PoolWatch.IsStuck);
        var (owed, value) = StuckPool.During(() =>
        {
            cache.Cache.Evict("a");
            return (tier.Statistics.Owed, cache.Call("a", "new"));
        });
        Assert.Equal((1, "new"), (owed, value));
    }

    private (TestStore Store, CacheTier Tier, TieredCache<string> Cache) Add(bool leases)
    {
        TestStore store = leases ? new LeasingOnPool() : new PlainOnPool();
        var tier = tiers.Add(store, out var name, new() { Timeout = Timeout, RetryAfter = 3600 });
        return (store, tier, new(name));
    }

    private sealed class PlainOnPool : TestStore
    {
        internal override Task Gate => Task.Run(static () => { });
    }

    private sealed class LeasingOnPool : LeasingStore
    {
        internal override Task Gate => Task.Run(static () => { });
    }
}
