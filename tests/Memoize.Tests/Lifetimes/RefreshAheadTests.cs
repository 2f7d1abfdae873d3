namespace Memoize.Tests.Lifetimes;

/// <summary>Past a part of its life, a hit starts the load that renews the value before it is stale.</summary>
public sealed class RefreshAheadTests : TimedTests
{
    private static Subject Of(Eviction eviction, bool isAsync, double stale = 0, double sliding = 0, double jitter = 0, double ttl = 10)
        => new(
            new()
            {
                Ttl = ttl,
                RefreshAhead = 0.8,
                StaleWhileRevalidate = stale,
                Sliding = sliding,
                Jitter = jitter,
                Chance = () => 1,
                Eviction = eviction,
            }, isAsync);

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_hit_past_the_part_starts_one_load_and_gets_the_value_at_once(Eviction eviction, bool isAsync)
    {
        var subject = Of(eviction, isAsync);
        subject.Get();
        Pass(7.999);
        Assert.Equal("value 1", subject.Get());
        Assert.Equal(1, subject.Loads);
        Pass(0.001);
        var end = subject.Hold();
        for (var call = 0; call < 3; call++)
            Assert.Equal("value 1", subject.Get());
        subject.HasBegun(2);
        Assert.Equal("value 1", subject.Peek());
        end.SetResult("new");
        subject.HasStored("new");

        // From here on it lives anew.
        Pass(7.999);
        Assert.Equal("new", subject.Get());
        Assert.Equal((2, 1, 0, 5), (subject.Loads, subject.Statistics.BackgroundLoads, subject.Statistics.StaleHits, subject.Statistics.Hits));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task At_the_end_of_its_life_callers_wait_for_the_load_that_is_under_way(Eviction eviction, bool isAsync)
    {
        var subject = Of(eviction, isAsync);
        subject.Get();
        Pass(8);
        var end = subject.Hold();
        subject.Get();
        subject.HasBegun(2);
        Pass(2);
        var call = subject.GetAsync();
        subject.Cache.HasMissed(2);
        end.SetResult("new");
        Assert.Equal("new", await call.InTime());
        Assert.Equal(2, subject.Loads);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_failure_is_not_repeated_at_once_and_the_value_lives_to_its_end(Eviction eviction, bool isAsync)
    {
        var subject = Of(eviction, isAsync);
        subject.Get();
        Pass(8);
        subject.Fail();
        subject.Get();
        subject.HasFailed(1);
        Assert.Equal("value 1", subject.Get());
        Pass(0.999);
        Assert.Equal("value 1", subject.Get());
        Assert.Equal(2, subject.Loads);
        Pass(0.001);
        Assert.Equal("value 1", subject.Get());
        subject.HasFailed(2);
        Pass(1);
        Assert.Throws<InvalidTimeZoneException>(() => subject.Get());
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Nobody_asks_nothing_happens(Eviction eviction, bool isAsync)
    {
        var subject = Of(eviction, isAsync);
        subject.Get();
        Pass(100);
        Assert.Equal(1, subject.Loads);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void It_goes_over_into_stale_values(Eviction eviction, bool isAsync)
    {
        var subject = Of(eviction, isAsync, stale: 20);
        subject.Get();
        Pass(9);
        var end = subject.Hold();
        Assert.Equal("value 1", subject.Get());
        subject.HasBegun(2);
        Pass(1);
        Assert.Equal("value 1", subject.Get());
        Pass(19.999);
        Assert.Equal("value 1", subject.Get());
        Assert.Equal((2, 2), (subject.Loads, subject.Statistics.StaleHits));
        Pass(0.001);
        Assert.Null(subject.Peek());
        end.SetResult("new");
        subject.HasStored("new");
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Past_the_part_the_sliding_time_still_counts_from_the_last_read(Eviction eviction, bool isAsync)
    {
        var subject = Of(eviction, isAsync, sliding: 5, ttl: 100);
        subject.Get();
        for (var second = 4; second < 84; second += 4)
        {
            Pass(4);
            Assert.Equal("value 1", subject.Get());
        }

        // At 80 a hit has started a load.
        subject.HasStored("value 2");

        // An unread value goes at its time, wherever that falls.
        var unread = Of(eviction, isAsync, sliding: 15, ttl: 20);
        unread.Get();
        Pass(15.5);
        Assert.Null(unread.Peek());
        unread.Get();
        Pass(1);
        unread.Get();
        Pass(14.999);
        Assert.Equal("value 2", unread.Peek());
        Pass(0.001);
        Assert.Null(unread.Peek());
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void The_part_is_one_of_the_life_that_the_value_really_has(Eviction eviction, bool isAsync)
    {
        var subject = Of(eviction, isAsync, jitter: 0.5);
        subject.Get();                      // lives 5 seconds: from 4 on, a hit renews it
        Pass(3.999);
        subject.Get();
        Assert.Equal(1, subject.Loads);
        Pass(0.001);
        subject.Get();
        subject.HasStored("value 2");

        var own = Of(eviction, isAsync);
        own.Rules = new() { Terms = _ => new() { Lifetime = TimeSpan.FromSeconds(100) } };
        own.Get();
        Pass(79.999);
        own.Get();
        Assert.Equal(1, own.Loads);
        Pass(0.001);
        own.Get();
        own.HasStored("value 2");
    }

    [Fact]
    public void A_value_that_lives_for_ever_needs_no_renewal()
    {
        var subject = Of(Eviction.Lru, isAsync: false, ttl: 0, stale: 20);
        subject.Get();
        Pass(10_000);
        subject.Get();
        Assert.Equal((1, 0), (subject.Loads, subject.Statistics.StaleHits));
    }
}
