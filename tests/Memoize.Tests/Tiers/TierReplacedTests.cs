using Memoize.Keys;
using Memoize.Tags;
using Memoize.Tests.Batches;
using Memoize.Tiers;

namespace Memoize.Tests.Tiers;

/// <summary>
/// Who finds a value of no use asks for its lease, and may be given it when another process has just stored a better one and given its own back: that
/// value is taken, and not loaded again.
/// </summary>
[Collection(nameof(Api.ProcessWide))]
public sealed class TierReplacedTests : IDisposable
{
    private const string InStore = "memoize:Shop.Store.Get(int)(id:2)";

    private readonly TestTiers tiers = new();

    public void Dispose() => tiers.Dispose();

    private static CancellationToken Ends => TestContext.Current.CancellationToken;

    public static TheoryData<string, string, bool> Ways => new MatrixTheoryData<string, string, bool>(
        ["alone", "blocked", "in a batch", "blocked batch"], ["unreadable", "cleared", "of an evicted tag", "old"], [false, true]);

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task What_another_has_stored_before_the_lease_was_given_is_taken(string how, string why, bool inOneGo)
    {
        var store = inOneGo ? new LeasingBatchStore() : new LeasingStore();
        var tier = tiers.Add(store, out var name, new() { Timeout = 60 });
        await MakeUselessAsync(store, name, why);
        var (other, late) = (new Process(name), new Process(name));
        store.BeforeLease = async () =>
        {
            Assert.Equal("new", await other.CallAsync("alone", "new"));
            await Memo.FlushTiersAsync(Ends);
        };
        var hits = tier.Statistics.Hits;
        Assert.Equal("new", await late.CallAsync(how, "once more"));
        Assert.Equal((1, 0), (other.Runs, late.Runs));
        Assert.Equal((0, hits + 1), (late.Cache.Statistics.Loads, tier.Statistics.Hits));

        // The lease goes back, and what was taken is in memory and still in the tier.
        await Memo.FlushTiersAsync(Ends);
        await UntilAsync(() => store.Leases == 0);
        var operations = store.Operations;
        Assert.Equal("new", await late.CallAsync(how, "no"));
        Assert.Equal(operations, store.Operations);
        Assert.Equal("new", await new Process(name).CallAsync(how, "no"));
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task A_load_behind_an_old_value_takes_it_too(bool inOneGo)
    {
        var store = inOneGo ? new LeasingBatchStore() : new LeasingStore();
        tiers.Add(store, out var name, new() { Timeout = 60 });
        await MakeUselessAsync(store, name, "old");
        CacheOptions options = new() { Ttl = 300, StaleWhileRevalidate = 600, Tiers = name };
        var (other, late) = (new Process(name), new Process(name, options));
        store.BeforeLease = async () =>
        {
            await other.CallAsync("alone", "new");
            await Memo.FlushTiersAsync(Ends);
        };
        Assert.Equal("old", await late.CallAsync("alone", "once more"));
        await UntilAsync(() => late.Cache.Peek(2, out var value) && value == "new");
        Assert.Equal((1, 0), (other.Runs, late.Runs));
        await UntilAsync(() => store.Leases == 0);
    }

    [Theory, InlineData("alone"), InlineData("in a batch")]
    public async Task What_replaces_it_and_is_of_no_use_either_is_loaded_anew(string how)
    {
        var store = new LeasingBatchStore();
        tiers.Add(store, out var name, new() { Timeout = 60 });
        await MakeUselessAsync(store, name, "unreadable");
        store.BeforeLease = () =>
        {
            store.Values[InStore] = [4, 5, 6];
            return Task.CompletedTask;
        };
        await LoadsAndStoresAsync(store, name, how);
    }

    [Theory, InlineData("alone"), InlineData("in a batch")]
    public async Task What_was_evicted_meanwhile_is_loaded_anew(string how)
    {
        var store = new LeasingBatchStore();
        tiers.Add(store, out var name, new() { Timeout = 60 });
        await MakeUselessAsync(store, name, "unreadable");
        store.BeforeLease = () =>
        {
            store.Remove(InStore);
            return Task.CompletedTask;
        };
        await LoadsAndStoresAsync(store, name, how);
    }

    // With the stamps of the first look, what is there would be loaded once more, and what that brings stored in vain.
    [Theory, InlineData("alone", false), InlineData("in a batch", false), InlineData("alone", true), InlineData("in a batch", true)]
    public async Task What_is_there_after_yet_another_clear_counts_by_the_stamps_of_that(string how, bool isStored)
    {
        var store = new LeasingBatchStore();
        tiers.Add(store, out var name, new() { Timeout = 60 });
        await MakeUselessAsync(store, name, "unreadable");
        var other = new Process(name);
        store.BeforeLease = async () =>
        {
            other.Cache.Clear();
            if (isStored)
                await other.CallAsync("alone", "new");
            await Memo.FlushTiersAsync(Ends);
        };
        if (!isStored)
        {
            await LoadsAndStoresAsync(store, name, how);
            return;
        }

        var late = new Process(name);
        Assert.Equal("new", await late.CallAsync(how, "once more"));
        Assert.Equal((1, 0), (other.Runs, late.Runs));
    }

    [Theory, InlineData("alone"), InlineData("in a batch")]
    public async Task Who_leaves_meanwhile_gives_the_lease_back(string how)
    {
        var store = new LeasingBatchStore();
        tiers.Add(store, out var name, new() { Timeout = 60 });
        await MakeUselessAsync(store, name, "unreadable");
        var (reached, gate) = (new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously), new TaskCompletionSource());
        store.AfterLease = () =>
        {
            store.Gate = gate.Task;
            reached.SetResult();
        };
        using var leaving = new CancellationTokenSource();
        var late = new Process(name);
        var call = late.CallAsync(how, "no", leaving.Token);
        await reached.Task.WaitAsync(Ends);
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        gate.SetResult();
        await UntilAsync(() => store.Leases == 0);
        Assert.Equal(0, late.Runs);
    }

    [Theory, InlineData("alone"), InlineData("blocked"), InlineData("in a batch")]
    public async Task A_store_that_fails_meanwhile_costs_the_load_and_nothing_else(string how)
    {
        var store = new LeasingBatchStore();
        var tier = tiers.Add(store, out var name, new() { Timeout = 60, RetryAfter = 4 });
        await MakeUselessAsync(store, name, "unreadable");
        store.AfterLease = () => store.Failure = new IOException("gone");
        var late = new Process(name);
        Assert.Equal("here", await late.CallAsync(how, "here"));
        Assert.Equal(1, late.Runs);
        Assert.False(tier.IsAvailable);
    }

    // It began before: what it takes then goes nowhere.
    [Theory, InlineData("alone"), InlineData("in a batch")]
    public async Task What_was_evicted_while_it_was_taken_is_kept_nowhere(string how)
    {
        var (near, far) = (new TestStore(), new LeasingBatchStore());
        tiers.Add(near, out var nearName, new() { Timeout = 60 });
        tiers.Add(far, out var farName, new() { Timeout = 60 });
        await MakeUselessAsync(far, farName, "unreadable");
        var (other, late, gate) = (new Process(farName), new Process(nearName + "," + farName), new TaskCompletionSource());
        far.BeforeLease = async () =>
        {
            await other.CallAsync("alone", "new");
            await Memo.FlushTiersAsync(Ends);
        };
        var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var given = 0;
        far.AfterLease = () =>
        {
            if (++given != 2)
                return;
            far.Gate = gate.Task;
            reached.SetResult();
        };
        var call = late.CallAsync(how, "no");
        await reached.Task.WaitAsync(Ends);
        var evicting = late.Cache.EvictAsync(2).AsTask();
        gate.SetResult();
        await Task.WhenAll(call, evicting).WaitAsync(Ends);
        await Memo.FlushTiersAsync(Ends);
        Assert.Empty(near.ValueKeys);
        Assert.False(late.Cache.Peek(2, out _));
        Assert.Equal("after", await late.CallAsync(how, "after"));
    }

    [Fact]
    public async Task A_refresh_runs_the_method_whatever_is_there()
    {
        var store = new LeasingBatchStore();
        tiers.Add(store, out var name, new() { Timeout = 60 });
        var (other, late) = (new Process(name), new Process(name));
        store.BeforeLease = async () =>
        {
            await other.CallAsync("alone", "new");
            await Memo.FlushTiersAsync(Ends);
        };
        Assert.Equal("refreshed", await late.Cache.RefreshAsync(2, static _ => Task.FromResult("refreshed")));
    }

    // If both made one, what the first has stored with his would be of no use to anybody.
    [Fact]
    public async Task A_stamp_that_another_has_put_in_the_place_of_something_else_is_taken()
    {
        var store = new LeasingBatchStore();
        tiers.Add(store, out var name, new() { Timeout = 60 });
        var (other, late) = (new Process(name), new Process(name));
        await other.CallAsync("alone", "first");
        await Memo.FlushTiersAsync(Ends);
        var stamp = store.Values.Keys.Single(static key => key.Contains("#stamp:", StringComparison.Ordinal));
        other.Cache.Clear();
        store.Values[stamp] = [1];
        store.Remove(InStore);
        store.BeforeLease = async () =>
        {
            await other.CallAsync("alone", "new");
            await Memo.FlushTiersAsync(Ends);
        };
        await late.Cache.LoadAsync(3, static _ => Task.FromResult("another"));
        await Memo.FlushTiersAsync(Ends);
        Assert.Equal("new", await new Process(name).CallAsync("alone", "no"));
        await UntilAsync(() => store.Leases == 0);
    }

    private static async Task LoadsAndStoresAsync(LeasingStore store, string name, string how)
    {
        var late = new Process(name);
        Assert.Equal("here", await late.CallAsync(how, "here"));
        await Memo.FlushTiersAsync(Ends);
        Assert.Equal((1, 0), (late.Runs, store.Leases));
        var third = new Process(name);
        Assert.Equal("here", await third.CallAsync(how, "no"));
        Assert.Equal(0, third.Runs);
    }

    private static async Task MakeUselessAsync(LeasingStore store, string name, string why)
    {
        var first = new Process(name, new() { Ttl = why == "old" ? 0.05 : 300, StaleWhileRevalidate = why == "old" ? 600 : 0, Tiers = name });
        await first.CallAsync("alone", "old");
        await Memo.FlushTiersAsync(Ends);
        switch (why)
        {
            case "unreadable":
                store.Values[InStore] = [1, 2, 3];
                break;
            case "cleared":
                first.Cache.Clear();
                break;
            case "of an evicted tag":
                await Memo.EvictTagAsync("prices");
                break;
            default:
                var old = DateTime.UtcNow.AddSeconds(0.1);
                await UntilAsync(() => DateTime.UtcNow > old);
                break;
        }
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

    /// <summary>One process.</summary>
    private sealed class Process(string tiers, CacheOptions? options = null)
    {
        private static readonly EntryRules<string> Tagged = new() { Tags = [EntryTag.Of("prices")] };

        internal int Runs;

        internal MethodCache<int, string> Cache { get; } = new CachedMethod("Shop.Store.Get(int)", options ?? new() { Ttl = 300, Tiers = tiers })
            .CreateCache<int, string>(true, new TierCodec<int>(1, static key => "id:" + KeyPart.Shared(key)));

        internal async Task<string> CallAsync(string how, string value, CancellationToken token = default) => how switch
        {
            "alone" => Cache.TryGet(2, out var hit) ? hit : await Cache.LoadAsync(2, _ => Task.FromResult(Load(value)), Tagged, token),
            "blocked" => Cache.TryGet(2, out var hit) ? hit : await Task.Run(() => Cache.Load(2, _ => Load(value), Tagged), token),
            "in a batch" => await BatchAsync(value, token),
            _ => await Task.Run(() => Batch(value), token),
        };

        private string Load(string value)
        {
            Interlocked.Increment(ref Runs);
            return value;
        }

        private async Task<string> BatchAsync(string value, CancellationToken token)
        {
            var batch = new DictionaryBatch<int, int, string>(Cache, BatchCalls.Name, false);
            batch.Add(2, 2);
            if (!batch.IsComplete)
                await batch.LoadAsync((_, _) => Task.FromResult<IReadOnlyDictionary<int, string>>(new Dictionary<int, string> { [2] = Load(value) }), _ => Tagged, token);
            return batch.Result[2];
        }

        private string Batch(string value)
        {
            var batch = new DictionaryBatch<int, int, string>(Cache, BatchCalls.Name, false);
            batch.Add(2, 2);
            if (!batch.IsComplete)
                batch.Load((_, _) => new Dictionary<int, string> { [2] = Load(value) }, _ => Tagged);
            return batch.Result[2];
        }
    }
}
