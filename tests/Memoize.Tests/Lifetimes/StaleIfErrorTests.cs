namespace Memoize.Tests.Lifetimes;

/// <summary>After its lifetime, and that of stale values, a value is kept for those whose load fails.</summary>
public sealed class StaleIfErrorTests : TimedTests
{
    private static Subject Of(Eviction eviction, bool isAsync, double stale = 0, double errorTtl = 0, double timeout = 0)
        => new(new() { Ttl = 10, StaleIfError = 100, StaleWhileRevalidate = stale, Eviction = eviction, ErrorTtl = errorTtl, Timeout = timeout }, isAsync);

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_failing_load_gives_the_old_value_and_a_good_one_the_new(Eviction eviction, bool isAsync)
    {
        var subject = Of(eviction, isAsync);
        subject.Get();
        Pass(10);
        Assert.Null(subject.Peek());
        subject.Fail();
        Assert.Equal("value 1", subject.Get());
        var seen = subject.Statistics;
        Assert.Equal((2, 1, 1, 0, 2), (seen.Loads, seen.LoadFailures, seen.StaleOnFailure, seen.Hits, seen.Misses));

        Pass(99 - 10);
        Assert.Equal("value 1", subject.Get());
        subject.Next = null;
        Pass(1);
        Assert.Equal("value 4", subject.Get());
        Assert.Equal("value 4", subject.Get());
        Assert.Equal(4, subject.Loads);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void After_its_time_the_failure_is_seen(Eviction eviction, bool isAsync)
    {
        var subject = Of(eviction, isAsync);
        subject.Get();
        Pass(110);
        subject.Fail();
        Assert.Throws<InvalidTimeZoneException>(() => subject.Get());
        Assert.Equal(0, subject.Statistics.StaleServed);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void It_is_the_moment_of_the_failure_that_counts(Eviction eviction, bool isAsync)
    {
        var subject = Of(eviction, isAsync);
        subject.Get();
        Pass(109);
        var end = subject.Hold();
        var call = subject.GetAsync();
        subject.HasBegun(2);
        Pass(1);
        end.SetException(new InvalidTimeZoneException());
        Assert.Throws<InvalidTimeZoneException>(() => call.Block());
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void After_a_failure_nothing_is_tried_for_a_moment(Eviction eviction, bool isAsync)
    {
        foreach (var errorTtl in new double[] { 0, 5 })
        {
            var pause = errorTtl == 0 ? 1 : errorTtl;
            var subject = Of(eviction, isAsync, errorTtl: errorTtl);
            subject.Get();
            Pass(10);
            subject.Fail();
            subject.Get();
            Pass(pause - 0.001);
            Assert.Equal("value 1", subject.Get());
            Assert.Equal((2, 1, 1), (subject.Loads, subject.Statistics.StaleHits, subject.Statistics.StaleOnFailure));
            Pass(0.001);
            Assert.Equal("value 1", subject.Get());
            Assert.Equal((3, 1, 2, 0), (subject.Loads, subject.Statistics.StaleHits, subject.Statistics.StaleOnFailure, subject.Statistics.ErrorHits));
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task All_who_wait_get_it(Eviction eviction, bool isAsync)
    {
        var subject = Of(eviction, isAsync);
        subject.Get();
        Pass(10);
        var end = subject.Hold();
        var first = subject.GetAsync();
        subject.HasBegun(2);
        using var source = new CancellationTokenSource();
        using var leaving = new CancellationTokenSource();
        Task<string?>[] others = [subject.GetAsync(), subject.GetAsync(), subject.GetAsync(1, source.Token)];
        var leaver = subject.GetAsync(1, leaving.Token);
        subject.Cache.HasMissed(6);
        leaving.Cancel();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => leaver.InTime());
        end.SetException(new InvalidTimeZoneException());

        Assert.All(await Task.WhenAll([first, .. others]).InTime(), value => Assert.Equal("value 1", value));
        Assert.Equal((4, 1), (subject.Statistics.StaleOnFailure, subject.Statistics.LoadFailures));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Who_asked_for_a_refresh_gets_the_failure_and_calls_that_wait_for_it_the_old_value(bool isAsync)
    {
        var subject = Of(Eviction.Lru, isAsync);
        subject.Get();
        Pass(10);
        var end = subject.Hold();
        var refresh = Concurrency.OnThread(() => subject.Refresh());
        subject.HasBegun(2);
        Task<string?>[] calls = [subject.GetAsync(), subject.GetAsync()];
        subject.Cache.HasMissed(3);
        end.SetException(new InvalidTimeZoneException());

        await Assert.ThrowsAsync<InvalidTimeZoneException>(() => refresh.InTime());
        Assert.Equal(["value 1", "value 1"], await Task.WhenAll(calls).InTime());
        Assert.Equal(2, subject.Statistics.StaleOnFailure);
    }

    public static TheoryData<Exception, bool> Cancellations => new()
    {
        { new OperationCanceledException(), false },
        { new TaskCanceledException(), false },
        { new TaskCanceledException("The request was canceled due to the configured HttpClient.Timeout.", new TimeoutException()), true },
        { new TimeoutException(), true },
        { new InvalidTimeZoneException(), true },
    };

    [Theory]
    [MemberData(nameof(Cancellations))]
    public void A_cancellation_is_no_failure_unless_it_tells_of_a_timeout(Exception exception, bool isFailure)
    {
        foreach (var isAsync in new[] { false, true })
        {
            var subject = Of(Eviction.Lru, isAsync);
            subject.Get();
            Pass(10);
            subject.Next = async _ =>
            {
                await Task.Yield();
                throw exception;
            };
            if (isFailure)
                Assert.Equal("value 1", subject.Get());
            else
                Assert.ThrowsAny<OperationCanceledException>(() => subject.Get());
        }
    }

    [Theory]
    [InlineData("evict", false)]
    [InlineData("evict", true)]
    [InlineData("clear", false)]
    [InlineData("clear", true)]
    public void What_was_evicted_is_given_to_nobody(string how, bool isAsync)
    {
        var subject = Of(Eviction.Lru, isAsync);
        subject.Get();
        Pass(10);
        var end = subject.Hold();
        var call = subject.GetAsync();
        subject.HasBegun(2);
        if (how == "evict")
            Assert.True(subject.Cache.Evict(1));
        else
            subject.Cache.Clear();
        end.SetException(new InvalidTimeZoneException());
        Assert.Throws<InvalidTimeZoneException>(() => call.Block());
        Assert.Equal((1, 0), (subject.Statistics.EvictionsByRequest, subject.Statistics.EvictionsByExpiry));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void What_was_set_meanwhile_is_given_in_place_of_the_failure_and_stays(bool isAsync)
    {
        var subject = Of(Eviction.Lru, isAsync);
        subject.Get();
        Pass(10);
        var end = subject.Hold();
        var call = subject.GetAsync();
        subject.HasBegun(2);
        subject.Cache.Set(1, "set");
        end.SetException(new InvalidTimeZoneException());
        Assert.Equal("set", call.Block());
        Assert.Equal("set", subject.Get());
        Assert.Equal(2, subject.Loads);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Together_with_stale_while_revalidate(Eviction eviction, bool isAsync)
    {
        var subject = Of(eviction, isAsync, stale: 20);
        subject.Get();
        Pass(10);
        subject.Fail();
        Assert.Equal("value 1", subject.Get());
        subject.HasFailed(1);

        // Past the time for stale values, callers wait for the load, and get the old value because it fails.
        Pass(20);
        Assert.Null(subject.Peek());
        Assert.Equal("value 1", subject.Get());
        Assert.Equal((1, 1, 2), (subject.Statistics.StaleHits, subject.Statistics.StaleOnFailure, subject.Statistics.LoadFailures));
        Pass(80);
        Assert.Throws<InvalidTimeZoneException>(() => subject.Get());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void The_load_that_throws_before_it_returns_a_task(bool isAsync)
    {
        var subject = Of(Eviction.Lru, isAsync);
        subject.Next = _ => throw new InvalidTimeZoneException();
        Assert.Throws<InvalidTimeZoneException>(() => subject.Get());
        subject.Next = null;
        subject.Get();
        Pass(10);
        subject.Next = _ => throw new InvalidTimeZoneException();
        Assert.Equal("value 2", subject.Get());
        Assert.Equal((1, 2), (subject.Statistics.StaleOnFailure, subject.Statistics.LoadFailures));
    }

    [Fact]
    public async Task A_caller_who_can_leave_is_counted_once()
    {
        var subject = Of(Eviction.Lru, isAsync: true);
        subject.Get();
        Pass(10);
        subject.Fail();
        using var source = new CancellationTokenSource();
        Assert.Equal("value 1", await subject.GetAsync(1, source.Token).InTime());
        Assert.Equal(1, subject.Statistics.StaleOnFailure);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void While_memoization_is_off_nothing_old_is_given(bool isAsync)
    {
        var subject = Of(Eviction.Lru, isAsync);
        subject.Get();
        Pass(10);
        var end = subject.Hold();
        var call = subject.GetAsync();
        subject.HasBegun(2);
        try
        {
            Memo.Enabled = false;
            end.SetException(new InvalidTimeZoneException());
            Assert.Throws<InvalidTimeZoneException>(() => call.Block());
        }
        finally
        {
            Memo.Enabled = true;
        }
    }
}
