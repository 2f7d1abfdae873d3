using System.Buffers;
using Memoize.Tests.Api;
using Memoize.Tests.Tiers;
using Memoize.Tiers;
using Microsoft.Extensions.Caching.Distributed;
using Microsoft.Extensions.Time.Testing;

namespace Memoize.Tests.Observability;

/// <summary>What is written of tiers: once in a while, and never to the harm of a call.</summary>
[Collection(nameof(ProcessWide))]
public sealed class TierLogTests : IDisposable
{
    private readonly TestTiers tiers = new();
    private readonly FakeTimeProvider clock = new();
    private readonly Written log = new();

    public TierLogTests() => Memo.LoggerFactory = log;

    public void Dispose()
    {
        Memo.LoggerFactory = null;
        tiers.Dispose();
        log.Dispose();
    }

    private CacheTier Add(TestStore store, out string name) => tiers.Add(store, out name, new() { Timeout = 5, RetryAfter = 0.5, TimeProvider = clock });

    [Fact]
    public async Task A_store_that_goes_and_comes_back_is_told_once_each()
    {
        var store = new TestStore { Failure = new InvalidOperationException("down") };
        var tier = Add(store, out var name);
        var cache = new TieredCache<string>(name);
        foreach (var id in new[] { "a", "b", "c" })
            Assert.Equal("all the same", await cache.CallAsync(id, "all the same"));

        Assert.Equal($"Warning 9 TierGone The tier {name} has failed. Calls go on without it until it answers again. 0 more like this since the last message.", log.Next());
        Assert.Same(store.Failure, Assert.Single(log.Exceptions));

        store.Failure = null;
        clock.Advance(TimeSpan.FromSeconds(0.5));
        Assert.Equal($"Information 10 TierBack The tier {name} answers again, after 0.5 s. 0 more like this since the last message.", log.Next());
        Assert.True(tier.IsAvailable);
        Assert.Empty(log.Lines);
    }

    [Fact]
    public async Task A_bus_that_was_interrupted_is_no_store_that_was_gone()
    {
        var store = new BusStore();
        var tier = Add(store, out var name);
        var cache = new TieredCache<string>(name);
        await cache.CallAsync("a", "value");
        await cache.Cache.EvictAsync("a");
        store.Sent.Clear();
        store.Interrupt();
        Assert.True(SpinWait.SpinUntil(() => !store.Sent.IsEmpty && tier.Statistics.Owed == 0, Concurrency.Patience));
        Assert.Empty(log.Lines);
    }

    [Fact]
    public async Task A_store_that_comes_and_goes_fills_no_log()
    {
        var store = new TestStore();
        var tier = Add(store, out var name);
        var cache = new TieredCache<string>(name);
        for (var round = 0; round < 5; round++)
        {
            store.Failure = new InvalidOperationException("down");
            await cache.CallAsync($"{round}", "all the same");
            store.Failure = null;
            clock.Advance(TimeSpan.FromSeconds(0.5));
            Assert.True(SpinWait.SpinUntil(() => tier.IsAvailable, Concurrency.Patience));
        }

        Assert.StartsWith("Warning 9", log.Next(), StringComparison.Ordinal);
        Assert.StartsWith("Information 10", log.Next(), StringComparison.Ordinal);
        Assert.Empty(log.Lines);
    }

    [Theory]
    [InlineData(StoreOutcome.TooLarge, "too_large")]
    [InlineData(StoreOutcome.LeaseLost, "lease_lost")]
    [InlineData(StoreOutcome.LeaseEnded, null)]
    [InlineData(StoreOutcome.Failed, null)]
    public async Task What_a_store_did_not_take_is_told_with_the_reason(StoreOutcome outcome, string? reason)
    {
        Add(new UnwillingStore(outcome), out var name);
        var cache = new TieredCache<string>(name);
        foreach (var id in new[] { "a", "b" })
        {
            await cache.CallAsync(id, "value");
            await Memo.FlushTiersAsync(TestContext.Current.CancellationToken);
        }

        string[] expected = reason is null ? [] : [$"Warning 11 NotStoredInTier {TieredCache<string>.Name}: a value was not stored in the tier {name}: {reason}. 0 more like this since the last message."];
        Assert.Equal(expected, log.Lines);
    }

    [Fact]
    public async Task A_log_that_throws_harms_no_call()
    {
        log.Throws = true;
        var store = new TestStore { Failure = new InvalidOperationException("down") };
        var tier = Add(store, out var name);
        Assert.Equal("all the same", await new TieredCache<string>(name).CallAsync("a", "all the same"));

        store.Failure = null;
        clock.Advance(TimeSpan.FromSeconds(0.5));
        Assert.True(SpinWait.SpinUntil(() => tier.IsAvailable, Concurrency.Patience));
    }

    private sealed class UnwillingStore(StoreOutcome outcome) : TestStore, ITellsOutcome
    {
        public StoreOutcome Store(string key, ReadOnlySequence<byte> value, DistributedCacheEntryOptions options) => outcome;
    }
}
