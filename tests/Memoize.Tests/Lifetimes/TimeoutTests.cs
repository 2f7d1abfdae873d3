namespace Memoize.Tests.Lifetimes;

/// <summary>Callers do not wait for ever: they are told, and the key is free.</summary>
public sealed class TimeoutTests : TimedTests
{
    private static Subject Of(Eviction eviction, bool isAsync, double staleIfError = 0, double stale = 0, double errorTtl = 0)
        => new(new() { Ttl = 10, Timeout = 2.5, StaleIfError = staleIfError, StaleWhileRevalidate = stale, ErrorTtl = errorTtl, Eviction = eviction }, isAsync);

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Callers_are_told_the_load_is_cancelled_and_its_value_is_not_kept(Eviction eviction, bool isAsync)
    {
        var subject = Of(eviction, isAsync);
        var token = CancellationToken.None;
        var end = Concurrency.Source<string?>();
        subject.Next = given =>
        {
            token = given;
            return end.Task;
        };
        using var source = new CancellationTokenSource();
        Task<string?>[] calls = [subject.GetAsync(), subject.GetAsync(), subject.GetAsync(1, source.Token)];
        subject.Cache.HasMissed(3);
        subject.HasBegun(1);
        Pass(2.499);
        Assert.All(calls, call => Assert.False(call.IsCompleted));
        Assert.False(token.IsCancellationRequested);
        Pass(0.001);
        foreach (var call in calls)
        {
            var exception = await Assert.ThrowsAsync<TimeoutException>(() => call.InTime());
            Assert.Equal($"{subject.Cache.Method.Name} has not returned within 2.5 seconds, its Timeout.", exception.Message);
        }

        Assert.True(token.IsCancellationRequested);

        // The key is free, although the load has not ended.
        subject.Next = null;
        Assert.Equal("value 2", subject.Get());
        end.SetResult("late");
        Concurrency.Until(() => subject.Statistics.NotStoredTimedOut == 1);
        Assert.Equal("value 2", subject.Get());
        var seen = subject.Statistics;
        Assert.Equal((1, 2, 0, 4, 1), (seen.Timeouts, seen.Loads, seen.LoadFailures, seen.Misses, seen.NotStored));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_load_that_ends_in_time_is_like_any_other(Eviction eviction, bool isAsync)
    {
        var subject = Of(eviction, isAsync);
        Assert.Equal("value 1", subject.Get());
        Pass(5);
        Assert.Equal("value 1", subject.Get());
        Assert.Equal((0, 1), (subject.Statistics.Timeouts, subject.Loads));
        subject.Cache.Clear();
        subject.Fail();
        Assert.Throws<InvalidTimeZoneException>(() => subject.Get());
        Pass(5);
        Assert.Equal(0, subject.Statistics.Timeouts);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_late_failure_is_seen_by_nobody(Eviction eviction, bool isAsync)
    {
        var subject = Of(eviction, isAsync, errorTtl: 0);
        var end = subject.Hold();
        var call = subject.GetAsync();
        subject.HasBegun(1);
        Pass(2.5);
        Assert.Throws<TimeoutException>(() => call.Block());
        end.SetException(new InvalidTimeZoneException());
        Concurrency.Until(() => subject.Statistics.NotStoredTimedOut == 1);
        Assert.Equal(0, subject.Statistics.LoadFailures);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void With_an_old_value_callers_get_that(Eviction eviction, bool isAsync)
    {
        var subject = Of(eviction, isAsync, staleIfError: 100);
        subject.Get();
        Pass(10);
        var end = subject.Hold();
        var call = subject.GetAsync();
        subject.HasBegun(2);
        Pass(2.5);
        Assert.Equal("value 1", call.Block());
        Assert.Equal((1, 1), (subject.Statistics.Timeouts, subject.Statistics.StaleOnFailure));

        // What the late load brings does not take its place.
        end.SetResult("late");
        Concurrency.Until(() => subject.Statistics.NotStoredTimedOut == 1);
        Assert.Equal("value 1", subject.Get());
        Assert.Equal(1, subject.Statistics.StaleHits);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Behind_a_stale_value_a_load_that_hangs_makes_room_for_the_next(Eviction eviction, bool isAsync)
    {
        var subject = Of(eviction, isAsync, stale: 100);
        subject.Get();
        Pass(10);
        var end = subject.Hold();
        Assert.Equal("value 1", subject.Get());
        subject.HasBegun(2);
        Pass(2.5);
        Assert.Equal(1, subject.Statistics.Timeouts);
        Assert.Equal("value 1", subject.Get());
        Pass(1);
        subject.Next = null;
        Assert.Equal("value 1", subject.Get());
        subject.HasStored("value 3");
        end.SetResult("late");
        Concurrency.Until(() => subject.Statistics.NotStoredTimedOut == 1);
        Assert.Equal("value 3", subject.Get());
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void ErrorTtl_remembers_that_it_took_too_long(Eviction eviction, bool isAsync)
    {
        var subject = Of(eviction, isAsync, errorTtl: 5);
        subject.Hold();
        var call = subject.GetAsync();
        subject.HasBegun(1);
        Pass(2.5);
        var first = Assert.Throws<TimeoutException>(() => call.Block());
        Assert.Same(first, Assert.Throws<TimeoutException>(() => subject.Get()));
        Assert.Equal((1, 1), (subject.Loads, subject.Statistics.ErrorHits));
        Pass(5);
        subject.Next = null;
        Assert.Equal("value 2", subject.Get());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void An_evicted_load_times_out_like_others(bool isAsync)
    {
        var subject = Of(Eviction.Lru, isAsync, errorTtl: 5);
        subject.Hold();
        var call = subject.GetAsync();
        subject.HasBegun(1);
        subject.Cache.Evict(1);
        Pass(2.5);
        Assert.Throws<TimeoutException>(() => call.Block());
        Assert.Equal(0, subject.Cache.Count);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_refresh_times_out_and_leaves_the_value_alone(bool isAsync)
    {
        var subject = Of(Eviction.Lru, isAsync, staleIfError: 100);
        subject.Get();
        subject.Hold();
        var refresh = Concurrency.OnThread(() => subject.Refresh());
        subject.HasBegun(2);
        Pass(2.5);
        Assert.Throws<TimeoutException>(() => refresh.Block());
        Assert.Equal("value 1", subject.Get());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_caller_who_leaves_goes_at_once(bool isAsync)
    {
        var subject = Of(Eviction.Lru, isAsync);
        subject.Hold();
        using var source = new CancellationTokenSource();
        var call = subject.GetAsync(1, source.Token);
        subject.HasBegun(1);
        source.Cancel();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call.InTime());
        Pass(2.5);
        Assert.Equal(0, subject.Statistics.Timeouts);
    }

    [Fact]
    public void A_synchronous_load_runs_on_another_thread_in_the_context_of_its_caller()
    {
        var subject = Of(Eviction.Lru, isAsync: false);
        var tenant = new AsyncLocal<string>();
        var (thread, seen, isOfPool) = ((Thread?)null, (string?)null, true);
        subject.Next = _ =>
        {
            (thread, seen, isOfPool) = (Thread.CurrentThread, tenant.Value, Thread.CurrentThread.IsThreadPoolThread);
            tenant.Value = "changed inside";
            return Task.FromResult<string?>("value");
        };
        tenant.Value = "mine";
        var caller = Concurrency.OnThread(() =>
        {
            subject.Get();
            return Thread.CurrentThread;
        }).Block();

        Assert.NotSame(caller, thread);
        Assert.False(isOfPool);
        Assert.Equal(("mine", "mine"), (seen, tenant.Value));
    }

    [Fact]
    public void Without_a_timeout_a_synchronous_load_stays_on_the_thread_of_its_caller()
    {
        var subject = new Subject(new() { Ttl = 10, StaleIfError = 10, ErrorTtl = 1 }, isAsync: false);
        var thread = (Thread?)null;
        subject.Next = _ =>
        {
            thread = Thread.CurrentThread;
            return Task.FromResult<string?>("value");
        };
        subject.Get();
        Assert.Same(Thread.CurrentThread, thread);
    }

    [Fact]
    public void A_recursion_needs_one_thread_and_not_one_for_each_level()
    {
        var cache = TestCache.Of<int, int>(new() { Timeout = 60, MaxSize = 10_000 });
        var threads = new HashSet<Thread>();
        int Sum(int n) => cache.TryGet(n, out var hit) ? hit : cache.Load(n, _ =>
        {
            threads.Add(Thread.CurrentThread);
            return n == 0 ? 0 : n + Sum(n - 1);
        });

        Assert.Equal(500 * 501 / 2, Sum(500));
        Assert.True(threads.Count < 5, $"{threads.Count} threads");
    }

    [Fact]
    public void Within_a_load_that_may_take_longer_the_timeout_is_kept()
    {
        var outer = new Subject(new() { Timeout = 60 }, isAsync: false);
        var inner = Of(Eviction.Lru, isAsync: false);
        inner.Hold();
        outer.Next = _ => Task.FromResult<string?>(Record.Exception(() => inner.Get())!.GetType().Name);
        var call = outer.GetAsync();
        inner.HasBegun(1);
        Pass(2.5);
        Assert.Equal(nameof(TimeoutException), call.Block());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_load_that_waits_for_itself_is_refused_also_on_another_thread(bool isAsync)
    {
        var subject = Of(Eviction.Lru, isAsync);
        subject.Next = _ => isAsync ? subject.GetAsync() : Task.FromResult(subject.Get());
        Assert.Throws<InvalidOperationException>(() => subject.Get());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_load_that_was_given_up_may_ask_for_its_own_key(bool isAsync)
    {
        var subject = Of(Eviction.Lru, isAsync);
        var go = Concurrency.Source<bool>();
        var answer = Concurrency.Source<string?>();
        subject.Next = async _ =>
        {
            await go.Task;
            subject.Next = null;
            answer.SetResult(await subject.GetAsync());
            return "late";
        };
        var call = subject.GetAsync();
        subject.HasBegun(1);
        Pass(2.5);
        await Assert.ThrowsAsync<TimeoutException>(() => call.InTime());
        go.SetResult(true);
        Assert.Equal("value 2", await answer.Task.InTime());
    }

    [Fact]
    public async Task What_the_token_wakes_may_throw()
    {
        var subject = Of(Eviction.Lru, isAsync: true);
        subject.Next = token =>
        {
            token.Register(() => throw new InvalidTimeZoneException());
            return new TaskCompletionSource<string?>().Task;
        };
        var call = subject.GetAsync();
        Pass(2.5);
        await Assert.ThrowsAsync<TimeoutException>(() => call.InTime());
    }

    [Fact]
    public async Task A_load_that_obeys_the_token_ends()
    {
        var subject = Of(Eviction.Lru, isAsync: true);
        subject.Next = async token =>
        {
            await Task.Delay(System.Threading.Timeout.Infinite, token);
            return "never";
        };
        var call = subject.GetAsync();
        Pass(2.5);
        await Assert.ThrowsAsync<TimeoutException>(() => call.InTime());
        Concurrency.Until(() => subject.Statistics.NotStoredTimedOut == 1);
    }

    [Fact]
    public void Years_are_no_timeout()
        => Assert.Equal("value 1", new Subject(new() { Timeout = 3_000_000_000 }, isAsync: true).Get());
}
