namespace Memoize.Tests.Flights;

public class SingleFlightTests
{
    private readonly MethodCache<int, string> cache = TestCache.Of(tasks: true);
    private int loads;

    private string Load(CancellationToken _) => $"value {Interlocked.Increment(ref loads)}";

    private Task<string> LoadAsync(CancellationToken token) => Task.FromResult(Load(token));

    [Fact]
    public void A_second_call_is_a_hit()
    {
        Assert.Equal("value 1", cache.Get(1, Load));
        Assert.Equal("value 1", cache.Get(1, Load));
        Assert.Equal("value 2", cache.Get(2, Load));
        Assert.Equal(2, loads);
    }

    [Fact]
    public async Task A_hit_of_a_task_method_is_the_same_completed_task_every_time()
    {
        await cache.GetAsync(1, LoadAsync);

        var first = cache.GetAsync(1, LoadAsync);
        Assert.True(first.IsCompletedSuccessfully);
        Assert.Same(first, cache.GetAsync(1, LoadAsync));
        Assert.Equal(1, loads);
    }

    [Fact]
    public void A_hit_allocates_nothing()
    {
        cache.Get(1, Load);
        Hits(1000);

        var before = GC.GetAllocatedBytesForCurrentThread();
        Hits(1000);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());

        void Hits(int count)
        {
            for (var i = 0; i < count; i++)
                Assert.True(cache.TryGet(1, out _) && cache.TryGetTask(1, out _));
        }
    }

    [Fact]
    public void Null_is_a_value()
    {
        var nulls = TestCache.Of<int, string?>();

        Assert.Null(nulls.Get(1, token => { Load(token); return null; }));
        Assert.Null(nulls.Get(1, Load));
        Assert.True(nulls.TryGet(1, out var value));
        Assert.Null(value);
        Assert.Equal(1, loads);
    }

    [Fact]
    public async Task A_value_that_was_published_between_the_miss_and_the_load_is_a_hit()
    {
        Assert.False(cache.TryGet(1, out _));
        cache.Get(1, Load);

        Assert.Equal("value 1", cache.Load(1, Load));
        Assert.Equal("value 1", await cache.LoadAsync(1, LoadAsync));
        Assert.Equal((1, 2), (loads, cache.Statistics.Hits));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Sixty_four_threads_on_a_cold_key_run_one_load(bool fails)
    {
        var failure = new InvalidTimeZoneException("as it happens");
        var callers = Concurrency.OnThreads(64, _ => Record.Exception(() => cache.Get(1, token =>
        {
            cache.HasMissed(64);
            Load(token);
            return fails ? throw failure : "value";
        })));

        var failures = await Task.WhenAll(callers).InTime();

        Assert.Equal(1, loads);
        Assert.All(failures, seen => Assert.Same(fails ? failure : null, seen));
        Assert.Equal(fails ? 0 : 1, cache.Count);
        Assert.Equal(fails ? "value 2" : "value", cache.Get(1, Load));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Sixty_four_tasks_on_a_cold_key_run_one_load(bool fails)
    {
        var failure = new InvalidTimeZoneException("as it happens");
        var release = Concurrency.Source<string>();
        using var caller = new CancellationTokenSource();
        var callers = Enumerable.Range(0, 64).Select(i => Task.Run(() => cache.GetAsync(
            1,
            token =>
            {
                Load(token);
                return release.Task;
            },
            i % 2 == 0 ? caller.Token : default))).ToArray();
        cache.HasMissed(64);
        if (fails)
            release.SetException(failure);
        else
            release.SetResult("value");

        foreach (var task in callers)
        {
            if (fails)
                Assert.Same(failure, await Assert.ThrowsAsync<InvalidTimeZoneException>(() => task.InTime()));
            else
                Assert.Equal("value", await task.InTime());
        }

        Assert.Equal(1, loads);
        Assert.Equal(fails ? 0 : 1, cache.Count);
    }

    [Fact]
    public async Task A_synchronous_caller_waits_for_an_asynchronous_load()
    {
        var release = Concurrency.Source<string>();
        var leader = cache.GetAsync(1, _ => release.Task);
        var joiner = Concurrency.OnThread(() => cache.Get(1, Load));
        cache.HasMissed(2);
        release.SetResult("value");

        Assert.Equal("value", await joiner.InTime());
        Assert.Equal("value", await leader.InTime());
        Assert.Equal(0, loads);
    }

    [Fact]
    public async Task An_asynchronous_caller_waits_for_a_synchronous_load()
    {
        var entered = Concurrency.Source<bool>();
        var release = Concurrency.Source<string>();
        var leader = Concurrency.OnThread(() => cache.Get(1, _ =>
        {
            entered.SetResult(true);
            return release.Task.Block();
        }));
        await entered.Task.InTime();

        var joiner = cache.GetAsync(1, LoadAsync);
        Assert.False(joiner.IsCompleted);
        release.SetResult("value");

        Assert.Equal("value", await joiner.InTime());
        Assert.Equal("value", await leader.InTime());
        Assert.Equal(0, loads);
    }

    [Fact]
    public async Task Keys_that_share_nothing_load_at_the_same_time()
    {
        var meet = new Barrier(8);
        var callers = Concurrency.OnThreads(8, key => cache.Get(key, token =>
        {
            Assert.True(meet.SignalAndWait(Concurrency.Patience));
            return Load(token);
        }));

        await Task.WhenAll(callers).InTime();
        Assert.Equal(8, loads);
    }

    [Fact]
    public async Task The_value_is_remembered_when_the_caller_gets_it()
    {
        for (var key = 0; key < 200; key++)
        {
            var release = Concurrency.Source<string>();
            var call = cache.GetAsync(key, _ => release.Task);
            _ = Task.Run(() => release.SetResult("value"));
            await call.InTime();
            Assert.True(cache.TryGet(key, out _));
        }
    }

    [Fact]
    public async Task Nobody_who_waits_goes_on_in_the_stack_of_the_load()
    {
        var release = new TaskCompletionSource<string>();      // runs its continuations where it is completed
        var callers = new[] { cache.GetAsync(1, _ => release.Task), cache.GetAsync(1, LoadAsync) };
        using var source = new CancellationTokenSource();
        callers = [.. callers, cache.GetAsync(1, LoadAsync, source.Token)];
        var inside = new ThreadLocal<bool>();
        var seen = callers.Select(async call =>
        {
            await call.ConfigureAwait(false);
            return inside.Value;
        }).ToArray();

        inside.Value = true;
        release.SetResult("value");
        inside.Value = false;

        Assert.DoesNotContain(true, await Task.WhenAll(seen).InTime());
    }
}
