using Memoize.Tiers;
using Microsoft.Extensions.Time.Testing;

namespace Memoize.Tests.Tiers;

/// <summary>Nobody waits for a store that has been given up: not those who were waiting when it was, and not those who come while it is tried.</summary>
[Collection(nameof(Api.ProcessWide))]
public sealed class TierGivenUpTests : IDisposable
{
    private const double RetryAfter = 0.5;
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(30);

    private readonly TestTiers tiers = new();
    private readonly FakeTimeProvider clock = new();

    public void Dispose() => tiers.Dispose();

    public static TheoryData<bool> Leases => [false, true];

    // By its own time, each would wait an hour.
    [Theory, MemberData(nameof(Leases))]
    public async Task Those_who_wait_when_it_fails_go_on_at_once(bool leases)
    {
        var (store, tier, cache) = Add(leases, timeout: 3600);
        var silence = new TaskCompletionSource();
        store.Gate = silence.Task;
        var calls = Enumerable.Range(0, 20).Select(i => cache.CallAsync($"{i}", $"value {i}")).ToArray();
        using var leaving = new CancellationTokenSource();
        var cancellable = cache.Cache.LoadAsync("x", _ => Task.FromResult("value x"), leaving.Token);
        Until(() => store.Operations == 21);
        Assert.DoesNotContain(calls, static call => call.IsCompleted);

        // One gets an answer, and a bad one.
        store.Gate = Task.CompletedTask;
        store.Failure = new InvalidOperationException("down");
        Assert.Equal("value", await cache.CallAsync("bad", "value"));

        Assert.Equal(Enumerable.Range(0, 20).Select(static i => $"value {i}"), await Task.WhenAll(calls).WaitAsync(Soon, TestContext.Current.CancellationToken));
        Assert.Equal("value x", await cancellable.WaitAsync(Soon, TestContext.Current.CancellationToken));
        Assert.Equal(22, tier.Statistics.Failures);
        Assert.Equal(21, tier.Statistics.Timeouts);
        silence.SetResult();
    }

    [Fact]
    public async Task An_eviction_that_waits_when_it_fails_goes_on_at_once_and_is_owed()
    {
        var (store, tier, cache) = Add(leases: false, timeout: 3600);
        var silence = new TaskCompletionSource();
        store.Gate = silence.Task;
        var eviction = cache.Cache.EvictAsync("a").AsTask();
        Until(() => store.Operations == 1);

        store.Gate = Task.CompletedTask;
        store.Failure = new InvalidOperationException("down");
        await cache.CallAsync("bad", "value");

        await eviction.WaitAsync(Soon, TestContext.Current.CancellationToken);
        Assert.Equal(1, tier.Statistics.Owed);
    }

    [Theory, MemberData(nameof(Leases))]
    public async Task Nobody_waits_while_it_is_tried(bool leases)
    {
        var (store, tier, cache) = Add(leases, timeout: 3600);
        store.Failure = new InvalidOperationException("down");
        await cache.CallAsync("first", "value");
        Assert.False(tier.IsAvailable);

        // The store hangs, and whoever tries it with it.
        store.Failure = null;
        var silence = new TaskCompletionSource();
        store.Gate = silence.Task;
        var before = store.Operations;
        clock.Advance(TimeSpan.FromSeconds(RetryAfter));
        Until(() => store.Operations == before + 1);

        for (var i = 0; i < 20; i++)
        {
            var call = cache.CallAsync($"{i}", "value");
            Assert.True(call.IsCompletedSuccessfully);
        }

        await cache.Cache.EvictAsync("0").AsTask().WaitAsync(Soon, TestContext.Current.CancellationToken);
        await cache.Cache.SetAsync("1", "another").AsTask().WaitAsync(Soon, TestContext.Current.CancellationToken);
        Assert.True(cache.Cache.RefreshAsync("2", static _ => Task.FromResult("another"), TestContext.Current.CancellationToken).IsCompletedSuccessfully);
        cache.Cache.Clear();
        Assert.Equal(before + 1, store.Operations);
        Assert.False(tier.IsAvailable);

        silence.SetResult();
        Until(() => tier.IsAvailable);
    }

    private (TestStore Store, CacheTier Tier, TieredCache<string> Cache) Add(bool leases, double timeout)
    {
        var store = leases ? new LeasingStore() : new TestStore();
        var tier = tiers.Add(store, out var name, new() { Timeout = timeout, RetryAfter = RetryAfter, TimeProvider = clock });
        return (store, tier, new(name));
    }

    private static void Until(Func<bool> condition) => Assert.True(SpinWait.SpinUntil(condition, Soon));
}
