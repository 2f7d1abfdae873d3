using System.Buffers;
using Memoize.Tiers;

namespace Memoize.Tests.Tiers;

/// <summary>What a hit in a tier costs, and where its callers go on.</summary>
[Collection(nameof(Api.ProcessWide))]
public sealed class TierHitTests : IDisposable
{
    private const int Keys = 64;

    // 2,208 and 3,310 when it was written: the load, the entry in memory and the texts of its key, which is what it is evicted by. Without
    // optimization every asynchronous method is an object, too.
#if DEBUG
    private const int MostBytes = 3600;
#else
    private const int MostBytes = 2400;
#endif

    private readonly TestTiers tiers = new();

    public void Dispose() => tiers.Dispose();

    private static CancellationToken Ends => TestContext.Current.CancellationToken;

    // Another process has loaded them. Memory has room for a few, so that calls of one key after the other find hardly any of them there.
    private async Task<TieredCache<string>> WithValuesAsync(TestStore store)
    {
        tiers.Add(store, out var name);
        var cache = new TieredCache<string>(name, new() { Ttl = 300, MaxSize = 8, Tiers = name });
        for (var i = 0; i < Keys; i++)
            await cache.CallAsync($"{i}", $"value {i}");
        await Memo.FlushTiersAsync(Ends);
        return cache.Another();
    }

    [Fact]
    public async Task A_hit_is_one_request_and_leaves_nothing_to_be_done()
    {
        var store = new LeasingBatchStore();
        var cache = await WithValuesAsync(store);
        var (operations, given) = (store.Operations, store.Given);
        for (var i = 0; i < Keys; i++)
            Assert.Equal($"value {i}", await cache.CallAsync($"{i}", "no"));
        await Memo.FlushTiersAsync(Ends);
        Assert.Equal((operations + Keys, given), (store.Operations, store.Given));
    }

    [Fact]
    public async Task A_miss_says_that_it_has_looked()
    {
        var store = new LeasingBatchStore();
        var cache = await WithValuesAsync(store);
        Assert.Equal(Keys, store.Missed);

        // One without stamps has been found, and is read again.
        foreach (var stamp in store.Values.Keys.Except(store.ValueKeys))
            store.Remove(stamp);
        Assert.Equal("new", await cache.CallAsync("1", "new"));
        Assert.Equal(Keys, store.Missed);
    }

    [Fact]
    public async Task A_hit_allocates_little_besides_the_value()
    {
        var store = new InlineStore();
        var cache = await WithValuesAsync(store);
        string[] ids = [.. Enumerable.Range(0, Keys).Select(static i => $"{i}")];
        Func<CancellationToken, Task<string>> never = static _ => throw new InvalidOperationException("It is in the tier.");

        var allocated = long.MaxValue;
        for (var trial = 0; trial < 20; trial++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            foreach (var id in ids)
                Assert.True(cache.Cache.LoadAsync(id, never).IsCompletedSuccessfully);
            allocated = Math.Min(allocated, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        Assert.InRange(allocated / Keys, 0, MostBytes);
    }

    [Fact]
    public async Task Who_has_started_the_load_goes_on_where_the_store_answers_and_the_others_elsewhere()
    {
        var store = new LeasingBatchStore();
        var cache = await WithValuesAsync(store);
        var gate = new TaskCompletionSource();
        store.Gate = gate.Task;
        int first = 0, second = 0, third = 0;
        using var leaving = new CancellationTokenSource();
        var calls = await Task.Run(() =>
        {
            // One after the other: the first starts the load.
            var starts = WhereAsync(cache.Cache.LoadAsync("1", Never), thread => first = thread);
            var shares = WhereAsync(cache.Cache.LoadAsync("1", Never), thread => second = thread);
            var mayLeave = WhereAsync(cache.Cache.LoadAsync("1", Never, leaving.Token), thread => third = thread);
            return new[] { starts, shares, mayLeave };
        });

        var answering = new Thread(gate.SetResult);
        answering.Start();
        answering.Join();
        Assert.Equal(["value 1", "value 1", "value 1"], await Task.WhenAll(calls));
        Assert.Equal(answering.ManagedThreadId, first);
        Assert.NotEqual(answering.ManagedThreadId, second);
        Assert.NotEqual(answering.ManagedThreadId, third);

        static Task<string> Never(CancellationToken token) => throw new InvalidOperationException("It is in the tier.");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task All_who_wait_for_a_load_that_fails_get_its_exception_or_what_is_old(bool hasOld)
    {
        var store = new LeasingBatchStore();
        tiers.Add(store, out var name);
        var cache = new TieredCache<string>(name, new() { Ttl = 0.05, StaleIfError = hasOld ? 600 : 0, Tiers = name });
        await cache.CallAsync("a", "old");
        await Memo.FlushTiersAsync(Ends);
        var old = DateTime.UtcNow.AddSeconds(0.1);
        Assert.True(SpinWait.SpinUntil(() => DateTime.UtcNow > old, 30_000));
        store.Values.Clear();

        var gate = new TaskCompletionSource<string>();
        var calls = Enumerable.Range(0, 3).Select(_ => cache.Cache.LoadAsync("a", _ => gate.Task)).ToArray();
        gate.SetException(new IOException("down"));
        foreach (var call in calls)
        {
            if (hasOld)
                Assert.Equal("old", await call);
            else
                Assert.Equal("down", (await Assert.ThrowsAsync<IOException>(() => call)).Message);
        }

        Assert.Equal((1, hasOld ? 3 : 0), (cache.Cache.Statistics.LoadFailures, cache.Cache.Statistics.StaleOnFailure));
    }

    [Fact]
    public async Task A_load_that_was_cancelled_is_a_cancelled_call()
    {
        tiers.Add(new LeasingBatchStore(), out var name);
        var cache = new TieredCache<string>(name);
        var gate = new TaskCompletionSource<string>();
        var call = cache.Cache.LoadAsync("a", _ => gate.Task);
        gate.SetCanceled(Ends);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        Assert.True(call.IsCanceled);
    }

    private static async Task<string> WhereAsync(Task<string> call, Action<int> note)
    {
        var value = await call.ConfigureAwait(false);
        note(Environment.CurrentManagedThreadId);
        return value;
    }

    /// <summary>A store that has its answer at once, and makes nothing for it.</summary>
    private sealed class InlineStore : TestStore, IBatchReads
    {
        public ValueTask GetManyAsync(IReadOnlyList<string> keys, Action<int, ReadOnlySequence<byte>> found, CancellationToken token = default)
        {
            for (var i = 0; i < keys.Count; i++)
            {
                if (Values.TryGetValue(keys[i], out var value))
                    found(i, new(value));
            }

            return default;
        }
    }
}
