using Memoize.Isolation;
using Memoize.Tests.Api;
using Microsoft.Extensions.Time.Testing;

namespace Memoize.Tests.Isolation;

[Collection(nameof(ProcessWide))]
public sealed class CacheIsolationTests
{
    private readonly FakeTimeProvider time = new();
    private readonly MethodCache<int, string> cache = TestCache.Of(new() { Ttl = 60 });
    private int loads;

    private string Load(CancellationToken _) => $"value {Interlocked.Increment(ref loads)}";

    private Task<string> LoadAsync(CancellationToken token) => Task.FromResult(Load(token));

    [Fact]
    public void An_isolated_flow_has_entries_and_statistics_of_its_own()
    {
        cache.Set(1, "outside");
        using (CacheIsolation.Begin(time))
        {
            Assert.False(cache.Peek(1, out _));
            Assert.Equal("value 1", cache.Get(1, Load));
            Assert.Equal("value 1", cache.Get(1, Load));
            Assert.Equal(new CacheStatistics { Hits = 1, Misses = 1, Loads = 1, Count = 1 }, cache.Statistics);
        }

        Assert.Equal("outside", cache.Get(1, Load));
        Assert.Equal(new CacheStatistics { Hits = 1, Count = 1 }, cache.Statistics);
    }

    [Fact]
    public async Task Every_operation_acts_on_the_flow_s_own_cache()
    {
        cache.Set(1, "outside");
        cache.Set(2, "outside");
        using (CacheIsolation.Begin(time))
        {
            cache.Set(1, "inside");
            Assert.True(cache.Peek(1, out var seen));
            Assert.Equal("inside", seen);
            Assert.True(cache.Evict(1));
            Assert.False(cache.Evict(1));
            Assert.Equal("value 1", cache.Refresh(1, Load));
            Assert.Equal("value 2", await cache.RefreshAsync(1, LoadAsync));
            Assert.Equal("value 2", await cache.GetAsync(1, LoadAsync));
            Assert.Equal(1, cache.Count);
            cache.Clear();
            Assert.Equal(0, cache.Count);
        }

        Assert.Equal(2, cache.Count);
        Assert.True(cache.Peek(1, out var kept));
        Assert.Equal("outside", kept);
    }

    [Fact]
    public async Task Who_is_not_isolated_finds_its_entries_while_another_flow_is()
    {
        var inside = Concurrency.Source<bool>();
        var done = Concurrency.Source<bool>();
        var other = Task.Run(async () =>
        {
            using var isolation = CacheIsolation.Begin(time);
            Assert.Equal("value 1", cache.Get(1, Load));
            inside.SetResult(true);
            await done.Task;
        });
        await inside.Task.InTime();

        Assert.False(cache.TryGet(1, out _));
        Assert.Equal("value 2", cache.Get(1, Load));
        Assert.Equal("value 2", cache.Get(1, Load));
        Assert.Equal("value 2", await cache.GetAsync(1, LoadAsync));
        Assert.Equal(new CacheStatistics { Hits = 2, Misses = 1, Loads = 1, Count = 1 }, cache.Statistics with { LoadTime = default });

        done.SetResult(true);
        await other.InTime();
        Assert.True(cache.TryGet(1, out _));
    }

    [Fact]
    public async Task The_flow_takes_its_isolation_along_into_tasks_and_threads()
    {
        using var isolation = CacheIsolation.Begin(time);
        await Task.Run(() => cache.Get(1, Load));
        var thread = new Thread(() => cache.Get(1, Load));
        thread.Start();
        thread.Join();

        Assert.Equal(1, loads);
        Assert.Equal(1, cache.Statistics.Hits);
    }

    [Fact]
    public void The_flow_has_a_clock_and_a_switch_of_its_own()
    {
        using (var isolation = CacheIsolation.Begin(time))
        {
            Assert.Same(time, Memo.TimeProvider);
            cache.Get(1, Load);
            time.Advance(TimeSpan.FromSeconds(59));
            Assert.Equal("value 1", cache.Get(1, Load));
            time.Advance(TimeSpan.FromSeconds(1));
            Assert.Equal("value 2", cache.Get(1, Load));

            Memo.Enabled = false;
            Assert.False(isolation.Enabled);
            Assert.Equal("value 3", cache.Get(1, Load));
        }

        Assert.True(Memo.Enabled);
        Assert.Same(TimeProvider.System, Memo.TimeProvider);
    }

    [Fact]
    public void A_clock_that_is_set_inside_is_that_of_the_flow_and_clears_its_entries_only()
    {
        cache.Set(1, "outside");
        using (CacheIsolation.Begin(time))
        {
            cache.Set(1, "inside");
            var another = new FakeTimeProvider();
            Memo.TimeProvider = another;
            Assert.False(cache.Peek(1, out _));
            cache.Set(1, "inside");
            another.Advance(TimeSpan.FromSeconds(60));
            Assert.False(cache.Peek(1, out _));
        }

        Assert.True(cache.Peek(1, out _));
    }

    [Fact]
    public void Inside_an_isolation_another_one_hides_it_until_it_ends()
    {
        using var outer = CacheIsolation.Begin(time);
        cache.Set(1, "outer");
        using (CacheIsolation.Begin(time))
        {
            Assert.False(cache.Peek(1, out _));
            cache.Set(1, "inner");
        }

        Assert.True(cache.Peek(1, out var seen));
        Assert.Equal("outer", seen);
    }

    [Fact]
    public async Task What_outlives_the_isolation_runs_uncached_and_leaves_no_trace()
    {
        var release = Concurrency.Source<string>();
        var go = Concurrency.Source<bool>();
        Task<string> late, running;
        using (CacheIsolation.Begin(time))
        {
            running = cache.GetAsync(1, _ => release.Task);
            late = Task.Run(async () =>
            {
                await go.Task;
                return cache.Get(1, Load) + cache.Get(1, Load);
            });
        }

        go.SetResult(true);
        release.SetResult("late");
        Assert.Equal("late", await running.InTime());
        Assert.Equal("value 1value 2", await late.InTime());
        Assert.Equal(default, cache.Statistics);
    }

    [Fact]
    public void A_flow_can_be_brought_in_and_taken_out_again()
    {
        using var isolation = CacheIsolation.Begin(time);
        cache.Set(1, "inside");
        string? seen = null, after = null;
        using (ExecutionContext.SuppressFlow())
        {
            var thread = new Thread(() =>
            {
                using (isolation.Enter())
                    cache.Peek(1, out seen);
                cache.Peek(1, out after);
            });
            thread.Start();
            thread.Join();
        }

        Assert.Equal("inside", seen);
        Assert.Null(after);
    }

    [Fact]
    public void Instances_with_caches_of_their_own_are_isolated_too()
    {
        var method = TestCache.Method();
        var caches = method.CreateInstanceCaches<object, int, string>();
        object one = new(), two = new();
        caches.For(one).Set(1, "outside");
        using (CacheIsolation.Begin(time))
        {
            Assert.Equal(0, method.Count);
            Assert.Equal("value 1", caches.For(one).Get(1, Load));
            Assert.Equal("value 2", caches.For(two).Get(1, Load));
            Assert.Equal("value 2", caches.For(two).Get(1, Load));
            Assert.Equal(2, method.Count);
            Assert.Equal((1, 2), (method.Statistics.Hits, method.Statistics.Misses));
            method.Clear();
            Assert.Equal(0, method.Count);
        }

        Assert.Equal(1, method.Count);
    }

    [Fact]
    public void What_happens_is_told_with_keys()
    {
        var events = new List<string>();
        using (CacheIsolation.Begin(time, e => events.Add($"{e.Kind} {e.Key}")))
        {
            cache.Get(1, Load);
            cache.Get(1, Load);
            cache.Evict(1);
            cache.Set(2, "two");
            Assert.Throws<FormatException>(() => cache.Get(3, _ => throw new FormatException()));
            cache.Get(4, token =>
            {
                cache.Evict(4);
                return Load(token);
            });
            cache.Clear();
            Memo.Enabled = false;
            cache.Get(1, Load);
        }

        Assert.Equal(
            [
                "Miss 1", "Load 1", "Stored 1", "Hit 1", "Evict 1", "Set 2", "Miss 3", "Load 3", "Failed 3",
                "Miss 4", "Load 4", "Evict 4", "NotStored 4", "Clear ", "Bypass 1",
            ],
            events);
    }

    [Fact]
    public void A_call_can_be_made_to_miss()
    {
        using (CacheIsolation.Begin(time, alwaysMisses: method => method == cacheMethod))
        {
            Assert.Equal("value 1", other.Get(1, Load));
            Assert.Equal("value 2", other.Get(1, Load));
            Assert.Equal("value 3", cache.Get(1, Load));
            Assert.Equal("value 3", cache.Get(1, Load));
        }
    }

    private readonly CachedMethod cacheMethod;
    private readonly MethodCache<int, string> other;

    public CacheIsolationTests()
    {
        cacheMethod = TestCache.Method();
        other = cacheMethod.CreateCache<int, string>();
    }
}
