namespace Memoize.Tests.Batches;

/// <summary>Batches that meet each other, single calls, evictions, and their own end.</summary>
public class BatchFlightTests
{
    private readonly MethodCache<int, string> cache = TestCache.Of(tasks: true);
    private readonly BatchCalls calls;

    public BatchFlightTests() => calls = new(cache);

    private static CancellationToken Test => TestContext.Current.CancellationToken;

    private Func<int[], CancellationToken, Task<IReadOnlyDictionary<int, string>>> After(Task gate) => async (ids, token) =>
    {
        await gate.WaitAsync(token);
        return calls.Load(ids, token);
    };

    [Fact]
    public async Task Overlapping_batches_load_every_key_once()
    {
        var gate = Concurrency.Source<bool>();
        var first = calls.GetAsync([1, 2], After(gate.Task));
        var second = calls.GetAsync([3, 2, 1], After(gate.Task));
        var third = calls.GetAsync([3, 4], After(gate.Task));
        gate.SetResult(true);

        Assert.Equal(2, (await first.InTime()).Count);
        Assert.Equal(["value 1", "value 2", "value 3"], (await second.InTime()).OrderBy(pair => pair.Key).Select(pair => pair.Value));
        Assert.Equal(2, (await third.InTime()).Count);
        Assert.Equal([1, 2, 3, 4], calls.Asked.SelectMany(ids => ids).Order());
    }

    [Fact]
    public async Task Batches_that_ask_in_opposite_orders_on_threads_do_not_wait_in_a_circle()
    {
        for (var round = 0; round < 200; round++)
        {
            int[] ids = [10 * round, 10 * round + 1, 10 * round + 2];
            int[] backwards = [ids[2], ids[1], ids[0]];
            var threads = Concurrency.OnThreads(4, i => calls.Get(i % 2 == 0 ? ids : backwards, calls.Load).Count);
            Assert.All(await Task.WhenAll(threads).InTime(), count => Assert.Equal(3, count));
        }

        Assert.Equal(600, calls.Asked.Sum(ids => ids.Length));
        Assert.Equal(600, calls.Asked.SelectMany(ids => ids).Distinct().Count());
    }

    [Fact]
    public async Task A_single_call_waits_for_the_batch_that_loads_its_key()
    {
        var gate = Concurrency.Source<bool>();
        var batch = calls.GetAsync([1, 2], After(gate.Task));
        var single = cache.GetAsync(2, _ => Task.FromResult("never"));
        var cancellable = cache.GetAsync(2, _ => Task.FromResult("never"), new CancellationTokenSource().Token);
        var blocking = Concurrency.OnThread(() => cache.Get(2, _ => "never"));
        cache.HasMissed(5);
        gate.SetResult(true);

        Assert.Equal(["value 2", "value 2", "value 2"], await Task.WhenAll(single, cancellable, blocking).InTime());
        Assert.Equal(2, (await batch.InTime()).Count);
    }

    [Fact]
    public async Task A_batch_waits_for_single_calls_and_loads_the_rest()
    {
        var value = Concurrency.Source<string>();
        var single = cache.GetAsync(1, _ => value.Task);
        var batch = calls.GetAsync(1, 2);
        Assert.Equal("2", calls.Loads);
        Assert.False(batch.IsCompleted);

        value.SetResult("single");
        Assert.Equal("single", (await batch.InTime())[1]);
        Assert.Equal("single", await single.InTime());
    }

    [Fact]
    public async Task A_single_call_loads_itself_what_the_batch_did_not_find()
    {
        var gate = Concurrency.Source<bool>();
        var batch = calls.GetAsync([1, -1], After(gate.Task));
        var singles = new[]
        {
            cache.GetAsync(-1, _ => Task.FromResult("mine")),
            cache.GetAsync(-1, _ => Task.FromResult("mine")),
            Concurrency.OnThread(() => cache.Get(-1, _ => "mine")),
        };
        cache.HasMissed(5);
        gate.SetResult(true);

        Assert.Equal(["mine", "mine", "mine"], await Task.WhenAll(singles).InTime());
        Assert.Equal([1], (await batch.InTime()).Keys);
        Assert.Equal(5, cache.Statistics.Hits + cache.Statistics.Misses);
    }

    [Fact]
    public async Task Batches_agree_that_something_is_not_there()
    {
        var gate = Concurrency.Source<bool>();
        var first = calls.GetAsync([1, -1], After(gate.Task));
        var second = calls.GetAsync([-1], After(gate.Task));
        var list = Concurrency.OnThread(() => calls.List([-1], (ids, _) => [.. ids.Select(id => $"list {id}")]));
        cache.HasMissed(4);
        gate.SetResult(true);

        Assert.Equal([1], (await first.InTime()).Keys);
        Assert.Empty(await second.InTime());
        Assert.Equal(["list -1"], await list.InTime());
        Assert.Equal("1,-1", calls.Loads);
    }

    [Fact]
    public async Task Every_waiter_gets_the_failure_and_the_next_call_loads_again()
    {
        var gate = Concurrency.Source<IReadOnlyDictionary<int, string>>();
        var batch = calls.GetAsync([1, 2], (_, _) => gate.Task);
        var other = calls.GetAsync([2, 3]);
        var single = cache.GetAsync(1, _ => Task.FromResult("never"));
        var failure = new InvalidTimeZoneException("as it happens");
        gate.SetException(failure);

        foreach (var task in new Task[] { batch, other, single })
            Assert.Same(failure, await Assert.ThrowsAsync<InvalidTimeZoneException>(() => task.InTime()));
        Assert.Equal(1, cache.Count);      // 3 was loaded by the other batch
        Assert.Equal(3, (await calls.GetAsync(1, 2, 3)).Count);
        Assert.Equal("3 1,2", calls.Loads);
    }

    [Fact]
    public async Task A_key_that_is_evicted_while_the_batch_loads_is_not_stored_and_the_others_are()
    {
        var gate = Concurrency.Source<bool>();
        var batch = calls.GetAsync([1, 2, 3], After(gate.Task));
        cache.Evict(1);
        cache.Set(2, "set");
        gate.SetResult(true);

        Assert.Equal(["value 1", "value 2", "value 3"], (await batch.InTime()).OrderBy(pair => pair.Key).Select(pair => pair.Value));
        Assert.False(cache.Peek(1, out _));
        Assert.True(cache.Peek(2, out var kept) && kept == "set");
        Assert.True(cache.Peek(3, out _));
        Assert.Equal(2, cache.Statistics.NotStoredEvicted);
    }

    [Fact]
    public async Task Who_asks_after_the_eviction_loads_anew()
    {
        var gate = Concurrency.Source<bool>();
        var batch = calls.GetAsync([1, 2], After(gate.Task));
        cache.Evict(1);
        Assert.Equal("new", await cache.GetAsync(1, _ => Task.FromResult("new")).InTime());
        gate.SetResult(true);
        await batch.InTime();
        Assert.Equal("new", cache.Get(1, _ => "never"));
    }

    [Fact]
    public async Task A_caller_leaves_at_once_and_the_load_goes_on_for_the_others()
    {
        var gate = Concurrency.Source<bool>();
        using var source = new CancellationTokenSource();
        CancellationToken loadToken = default;
        var batch = calls.GetAsync([1, 2], (ids, token) => { loadToken = token; return After(gate.Task)(ids, token); }, source.Token);
        var single = cache.GetAsync(2, _ => Task.FromResult("never"));

        await source.CancelAsync();
        var left = await Assert.ThrowsAsync<OperationCanceledException>(() => batch.InTime());
        Assert.Equal(source.Token, left.CancellationToken);
        Assert.False(loadToken.IsCancellationRequested);

        gate.SetResult(true);
        Assert.Equal("value 2", await single.InTime());
        Concurrency.Until(() => cache.Statistics.NotStoredCancelled == 1);
        Assert.False(cache.Peek(1, out _));
        Assert.True(cache.Peek(2, out _));
    }

    [Fact]
    public async Task The_load_is_cancelled_when_the_last_caller_of_all_its_keys_has_left()
    {
        using var batchSource = new CancellationTokenSource();
        using var singleSource = new CancellationTokenSource();
        var cancelled = Concurrency.Source<bool>();
        var batch = calls.GetAsync(
            [1, 2],
            async (_, token) =>
            {
                await using var told = token.Register(() => cancelled.TrySetResult(true));
                await Task.Delay(Timeout.Infinite, token);
                return null!;
            },
            batchSource.Token);
        var single = cache.GetAsync(2, _ => Task.FromResult("never"), singleSource.Token);
        await batchSource.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => batch.InTime());
        Assert.False(cancelled.Task.IsCompleted);

        await singleSource.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => single.InTime());
        await cancelled.Task.InTime();
        Assert.Equal(2, (await calls.GetAsync(1, 2)).Count);
    }

    [Fact]
    public async Task A_caller_who_is_cancelled_already_loads_nothing()
    {
        var cancelled = new CancellationToken(canceled: true);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => calls.GetAsync([1], After(Task.CompletedTask), cancelled));
        Assert.Throws<OperationCanceledException>(() => calls.Get([1], calls.Load, cancelled));
        Assert.Equal("", calls.Loads);
    }

    [Fact]
    public void A_blocking_caller_leaves_when_its_load_has_returned()
    {
        using var source = new CancellationTokenSource();
        Assert.Throws<OperationCanceledException>(() => calls.Get(
            [1, 2],
            (ids, token) =>
            {
                source.Cancel();
                Assert.True(token.IsCancellationRequested);
                return calls.Load(ids, token);
            },
            source.Token));
        Assert.Equal((0, 2), (cache.Count, cache.Statistics.NotStoredCancelled));
    }

    [Fact]
    public async Task A_load_that_asks_for_one_of_its_own_keys_is_refused()
    {
        var direct = Assert.Throws<InvalidOperationException>(() => calls.Get([1, 2], (_, _) => new Dictionary<int, string> { [1] = cache.Get(2, _ => "never") }));
        Assert.Contains("asks for itself", direct.Message, StringComparison.Ordinal);
        Assert.Contains("Shop.Store.GetMany(int[]) (2 keys)", direct.Message, StringComparison.Ordinal);

        await Assert.ThrowsAsync<InvalidOperationException>(() => calls.GetAsync([1, 2], async (_, _) => await calls.GetAsync(3, 2)).InTime());
        Assert.Equal("", calls.Loads);

        // Nobody is left behind: the key that the inner batch was about to load is free.
        Assert.Equal([1, 2, 3], (await calls.GetAsync(1, 2, 3).InTime()).Keys.Order());
    }

    [Fact]
    public async Task Two_batches_that_need_each_other_are_refused_and_never_hang()
    {
        var first = Concurrency.Source<bool>();
        var second = Concurrency.Source<bool>();
        var one = calls.GetAsync([1, 2], async (_, _) =>
        {
            await second.Task;
            return await calls.GetAsync(3);
        });
        var two = calls.GetAsync([3, 4], async (_, _) =>
        {
            first.SetResult(true);
            return await calls.GetAsync(2);
        });
        await first.Task.InTime();
        second.SetResult(true);

        var refused = await Assert.ThrowsAsync<InvalidOperationException>(() => Task.WhenAll(one, two).InTime());
        Assert.Contains("through others", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_load_may_ask_for_other_keys()
    {
        var result = await calls.GetAsync([1, 2], async (ids, token) =>
        {
            var inner = await calls.GetAsync(3, 4);
            return ids.ToDictionary(id => id, id => inner[id + 2]);
        }).InTime();
        Assert.Equal("value 3", result[1]);
    }

    [Fact]
    public async Task A_load_that_takes_too_long_is_left_by_its_callers()
    {
        var timed = TestCache.Of(new() { Timeout = 0.05 }, tasks: true);
        var slow = new BatchCalls(timed);
        var gate = Concurrency.Source<bool>();
        await Assert.ThrowsAsync<TimeoutException>(() => slow.GetAsync([1, 2], async (ids, _) =>
        {
            await gate.Task;
            return slow.Load(ids, default);
        }).InTime());
        await Assert.ThrowsAsync<TimeoutException>(() => Concurrency.OnThread(() => slow.Get([3, 4], (ids, _) =>
        {
            gate.Task.Block();
            return slow.Load(ids, default);
        })).InTime());

        Assert.Single(await slow.GetAsync(1).InTime());
        gate.SetResult(true);
        Concurrency.Until(() => timed.Statistics.NotStoredTimedOut == 4);
        Assert.Equal(1, timed.Count);
    }

    [Fact]
    public async Task The_load_runs_in_the_context_of_the_caller_and_leaves_no_trace_in_it()
    {
        var local = new AsyncLocal<string> { Value = "caller" };
        await calls.GetAsync([1], async (ids, token) =>
        {
            Assert.Equal("caller", local.Value);
            local.Value = "load";
            await Task.Yield();
            return calls.Load(ids, token);
        });
        Assert.Equal("caller", local.Value);
    }
}
