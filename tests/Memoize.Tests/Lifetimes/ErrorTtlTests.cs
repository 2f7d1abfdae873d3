namespace Memoize.Tests.Lifetimes;

/// <summary>The failure of a load is remembered for a while, in the place of a value.</summary>
public sealed class ErrorTtlTests : TimedTests
{
    private static Subject Of(Eviction eviction, bool isAsync, int maxSize = 100, double ttl = 10)
        => new(new() { Ttl = ttl, ErrorTtl = 5, Eviction = eviction, MaxSize = maxSize }, isAsync);

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Everybody_gets_the_same_exception_and_nothing_is_loaded_until_its_time_is_over(Eviction eviction, bool isAsync)
    {
        var subject = Of(eviction, isAsync);
        subject.Next = _ => Throw();
        var first = Assert.Throws<InvalidTimeZoneException>(() => subject.Get());
        for (var call = 0; call < 3; call++)
        {
            var again = Assert.Throws<InvalidTimeZoneException>(() => subject.Get());
            Assert.Same(first, again);
            Assert.Contains(nameof(Throw), again.StackTrace, StringComparison.Ordinal);
        }

        Pass(4.999);
        Assert.Throws<InvalidTimeZoneException>(() => subject.Get());
        var seen = subject.Statistics;
        Assert.Equal((1, 1, 4, 4, 1, 1), (seen.Loads, seen.LoadFailures, seen.ErrorHits, seen.Hits, seen.Misses, seen.Count));

        Pass(0.001);
        subject.Next = null;
        Assert.Equal("value 2", subject.Get());
        Assert.Equal("value 2", subject.Get());
        Assert.Equal(1, subject.Statistics.EvictionsByExpiry);
    }

    private static async Task<string?> Throw()
    {
        await Task.Yield();
        throw new InvalidTimeZoneException();
    }

    [Fact]
    public void The_stack_does_not_grow()
    {
        foreach (var isAsync in new[] { false, true })
        {
            var subject = Of(Eviction.Lru, isAsync);
            subject.Next = _ => Throw();
            Assert.Throws<InvalidTimeZoneException>(() => subject.Get());
            var second = Assert.Throws<InvalidTimeZoneException>(() => subject.Get()).StackTrace!.Length;
            for (var call = 0; call < 20; call++)
                Assert.Throws<InvalidTimeZoneException>(() => subject.Get());
            Assert.Equal(second, Assert.Throws<InvalidTimeZoneException>(() => subject.Get()).StackTrace!.Length);
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_remembered_failure_is_no_value(Eviction eviction, bool isAsync)
    {
        var subject = Of(eviction, isAsync);
        subject.Fail();
        Assert.Throws<InvalidTimeZoneException>(() => subject.Get());
        Assert.Null(subject.Peek());
        Assert.False(subject.Cache.TryGet(1, out _));
        Assert.False(subject.Cache.TryGetTask(1, out _));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Evict_set_clear_and_refresh_end_it(Eviction eviction, bool isAsync)
    {
        foreach (var how in new[] { "evict", "set", "clear", "refresh" })
        {
            var subject = Of(eviction, isAsync);
            subject.Fail();
            Assert.Throws<InvalidTimeZoneException>(() => subject.Get());
            subject.Next = null;
            switch (how)
            {
                case "evict":
                    Assert.True(subject.Cache.Evict(1));
                    Assert.False(subject.Cache.Evict(1));
                    break;
                case "set":
                    subject.Cache.Set(1, "value 2");
                    break;
                case "clear":
                    subject.Cache.Clear();
                    break;
                default:
                    subject.Refresh();
                    break;
            }

            Assert.Equal("value 2", subject.Get());
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Failures_take_places_and_obey_the_bound(Eviction eviction, bool isAsync)
    {
        var subject = Of(eviction, isAsync, maxSize: 10);
        subject.Fail();
        for (var key = 0; key < 50; key++)
        {
            Assert.Throws<InvalidTimeZoneException>(() => subject.Get(key));
            Assert.True(subject.Cache.Count <= 10);
        }

        Assert.Equal(10, subject.Cache.Count);
        Assert.Equal(40, subject.Statistics.EvictionsByCapacity);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_cancellation_is_not_remembered(bool isAsync)
    {
        var subject = Of(Eviction.Lru, isAsync);
        subject.Fail(new OperationCanceledException());
        Assert.ThrowsAny<OperationCanceledException>(() => subject.Get());
        Assert.ThrowsAny<OperationCanceledException>(() => subject.Get());
        Assert.Equal((2, 0), (subject.Loads, subject.Cache.Count));
    }

    [Fact]
    public async Task Nor_is_the_failure_of_a_load_that_all_have_left()
    {
        var subject = Of(Eviction.Lru, isAsync: true);
        var end = subject.Hold();
        using var source = new CancellationTokenSource();
        var call = subject.GetAsync(1, source.Token);
        source.Cancel();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call.InTime());
        end.SetException(new InvalidTimeZoneException());
        Concurrency.Until(() => subject.Statistics.NotStoredCancelled == 1);
        Assert.Equal(0, subject.Cache.Count);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Nor_is_one_from_before_an_eviction(bool isAsync)
    {
        var subject = Of(Eviction.Lru, isAsync);
        var end = subject.Hold();
        var call = subject.GetAsync();
        subject.HasBegun(1);
        subject.Cache.Evict(1);
        end.SetException(new InvalidTimeZoneException());
        Assert.Throws<InvalidTimeZoneException>(() => call.Block());
        subject.Next = null;
        Assert.Equal("value 2", subject.Get());
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_failing_refresh_leaves_a_good_value_alone(Eviction eviction, bool isAsync)
    {
        var subject = Of(eviction, isAsync);
        subject.Get();
        subject.Fail();
        Assert.Throws<InvalidTimeZoneException>(() => subject.Refresh());
        Assert.Equal("value 1", subject.Get());
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void The_janitor_drops_what_nobody_asks_for(Eviction eviction, bool isAsync)
    {
        var subject = Of(eviction, isAsync, ttl: 0);
        subject.Fail();
        Assert.Throws<InvalidTimeZoneException>(() => subject.Get());
        Pass(120);
        Assert.Equal((0, 1), (subject.Cache.Count, subject.Statistics.EvictionsByExpiry));
    }

    [Fact]
    public void A_remembered_failure_that_nobody_asks_for_is_no_unobserved_exception()
    {
        var unobserved = 0;
        void Count(object? sender, UnobservedTaskExceptionEventArgs args)
            => Interlocked.Add(ref unobserved, args.Exception.InnerException is InvalidTimeZoneException ? 1 : 0);
        TaskScheduler.UnobservedTaskException += Count;
        try
        {
            Remember();
            Concurrency.Collect();
            Assert.Equal(0, unobserved);
        }
        finally
        {
            TaskScheduler.UnobservedTaskException -= Count;
        }

        static void Remember()
        {
            var subject = Of(Eviction.Lru, isAsync: true);
            subject.Fail();
            Assert.Throws<InvalidTimeZoneException>(() => subject.Get());
            subject.Cache.Clear();
        }
    }
}
