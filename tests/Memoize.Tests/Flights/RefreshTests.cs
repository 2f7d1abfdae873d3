namespace Memoize.Tests.Flights;

public class RefreshTests
{
    private readonly MethodCache<int, string> cache = TestCache.Of();
    private readonly TaskCompletionSource<string> release = Concurrency.Source<string>();

    private static Task<string> Never(CancellationToken _) => Task.FromResult("never");

    [Fact]
    public async Task Loads_although_there_is_an_entry_and_replaces_it()
    {
        cache.Set(1, "old");

        Assert.Equal("new", cache.Refresh(1, _ => "new"));
        Assert.Equal("new", cache.Get(1, _ => "never"));
        Assert.Equal("newer", await cache.RefreshAsync(1, _ => Task.FromResult("newer")));
        Assert.Equal("newer", cache.Get(1, _ => "never"));
        Assert.Equal((2, 0, 2, 1), (cache.Statistics.Loads, cache.Statistics.Misses, cache.Statistics.Hits, cache.Count));
    }

    [Fact]
    public async Task Callers_get_the_old_value_meanwhile()
    {
        cache.Set(1, "old");
        var refresh = cache.RefreshAsync(1, _ => release.Task);

        Assert.Equal("old", cache.Get(1, _ => "never"));
        Assert.Equal("old", await cache.LoadAsync(1, Never));
        release.SetResult("new");
        Assert.Equal("new", await refresh.InTime());
        Assert.Equal("new", cache.Get(1, _ => "never"));
    }

    [Fact]
    public async Task Callers_who_find_nothing_wait_for_it()
    {
        var refresh = cache.RefreshAsync(1, _ => release.Task);
        var async = cache.GetAsync(1, Never);
        var sync = Concurrency.OnThread(() => cache.Get(1, _ => "never"));
        cache.HasMissed(2);
        release.SetResult("new");

        Assert.All(await Task.WhenAll(refresh, async, sync).InTime(), value => Assert.Equal("new", value));
        Assert.Equal(1, cache.Statistics.Loads);
    }

    [Fact]
    public async Task Refreshes_that_overlap_share_one_load()
    {
        var loads = 0;
        var first = cache.RefreshAsync(1, _ =>
        {
            loads++;
            return release.Task;
        });
        var more = Enumerable.Range(0, 8).Select(_ => cache.RefreshAsync(1, Never)).ToArray();
        release.SetResult("new");

        Assert.All(await Task.WhenAll([first, .. more]).InTime(), value => Assert.Equal("new", value));
        Assert.Equal(1, loads);
    }

    [Fact]
    public async Task A_failure_keeps_the_old_value_and_reaches_who_refreshes()
    {
        cache.Set(1, "old");

        Assert.Throws<InvalidTimeZoneException>(() => cache.Refresh(1, _ => throw new InvalidTimeZoneException()));
        await Assert.ThrowsAsync<InvalidTimeZoneException>(() => cache.RefreshAsync(1, async _ =>
        {
            await Task.Yield();
            throw new InvalidTimeZoneException();
        }));
        Assert.Equal("old", cache.Get(1, _ => "never"));
        Assert.Equal(2, cache.Statistics.LoadFailures);
    }

    [Fact]
    public async Task It_takes_the_place_of_a_load_that_began_before()
    {
        var early = Concurrency.Source<string>();
        var caller = cache.GetAsync(1, _ => early.Task);
        var refresh = cache.RefreshAsync(1, _ => release.Task);
        var later = cache.GetAsync(1, Never);

        release.SetResult("after the change");
        Assert.Equal("after the change", await refresh.InTime());
        Assert.Equal("after the change", await later.InTime());
        early.SetResult("before the change");
        Assert.Equal("before the change", await caller.InTime());
        Assert.Equal("after the change", cache.Get(1, _ => "never"));
    }

    [Theory]
    [InlineData("Evict")]
    [InlineData("Set")]
    [InlineData("Clear")]
    public async Task It_is_fenced_like_any_load(string how)
    {
        cache.Set(1, "old");
        var refresh = cache.RefreshAsync(1, _ => release.Task);
        switch (how)
        {
            case "Evict":
                cache.Evict(1);
                break;
            case "Set":
                cache.Set(1, "set");
                break;
            default:
                cache.Clear();
                break;
        }

        release.SetResult("outdated");
        Assert.Equal("outdated", await refresh.InTime());
        Assert.Equal(how == "Set" ? "set" : "loaded", cache.Get(1, _ => "loaded"));
    }

    [Fact]
    public async Task Who_is_cancelled_leaves_and_the_last_one_cancels_it()
    {
        cache.Set(1, "old");
        using var one = new CancellationTokenSource();
        using var two = new CancellationTokenSource();
        CancellationToken seen = default;
        var first = cache.RefreshAsync(1, token =>
        {
            seen = token;
            return release.Task;
        }, one.Token);
        var second = cache.RefreshAsync(1, Never, two.Token);

        one.Cancel();
        Assert.False(seen.IsCancellationRequested);
        two.Cancel();
        Assert.True(seen.IsCancellationRequested);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first.InTime());
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second.InTime());
        release.SetResult("too late");
        Concurrency.Until(() => cache.Statistics.NotStoredCancelled == 1);
        Assert.Equal("old", cache.Get(1, _ => "never"));
    }
}
