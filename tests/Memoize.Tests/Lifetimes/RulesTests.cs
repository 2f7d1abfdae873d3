using Memoize.Tests.Api;
using Microsoft.Extensions.Time.Testing;

namespace Memoize.Tests.Lifetimes;

/// <summary>What a method's own rules say about each value: whether it is kept, and for how long.</summary>
[Collection(nameof(ProcessWide))]
public sealed class RulesTests : IDisposable
{
    private static readonly EntryRules<string> KeepNothing = new() { Terms = _ => new() { Discard = true } };

    private readonly FakeTimeProvider time = new();

    public RulesTests() => Memo.TimeProvider = time;

    public void Dispose() => Memo.TimeProvider = TimeProvider.System;

    /// <summary>The four ways to load, so that each rule is seen in all of them.</summary>
    public static TheoryData<string, Eviction> Ways
    {
        get
        {
            var ways = new TheoryData<string, Eviction>();
            foreach (var way in new[] { "sync", "completed", "pending", "refresh", "refresh async" })
            {
                ways.Add(way, Eviction.Lru);
                ways.Add(way, Eviction.Lfu);
            }

            return ways;
        }
    }

    private static string Load(MethodCache<int, string> cache, string way, EntryRules<string> rules, string value = "value")
    {
        switch (way)
        {
            case "sync":
                return cache.Load(1, _ => value, rules);
            case "completed":
                return cache.LoadAsync(1, _ => Task.FromResult(value), rules).Block();
            case "refresh":
                return cache.Refresh(1, _ => value, rules);
            case "refresh async":
                return cache.RefreshAsync(1, _ => Task.FromResult(value), rules).Block();
            default:
                var end = Concurrency.Source<string>();
                var call = cache.LoadAsync(1, _ => end.Task, rules);
                end.SetResult(value);
                return call.Block();
        }
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public void A_discarded_value_reaches_its_caller_and_is_not_kept(string way, Eviction eviction)
    {
        var cache = TestCache.Of(new() { Eviction = eviction });

        Assert.Equal("value", Load(cache, way, KeepNothing));
        Assert.Equal("value", Load(cache, way, KeepNothing));

        Assert.False(cache.TryGet(1, out _));
        Assert.Equal((0, 2, 2, 2), (cache.Count, cache.Statistics.Loads, cache.Statistics.NotStoredByRule, cache.Statistics.NotStored));
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public void A_lifetime_takes_the_place_of_the_usual_one(string way, Eviction eviction)
    {
        foreach (var ttl in new double[] { 0, 1, 100 })
        {
            var cache = TestCache.Of(new() { Eviction = eviction, Ttl = ttl });
            Load(cache, way, new() { Terms = _ => new() { Lifetime = TimeSpan.FromSeconds(10) } });

            time.Advance(TimeSpan.FromSeconds(9.999));
            Assert.True(cache.TryGet(1, out _));
            time.Advance(TimeSpan.FromSeconds(0.001));
            Assert.False(cache.TryGet(1, out _));
        }
    }

    [Fact]
    public void Every_value_has_its_own_lifetime()
    {
        var cache = TestCache.Of<int, int>(new() { Ttl = 5 });
        EntryRules<int> rules = new() { Terms = seconds => new() { Lifetime = seconds == 0 ? null : TimeSpan.FromSeconds(seconds) } };
        foreach (var seconds in new[] { 0, 1, 10 })
            cache.Load(seconds, _ => seconds, rules);

        bool[] Present() => [.. new[] { 1, 0, 10 }.Select(key => cache.TryGet(key, out _))];
        Assert.Equal([true, true, true], Present());
        time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal([false, true, true], Present());
        time.Advance(TimeSpan.FromSeconds(4));
        Assert.Equal([false, false, true], Present());
        time.Advance(TimeSpan.FromSeconds(4));
        Assert.Equal([false, false, false], Present());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(long.MinValue)]
    public void A_lifetime_that_is_over_at_once_is_not_kept(long ticks)
    {
        var cache = TestCache.Of();
        Assert.Equal("value", cache.Load(1, _ => "value", new EntryRules<string> { Terms = _ => new() { Lifetime = new(ticks) } }));

        Assert.Equal((0, 1), (cache.Count, cache.Statistics.NotStoredByRule));
    }

    [Fact]
    public void A_lifetime_for_ever_is_for_ever_and_a_part_of_a_millisecond_is_one()
    {
        var cache = TestCache.Of(new() { Ttl = 1 });
        cache.Load(1, _ => "", new EntryRules<string> { Terms = _ => new() { Lifetime = TimeSpan.MaxValue } });
        cache.Load(2, _ => "", new EntryRules<string> { Terms = _ => new() { Lifetime = new(1) } });
        Assert.True(cache.TryGet(2, out _));

        time.Advance(TimeSpan.FromDays(1));
        Assert.True(cache.TryGet(1, out _));
        Assert.False(cache.TryGet(2, out _));
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public void A_rule_that_throws_takes_the_value_from_nobody(string way, Eviction eviction)
    {
        var cache = TestCache.Of(new() { Eviction = eviction });
        EntryRules<string> rules = new() { Terms = _ => throw new InvalidTimeZoneException() };

        Assert.Equal("value", Load(cache, way, rules));

        Assert.False(cache.TryGet(1, out _));
        Assert.Equal((1, 1, 0), (cache.Statistics.NotStoredFailed, cache.Statistics.NotStored, cache.Statistics.LoadFailures));
        Assert.Equal("next", Load(cache, way, default, "next"));
        Assert.True(cache.TryGet(1, out _));
    }

    [Theory]
    [InlineData("refresh")]
    [InlineData("refresh async")]
    public void What_was_kept_goes_when_the_newer_value_is_not_kept(string way)
    {
        var cache = TestCache.Of();
        cache.Set(1, "old");
        Assert.Equal("draft", Load(cache, way, KeepNothing, "draft"));
        Assert.False(cache.TryGet(1, out _));

        cache.Set(1, "old");
        Assert.Equal("draft", Load(cache, way, new() { Terms = _ => throw new InvalidTimeZoneException() }, "draft"));
        Assert.False(cache.TryGet(1, out _));
    }

    [Fact]
    public void The_rules_are_asked_once_for_each_value_and_not_of_failures()
    {
        var asked = new List<string>();
        EntryRules<string> rules = new()
        {
            Terms = value =>
            {
                asked.Add(value);
                return default;
            },
        };
        var cache = TestCache.Of();
        Assert.Throws<InvalidTimeZoneException>(() => cache.Load(1, _ => throw new InvalidTimeZoneException(), rules));
        cache.Load(1, _ => "a", rules);
        cache.Load(1, _ => "never", rules);
        Assert.True(cache.TryGet(1, out _));
        cache.Set(2, "b", rules);

        Assert.Equal(["a", "b"], asked);
    }

    [Fact]
    public async Task The_rules_run_in_the_context_of_the_load()
    {
        var tenant = new AsyncLocal<string>();
        var seen = new List<string?>();
        EntryRules<string> rules = new()
        {
            Terms = _ =>
            {
                seen.Add(tenant.Value);
                return default;
            },
        };
        var cache = TestCache.Of();
        tenant.Value = "mine";
        cache.Load(1, _ => "", rules);
        await cache.LoadAsync(2, _ => Task.FromResult(""), rules).InTime();
        var end = new TaskCompletionSource<string>();
        var call = cache.LoadAsync(3, _ => end.Task, rules);
        tenant.Value = "another";
        end.SetResult("");
        await call.InTime();

        Assert.Equal(["mine", "mine", "mine"], seen);
    }

    [Fact]
    public async Task A_rule_that_asks_for_the_key_is_refused_and_does_not_hang()
    {
        var cache = TestCache.Of();
        Exception? refusal = null;
        EntryRules<string> rules = new()
        {
            Terms = _ =>
            {
                refusal = Record.Exception(() => cache.Load(1, _ => "inner"));
                return default;
            },
        };
        Assert.Equal("outer", cache.Load(1, _ => "outer", rules));
        Assert.IsType<InvalidOperationException>(refusal);

        cache.Clear();
        refusal = null;
        var end = Concurrency.Source<string>();
        var call = cache.LoadAsync(1, _ => end.Task, rules);
        end.SetResult("outer");
        Assert.Equal("outer", await call.InTime());
        Assert.IsType<InvalidOperationException>(refusal);
    }

    [Fact]
    public void Set_obeys_the_rules()
    {
        var cache = TestCache.Of();
        cache.Set(1, "old");
        cache.Set(1, "new", KeepNothing);
        Assert.False(cache.Peek(1, out _));

        cache.Set(1, "old");
        Assert.Throws<InvalidTimeZoneException>(() => cache.Set(1, "new", new() { Terms = _ => throw new InvalidTimeZoneException() }));
        Assert.False(cache.Peek(1, out _));

        cache.Set(1, "short", new() { Terms = _ => new() { Lifetime = TimeSpan.FromSeconds(1) } });
        Assert.True(cache.Peek(1, out _));
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.False(cache.Peek(1, out _));
        Assert.Equal(0, cache.Statistics.NotStored);
    }

    [Fact]
    public async Task The_rules_of_the_call_that_started_the_load_count()
    {
        var cache = TestCache.Of();
        var end = Concurrency.Source<string>();
        var first = cache.LoadAsync(1, _ => end.Task, KeepNothing);
        var second = cache.LoadAsync(1, _ => end.Task);
        end.SetResult("value");

        Assert.Equal(["value", "value"], await Task.WhenAll(first, second).InTime());
        Assert.Equal(0, cache.Count);
    }

    [Fact]
    public void Calls_past_the_cache_are_counted()
    {
        var cache = TestCache.Of();
        cache.CountBypass();
        Assert.Equal((1, 0, 0), (cache.Statistics.Bypassed, cache.Statistics.Hits, cache.Statistics.Misses));
    }
}
