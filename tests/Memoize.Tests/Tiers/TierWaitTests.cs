using Memoize.Keys;
using Memoize.Tests.Batches;
using Memoize.Tiers;
using Microsoft.Extensions.Time.Testing;

namespace Memoize.Tests.Tiers;

/// <summary>How long a load waits for another process that has the lease of its key, by a clock that the test moves.</summary>
[Collection(nameof(Api.ProcessWide))]
public sealed class TierWaitTests : IDisposable
{
    private const string InStore = "memoize:Shop.Store.Get(int)(id:2)";
    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(10);

    private readonly TestTiers tiers = new();
    private readonly FakeTimeProvider clock = new();

    public void Dispose() => tiers.Dispose();

    public static TheoryData<bool, bool> Calls => new MatrixTheoryData<bool, bool>([false, true], [false, true]);

    [Theory, MemberData(nameof(Calls))]
    public async Task Who_waits_gets_what_the_next_holder_of_the_lease_loads(bool inBatch, bool isRenewal)
    {
        var store = new LeasingStore();
        var waiter = await WaitAsync(store, inBatch, isRenewal);
        await AdvanceAsync(store, 0.6);
        store.HandOver(InStore);
        await PollAsync(store);

        // More than one lease has been waited for, and the second is still good.
        await AdvanceAsync(store, 0.9);
        Assert.False(waiter.Call.IsCompleted);

        // The next one stores between two looks of who waits. (Who has seen what is of no use, and asks for the lease when that has been replaced
        // and the lease is free again, is given it, and loads once more.)
        store.HandOver(InStore);
        var loaded = await LoadedByAnotherAsync(store);
        store.AfterBusy = () =>
        {
            foreach (var (key, bytes) in loaded)
                store.Set(key, bytes, new());
        };
        Assert.Equal("value 2", await waiter.Call.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken));
        Assert.Equal(0, waiter.Process.Runs);
        Assert.Equal("value 2", await new Process(waiter.Tiers).GetAsync(false));
    }

    // What a store has when another process has loaded, with the stamps that this one has.
    private async Task<IReadOnlyDictionary<string, byte[]>> LoadedByAnotherAsync(LeasingStore store)
    {
        var elsewhere = new LeasingStore();
        foreach (var (key, bytes) in store.Values.Where(static pair => pair.Key != InStore))
            elsewhere.Values[key] = bytes;
        tiers.Add(elsewhere, out var name, new() { Timeout = 3600, TimeProvider = clock });
        Assert.Equal("value 2", await new Process(name).GetAsync(false));
        await Memo.FlushTiersAsync(TestContext.Current.CancellationToken);
        return elsewhere.Values;
    }

    [Theory, MemberData(nameof(Calls))]
    public async Task However_often_the_lease_changes_hands_after_two_leases_nobody_else_is_waited_for(bool inBatch, bool isRenewal)
    {
        var store = new LeasingStore();
        var waiter = await WaitAsync(store, inBatch, isRenewal);
        for (var i = 0; i < 4; i++)
        {
            Assert.False(waiter.Call.IsCompleted);
            store.HandOver(InStore);
            await AdvanceAsync(store, 0.45);
        }

        Assert.False(waiter.Call.IsCompleted);
        clock.Advance(0.25 * Duration);
        store.HandOver(InStore);
        Assert.Equal("value 2", await waiter.Call.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken));
        Assert.Equal(1, waiter.Process.Runs);
    }

    // A store that counts whole seconds gives the lease on up to two seconds after its end, and who waits is to be there for that.
    [Theory, InlineData(false), InlineData(true)]
    public async Task Where_the_store_does_not_say_who_has_it_one_lease_is_waited_for_a_little_longer_than_it_lasts(bool inBatch)
    {
        var store = new LeasingStore { SaysWho = false };
        var waiter = await WaitAsync(store, inBatch, isRenewal: false);
        await AdvanceAsync(store, 1.15);
        Assert.False(waiter.Call.IsCompleted);
        clock.Advance(0.1 * Duration);
        Assert.Equal("value 2", await waiter.Call.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken));
        Assert.Equal(1, waiter.Process.Runs);
    }

    // Who has it for longer than it lasts has renewed it.
    [Theory, InlineData(false), InlineData(true)]
    public async Task Who_renews_his_lease_is_waited_for_up_to_the_longest_load(bool inBatch)
    {
        var store = new LeasingStore();
        var waiter = await WaitAsync(store, inBatch, isRenewal: false);
        await AdvanceAsync(store, 9.1);
        Assert.False(waiter.Call.IsCompleted);
        clock.Advance(0.2 * Duration);
        Assert.Equal("value 2", await waiter.Call.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken));
        Assert.Equal(1, waiter.Process.Runs);
    }

    // One process is stopped in the middle of a long load: one of the others begins anew, and the rest wait for it.
    [Theory, InlineData(false), InlineData(true)]
    public async Task Who_takes_over_a_long_load_is_waited_for_as_well(bool inBatch)
    {
        var store = new LeasingStore();
        var waiter = await WaitAsync(store, inBatch, isRenewal: false);
        await AdvanceAsync(store, 5);
        store.HandOver(InStore);
        await PollAsync(store);
        await AdvanceAsync(store, 7);
        Assert.False(waiter.Call.IsCompleted);
        store.HandOver(InStore);
        Assert.Equal("value 2", await waiter.Call.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken));
        Assert.Equal(1, waiter.Process.Runs);
    }

    private async Task<(Process Process, Task<string> Call, string Tiers)> WaitAsync(LeasingStore store, bool inBatch, bool isRenewal)
    {
        // Longer than the clock is ever moved: an operation that is under way then is not late.
        tiers.Add(store, out var name, new() { Timeout = 3600, LeaseDuration = Duration.TotalSeconds, LongestLoad = 80, TimeProvider = clock });
        if (isRenewal)
            store.Values[InStore] = [1, 2, 3];    // nothing that anybody can read
        Assert.NotNull((await store.LeaseAsync(InStore, Duration, TestContext.Current.CancellationToken)).Lease);
        var process = new Process(name);
        var call = process.GetAsync(inBatch);
        await PollAsync(store);
        return (process, call, name);
    }

    private async Task AdvanceAsync(LeasingStore store, double leases)
    {
        clock.Advance(leases * Duration);
        await PollAsync(store);
    }

    // He has asked once more, from beginning to end: one look has three operations at most, and one may have been under way.
    private static async Task PollAsync(LeasingStore store)
    {
        var (before, end) = (store.Operations, DateTime.UtcNow.AddSeconds(30));
        while (store.Operations < before + 8)
        {
            Assert.True(DateTime.UtcNow < end, "Nobody asks.");
            await Task.Yield();
        }
    }

    /// <summary>One process.</summary>
    private sealed class Process
    {
        private readonly MethodCache<int, string> cache;
        private readonly BatchCalls batch;
        private int runs;

        internal Process(string tiers)
        {
            cache = new CachedMethod("Shop.Store.Get(int)", new() { Ttl = 300, Tiers = tiers })
                .CreateCache<int, string>(false, new TierCodec<int>(1, static key => "id:" + KeyPart.Shared(key)));
            batch = new(cache);
        }

        internal int Runs => runs + batch.Loads.Count(static letter => letter == '2');

        internal async Task<string> GetAsync(bool inBatch)
            => inBatch ? (await batch.GetAsync(2))[2] : await cache.LoadAsync(2, _ => Task.FromResult(Load()));

        private string Load()
        {
            Interlocked.Increment(ref runs);
            return "value 2";
        }
    }
}
