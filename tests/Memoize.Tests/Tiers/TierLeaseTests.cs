using Memoize.Keys;
using Memoize.Tests.Batches;
using Memoize.Tiers;
using Microsoft.Extensions.Time.Testing;

namespace Memoize.Tests.Tiers;

/// <summary>Loads that take longer than a lease lasts, by a clock that the test moves.</summary>
[Collection(nameof(Api.ProcessWide))]
public sealed class TierLeaseTests : IDisposable
{
    private const string InStore = "memoize:Shop.Store.Get(int)(id:2)";

    private readonly TestTiers tiers = new();
    private readonly FakeTimeProvider clock = new();
    private readonly LeasingStore store;
    private readonly TaskCompletionSource loading = new();
    private CacheTier? tier;
    private int runs;

    public TierLeaseTests() => store = new() { Clock = clock };

    public void Dispose() => tiers.Dispose();

    private static CancellationToken Ends => TestContext.Current.CancellationToken;

    [Theory, InlineData("alone", false), InlineData("in a batch", false), InlineData("alone", true), InlineData("in a batch", true), InlineData("refresh", true)]
    public async Task A_load_that_takes_longer_than_the_lease_keeps_it_and_is_stored(string how, bool isThere)
    {
        var name = Add();
        if (isThere)
            store.Values[InStore] = [1, 2, 3];    // nothing that anybody can read
        var call = Call(Process(name), how);
        for (var third = 1; third <= 12; third++)
            await AdvanceAsync(third);
        loading.SetResult();
        Assert.Equal("value 2", await call.WaitAsync(Ends));

        await Memo.FlushTiersAsync(Ends);
        Assert.Equal((1, 0), (tier!.Statistics.Stores, store.Leases));
        Assert.Equal("value 2", await Call(Process(name), "alone"));
        Assert.Equal(1, runs);

        // What is over is not renewed.
        clock.Advance(TimeSpan.FromSeconds(100));
        Assert.Equal(12, store.Renewals);
    }

    [Theory, InlineData("alone"), InlineData("in a batch")]
    public async Task The_others_wait_for_as_long_as_the_lease_is_renewed(string how)
    {
        var name = Add();
        var first = Call(Process(name), "alone");
        var others = Enumerable.Range(0, 3).Select(_ => Call(Process(name), how)).ToArray();
        for (var third = 1; third <= 7; third++)
        {
            await AdvanceAsync(third);
            await PollAsync();
            Assert.DoesNotContain(others, static other => other.IsCompleted);
        }

        loading.SetResult();
        Assert.All(await Task.WhenAll([first, .. others]).WaitAsync(Ends), static value => Assert.Equal("value 2", value));
        Assert.Equal(1, runs);
    }

    [Fact]
    public async Task A_load_that_ends_sooner_renews_nothing()
    {
        var name = Add();
        loading.SetResult();
        await Call(Process(name), "alone");
        await Memo.FlushTiersAsync(Ends);
        clock.Advance(TimeSpan.FromSeconds(60));
        Assert.Equal((1, 0), (tier!.Statistics.Stores, store.Renewals));
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task A_load_that_nobody_wants_any_longer_gives_its_lease_back(bool byTimeout)
    {
        var name = Add();
        using var leaving = new CancellationTokenSource();
        var cache = Process(name, byTimeout ? 0.05 : 0);
        var call = cache.LoadAsync(2, _ => LoadAsync(), leaving.Token);
        await UntilAsync(() => runs == 1);
        if (!byTimeout)
            await AdvanceAsync(1);
        await InLineAsync();
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<Exception>(() => call);
        clock.Advance(TimeSpan.FromSeconds(3.4));
        await UntilAsync(() => store.Leases == 0);

        var renewals = store.Renewals;
        clock.Advance(TimeSpan.FromSeconds(60));
        loading.SetResult();
        await Memo.FlushTiersAsync(Ends);
        Assert.Equal((renewals, 0), (store.Renewals, store.ValueKeys.Count()));
    }

    [Fact]
    public async Task A_lease_that_an_eviction_has_ended_is_not_brought_back()
    {
        var name = Add();
        var call = Call(Process(name), "alone");
        await AdvanceAsync(1);
        store.Remove(InStore);
        await AdvanceAsync(2);
        Assert.Equal(0, store.Leases);
        clock.Advance(TimeSpan.FromSeconds(30));
        loading.SetResult();
        await call.WaitAsync(Ends);
        await Memo.FlushTiersAsync(Ends);
        Assert.Equal((2, 0, 0), (store.Renewals, tier!.Statistics.Stores, store.ValueKeys.Count()));
    }

    [Fact]
    public async Task A_renewal_that_fails_is_tried_again_and_the_load_does_not_notice()
    {
        var name = Add();
        var call = Call(Process(name), "alone");
        store.Renewing = static () => throw new IOException("down");
        await AdvanceAsync(1);
        await UntilAsync(() => !tier!.IsAvailable);
        store.Renewing = null;
        clock.Advance(TimeSpan.FromSeconds(1));
        await UntilAsync(() => tier!.IsAvailable);
        for (var third = 2; third <= 6; third++)
            await AdvanceAsync(third);
        loading.SetResult();
        Assert.Equal("value 2", await call.WaitAsync(Ends));
        await Memo.FlushTiersAsync(Ends);
        Assert.Equal((1, 1), (tier!.Statistics.Stores, tier!.Statistics.Failures));
    }

    [Fact]
    public async Task Who_has_hung_loses_his_lease_and_another_takes_over()
    {
        var name = Add(longest: 15);
        var call = Call(Process(name), "alone");
        for (var third = 1; third <= 4; third++)
            await AdvanceAsync(third);
        await InLineAsync();
        clock.Advance(TimeSpan.FromSeconds(20));
        var hung = loading.Task;
        Assert.Equal("other", await Process(name).LoadAsync(2, static _ => Task.FromResult("other"), Ends).WaitAsync(Ends));
        Assert.False(hung.IsCompleted);
        Assert.Equal(4, store.Renewals);
        loading.SetResult();
        await call.WaitAsync(Ends);
        await Memo.FlushTiersAsync(Ends);
        Assert.Equal("other", await Call(Process(name), "alone"));
        Assert.Equal((1, 0), (tier!.Statistics.NotStoredLeaseLost, tier.Statistics.NotStoredEvicted));
    }

    [Fact]
    public async Task A_tier_that_was_removed_renews_nothing()
    {
        var name = Add();
        var call = Call(Process(name), "alone");
        await AdvanceAsync(1);
        Memo.RemoveTier(name);
        clock.Advance(TimeSpan.FromSeconds(30));
        loading.SetResult();
        await call.WaitAsync(Ends);
        Assert.Equal(1, store.Renewals);
    }

    // Right after a renewal, so that the lease is over for no other reason.
    [Fact]
    public async Task What_an_eviction_has_ended_is_not_counted_as_lost()
    {
        var name = Add();
        var call = Call(Process(name), "alone");
        await AdvanceAsync(1);
        await AdvanceAsync(2);
        await AdvanceAsync(3);
        await AdvanceAsync(4);
        await InLineAsync();
        store.Remove(InStore);
        loading.SetResult();
        await call.WaitAsync(Ends);
        await Memo.FlushTiersAsync(Ends);
        Assert.Equal((0, 1), (tier!.Statistics.NotStoredLeaseLost, tier.Statistics.NotStoredEvicted));
    }

    private string Add(double longest = 300)
    {
        tier = tiers.Add(store, out var name, new() { Timeout = 3600, LeaseDuration = 10, LongestLoad = longest, TimeProvider = clock });
        return name;
    }

    private static MethodCache<int, string> Process(string tiers, double timeout = 0)
        => new CachedMethod("Shop.Store.Get(int)", new() { Ttl = 3000, Timeout = timeout, Tiers = tiers })
            .CreateCache<int, string>(true, new TierCodec<int>(1, static key => "id:" + KeyPart.Shared(key)));

    private async Task<string> Call(MethodCache<int, string> cache, string how) => how switch
    {
        "alone" => await cache.LoadAsync(2, _ => LoadAsync(), Ends),
        "refresh" => await cache.RefreshAsync(2, _ => LoadAsync(), Ends),
        _ => (await new BatchCalls(cache).GetAsync([2], async (_, _) => new Dictionary<int, string> { [2] = await LoadAsync() }, Ends))[2],
    };

    private async Task<string> LoadAsync()
    {
        Interlocked.Increment(ref runs);
        await loading.Task;
        return "value 2";
    }

    // A third of the lease goes by, after which it has been renewed once more.
    private async Task AdvanceAsync(int third)
    {
        await InLineAsync();
        clock.Advance(TimeSpan.FromSeconds(3.4));
        await UntilAsync(() => Volatile.Read(ref store.Renewals) >= third);
    }

    private Task InLineAsync() => UntilAsync(() => tier!.LeasesHeld == 1);

    private async Task PollAsync()
    {
        var before = store.Operations;
        await UntilAsync(() => store.Operations >= before + 6);
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        var end = DateTime.UtcNow.AddSeconds(30);
        while (!condition())
        {
            Assert.True(DateTime.UtcNow < end, "It has not happened.");
            await Task.Delay(1, Ends);
        }
    }
}
