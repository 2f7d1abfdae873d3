namespace Memoize.Tests.Flights;

/// <summary>What looks like a load that waits for itself, and is none.</summary>
public class NoFalseAlarmTests
{
    private readonly MethodCache<int, string> a = TestCache.Of();
    private readonly MethodCache<int, string> b = TestCache.Of();

    private static Task<string> Never(CancellationToken _) => Task.FromResult("never");

    [Fact]
    public void Recursion_on_other_keys()
    {
        var cache = TestCache.Of<int, long>();
        long Fib(int n) => cache.Get(n, _ => n < 2 ? n : Fib(n - 1) + Fib(n - 2));

        Assert.Equal(12586269025, Fib(50));
        Assert.Equal(51, cache.Statistics.Loads);
    }

    [Fact]
    public async Task Two_flows_that_load_the_same_recursion()
    {
        var cache = TestCache.Of<int, long>();
        long Fib(int n) => cache.Get(n, _ => n < 2 ? n : Fib(n - 1) + Fib(n - 2));
        async Task<long> FibAsync(int n) => await cache.GetAsync(n, async _ =>
        {
            await Task.Yield();
            return n < 2 ? n : await FibAsync(n - 1) + await FibAsync(n - 2);
        });

        for (var round = 0; round < 50; round++)
        {
            cache.Clear();
            var threads = Concurrency.OnThreads(2, i => Fib(60 + i));
            var tasks = Enumerable.Range(0, 4).Select(i => Task.Run(() => FibAsync(60 + i)));
            await Task.WhenAll([.. threads, .. tasks]).InTime();
        }

        Assert.Equal(50 * 64, cache.Statistics.Loads);
        Assert.Equal(0, cache.Statistics.LoadFailures);
    }

    [Fact]
    public async Task Independent_callers_inside_one_load_and_outside()
    {
        var release = Concurrency.Source<string>();
        var slow = b.GetAsync(0, _ => release.Task);
        var outer = Enumerable.Range(0, 8).Select(i => a.GetAsync(i, _ => b.GetAsync(0, Never))).ToArray();
        var again = Enumerable.Range(0, 8).Select(i => a.GetAsync(i, Never)).ToArray();
        release.SetResult("value");

        Assert.All(await Task.WhenAll([slow, .. outer, .. again]).InTime(), value => Assert.Equal("value", value));
    }

    [Fact]
    public async Task The_same_key_again_in_the_same_flow_after_its_load()
    {
        Assert.Equal("one", await a.GetAsync(1, _ => Task.FromResult("one")));
        a.Evict(1);
        Assert.Equal("two", await a.GetAsync(1, async _ =>
        {
            await Task.Yield();
            return "two";
        }));
        a.Evict(1);
        Assert.Equal("three", a.Get(1, _ => "three"));
    }

    [Fact]
    public async Task Work_that_a_load_has_left_behind_and_that_asks_after_its_end()
    {
        var loaded = Concurrency.Source<bool>();
        var behind = Task.FromResult("");
        var first = await a.GetAsync(1, async _ =>
        {
            behind = Task.Run(async () =>
            {
                await loaded.Task;
                a.Evict(1);
                return await a.GetAsync(1, async _ =>
                {
                    await Task.Yield();
                    return await b.GetAsync(1, _ => Task.FromResult("second"));
                });
            });
            await Task.Yield();
            return "first";
        });
        loaded.SetResult(true);

        Assert.Equal("first", first);
        Assert.Equal("second", await behind.InTime());
    }

    [Fact]
    public async Task Work_that_a_load_has_left_behind_waits_for_a_new_load_of_the_same_key()
    {
        var loaded = Concurrency.Source<bool>();
        var release = Concurrency.Source<string>();
        var behind = Task.FromResult("");
        await a.GetAsync(1, _ =>
        {
            behind = Task.Run(async () =>
            {
                await loaded.Task;
                return await a.GetAsync(1, Never);
            });
            return Task.FromResult("first");
        });
        a.Evict(1);
        var second = a.GetAsync(1, _ => release.Task);
        loaded.SetResult(true);
        a.HasMissed(3);
        release.SetResult("second");

        Assert.Equal("second", await behind.InTime());
        Assert.Equal("second", await second.InTime());
    }

    [Fact]
    public async Task A_caller_that_has_left_waits_no_more()
    {
        // A waits for B with a token, and leaves; then B may wait for A.
        using var source = new CancellationTokenSource();
        var left = Concurrency.Source<bool>();
        var askA = Concurrency.Source<bool>();
        var loadB = b.GetAsync(2, async _ =>
        {
            await askA.Task;
            return "b of " + await a.GetAsync(1, Never);
        });
        var loadA = a.GetAsync(1, async _ =>
        {
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => b.GetAsync(2, Never, source.Token));
            left.SetResult(true);
            b.HasMissed(2);
            askA.SetResult(true);
            a.HasMissed(2);
            return "a";
        });
        b.HasMissed(2);
        source.Cancel();

        Assert.Equal("a", await loadA.InTime());
        Assert.Equal("b of a", await loadB.InTime());
    }

    [Fact]
    public async Task A_caller_that_started_a_load_and_left_waits_no_more()
    {
        // A starts B with a token, others join B, A leaves B; then B may wait for A.
        using var source = new CancellationTokenSource();
        var askA = Concurrency.Source<bool>();
        var joined = Concurrency.Source<bool>();
        var loadA = a.GetAsync(1, async _ =>
        {
            var inner = b.GetAsync(2, async _ =>
            {
                await askA.Task;
                return "b of " + await a.GetAsync(1, Never);
            }, source.Token);
            await joined.Task;
            source.Cancel();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => inner);
            askA.SetResult(true);
            a.HasMissed(2);
            return "a";
        });
        var loadB = b.GetAsync(2, Never);
        joined.SetResult(true);

        Assert.Equal("a", await loadA.InTime());
        Assert.Equal("b of a", await loadB.InTime());
    }

    [Fact]
    public async Task A_load_that_has_ended_waits_for_nobody_whatever_it_has_left_behind()
    {
        // The outer load has waited for an inner one, which has left a call to B behind. Then B may wait for the outer load.
        var askOuter = Concurrency.Source<bool>();
        var release = Concurrency.Source<string>();
        var behind = Task.FromResult("");
        var loadB = b.GetAsync(2, async _ =>
        {
            await askOuter.Task;
            return "b of " + await a.GetAsync(1, Never);
        });
        var outer = a.GetAsync(1, async _ =>
        {
            await a.GetAsync(2, _ =>
            {
                behind = b.GetAsync(2, Never);
                return Task.FromResult("inner");
            });
            askOuter.SetResult(true);
            return await release.Task;
        });
        a.HasMissed(3);
        release.SetResult("outer");

        Assert.Equal("outer", await outer.InTime());
        Assert.Equal("b of outer", await loadB.InTime());
        Assert.Equal("b of outer", await behind.InTime());
    }

    [Fact]
    public async Task Work_that_a_load_starts_outside_of_its_context_may_wait_for_it()
    {
        // What a load starts and does not wait for looks like what it waits for, unless it is started in no context.
        var release = Concurrency.Source<string>();
        var behind = Task.FromResult("");
        var first = a.GetAsync(1, _ =>
        {
            using (ExecutionContext.SuppressFlow())
                behind = Task.Run(() => b.GetAsync(2, async _ => "b of " + await a.GetAsync(1, Never)));
            return release.Task;
        });
        a.HasMissed(2);
        release.SetResult("a");

        Assert.Equal("a", await first.InTime());
        Assert.Equal("b of a", await behind.InTime());
    }

    [Fact]
    public void A_load_that_evicts_itself_may_be_asked_for_again_by_its_end()
    {
        var value = a.Get(1, _ =>
        {
            a.Evict(1);
            return a.Get(1, _ => "inner") + " of outer";
        });

        Assert.Equal("inner of outer", value);
        Assert.Equal("inner", a.Get(1, _ => "never"));
    }
}
