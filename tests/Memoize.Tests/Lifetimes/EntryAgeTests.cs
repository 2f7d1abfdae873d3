using Memoize.Tags;

namespace Memoize.Tests.Lifetimes;

/// <summary>What people are told of an entry: how old it is, how long it will be there, and what it weighs.</summary>
public sealed class EntryAgeTests : TimedTests
{
    private static CacheEntry EntryOf(Subject subject, int key = 1)
        => subject.Cache.Method.Entries(100).Single(entry => entry.Key == $"{key}");

    private static (double Age, double? Remaining) Of(Subject subject, int key = 1)
    {
        var entry = EntryOf(subject, key);
        return (entry.Age.TotalSeconds, entry.Remaining?.TotalSeconds);
    }

    [Theory, MemberData(nameof(Kinds))]
    public void Age_and_remaining_time_are_exact_with_every_lifetime(Eviction eviction, bool isAsync)
    {
        (CacheOptions Options, double? Served)[] cases =
        [
            (new() { Eviction = eviction }, null),
            (new() { Ttl = 60, Eviction = eviction }, 60),
            (new() { Sliding = 60, Eviction = eviction }, 60),
            (new() { Ttl = 90, Sliding = 60, Eviction = eviction }, 60),
            (new() { Ttl = 60, StaleWhileRevalidate = 30, Eviction = eviction }, 90),
            (new() { Ttl = 60, StaleIfError = 30, Eviction = eviction }, 60),
            (new() { Ttl = 60, RefreshAhead = 0.5, Eviction = eviction }, 60),
            (new() { Ttl = 60, ErrorTtl = 5, Eviction = eviction }, 60),
            (new() { Ttl = 60, NullTtl = 5, Eviction = eviction }, 60),
        ];
        foreach (var (options, served) in cases)
        {
            var subject = new Subject(options, isAsync);
            subject.Get();
            Assert.Equal((0, served), Of(subject));
            Pass(7.125);
            Assert.Equal((7.125, served - 7.125), Of(subject));
            subject.Get();
            Assert.Equal(7.125, Of(subject).Age);
            subject.Refresh();
            Assert.Equal((0, served), Of(subject));
        }
    }

    [Theory, MemberData(nameof(Kinds))]
    public void A_value_whose_lifetime_is_its_own_tells_its_age_all_the_same(Eviction eviction, bool isAsync)
    {
        var jittered = new Subject(new() { Ttl = 60, Jitter = 0.5, Chance = () => 0.5, Eviction = eviction }, isAsync);
        jittered.Get();
        var own = new Subject(new() { Ttl = 60, Eviction = eviction }, isAsync) { Rules = new() { Terms = _ => new() { Lifetime = TimeSpan.FromSeconds(20) } } };
        own.Get();
        var none = new Subject(new() { Ttl = 60, NullTtl = 30, Eviction = eviction }, isAsync) { Next = _ => Task.FromResult<string?>(null) };
        none.Get();
        Pass(10);
        Assert.Equal((10, 35), Of(jittered));
        Assert.Equal((10, 10), Of(own));
        Assert.Equal((10, 20), Of(none));
    }

    [Theory, MemberData(nameof(Kinds))]
    public void Other_options_do_not_make_an_entry_younger(Eviction eviction, bool isAsync)
    {
        foreach (var settings in new MethodSettings[] { new() { Ttl = 500 }, new() { Ttl = 500, Sliding = 50 }, new() { MaxSize = 20 }, new() { NullTtl = 3 } })
        {
            var subject = new Subject(new() { Ttl = 60, Eviction = eviction }, isAsync);
            subject.Get(1);
            subject.Next = _ => Task.FromResult<string?>(null);
            subject.Get(2);
            Pass(10);
            subject.Cache.Method.Configure(settings);
            Assert.Equal((10, 50), Of(subject, 1));
            Assert.Equal((10, 50), Of(subject, 2));
            Pass(5);
            Assert.Equal((15, 45), Of(subject, 1));
            subject.Cache.Method.Configure(null);
            Assert.Equal((15, 45), Of(subject, 1));
        }
    }

    [Fact]
    public void A_value_past_its_lifetime_is_as_old_as_it_is()
    {
        var subject = new Subject(new() { Ttl = 60, StaleWhileRevalidate = 30 }, isAsync: true);
        subject.Get();
        Pass(70);
        Assert.Equal((70, 20), Of(subject));
    }

    [Theory]
    [InlineData(Eviction.Lru)]
    [InlineData(Eviction.Lfu)]
    public void A_weight_is_told_where_something_is_weighed_and_only_there(Eviction eviction)
    {
        var weighed = new Subject(new() { MaxBytes = 100, Eviction = eviction }, isAsync: false) { Rules = new() { Terms = value => new() { Weight = value!.Length } } };
        weighed.Get();
        Assert.Equal("value 1".Length, EntryOf(weighed).Weight);

        foreach (var options in new CacheOptions[] { new() { Eviction = eviction }, new() { Ttl = 60, StaleIfError = 5, Eviction = eviction }, new() { Sliding = 5, Eviction = eviction } })
        {
            var subject = new Subject(options, isAsync: false);
            subject.Get();
            Assert.Null(EntryOf(subject).Weight);
        }
    }

    [Fact]
    public void An_entry_that_was_evicted_by_a_tag_is_shown_no_more()
    {
        var subject = new Subject(new() { Ttl = 60 }, isAsync: false) { Rules = new() { Tags = [EntryTag.Of("shown")] } };
        subject.Get();
        var entry = EntryOf(subject);
        Memo.EvictTag("shown");
        Assert.False(entry.TryGetValue(out _));
        Assert.Empty(subject.Cache.Method.Entries(100));
    }
}
