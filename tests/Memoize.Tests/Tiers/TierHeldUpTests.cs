using Memoize.Keys;
using Memoize.Tests.Batches;
using Memoize.Tiers;
using Microsoft.Extensions.Caching.Distributed;
using Microsoft.Extensions.Time.Testing;

namespace Memoize.Tests.Tiers;

/// <summary>A store that works on the thread of whoever asks it, and takes longer than it may: it is asked once.</summary>
[Collection(nameof(Api.ProcessWide))]
public sealed class TierHeldUpTests : IDisposable
{
    private const double RetryAfter = 0.5;

    private readonly TestTiers tiers = new();
    private readonly FakeTimeProvider clock = new();

    public void Dispose() => tiers.Dispose();

    public static TheoryData<string, bool> Stores => new MatrixTheoryData<string, bool>(["plain", "batches", "leases", "both"], [false, true]);

    [Theory, MemberData(nameof(Stores))]
    public async Task It_costs_one_call_one_operation_until_it_is_faster(string kind, bool isAsync)
    {
        var (store, tier, cache) = Add(kind);
        store.Work = Slowly;
        for (var i = 0; i < 5; i++)
            Assert.Equal("value", isAsync ? await cache.CallAsync($"{i}", "value") : cache.Call($"{i}", "value"));
        Assert.Equal(4, tier.Statistics.Skipped);

        // A lease that it was given is given back, behind its back.
        var operations = kind == "leases" ? 2 : 1;
        Concurrency.Until(() => tier.Statistics.Failures == operations && store is not LeasingStore { Leases: > 0 });
        Assert.Equal((operations, operations), (store.Operations, tier.Statistics.Timeouts));

        var asked = store.Operations;
        clock.Advance(TimeSpan.FromSeconds(RetryAfter));
        Concurrency.Until(() => store.Operations == asked + 2);
        Assert.False(tier.IsAvailable);

        store.Work = null;
        Concurrency.Until(() =>
        {
            clock.Advance(TimeSpan.FromSeconds(RetryAfter));
            return tier.IsAvailable;
        });
        await cache.CallAsync("then", "value");
        await Memo.FlushTiersAsync(TestContext.Current.CancellationToken);
        Assert.Equal(1, tier.Statistics.Stores);
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task What_it_has_brought_all_at_once_is_used(bool isAsync)
    {
        var (store, tier, cache) = Add("batches");
        await cache.CallAsync("a", "value");
        await Memo.FlushTiersAsync(TestContext.Current.CancellationToken);
        store.Work = Slowly;
        var other = cache.Another();
        Assert.Equal("value", isAsync ? await other.CallAsync("a", "another") : other.Call("a", "another"));
        Assert.Equal((1, 1, false), (tier.Statistics.Hits, tier.Statistics.Failures, tier.IsAvailable));
    }

    [Theory, MemberData(nameof(Stores))]
    public async Task It_costs_a_batch_the_same(string kind, bool isAsync)
    {
        var (store, tier, _) = Add(kind);
        store.Work = Slowly;
        var method = new CachedMethod("Shop.Store.Get(int)", new() { Ttl = 300, Tiers = tier.Name });
        var calls = new BatchCalls(method.CreateCache<int, string>(false, new TierCodec<int>(1, static key => "id:" + KeyPart.Shared(key))));
        int[] ids = [.. Enumerable.Range(0, 200)];
        Assert.Equal(200, (isAsync ? await calls.GetAsync(ids) : calls.Get(ids)).Count);

        // And the lease of the one key that was asked for is given back.
        var isLeased = kind == "leases";
        Concurrency.Until(() => store is not LeasingStore { Leases: > 0 } && store.Operations == (isLeased ? 2 : 1));
        Assert.False(tier.IsAvailable);
    }

    // What vouches for the values of a batch is asked for one by one, where the store knows no other way.
    [Fact]
    public async Task So_does_a_stamp_that_is_late()
    {
        var (store, tier, _) = Add("plain");
        var method = new CachedMethod("Shop.Store.Get(int)", new() { Ttl = 300, Tiers = tier.Name });
        var calls = new BatchCalls(method.CreateCache<int, string>(false, new TierCodec<int>(1, static key => "id:" + KeyPart.Shared(key))));
        store.Work = () =>
        {
            if (store.Operations > 3)
                Slowly();
        };
        Assert.Equal(3, (await calls.GetAsync(1, 2, 3)).Count);
        Assert.Equal((4, 1, false), (store.Operations, tier.Statistics.Failures, tier.IsAvailable));
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task An_eviction_that_takes_long_is_done_and_the_last(bool isAsync)
    {
        var (store, tier, cache) = Add("plain");
        await cache.CallAsync("a", "value");
        await Memo.FlushTiersAsync(TestContext.Current.CancellationToken);
        store.Work = Slowly;
        Assert.True(isAsync ? await cache.Cache.EvictAsync("a") : cache.Cache.Evict("a"));
        Assert.Equal((1, 0, false), (tier.Statistics.Failures, tier.Statistics.Owed, tier.IsAvailable));
        Assert.Empty(store.ValueKeys);

        var asked = store.Operations;
        Assert.False(isAsync ? await cache.Cache.EvictAsync("a") : cache.Cache.Evict("a"));
        Assert.Equal((asked, 1), (store.Operations, tier.Statistics.Owed));
    }

    [Fact]
    public async Task A_value_that_takes_too_long_to_write_is_stored_and_the_last()
    {
        var store = new SlowWrites();
        var tier = tiers.Add(store, out var name, new() { Timeout = 5, WriteTimeout = 0.05, RetryAfter = RetryAfter, TimeProvider = clock });
        await new TieredCache<string>(name).CallAsync("a", "value");
        await Memo.FlushTiersAsync(TestContext.Current.CancellationToken);
        Assert.Equal((1, 1, 1, false), (tier.Statistics.Stores, tier.Statistics.Failures, tier.Statistics.Timeouts, tier.IsAvailable));
    }

    private void Slowly() => clock.Advance(TimeSpan.FromMilliseconds(60));

    private (TestStore Store, CacheTier Tier, TieredCache<string> Cache) Add(string kind)
    {
        var store = kind switch
        {
            "plain" => new TestStore(),
            "batches" => new BatchStore(),
            "leases" => new LeasingStore(),
            _ => new LeasingBatchStore(),
        };
        var tier = tiers.Add(store, out var name, new() { RetryAfter = RetryAfter, TimeProvider = clock });
        return (store, tier, new(name));
    }

    /// <summary>A store that writes on the thread that asks it, until it is told that it takes too long; stamps at once.</summary>
    private sealed class SlowWrites : TestStore, IDistributedCache
    {
        Task IDistributedCache.SetAsync(string key, byte[] value, DistributedCacheEntryOptions options, CancellationToken token)
        {
            if (token.CanBeCanceled)
                token.WaitHandle.WaitOne(Concurrency.Patience);
            return SetAsync(key, value, options, CancellationToken.None);
        }
    }
}
