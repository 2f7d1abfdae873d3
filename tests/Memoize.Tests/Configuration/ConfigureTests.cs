using Memoize.Tags;
using Memoize.Tests.Lifetimes;

namespace Memoize.Tests.Configuration;

/// <summary>Options change while the program runs: at once for what is stored from then on, and not for what is there.</summary>
public sealed class ConfigureTests : TimedTests
{
    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_lifetime_holds_for_what_is_stored_from_then_on(Eviction eviction, bool isAsync)
    {
        var subject = new Subject(new() { Ttl = 100, Eviction = eviction }, isAsync);
        Assert.Equal("value 1", subject.Get(1));
        subject.Cache.Method.Configure(new() { Ttl = 10 });
        Assert.Equal("value 2", subject.Get(2));
        Pass(11);
        Assert.Equal("value 1", subject.Get(1));
        Assert.Equal("value 3", subject.Get(2));
        Assert.Equal((100, 10), (subject.Cache.Method.Options.Ttl, subject.Cache.Method.CurrentOptions.Ttl));

        subject.Cache.Method.Configure(null);
        Assert.Same(subject.Cache.Method.Options, subject.Cache.Method.CurrentOptions);
        Pass(9);
        Assert.Equal("value 3", subject.Get(2));
        Pass(1);
        Assert.Equal("value 4", subject.Get(2));
        Pass(99);
        Assert.Equal("value 4", subject.Get(2));
        Assert.Equal(0, subject.Statistics.EvictionsByRequest);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Sliding_can_be_switched_on_under_entries_that_do_not_slide_and_off_again(Eviction eviction, bool isAsync)
    {
        var subject = new Subject(new() { Ttl = 100, Eviction = eviction }, isAsync);
        subject.Get(1);
        subject.Cache.Method.Configure(new() { Sliding = 10 });
        subject.Get(2);
        for (var i = 0; i < 12; i++)
        {
            Pass(8);
            Assert.Equal(("value 1", "value 2"), (subject.Get(1), subject.Get(2)));
        }

        Pass(4);
        Assert.Equal("value 3", subject.Get(1));
        Assert.Equal("value 4", subject.Get(2));
        Pass(10);
        Assert.Equal("value 5", subject.Get(2));

        subject.Cache.Method.Configure(null);
        Assert.Equal("value 6", subject.Get(3));
        Pass(99);
        Assert.Equal("value 6", subject.Get(3));
        Assert.Equal("value 7", subject.Get(2));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Old_values_and_errors_are_served_as_the_settings_say(Eviction eviction, bool isAsync)
    {
        var subject = new Subject(new() { Ttl = 10, Eviction = eviction }, isAsync);
        subject.Cache.Method.Configure(new() { StaleIfError = 100, ErrorTtl = 5 });
        subject.Get(1);
        Pass(11);
        subject.Fail();
        Assert.Equal("value 1", subject.Get(1));
        Assert.Throws<InvalidTimeZoneException>(() => subject.Get(2));
        Assert.Throws<InvalidTimeZoneException>(() => subject.Get(2));
        Assert.Equal((3, 1), (subject.Loads, subject.Statistics.ErrorHits));

        // They are gone when the settings are.
        subject.Cache.Method.Configure(null);
        Assert.Throws<InvalidTimeZoneException>(() => subject.Get(1));
        subject.Next = null;
        Assert.Equal("value 5", subject.Get(2));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Loads_in_the_background_can_be_taken_away_and_given_back(Eviction eviction, bool isAsync)
    {
        var subject = new Subject(new() { Ttl = 10, StaleWhileRevalidate = 100, Eviction = eviction }, isAsync);
        subject.Get(1);
        subject.Cache.Method.Configure(new() { StaleWhileRevalidate = 0 });
        Pass(11);
        Assert.Equal("value 2", subject.Get(1));
        subject.Cache.Method.Configure(new() { RefreshAhead = 0.5 });
        Assert.Equal("value 3", subject.Refresh(1));
        Pass(6);
        Assert.Equal("value 3", subject.Get(1));
        subject.HasStored("value 4");
        Assert.Equal(1, subject.Statistics.BackgroundLoads);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_smaller_bound_holds_at_once_and_a_larger_one_too(Eviction eviction, bool isAsync)
    {
        var subject = new Subject(new() { MaxSize = 100, Eviction = eviction }, isAsync);
        for (var key = 0; key < 100; key++)
            subject.Get(key);
        subject.Cache.Method.Configure(new() { MaxSize = 10 });
        Assert.InRange(subject.Cache.Count, 1, 10);
        Assert.Equal(100 - subject.Cache.Count, subject.Statistics.EvictionsByCapacity);
        subject.Cache.Method.Configure(new() { MaxSize = 200 });
        for (var key = 0; key < 200; key++)
            subject.Get(key);
        Assert.InRange(subject.Cache.Count, 150, 200);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_method_that_is_off_remembers_nothing_and_no_set_is_kept(Eviction eviction, bool isAsync)
    {
        var subject = new Subject(new() { Eviction = eviction }, isAsync);
        var other = new Subject(new() { Eviction = eviction }, isAsync);
        subject.Get();
        other.Get();
        subject.Cache.Method.Configure(new() { Enabled = false });
        Assert.False(subject.Cache.Method.IsEnabled);
        Assert.Equal(("value 2", "value 3"), (subject.Get(), subject.Get()));
        subject.Cache.Set(1, "set");
        Assert.Null(subject.Peek());
        Assert.Equal("value 4", subject.Get());
        Assert.Equal((3, 0), (subject.Statistics.Bypassed, subject.Cache.Count));
        Assert.Equal("value 1", other.Get());

        subject.Cache.Method.Configure(null);
        Assert.Equal(("value 5", "value 5"), (subject.Get(), subject.Get()));
    }

    [Fact]
    public async Task A_load_under_way_when_its_method_is_switched_off_is_not_kept()
    {
        var subject = new Subject(new(), isAsync: true);
        var end = subject.Hold();
        var call = subject.GetAsync(cancellationToken: TestContext.Current.CancellationToken);
        subject.Cache.Method.Configure(new() { Enabled = false });
        end.SetResult("late");
        Assert.Equal("late", await call);
        Assert.Equal((0, 1), (subject.Cache.Count, subject.Statistics.NotStoredDisabled));
    }

    [Fact]
    public async Task A_load_under_way_brings_its_value_into_the_changed_cache()
    {
        var subject = new Subject(new() { Ttl = 100 }, isAsync: true);
        var end = subject.Hold();
        var call = subject.GetAsync(cancellationToken: TestContext.Current.CancellationToken);
        subject.Cache.Method.Configure(new() { Ttl = 10 });
        end.SetResult("late");
        await call;
        Assert.Equal("late", subject.Peek());
        Pass(10);
        Assert.Null(subject.Peek());
    }

    [Fact]
    public void A_timeout_holds_for_the_next_load()
    {
        var subject = new Subject(new(), isAsync: true);
        subject.Cache.Method.Configure(new() { Timeout = 5 });
        var end = subject.Hold();
        var call = subject.GetAsync(cancellationToken: TestContext.Current.CancellationToken);
        Pass(5);
        Assert.Contains("within 5 seconds", Assert.Throws<TimeoutException>(() => call.Block()).Message, StringComparison.Ordinal);
        end.SetResult("late");
    }

    [Fact]
    public void Tags_and_weights_come_along()
    {
        var method = TestCache.Method(new() { MaxBytes = 100, MaxSize = 50 });
        var cache = method.CreateCache<int, string>();
        for (var key = 0; key < 10; key++)
        {
            cache.Set(key, "v", new()
            {
                Terms = static _ => new() { Weight = 10 },
                Tags = [EntryTag.Of(key % 2 == 0 ? "even" : "odd")],
            });
        }

        method.Configure(new() { Ttl = 10 });
        Assert.Equal((10, 100), (cache.Count, cache.Statistics.Weight));
        Assert.Equal(5, Memo.EvictTag("even"));
        Assert.Equal((5, 50), (cache.Count, cache.Statistics.Weight));
        method.Configure(new() { MaxBytes = 20 });
        Assert.Equal((2, 20), (cache.Count, cache.Statistics.Weight));
    }

    [Fact]
    public void Caches_of_instances_and_those_that_come_later_have_the_settings_too()
    {
        var method = TestCache.Method();
        var caches = method.CreateInstanceCaches<object, int, string>();
        var (one, two) = (new object(), new object());
        caches.For(one).Set(1, "a");
        method.Configure(new() { Ttl = 10 });
        caches.For(one).Set(2, "b");
        caches.For(two).Set(2, "c");
        Pass(10);
        Assert.Equal((true, false, false), (caches.For(one).Peek(1, out _), caches.For(one).Peek(2, out _), caches.For(two).Peek(2, out _)));
    }

    [Theory]
    [InlineData("StaleWhileRevalidate", "Give its attribute StaleWhileRevalidate or RefreshAhead")]
    [InlineData("RefreshAhead", "Give its attribute StaleWhileRevalidate or RefreshAhead")]
    [InlineData("MaxBytes", "Give its attribute MaxBytes and Weigher")]
    [InlineData("Ttl", "time does not run backwards")]
    [InlineData("MaxSize", "at least 3 entries")]
    public void What_cannot_be_is_refused_and_changes_nothing(string option, string why)
    {
        var method = TestCache.Method(new() { Ttl = 7 });
        MethodSettings settings = option switch
        {
            "StaleWhileRevalidate" => new() { StaleWhileRevalidate = 1 },
            "RefreshAhead" => new() { RefreshAhead = 0.5 },
            "MaxBytes" => new() { MaxBytes = 10 },
            "Ttl" => new() { Ttl = -1 },
            _ => new() { MaxSize = 2 },
        };
        var refused = Assert.ThrowsAny<ArgumentException>(() => method.Configure(settings));
        Assert.Contains(method.Name, refused.Message, StringComparison.Ordinal);
        Assert.Contains(why, refused.Message, StringComparison.Ordinal);
        Assert.Same(method.Options, method.CurrentOptions);
    }

    [Fact]
    public void Hits_and_loads_go_on_while_options_change()
    {
        var method = TestCache.Method(new() { Ttl = 1000, MaxSize = 64 });
        var cache = method.CreateCache<int, string>(tasks: true);
        using var stop = new CancellationTokenSource();
        var callers = Enumerable.Range(0, 4).Select(seed => Concurrency.OnThread(() =>
        {
            var random = new Random(seed);
            while (!stop.IsCancellationRequested)
            {
                var key = random.Next(50);
                Assert.Equal($"{key}", cache.GetAsync(key, _ => Task.FromResult($"{key}")).Block());
            }

            return true;
        })).ToList();
        for (var i = 0; i < 500; i++)
        {
            method.Configure((i % 5) switch
            {
                0 => new() { Sliding = 50 },
                1 => new() { Enabled = false },
                2 => new() { StaleIfError = 50, Sliding = 20 },
                3 => new() { MaxSize = 10 },
                _ => null,
            });
        }

        stop.Cancel();
        foreach (var caller in callers)
            Assert.True(caller.Block());
        Assert.InRange(cache.Count, 0, 64);
    }
}
