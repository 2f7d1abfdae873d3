using Memoize.Keys;
using Memoize.Tests.Batches;
using Memoize.Tiers;

namespace Memoize.Tests.Tiers;

/// <summary>Batches look in the tiers of the method for one key: what any of them has is not loaded, and the rest is, in one call.</summary>
// Alone, because an eviction by a tag, which other tests make, asks something of every tier there is.
[Collection(nameof(Api.ProcessWide))]
public sealed class TierBatchTests : IDisposable
{
    private readonly TestTiers tiers = new();

    public void Dispose() => tiers.Dispose();

    private static CancellationToken Ends => TestContext.Current.CancellationToken;

    public static TheoryData<string, bool> Stores => new MatrixTheoryData<string, bool>(["plain", "batches", "leases", "both"], [false, true]);

    private static TestStore StoreOf(string kind) => kind switch
    {
        "plain" => new TestStore(),
        "batches" => new BatchStore(),
        "leases" => new LeasingStore(),
        _ => new LeasingBatchStore(),
    };

    /// <summary>One process.</summary>
    private sealed class Process
    {
        internal Process(string tiers, CacheOptions? options = null)
        {
            Cache = new CachedMethod("Shop.Store.Get(int)", options ?? new() { Ttl = 300, Tiers = tiers })
                .CreateCache<int, string>(false, new TierCodec<int>(1, static key => "id:" + KeyPart.Shared(key)));
            Calls = new(Cache);
        }

        internal MethodCache<int, string> Cache { get; }

        internal BatchCalls Calls { get; }

        internal string Loads => Calls.Loads;

        internal async Task<string> GetAsync(bool isAsync, params int[] ids) => Show(isAsync ? await Calls.GetAsync(ids) : Calls.Get(ids));

        internal static string Show(Dictionary<int, string> values) => string.Join(", ", values.OrderBy(static pair => pair.Key).Select(static pair => pair.Value));
    }

    [Theory]
    [MemberData(nameof(Stores))]
    public async Task What_one_process_has_loaded_another_does_not_load(string kind, bool isAsync)
    {
        var store = StoreOf(kind);
        var tier = tiers.Add(store, out var name);
        var (one, other, third) = (new Process(name), new Process(name), new Process(name));

        Assert.Equal("value 1, value 2", await one.GetAsync(isAsync, 1, 2, 2, 1));
        await Memo.FlushTiersAsync(Ends);
        Assert.Equal("value 1, value 2, value 3, value 4", await other.GetAsync(isAsync, 4, 1, 3, 2, 4));
        await Memo.FlushTiersAsync(Ends);
        Assert.Equal("value 1, value 2, value 3, value 4", await third.GetAsync(isAsync, 1, 2, 3, 4));

        Assert.Equal("1,2", one.Loads);
        Assert.Equal("4,3", other.Loads);
        Assert.Equal("", third.Loads);
        Assert.Equal((2, 0), (other.Cache.Statistics.Loads, third.Cache.Statistics.Loads));
        Assert.Equal((6, 4, 4), (tier.Statistics.Hits, tier.Statistics.Misses, tier.Statistics.Stores));
        if (store is LeasingBatchStore leasing)
            Assert.Equal(4, leasing.Missed);

        var operations = store.Operations;
        Assert.Equal("value 1, value 4", await third.GetAsync(isAsync, 1, 4));
        Assert.Equal(operations, store.Operations);
        Assert.Equal("value 2", await third.Cache.LoadAsync(2, static _ => Task.FromResult("no")));
    }

    [Fact]
    public async Task A_store_that_reads_many_is_asked_once_for_the_values_and_once_for_what_vouches_for_them()
    {
        var store = new BatchStore();
        tiers.Add(store, out var name);
        await new Process(name).GetAsync(true, [.. Enumerable.Range(0, 200)]);
        await Memo.FlushTiersAsync(Ends);
        store.Asked.Clear();
        store.Operations = 0;

        var other = new Process(name);
        await other.GetAsync(true, [.. Enumerable.Range(0, 200)]);
        Assert.Equal("", other.Loads);
        Assert.Equal([200, 1], store.Asked.Select(static keys => keys.Length));
        Assert.Equal(2, store.Operations);
    }

    [Theory]
    [InlineData("plain")]
    [InlineData("both")]
    public async Task What_a_far_tier_has_is_put_into_the_near_one(string kind)
    {
        var (near, far) = (StoreOf(kind), StoreOf(kind));
        tiers.Add(far, out var farName);
        await new Process(farName).GetAsync(true, 1, 2);
        await Memo.FlushTiersAsync(Ends);

        tiers.Add(near, out var nearName);
        var both = new Process(nearName + "," + farName);
        Assert.Equal("value 1, value 2, value 3", await both.GetAsync(true, 1, 2, 3));
        await Memo.FlushTiersAsync(Ends);
        Assert.Equal("3", both.Loads);
        Assert.Equal((3, 3), (near.ValueKeys.Count(), far.ValueKeys.Count()));
    }

    [Theory]
    [MemberData(nameof(Stores))]
    public async Task What_a_load_leaves_out_is_stored_nowhere_and_nobody_waits_for_it(string kind, bool isAsync)
    {
        var store = StoreOf(kind);
        tiers.Add(store, out var name, new() { Timeout = 5, LeaseDuration = 3600 });
        var (one, other) = (new Process(name), new Process(name));
        Assert.Equal("value 1", await one.GetAsync(isAsync, 1, -1));
        await Memo.FlushTiersAsync(Ends);
        Assert.Equal("value 1", await other.GetAsync(isAsync, 1, -1).WaitAsync(TimeSpan.FromSeconds(30), Ends));
        Assert.Equal("-1", other.Loads);
        Assert.Single(store.ValueKeys);
    }

    [Theory]
    [MemberData(nameof(Stores))]
    public async Task A_failing_store_costs_nothing_but_the_load(string kind, bool isAsync)
    {
        var store = StoreOf(kind);
        var tier = tiers.Add(store, out var name, new() { Timeout = 5, RetryAfter = 4 });
        store.Failure = new IOException("gone");
        var one = new Process(name);
        Assert.Equal("value 1, value 2, value 3", await one.GetAsync(isAsync, 1, 2, 3));
        Assert.Equal("1,2,3", one.Loads);
        Assert.False(tier.IsAvailable);

        var operations = store.Operations;
        Assert.Equal("value 4, value 5", await one.GetAsync(isAsync, 4, 5));
        Assert.Equal(operations, store.Operations);
    }

    [Theory]
    [InlineData("plain")]
    [InlineData("batches")]
    [InlineData("leases")]
    [InlineData("both")]
    public async Task A_hanging_store_is_left_alone_after_its_time(string kind)
    {
        var store = StoreOf(kind);
        tiers.Add(store, out var name, new() { Timeout = 0.05, RetryAfter = 4 });
        var gate = new TaskCompletionSource();
        store.Gate = gate.Task;
        var one = new Process(name);
        Assert.Equal("value 1, value 2", await one.GetAsync(true, 1, 2).WaitAsync(TimeSpan.FromSeconds(30), Ends));
        Assert.Equal("1,2", one.Loads);
        gate.SetResult();
    }

    [Theory]
    [MemberData(nameof(Stores))]
    public async Task What_is_damaged_is_loaded_anew_and_only_that(string kind, bool isAsync)
    {
        var store = StoreOf(kind);
        var tier = tiers.Add(store, out var name);
        await new Process(name).GetAsync(isAsync, 1, 2, 3);
        await Memo.FlushTiersAsync(Ends);
        var damaged = store.ValueKeys.Single(static key => key.Contains("id:2", StringComparison.Ordinal));
        store.Values[damaged] = [.. store.Values[damaged].Select(static (b, i) => i == 60 ? (byte)(b ^ 4) : b)];

        var other = new Process(name);
        Assert.Equal("value 1, value 2, value 3", await other.GetAsync(isAsync, 1, 2, 3));
        await Memo.FlushTiersAsync(Ends);
        Assert.Equal("2", other.Loads);
        Assert.Equal(1, tier.Statistics.Unreadable);

        var third = new Process(name);
        await third.GetAsync(isAsync, 1, 2, 3);
        Assert.Equal("", third.Loads);
    }

    [Theory]
    [InlineData("plain")]
    [InlineData("both")]
    public async Task An_eviction_fences_the_key_that_it_names_and_no_other(string kind)
    {
        var store = StoreOf(kind);
        tiers.Add(store, out var name);
        var (one, gate) = (new Process(name), new TaskCompletionSource());
        var call = one.Calls.GetAsync([1, 2], async (ids, token) =>
        {
            await gate.Task;
            return one.Calls.Load(ids, token);
        });
        await one.Cache.EvictAsync(1);
        gate.SetResult();
        Assert.Equal("value 1, value 2", Process.Show(await call));
        await Memo.FlushTiersAsync(Ends);
        Assert.EndsWith("id:2)", Assert.Single(store.ValueKeys));
        await one.GetAsync(true, 1, 2);
        Assert.Equal("1,2 1", one.Loads);
    }

    [Theory]
    [InlineData("leases")]
    [InlineData("both")]
    public async Task Batches_of_two_processes_that_overlap_load_each_key_once_and_never_wait_in_a_circle(string kind)
    {
        tiers.Add(StoreOf(kind), out var name, new() { Timeout = 5, LeaseDuration = 3600 });
        var (one, other) = (new Process(name), new Process(name));
        var (inOne, inOther, gates) = (new TaskCompletionSource(), new TaskCompletionSource(), new TaskCompletionSource());
        var first = one.Calls.GetAsync([1, 2, 5], async (ids, token) =>
        {
            inOne.TrySetResult();
            await gates.Task;
            return one.Calls.Load(ids, token);
        });
        await inOne.Task;
        var second = other.Calls.GetAsync([5, 3, 2, 4], async (ids, token) =>
        {
            inOther.TrySetResult();
            await gates.Task;
            return other.Calls.Load(ids, token);
        });
        await inOther.Task;
        var third = one.Calls.GetAsync([4, 3, 6], async (ids, token) => await Task.FromResult(one.Calls.Load(ids, token)));
        gates.SetResult();

        Assert.Equal("value 1, value 2, value 5", Process.Show(await first));
        Assert.Equal("value 2, value 3, value 4, value 5", Process.Show(await second.WaitAsync(TimeSpan.FromSeconds(30), Ends)));
        Assert.Equal("value 3, value 4, value 6", Process.Show(await third.WaitAsync(TimeSpan.FromSeconds(30), Ends)));
        Assert.Equal(["1", "2", "3", "4", "5", "6"], (one.Loads + " " + other.Loads).Split(' ', ',').Order());
        Assert.Equal("3,4", other.Loads);
    }

    [Fact]
    public async Task Who_has_died_with_a_lease_holds_nobody_up_for_longer_than_it_lasts()
    {
        var store = new LeasingStore();
        tiers.Add(store, out var name, new() { Timeout = 5, LeaseDuration = 0.05, LongestLoad = 0.05 });
        Assert.NotNull((await store.LeaseAsync("memoize:Shop.Store.Get(int)(id:2)", TimeSpan.FromSeconds(1), Ends)).Lease);
        var one = new Process(name);
        Assert.Equal("value 1, value 2", await one.GetAsync(true, 1, 2).WaitAsync(TimeSpan.FromSeconds(30), Ends));
        Assert.Equal("1 2", one.Loads);
        await Memo.FlushTiersAsync(Ends);
        Assert.EndsWith("id:1)", Assert.Single(store.ValueKeys));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task When_the_load_fails_what_a_tier_still_has_is_served(bool hasAll)
    {
        var store = new BatchStore();
        tiers.Add(store, out var name);
        CacheOptions options = new() { Ttl = 0.05, StaleIfError = 1000, Tiers = name };
        await new Process(name, options).GetAsync(true, 1, 2);
        await Memo.FlushTiersAsync(Ends);
        var expired = DateTime.UtcNow.AddSeconds(2 * options.Ttl);
        Assert.True(SpinWait.SpinUntil(() => DateTime.UtcNow > expired, 30_000));

        var other = new Process(name, options);
        var call = other.Calls.GetAsync(hasAll ? [1, 2] : [1, 2, 3], static (_, _) => Task.FromException<IReadOnlyDictionary<int, string>>(new IOException("down")));
        if (hasAll)
            Assert.Equal("value 1, value 2", Process.Show(await call));
        else
            Assert.Equal("down", (await Assert.ThrowsAsync<IOException>(() => call)).Message);
        Assert.Equal(2, other.Cache.Statistics.StaleOnFailure);
    }

    [Fact]
    public async Task Who_waits_for_one_key_that_a_tier_has_does_not_wait_for_the_load_of_the_others()
    {
        tiers.Add(new TestStore(), out var name);
        await new Process(name).GetAsync(true, 1);
        await Memo.FlushTiersAsync(Ends);

        var (other, gate) = (new Process(name), new TaskCompletionSource());
        var call = other.Calls.GetAsync([1, 2], async (ids, token) =>
        {
            await gate.Task;
            return other.Calls.Load(ids, token);
        });
        Assert.Equal("value 1", await other.Cache.LoadAsync(1, static _ => Task.FromResult("no")).WaitAsync(TimeSpan.FromSeconds(30), Ends));
        Assert.False(call.IsCompleted);
        gate.SetResult();
        Assert.Equal("value 1, value 2", Process.Show(await call));
    }

    [Fact]
    public async Task Who_leaves_while_the_tiers_are_asked_loads_nothing_and_keeps_no_lease()
    {
        var store = new LeasingStore();
        tiers.Add(store, out var name, new() { Timeout = 60, LeaseDuration = 3600 });
        var (one, gate) = (new Process(name), new TaskCompletionSource());
        store.Gate = gate.Task;
        using var leaving = new CancellationTokenSource();
        var call = one.Calls.GetAsync([1, 2], (ids, token) => Task.FromResult(one.Calls.Load(ids, token)), leaving.Token);
        leaving.Cancel();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        Assert.Equal("", one.Loads);
        gate.SetResult();
    }

    [Fact]
    public async Task When_all_who_wait_for_the_rest_have_left_the_load_is_cancelled()
    {
        tiers.Add(new TestStore(), out var name);
        await new Process(name).GetAsync(true, 1);
        await Memo.FlushTiersAsync(Ends);

        var (other, begun, cancelled) = (new Process(name), new TaskCompletionSource(), new TaskCompletionSource());
        using var leaving = new CancellationTokenSource();
        var call = other.Calls.GetAsync([1, 2], async (_, token) =>
        {
            token.Register(cancelled.SetResult);
            begun.SetResult();
            await Task.Delay(Timeout.Infinite, token);
            return new Dictionary<int, string>();
        }, leaving.Token);
        await begun.Task;
        leaving.Cancel();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        await cancelled.Task.WaitAsync(TimeSpan.FromSeconds(30), Ends);
    }
}
