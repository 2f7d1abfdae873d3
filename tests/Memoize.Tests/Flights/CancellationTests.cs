namespace Memoize.Tests.Flights;

public class CancellationTests
{
    private readonly MethodCache<int, string> cache = TestCache.Of();
    private readonly TaskCompletionSource<string> release = Concurrency.Source<string>();
    private readonly CancellationTokenSource first = new();
    private readonly CancellationTokenSource second = new();
    private CancellationToken seen;

    private Task<string> LoadAsync(CancellationToken token)
    {
        seen = token;
        return release.Task;
    }

    private static async Task Left(Task call, CancellationTokenSource source)
    {
        var left = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call.InTime());
        Assert.Equal(source.Token, left.CancellationToken);
        Assert.True(call.IsCanceled);
    }

    [Fact]
    public async Task Who_is_cancelled_leaves_and_the_load_goes_on_for_the_others()
    {
        var leader = cache.GetAsync(1, LoadAsync, first.Token);
        var joiner = cache.GetAsync(1, LoadAsync, second.Token);

        await first.CancelAsync();
        await Left(leader, first);
        Assert.False(seen.IsCancellationRequested);
        release.SetResult("value");

        Assert.Equal("value", await joiner.InTime());
        Assert.True(cache.TryGet(1, out _));
    }

    [Fact]
    public async Task When_the_last_caller_has_left_the_load_is_cancelled_and_the_key_is_free_at_once()
    {
        var leader = cache.GetAsync(1, LoadAsync, first.Token);
        var joiner = cache.GetAsync(1, LoadAsync, second.Token);
        second.Cancel();
        Assert.False(seen.IsCancellationRequested);

        first.Cancel();

        Assert.True(seen.IsCancellationRequested);
        await Left(leader, first);
        await Left(joiner, second);
        Assert.Equal("fresh", await cache.GetAsync(1, _ => Task.FromResult("fresh")).InTime());

        release.SetResult("too late");
        Concurrency.Until(() => cache.Statistics.NotStoredCancelled == 1);
        Assert.Equal("fresh", await cache.GetAsync(1, LoadAsync));
        Assert.Equal(2, cache.Statistics.Loads);
    }

    [Fact]
    public async Task A_cancelled_load_is_not_stored_even_if_nobody_asked_since()
    {
        var call = cache.GetAsync(1, LoadAsync, first.Token);
        first.Cancel();
        release.SetResult("too late");
        await Left(call, first);
        Concurrency.Until(() => cache.Statistics.NotStoredCancelled == 1);

        Assert.False(cache.Peek(1, out _));
    }

    [Fact]
    public async Task A_cancelled_load_that_gives_up_is_no_failure()
    {
        var call = cache.GetAsync(1, async token =>
        {
            await Task.Delay(Timeout.Infinite, token);
            return "never";
        }, first.Token);
        first.Cancel();
        await Left(call, first);
        Concurrency.Until(() => cache.Statistics.NotStoredCancelled == 1);

        Assert.Equal(0, cache.Statistics.LoadFailures);
    }

    [Fact]
    public async Task A_caller_without_a_token_keeps_the_load_alive()
    {
        var leader = cache.GetAsync(1, LoadAsync, first.Token);
        var joiner = cache.GetAsync(1, LoadAsync);
        first.Cancel();
        await Left(leader, first);

        Assert.False(seen.IsCancellationRequested);
        release.SetResult("value");
        Assert.Equal("value", await joiner.InTime());
    }

    [Fact]
    public async Task A_load_whose_caller_cannot_leave_gets_a_token_that_cannot_be_cancelled()
    {
        var call = cache.GetAsync(1, LoadAsync);
        Assert.False(seen.CanBeCanceled);
        release.SetResult("value");
        await call;
    }

    [Fact]
    public async Task The_load_does_not_see_the_callers_token()
    {
        var call = cache.GetAsync(1, LoadAsync, first.Token);
        Assert.NotEqual(first.Token, seen);
        release.SetResult("value");
        await call.InTime();

        first.Cancel();
        Assert.False(seen.IsCancellationRequested);
    }

    [Fact]
    public async Task Who_is_cancelled_before_the_call_loads_nothing_and_still_gets_a_hit()
    {
        first.Cancel();
        await Left(cache.GetAsync(1, LoadAsync, first.Token), first);
        Assert.Throws<OperationCanceledException>(() => cache.Get(1, _ => "never", first.Token));
        Assert.Equal((0, 2), (cache.Statistics.Loads, cache.Statistics.Misses));

        cache.Set(1, "value");
        Assert.Equal("value", await cache.GetAsync(1, LoadAsync, first.Token));
        Assert.Equal("value", cache.Get(1, _ => "never", first.Token));
    }

    [Fact]
    public async Task A_thread_that_waits_leaves_too()
    {
        var leader = cache.GetAsync(1, LoadAsync, first.Token);
        var joiner = Concurrency.OnThread(() => cache.Get(1, _ => "never", second.Token));
        cache.HasMissed(2);

        second.Cancel();
        var left = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => joiner.InTime());
        Assert.Equal(second.Token, left.CancellationToken);
        Assert.False(seen.IsCancellationRequested);
        first.Cancel();
        Assert.True(seen.IsCancellationRequested);
        await Left(leader, first);
    }

    [Fact]
    public async Task A_thread_that_is_interrupted_while_it_waits_leaves_as_well()
    {
        var leader = cache.GetAsync(1, LoadAsync, first.Token);
        Thread? thread = null;
        var joiner = Concurrency.OnThread(() =>
        {
            thread = Thread.CurrentThread;
            return cache.Get(1, _ => "never");
        });
        cache.HasMissed(2);
        thread!.Interrupt();
        await Assert.ThrowsAsync<ThreadInterruptedException>(() => joiner.InTime());

        first.Cancel();
        Assert.True(seen.IsCancellationRequested);
        await Left(leader, first);
    }

    [Fact]
    public async Task Who_runs_the_load_on_its_own_thread_has_left_as_far_as_others_are_concerned()
    {
        var cancelled = false;
        var call = Concurrency.OnThread(() => cache.Get(1, token =>
        {
            first.Cancel();
            cancelled = token.IsCancellationRequested;
            return "of no use";
        }, first.Token));

        var left = await Assert.ThrowsAsync<OperationCanceledException>(() => call.InTime());
        Assert.Equal(first.Token, left.CancellationToken);
        Assert.True(cancelled);
        Assert.False(cache.Peek(1, out _));
        Assert.Equal(1, cache.Statistics.NotStoredCancelled);
    }

    [Fact]
    public async Task Who_runs_the_load_and_is_cancelled_finishes_it_for_those_who_wait()
    {
        var joiner = Task.FromResult("");
        var cancelled = false;
        var leader = Concurrency.OnThread(() => cache.Get(1, token =>
        {
            joiner = cache.LoadAsync(1, _ => Task.FromResult("never"));
            first.Cancel();
            cancelled = token.IsCancellationRequested;
            return "value";
        }, first.Token));

        // The joiner asks from within the load: that is refused, and must not count as somebody who waits.
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => leader.InTime());
        await Assert.ThrowsAsync<InvalidOperationException>(() => joiner);
        Assert.True(cancelled);

        using var third = new CancellationTokenSource();
        var entered = Concurrency.Source<bool>();
        leader = Concurrency.OnThread(() => cache.Get(2, token =>
        {
            entered.SetResult(true);
            var value = release.Task.Block();
            cancelled = token.IsCancellationRequested;
            return value;
        }, third.Token));
        await entered.Task.InTime();
        joiner = cache.GetAsync(2, LoadAsync);
        third.Cancel();
        release.SetResult("value");

        Assert.Equal("value", await joiner.InTime());
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => leader.InTime());
        Assert.False(cancelled);
        Assert.True(cache.TryGet(2, out _));
    }

    [Fact]
    public async Task A_failure_of_the_load_is_inside_the_cancellation_of_the_caller_who_ran_it()
    {
        var call = Concurrency.OnThread(() => cache.Get(1, _ =>
        {
            first.Cancel();
            throw new InvalidTimeZoneException("as it happens");
        }, first.Token));

        var left = await Assert.ThrowsAsync<OperationCanceledException>(() => call.InTime());
        Assert.IsType<InvalidTimeZoneException>(left.InnerException);
    }

    [Fact]
    public async Task A_caller_who_comes_after_the_cancellation_has_its_own_load_in_either_order()
    {
        for (var i = 0; i < 500; i++)
        {
            using var source = new CancellationTokenSource();
            var mine = Concurrency.Source<string>();
            var key = i;
            var leader = cache.GetAsync(key, token => mine.Task.WaitAsync(token), source.Token);
            var cancel = Task.Run(source.Cancel);
            var live = Task.Run(() => cache.GetAsync(key, token => Task.FromResult("own")));
            await cancel.InTime();
            mine.TrySetResult("shared");

            Assert.Contains(await live.InTime(), new[] { "own", "shared" });
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => leader.InTime());
        }
    }
}
