namespace Memoize.Tests.Flights;

public class FailureTests
{
    private readonly MethodCache<int, string> cache = TestCache.Of();

    private static string Broken(CancellationToken _) => throw new InvalidTimeZoneException("as it happens");

    [Fact]
    public void A_failure_is_not_remembered()
    {
        Assert.Throws<InvalidTimeZoneException>(() => cache.Get(1, Broken));

        Assert.Equal("value", cache.Get(1, _ => "value"));
        Assert.Equal((2, 1), (cache.Statistics.Loads, cache.Statistics.LoadFailures));
    }

    [Fact]
    public void The_caller_who_runs_the_load_sees_where_it_failed()
    {
        var seen = Assert.Throws<InvalidTimeZoneException>(() => cache.Get(1, Broken));

        Assert.Contains(nameof(Broken), seen.StackTrace, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_waits_sees_where_the_load_failed_too()
    {
        var callers = Concurrency.OnThreads(2, _ => Record.Exception(() => cache.Get(1, token =>
        {
            cache.HasMissed(2);
            return Broken(token);
        })));

        foreach (var seen in await Task.WhenAll(callers).InTime())
            Assert.Contains(nameof(Broken), Assert.IsType<InvalidTimeZoneException>(seen).StackTrace, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_load_that_throws_before_it_returns_a_task_throws_at_its_caller_and_fails_the_tasks_of_others()
    {
        Task<string>? other = null;
        Func<CancellationToken, Task<string>> load = _ =>
        {
            using (ExecutionContext.SuppressFlow())        // somebody else's call, not the load's own
                other = Task.Run(() => cache.LoadAsync(1, _ => Task.FromResult("never")));
            cache.HasMissed(2);
            throw new InvalidTimeZoneException("as it happens");
        };

        // Not awaited: the original would have thrown here, too.
        Assert.Throws<InvalidTimeZoneException>(() => { _ = cache.GetAsync(1, load); });
        await Assert.ThrowsAsync<InvalidTimeZoneException>(() => other!.InTime());
        Assert.Equal("value", await cache.GetAsync(1, _ => Task.FromResult("value")));
    }

    [Fact]
    public async Task A_task_that_has_failed_already_is_returned_as_it_is()
    {
        var failed = Task.FromException<string>(new InvalidTimeZoneException("as it happens"));

        var call = cache.GetAsync(1, _ => failed);

        Assert.Same(failed, call);
        await Assert.ThrowsAsync<InvalidTimeZoneException>(() => call);
    }

    [Fact]
    public void A_load_that_returns_no_task_is_named()
    {
        var method = TestCache.Method(name: "Shop.Store.Forgetful");

        var seen = Assert.Throws<InvalidOperationException>(
            () => { _ = method.CreateCache<int, string>().GetAsync(1, _ => null!); });

        Assert.Contains(method.Name, seen.Message, StringComparison.Ordinal);
        Assert.Contains("null", seen.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_load_that_gives_up_by_itself_is_an_ordinary_failure()
    {
        var failure = new OperationCanceledException("the database was too slow");
        var release = Concurrency.Source<string>();
        using var source = new CancellationTokenSource();
        Task<string>[] callers =
        [
            cache.GetAsync(1, _ => release.Task),
            cache.GetAsync(1, _ => release.Task),
            cache.GetAsync(1, _ => release.Task, source.Token),
            Concurrency.OnThread(() => cache.Get(1, _ => "never")),
        ];
        cache.HasMissed(4);
        release.SetException(failure);

        foreach (var call in callers)
            Assert.Same(failure, await Assert.ThrowsAsync<OperationCanceledException>(() => call.InTime()));
        Assert.Equal((1, 1, 0), (cache.Statistics.Loads, cache.Statistics.LoadFailures, cache.Statistics.NotStored));
        Assert.Equal("value", await cache.GetAsync(1, _ => Task.FromResult("value")));
    }

    [Fact]
    public async Task A_cancelled_task_of_the_load_arrives_as_a_cancelled_task()
    {
        var release = Concurrency.Source<string>();
        var call = cache.GetAsync(1, _ => release.Task);
        release.SetCanceled();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call.InTime());
        Assert.True(call.IsCanceled);
        Assert.Equal(1, cache.Statistics.LoadFailures);
    }

    [Fact]
    public async Task A_failure_that_nobody_looks_at_is_reported_once_per_caller_and_never_by_the_cache_itself()
    {
        var reported = new List<string>();
        EventHandler<UnobservedTaskExceptionEventArgs> listen = (_, e) =>
        {
            lock (reported)
                reported.AddRange(e.Exception.InnerExceptions.Select(inner => inner.Message));
        };
        TaskScheduler.UnobservedTaskException += listen;
        try
        {
            // All callers look, and one leaves before the load fails.
            using var source = new CancellationTokenSource();
            var release = Concurrency.Source<string>();
            var leaver = cache.GetAsync(1, _ => release.Task, source.Token);
            var stayer = cache.GetAsync(1, _ => release.Task);
            await source.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => leaver.InTime());
            release.SetException(new InvalidTimeZoneException("unobserved by the cache"));
            await Assert.ThrowsAsync<InvalidTimeZoneException>(() => stayer.InTime());
            leaver = stayer = null!;
            release = null!;

            Concurrency.Collect();
            lock (reported)
                Assert.DoesNotContain("unobserved by the cache", reported);
        }
        finally
        {
            TaskScheduler.UnobservedTaskException -= listen;
        }
    }

    private sealed record Touchy(int Number)
    {
        public static volatile bool Throws;

        public bool Equals(Touchy? other) => Throws ? throw new InvalidTimeZoneException("not now") : Number == other?.Number;

        public override int GetHashCode() => 1;
    }

    [Fact]
    public async Task A_key_whose_equality_throws_costs_the_entry_and_not_the_call()
    {
        var touchy = TestCache.Of<Touchy, string>();
        touchy.Get(new(0), _ => "zero");      // in the way of every comparison
        var release = Concurrency.Source<string>();
        var calls = new[] { touchy.GetAsync(new(1), _ => release.Task), touchy.GetAsync(new(1), _ => release.Task) };
        touchy.HasMissed(3);
        Touchy.Throws = true;
        release.SetResult("one");

        Assert.Equal(["one", "one"], await Task.WhenAll(calls).InTime());
        Touchy.Throws = false;
        Assert.Equal(1, touchy.Statistics.NotStoredFailed);
        Assert.Equal("again", touchy.Get(new(1), _ => "again"));
    }
}
