namespace Memoize.Tests.Api;

[Collection(nameof(ProcessWide))]
public sealed class EnabledTests : IDisposable
{
    private readonly MethodCache<int, string> cache = TestCache.Of();
    private int loads;

    private string Load(CancellationToken _) => $"value {++loads}";

    private Task<string> LoadAsync(CancellationToken token) => Task.FromResult(Load(token));

    public void Dispose() => Memo.Enabled = true;

    [Fact]
    public async Task Off_every_call_runs_the_original_and_nothing_is_stored()
    {
        Memo.Enabled = false;

        Assert.False(Memo.Enabled);
        Assert.Equal("value 1", cache.Get(1, Load));
        Assert.Equal("value 2", cache.Get(1, Load));
        Assert.Equal("value 3", await cache.GetAsync(1, LoadAsync));
        Assert.Equal("value 4", cache.Refresh(1, Load));
        Assert.Equal(0, cache.Count);
        Assert.Equal(new CacheStatistics { Bypassed = 4 }, cache.Statistics);
    }

    [Fact]
    public async Task Off_entries_are_not_served_and_on_again_they_are_back()
    {
        cache.Get(1, Load);
        Memo.Enabled = false;
        Assert.False(cache.TryGet(1, out _));
        Assert.False(cache.TryGetTask(1, out _));
        Assert.False(cache.Peek(1, out _));
        Assert.Equal("value 2", await cache.GetAsync(1, LoadAsync));

        Memo.Enabled = true;
        Assert.Equal("value 1", cache.Get(1, Load));
    }

    [Fact]
    public void Off_the_call_gets_its_own_token_and_may_ask_for_itself()
    {
        Memo.Enabled = false;
        using var source = new CancellationTokenSource();

        Assert.Equal(source.Token, TestCache.Of<int, CancellationToken>().Get(1, token => token, source.Token));
        Assert.Equal("inner", cache.Get(1, _ => cache.Get(1, _ => "inner")));
    }

    [Fact]
    public async Task Off_nobody_waits_for_a_load_of_before_and_its_value_is_not_kept()
    {
        var release = Concurrency.Source<string>();
        var before = cache.GetAsync(1, _ => release.Task);
        Memo.Enabled = false;

        Assert.Equal("value 1", cache.Get(1, Load));
        release.SetResult("before");
        Assert.Equal("before", await before.InTime());
        Memo.Enabled = true;
        Assert.False(cache.TryGet(1, out _));
        Assert.Equal(1, cache.Statistics.NotStoredDisabled);
    }

    [Fact]
    public void Off_evictions_and_Set_still_work()
    {
        cache.Set(1, "one");
        cache.Set(2, "two");
        Memo.Enabled = false;
        Assert.True(cache.Evict(1));
        cache.Set(2, "second");
        Memo.Enabled = true;

        Assert.False(cache.TryGet(1, out _));
        Assert.Equal("second", cache.Get(2, Load));
    }
}
