using Microsoft.Extensions.Time.Testing;

namespace Memoize.Tests.Api;

[Collection(nameof(ProcessWide))]
public sealed class TimeProviderTests : IDisposable
{
    private readonly FakeTimeProvider time = new();

    public TimeProviderTests() => Memo.TimeProvider = time;

    public void Dispose() => Memo.TimeProvider = TimeProvider.System;

    [Fact]
    public void The_lifetime_begins_when_the_value_is_ready()
    {
        var cache = TestCache.Of(new() { Ttl = 10 });
        cache.Get(1, _ =>
        {
            time.Advance(TimeSpan.FromSeconds(9));
            return "value";
        });
        time.Advance(TimeSpan.FromSeconds(9));
        Assert.True(cache.TryGet(1, out _));
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.False(cache.TryGet(1, out _));
        Assert.False(cache.Peek(1, out _));
        Assert.Equal("new", cache.Get(1, _ => "new"));
    }

    [Fact]
    public async Task The_same_when_it_loads_asynchronously()
    {
        var cache = TestCache.Of(new() { Ttl = 10 });
        var release = Concurrency.Source<string>();
        var call = cache.GetAsync(1, _ => release.Task);
        time.Advance(TimeSpan.FromSeconds(60));
        release.SetResult("value");
        await call.InTime();

        time.Advance(TimeSpan.FromSeconds(9.9));
        Assert.True(cache.TryGetTask(1, out _));
        time.Advance(TimeSpan.FromSeconds(0.2));
        Assert.False(cache.TryGetTask(1, out _));
    }

    [Fact]
    public void Set_and_Refresh_begin_a_new_lifetime()
    {
        var cache = TestCache.Of(new() { Ttl = 10 });
        cache.Set(1, "set");
        time.Advance(TimeSpan.FromSeconds(6));
        cache.Set(1, "set again");
        time.Advance(TimeSpan.FromSeconds(6));
        Assert.Equal("set again", cache.Get(1, _ => "never"));
        cache.Refresh(1, _ => "fresh");
        time.Advance(TimeSpan.FromSeconds(6));
        Assert.Equal("fresh", cache.Get(1, _ => "never"));
    }

    [Fact]
    public void Peek_does_not_prolong_a_sliding_lifetime_and_a_hit_does()
    {
        var cache = TestCache.Of(new() { Sliding = 10 });
        cache.Set(1, "value");
        for (var i = 0; i < 5; i++)
        {
            time.Advance(TimeSpan.FromSeconds(6));
            Assert.True(cache.TryGet(1, out _));
        }

        time.Advance(TimeSpan.FromSeconds(6));
        Assert.True(cache.Peek(1, out _));
        time.Advance(TimeSpan.FromSeconds(6));
        Assert.False(cache.Peek(1, out _));
    }

    [Fact]
    public async Task Load_time_is_the_time_of_all_loads()
    {
        var cache = TestCache.Of();
        var release = Concurrency.Source<string>();
        cache.Get(1, _ =>
        {
            time.Advance(TimeSpan.FromSeconds(3));
            return "value";
        });
        Assert.Throws<InvalidTimeZoneException>(() => cache.Get(2, _ =>
        {
            time.Advance(TimeSpan.FromSeconds(4));
            throw new InvalidTimeZoneException();
        }));
        var call = cache.GetAsync(3, _ => release.Task);
        time.Advance(TimeSpan.FromSeconds(5));
        release.SetResult("value");
        await call.InTime();

        Assert.Equal(TimeSpan.FromSeconds(12), cache.Statistics.LoadTime);
    }

    [Fact]
    public async Task Another_provider_clears_everything_and_fences_what_is_loading()
    {
        var cache = TestCache.Of(new() { Ttl = 10 });
        var release = Concurrency.Source<string>();
        cache.Set(1, "value");
        var call = cache.GetAsync(2, _ => release.Task);

        Memo.TimeProvider = new FakeTimeProvider(DateTimeOffset.MaxValue.AddYears(-1));
        Assert.Equal(0, cache.Count);
        release.SetResult("old");
        await call.InTime();
        Assert.False(cache.TryGet(2, out _));

        cache.Set(1, "value");
        time.Advance(TimeSpan.FromDays(1));           // the old clock concerns nobody any more
        Assert.True(cache.TryGet(1, out _));
    }

    [Theory]
    [InlineData(Eviction.Lru)]
    [InlineData(Eviction.Lfu)]
    public void Every_entry_leaves_for_one_reason(Eviction eviction)
    {
        var cache = TestCache.Of(new() { Ttl = 10, MaxSize = 100, Eviction = eviction });
        for (var key = 0; key < 10; key++)
            cache.Set(key, "old");
        time.Advance(TimeSpan.FromSeconds(6));
        for (var key = 10; key < 13; key++)
            cache.Set(key, "young");
        time.Advance(TimeSpan.FromSeconds(6));
        cache.Clear();
        for (var minute = 0; minute < 10; minute++)
            time.Advance(TimeSpan.FromMinutes(1));          // whoever trims expired entries has had every chance

        Assert.Equal((3, 10, 0), (cache.Statistics.EvictionsByRequest, cache.Statistics.EvictionsByExpiry, cache.Statistics.EvictionsByCapacity));
        Assert.Equal(0, cache.Count);
    }

    [Fact]
    public void A_cache_that_is_made_later_has_the_same_clock()
    {
        var instances = TestCache.Method(new() { Ttl = 10 }).CreateInstanceCaches<object, int, string>();
        var instance = new object();
        instances.For(instance).Set(1, "value");
        time.Advance(TimeSpan.FromSeconds(11));
        Assert.False(instances.For(instance).TryGet(1, out _));
    }

    [Fact]
    public void There_is_always_one()
    {
        Assert.Same(time, Memo.TimeProvider);
        Assert.Throws<ArgumentNullException>(() => Memo.TimeProvider = null!);
        Memo.TimeProvider = TimeProvider.System;
        Assert.True(TestCache.Of(new() { Ttl = 100 }).Get(1, _ => "value") == "value");
    }
}
