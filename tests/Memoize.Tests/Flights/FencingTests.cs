namespace Memoize.Tests.Flights;

/// <summary>After an eviction has returned, no call that starts later sees a value whose load began before it.</summary>
public class FencingTests
{
    private readonly CachedMethod method = TestCache.Method();
    private readonly MethodCache<int, string> cache;
    private readonly TaskCompletionSource<string> old = Concurrency.Source<string>();
    private readonly TaskCompletionSource<string> young = Concurrency.Source<string>();

    public FencingTests() => cache = method.CreateCache<int, string>();

    public static TheoryData<string> Evictions => ["Evict", "Clear", "method Clear", "Memo.ClearAll"];

    private void Evict(string how)
    {
        switch (how)
        {
            case "Evict":
                Assert.False(cache.Evict(1));
                break;
            case "Clear":
                cache.Clear();
                break;
            case "method Clear":
                method.Clear();
                break;
            default:
                Memo.Caches.Single(one => one == method).Clear();
                break;
        }
    }

    [Theory]
    [MemberData(nameof(Evictions))]
    public async Task Evicted_while_loading_those_before_get_the_value_and_those_after_a_new_load(string how)
    {
        Task<string>[] before = [cache.GetAsync(1, _ => old.Task), cache.GetAsync(1, _ => old.Task), Concurrency.OnThread(() => cache.Get(1, _ => "never"))];
        cache.HasMissed(3);
        Evict(how);
        Task<string>[] after = [cache.GetAsync(1, _ => young.Task), cache.GetAsync(1, _ => young.Task)];

        old.SetResult("old");
        Assert.All(await Task.WhenAll(before).InTime(), value => Assert.Equal("old", value));
        Assert.False(cache.Peek(1, out _));
        Assert.All(after, call => Assert.False(call.IsCompleted));

        young.SetResult("young");
        Assert.All(await Task.WhenAll(after).InTime(), value => Assert.Equal("young", value));
        Assert.True(cache.Peek(1, out var kept));
        Assert.Equal("young", kept);
        Assert.Equal((2, 1), (cache.Statistics.Loads, cache.Statistics.NotStoredEvicted));
    }

    [Fact]
    public async Task The_old_load_does_not_overwrite_what_the_new_one_has_stored()
    {
        var before = cache.GetAsync(1, _ => old.Task);
        cache.Evict(1);
        Assert.Equal("young", cache.Get(1, _ => "young"));
        old.SetResult("old");
        await before.InTime();

        Assert.Equal("young", cache.Get(1, _ => "never"));
    }

    [Fact]
    public async Task The_failure_of_an_evicted_load_leaves_the_new_one_alone()
    {
        var before = cache.GetAsync(1, _ => old.Task);
        cache.Evict(1);
        var after = cache.GetAsync(1, _ => young.Task);
        old.SetException(new InvalidTimeZoneException());
        await Assert.ThrowsAsync<InvalidTimeZoneException>(() => before.InTime());

        var joiner = cache.GetAsync(1, _ => Task.FromResult("never"));
        young.SetResult("young");
        Assert.Equal("young", await after.InTime());
        Assert.Equal("young", await joiner.InTime());
    }

    [Fact]
    public async Task The_cancellation_of_an_evicted_load_leaves_the_new_one_alone()
    {
        using var source = new CancellationTokenSource();
        var before = cache.GetAsync(1, _ => old.Task, source.Token);
        cache.Evict(1);
        var after = cache.GetAsync(1, _ => young.Task);
        source.Cancel();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => before.InTime());

        var joiner = cache.GetAsync(1, _ => Task.FromResult("never"));
        young.SetResult("young");
        Assert.Equal("young", await after.InTime());
        Assert.Equal("young", await joiner.InTime());
        Assert.True(cache.TryGet(1, out _));
    }

    [Fact]
    public async Task A_load_does_not_overwrite_what_was_set_during_it()
    {
        var before = cache.GetAsync(1, _ => old.Task);
        cache.Set(1, "set");
        Assert.Equal("set", cache.Get(1, _ => "never"));
        old.SetResult("old");

        Assert.Equal("old", await before.InTime());
        Assert.Equal("set", cache.Get(1, _ => "never"));
        Assert.Equal(1, cache.Statistics.NotStoredEvicted);
    }

    [Fact]
    public async Task An_eviction_concerns_its_own_key_only()
    {
        var call = cache.GetAsync(1, _ => old.Task);
        cache.Set(2, "two");
        cache.Evict(3);
        cache.Evict(2);
        old.SetResult("one");
        await call.InTime();

        Assert.True(cache.TryGet(1, out _));
        Assert.False(cache.TryGet(2, out _));
    }

    [Fact]
    public void Evict_says_whether_there_was_an_entry()
    {
        Assert.False(cache.Evict(1));
        cache.Set(1, "value");
        Assert.True(cache.Evict(1));
        Assert.False(cache.Evict(1));
        Assert.False(cache.TryGet(1, out _));
    }

    [Fact]
    public void A_load_may_evict_itself_and_is_then_not_kept()
    {
        Assert.Equal("value", cache.Get(1, _ =>
        {
            cache.Evict(1);
            return "value";
        }));
        Assert.False(cache.Peek(1, out _));
    }

    [Fact]
    public void Clear_empties_the_cache_and_counts()
    {
        for (var key = 0; key < 10; key++)
            cache.Set(key, "value");
        cache.Clear();

        Assert.Equal(0, cache.Count);
        Assert.Equal(10, cache.Statistics.EvictionsByRequest);
        Assert.False(cache.TryGet(3, out _));
    }

    [Fact]
    public void Set_replaces_and_Peek_only_looks()
    {
        cache.Set(1, "one");
        cache.Set(1, "other");

        Assert.True(cache.Peek(1, out var value));
        Assert.Equal("other", value);
        Assert.False(cache.Peek(2, out _));
        Assert.Equal((0, 0, 0, 1), (cache.Statistics.Hits, cache.Statistics.Misses, cache.Statistics.Loads, cache.Count));
    }
}
