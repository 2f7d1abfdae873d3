using Memoize.Integration.Library;
using Memoize.Tests.Tiers;
using Microsoft.Extensions.Caching.Distributed;

namespace Memoize.Integration.Tests.Peers;

// What FusionCache promises of several levels and several nodes.
public sealed partial class FusionCachePromises
{
    // Cache stampede: automatic protection, distributed (multiple nodes).
    [Fact]
    public async Task Cache_stampede_in_several_processes()
    {
        var store = new LeasingStore();
        using var tiered = new Tiered(store);
        // The entry as another process has written it, and then this process without it.
        Assert.Equal("1#1", await FusionLevels.LoadAsync(1, tiered.Source));
        await Tiered.FlushAndRestart();
        var (key, value) = store.Values.Single(pair => store.ValueKeys.Contains(pair.Key));
        store.Remove(key);

        // Another process loads, and has the lease: this one waits for its value.
        Assert.NotNull((await store.LeaseAsync(key, TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken)).Lease);
        var before = store.Operations;
        var call = FusionLevels.LoadAsync(1, tiered.Source);
        await Bench.Until(() => store.Operations >= before + 2);
        Assert.False(call.IsCompleted);
        store.Set(key, value, new());
        Assert.Equal("1#1", await call);
        Assert.Equal(1, tiered.Source.Runs);
    }

    // L1+L2: any implementation of IDistributedCache can be used as an optional 2nd level, all transparently.
    [Fact]
    public async Task Two_levels()
    {
        using var tiered = new Tiered(new TestStore());
        Assert.Equal("1#1", await FusionLevels.LoadAsync(1, tiered.Source));
        Assert.Equal("1#1", await FusionLevels.LoadAsync(1, tiered.Source));
        await Tiered.FlushAndRestart();
        Assert.Equal("1#1", await FusionLevels.LoadAsync(1, tiered.Source));
        Assert.Equal((1, 1L), (tiered.Source.Runs, tiered.Tier.Statistics.Hits));
    }

    // Backplane: in a multi-node scenario, it can notify the other nodes about changes in the cache, so all will be in sync.
    [Fact]
    public async Task Backplane()
    {
        var store = new BusStore();
        using var tiered = new Tiered(store);
        await FusionLevels.LoadAsync(1, tiered.Source);
        await Memo.FlushTiersAsync(TestContext.Current.CancellationToken);
        await FusionLevelsCache.LoadAsync.EvictAsync(1);
        Assert.True(store.Sent.TryDequeue(out var evicted));

        Assert.Equal("1#2", await FusionLevels.LoadAsync(1, tiered.Source));
        await Memo.FlushTiersAsync(TestContext.Current.CancellationToken);
        store.Values.Clear();
        Assert.Equal("1#2", await FusionLevels.LoadAsync(1, tiered.Source));
        store.FromElsewhere(evicted);
        Assert.Equal("1#3", await FusionLevels.LoadAsync(1, tiered.Source));
    }

    // Auto-recovery: self-healing for the entire cache, all automatically. What could not be told to the second level is made up for.
    [Fact]
    public async Task Auto_recovery()
    {
        var store = new TestStore();
        using var tiered = new Tiered(store, new() { Timeout = 30, RetryAfter = 0.01 });
        await FusionLevels.LoadAsync(1, tiered.Source);
        await Memo.FlushTiersAsync(TestContext.Current.CancellationToken);

        store.Failure = new IOException("The network is down.");
        await FusionLevelsCache.LoadAsync.EvictAsync(1);
        Assert.Single(store.ValueKeys);
        store.Failure = null;
        // The store still has the old value, and is not believed about it.
        Assert.Equal("1#2", await FusionLevels.LoadAsync(1, tiered.Source));
        var other = 1;
        await Bench.Until(() => FusionLevels.LoadAsync(++other, tiered.Source).Wait(TimeSpan.FromSeconds(30)) && tiered.Tier.Statistics.Owed == 0);
        await Tiered.FlushAndRestart();
        Assert.NotEqual("1#1", await FusionLevels.LoadAsync(1, tiered.Source));
    }

    // Background distributed operations: executed in the background, safely, for better performance.
    [Fact]
    public async Task Background_distributed_operations()
    {
        var store = new SlowToWrite();
        using var tiered = new Tiered(store);
        Assert.Equal("1#1", await FusionLevels.LoadAsync(1, tiered.Source).WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken));
        Assert.False(Memo.FlushTiersAsync(TestContext.Current.CancellationToken).IsCompleted);
        store.Writes.SetResult();
        await Memo.FlushTiersAsync(TestContext.Current.CancellationToken);
        Assert.Single(store.ValueKeys);
    }

    // Circuit-breaker: will prevent the distributed cache to be hit with an excessive load of requests in a problematic moment.
    [Fact]
    public async Task Circuit_breaker()
    {
        var store = new TestStore { Failure = new IOException("The network is down.") };
        using var tiered = new Tiered(store, new() { Timeout = 30, RetryAfter = 60 });
        Assert.Equal("1#1", await FusionLevels.LoadAsync(1, tiered.Source));
        Assert.False(tiered.Tier.IsAvailable);
        var operations = store.Operations;
        for (var id = 2; id < 20; id++)
            await FusionLevels.LoadAsync(id, tiered.Source);
        Assert.Equal(operations, store.Operations);
    }

    // Clear: an entire cache, even with shared L2 and a cache key prefix.
    [Fact]
    public async Task Clear_with_a_shared_second_level()
    {
        var store = new TestStore();
        store.Values["foreign"] = [1];
        using var tiered = new Tiered(store, new() { Timeout = 30, Prefix = "mine:" });
        await FusionLevels.LoadAsync(1, tiered.Source);
        await Memo.FlushTiersAsync(TestContext.Current.CancellationToken);
        await FusionLevelsCache.LoadAsync.ClearAsync();
        Tiered.Restart();
        Assert.Equal("1#2", await FusionLevels.LoadAsync(1, tiered.Source));
        Assert.Contains("foreign", store.Values);
        Assert.All(store.ValueKeys.Except(["foreign"]), key => Assert.StartsWith("mine:", key, StringComparison.Ordinal));
    }

    // Soft timeout of the distributed cache: a slow one will not slow down your application.
    [Fact]
    public async Task A_slow_second_level_does_not_hold_up_the_call()
    {
        var store = new TestStore { Gate = new TaskCompletionSource().Task };
        using var tiered = new Tiered(store, new() { Timeout = 0.02, WriteTimeout = 0.02, RetryAfter = 60 });
        Assert.Equal("1#1", await FusionLevels.LoadAsync(1, tiered.Source).WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken));
        Assert.Equal(1, tiered.Tier.Statistics.Timeouts);
    }

    private sealed class SlowToWrite : TestStore, IDistributedCache
    {
        public TaskCompletionSource Writes { get; } = new();

        async Task IDistributedCache.SetAsync(string key, byte[] value, DistributedCacheEntryOptions options, CancellationToken token)
        {
            if (!key.Contains("#stamp:", StringComparison.Ordinal))
                await Writes.Task;
            Set(key, value, options);
        }
    }
}

internal static class FusionLevels
{
    [Cached(Ttl = 300, Tiers = "shared")]
    public static Task<string> LoadAsync(int id, [NotInKey] Stock source) => source.ReadAsync(id);
}
