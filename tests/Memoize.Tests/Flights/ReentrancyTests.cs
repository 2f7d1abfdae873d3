namespace Memoize.Tests.Flights;

/// <summary>A load that would wait for itself is refused at once; whatever would not is let through.</summary>
public class ReentrancyTests
{
    private readonly CachedMethod methodA = TestCache.Method(name: "Shop.Store.A");
    private readonly CachedMethod methodB = TestCache.Method(name: "Shop.Store.B");
    private readonly MethodCache<int, string> a;
    private readonly MethodCache<int, string> b;

    public ReentrancyTests() => (a, b) = (methodA.CreateCache<int, string>(), methodB.CreateCache<int, string>());

    private static Task<string> Never(CancellationToken _) => Task.FromResult("never");

    [Fact]
    public void A_synchronous_load_that_asks_for_itself_is_refused_by_name_and_key()
    {
        var refused = Assert.Throws<InvalidOperationException>(() => a.Get(7, _ => a.Get(7, _ => "never")));

        Assert.Contains(methodA.Name, refused.Message, StringComparison.Ordinal);
        Assert.Contains("7", refused.Message, StringComparison.Ordinal);
        Assert.Equal("value", a.Get(7, _ => "value"));
    }

    [Fact]
    public async Task An_asynchronous_load_that_asks_for_itself_is_refused()
    {
        var call = a.GetAsync(7, async _ =>
        {
            await Task.Yield();
            return await a.GetAsync(7, Never);
        });

        await Assert.ThrowsAsync<InvalidOperationException>(() => call.InTime());
    }

    [Fact]
    public async Task A_load_that_asks_for_itself_through_another_method_is_refused_and_both_are_named()
    {
        var sync = Assert.Throws<InvalidOperationException>(() => a.Get(1, _ => b.Get(2, _ => a.Get(1, _ => "never"))));
        var async = await Assert.ThrowsAsync<InvalidOperationException>(() => a.GetAsync(1, async _ =>
        {
            await Task.Yield();
            return await b.GetAsync(2, _ => a.GetAsync(1, Never));
        }).InTime());

        foreach (var refused in new[] { sync, async })
        {
            Assert.Contains(methodA.Name, refused.Message, StringComparison.Ordinal);
            Assert.Contains(methodB.Name, refused.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Two_threads_that_would_wait_for_each_other_are_told_so()
    {
        var both = new Barrier(2);
        var one = Concurrency.OnThread(() => Record.Exception(() => a.Get(1, _ => { both.SignalAndWait(Concurrency.Patience); return b.Get(2, _ => "b"); })));
        var two = Concurrency.OnThread(() => Record.Exception(() => b.Get(2, _ => { both.SignalAndWait(Concurrency.Patience); return a.Get(1, _ => "a"); })));

        var seen = await Task.WhenAll(one, two).InTime();

        // The second to wait is refused, and its failure reaches the first, who waits for it.
        Assert.All(seen, e => Assert.IsType<InvalidOperationException>(e));
        Assert.Same(seen[0], seen[1]);
        Assert.Contains(" -> ", seen[0]!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Tasks_that_would_wait_for_each_other_in_a_ring_are_told_so()
    {
        const int ring = 5;
        var caches = Enumerable.Range(0, ring).Select(_ => TestCache.Of()).ToArray();
        var started = Concurrency.Source<bool>();
        var loads = 0;
        var calls = Enumerable.Range(0, ring).Select(i => caches[i].GetAsync(i, async _ =>
        {
            if (Interlocked.Increment(ref loads) == ring)
                started.SetResult(true);
            await started.Task;
            var next = (i + 1) % ring;
            return await caches[next].GetAsync(next, Never);
        })).ToArray();

        foreach (var call in calls)
            await Assert.ThrowsAsync<InvalidOperationException>(() => call.InTime());
        Assert.Equal(ring, loads);
    }

    [Fact]
    public async Task A_thread_and_a_task_that_would_wait_for_each_other_are_told_so()
    {
        var entered = Concurrency.Source<bool>();
        var one = a.GetAsync(1, async _ =>
        {
            await entered.Task;
            return await b.GetAsync(2, Never);
        });
        var two = Concurrency.OnThread(() => b.Get(2, _ =>
        {
            entered.SetResult(true);
            return a.Get(1, _ => "never");
        }));

        await Assert.ThrowsAsync<InvalidOperationException>(() => one.InTime());
        await Assert.ThrowsAsync<InvalidOperationException>(() => two.InTime());
    }

    [Fact]
    public void Threads_that_a_load_starts_belong_to_it()
    {
        var refused = Assert.Throws<AggregateException>(() => a.Get(1, _ =>
        {
            Parallel.For(0, 16, i => b.Get(i, _ => i == 9 ? a.Get(1, _ => "never") : "fine"));
            return "never";
        }));

        Assert.Contains(refused.Flatten().InnerExceptions, e => e is InvalidOperationException);
        Assert.Equal("value", a.Get(1, _ =>
        {
            Parallel.For(0, 16, i => b.Get(i, _ => "fine"));
            return "value";
        }));
    }

    [Fact]
    public void A_branch_deep_inside_that_waits_for_a_neighbour_closes_a_ring_too()
    {
        // One load runs two parts side by side; each part asks for what the other is loading.
        var both = new Barrier(2);
        var refused = Record.Exception(() => a.Get(0, _ =>
        {
            var parts = Concurrency.OnThreads(2, i => a.Get(i + 1, _ =>
            {
                both.SignalAndWait(Concurrency.Patience);
                return a.Get(2 - i, _ => "never");
            }));
            return string.Concat(parts.Select(part => part.Block()));
        }));

        Assert.IsType<InvalidOperationException>(refused);
    }

    [Fact]
    public async Task A_refresh_from_inside_the_load_of_its_key_is_refused()
    {
        Assert.Throws<InvalidOperationException>(() => a.Get(1, _ => a.Refresh(1, _ => "never")));
        Assert.Throws<InvalidOperationException>(() => a.Refresh(1, _ => a.Refresh(1, _ => "never")));
        Assert.Throws<InvalidOperationException>(() => a.Refresh(1, _ => a.Get(1, _ => "never")));
        await Assert.ThrowsAsync<InvalidOperationException>(() => a.RefreshAsync(1, _ => b.GetAsync(2, _ => a.RefreshAsync(1, Never))));
    }

    private sealed record Unspeakable(int Number)
    {
        public override string ToString() => throw new InvalidTimeZoneException("no text");
    }

    [Fact]
    public void A_key_without_a_text_is_refused_as_well()
    {
        var method = TestCache.Method();
        var cache = method.CreateCache<Unspeakable, string>();

        var refused = Assert.Throws<InvalidOperationException>(() => cache.Get(new(1), _ => cache.Get(new(1), _ => "never")));

        Assert.Contains(method.Name, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_refused_call_leaves_no_trace()
    {
        var value = a.Get(1, _ =>
        {
            Assert.Throws<InvalidOperationException>(() => a.Get(1, _ => "never"));
            return "value";
        });

        Assert.Equal("value", value);
        Assert.True(a.TryGet(1, out _));
        Assert.Equal((2, 1, 0), (a.Statistics.Misses, a.Statistics.Loads, a.Statistics.LoadFailures));
    }
}
