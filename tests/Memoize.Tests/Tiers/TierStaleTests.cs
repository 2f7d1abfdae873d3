namespace Memoize.Tests.Tiers;

/// <summary>What is old in a tier: served at once where the method allows it, with a load behind; and what refreshes count as.</summary>
public sealed class TierStaleTests : IDisposable
{
    private readonly TestTiers tiers = new();

    public void Dispose() => tiers.Dispose();

    private static CancellationToken Ends => TestContext.Current.CancellationToken;

    // A value that is in the tier, and whose time is over.
    private static async Task<TieredCache<string>> WithOldAsync(CacheOptions options)
    {
        var one = new TieredCache<string>("", options);
        await one.CallAsync("a", "old");
        await Memo.FlushTiersAsync(Ends);
        var old = DateTime.UtcNow.AddSeconds(0.1);
        Assert.True(SpinWait.SpinUntil(() => DateTime.UtcNow > old, 30_000));
        return one;
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(true, true)]
    public async Task An_old_value_comes_back_at_once_and_a_load_behind_it_brings_the_next(bool leases, bool blocks)
    {
        var tier = tiers.Add(leases ? new LeasingStore() : new TestStore(), out var name);
        var one = await WithOldAsync(new() { Ttl = 0.05, StaleWhileRevalidate = 600, Tiers = name });

        // Another process, in which nothing is in memory. Its load waits for a signal, and the call does not.
        var (other, gate) = (one.Another(), new TaskCompletionSource<string>());
        Assert.Equal("old", blocks
            ? other.Cache.Load("a", _ => { Interlocked.Increment(ref other.Runs); return gate.Task.Result; })
            : await other.CallAsync("a", () => gate.Task));
        Assert.True(SpinWait.SpinUntil(() => Volatile.Read(ref other.Runs) == 1, 30_000));
        Assert.Equal("old", await other.CallAsync("a", "no"));
        gate.SetResult("new");
        Assert.True(SpinWait.SpinUntil(() => other.Cache.Peek("a", out var value) && value == "new", 30_000));
        await Memo.FlushTiersAsync(Ends);
        Assert.Equal(1, other.Runs);
        Assert.Equal((1, 1), (other.Cache.Statistics.Loads, other.Cache.Statistics.BackgroundLoads));

        // What it brought is in the tier too.
        Assert.True(tier.Statistics.Stores >= 2);
        var third = one.Another();
        Assert.Equal("new", await third.CallAsync("a", "no"));
    }

    [Fact]
    public async Task When_the_load_behind_an_old_value_fails_the_old_one_is_still_served_and_no_longer_than_allowed()
    {
        tiers.Add(new TestStore(), out var name);
        var one = await WithOldAsync(new() { Ttl = 0.05, StaleWhileRevalidate = 600, Tiers = name });

        var other = one.Another();
        Assert.Equal("old", await other.CallAsync("a", static () => throw new IOException("down")));
        Assert.True(SpinWait.SpinUntil(() => other.Cache.Statistics.LoadFailures == 1, 30_000));
        Assert.Equal("old", await other.CallAsync("a", static () => throw new IOException("down")));
    }

    [Fact]
    public async Task Past_its_stale_time_an_old_value_is_a_miss()
    {
        tiers.Add(new TestStore(), out var name);
        var one = await WithOldAsync(new() { Ttl = 0.02, StaleWhileRevalidate = 0.02, Tiers = name });
        Assert.Equal("new", await one.Another().CallAsync("a", "new"));
    }

    [Fact]
    public async Task An_old_value_is_evicted_like_any_other()
    {
        tiers.Add(new TestStore(), out var name);
        var one = await WithOldAsync(new() { Ttl = 0.05, StaleWhileRevalidate = 600, Tiers = name });
        var other = one.Another();
        await other.Cache.EvictAsync("a");
        Assert.Equal("new", await other.CallAsync("a", "new"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_refresh_is_no_miss_of_a_tier_and_its_value_is_stored(bool leases)
    {
        var tier = tiers.Add(leases ? new LeasingStore() : new TestStore(), out var name);
        var one = new TieredCache<string>(name);
        await one.CallAsync("a", "first");
        await Memo.FlushTiersAsync(Ends);
        var misses = tier.Statistics.Misses;
        Assert.Equal("second", await one.Cache.RefreshAsync("a", static _ => Task.FromResult("second")));
        await Memo.FlushTiersAsync(Ends);
        Assert.Equal(misses, tier.Statistics.Misses);
        Assert.Equal("second", await one.Another().CallAsync("a", "no"));
    }
}
