namespace Memoize.Tests.Lifetimes;

/// <summary>After its lifetime a value is served on, while one load in the background brings a new one.</summary>
public sealed class StaleWhileRevalidateTests : TimedTests
{
    private static Subject Of(Eviction eviction, bool isAsync, double sliding = 0, double errorTtl = 0, double timeout = 0)
        => new(new() { Ttl = 10, StaleWhileRevalidate = 20, Eviction = eviction, Sliding = sliding, ErrorTtl = errorTtl, Timeout = timeout }, isAsync);

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_value_past_its_lifetime_is_served_at_once_and_one_load_renews_it(Eviction eviction, bool isAsync)
    {
        var subject = Of(eviction, isAsync);
        Assert.Equal("value 1", subject.Get());
        Pass(10);
        var end = subject.Hold();
        for (var call = 0; call < 5; call++)
            Assert.Equal("value 1", subject.Get());

        subject.HasBegun(2);
        end.SetResult("new");
        subject.HasStored("new");
        Assert.Equal("new", subject.Get());

        var seen = subject.Statistics;
        Assert.Equal((2, 1, 6, 1, 5), (seen.Loads, seen.BackgroundLoads, seen.Hits, seen.Misses, seen.StaleHits));
        Assert.Equal((2, 0), (subject.Loads, seen.NotStored));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void The_new_value_has_a_whole_life(Eviction eviction, bool isAsync)
    {
        var subject = Of(eviction, isAsync);
        subject.Get();
        Pass(25);
        subject.Get();
        subject.HasStored("value 2");
        Pass(9.999);
        Assert.Equal("value 2", subject.Get());
        Assert.Equal(2, subject.Loads);
        Pass(0.001);
        Assert.Equal("value 2", subject.Get());
        subject.HasStored("value 3");
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void When_the_time_for_stale_values_is_over_callers_wait(Eviction eviction, bool isAsync)
    {
        var subject = Of(eviction, isAsync);
        subject.Get();
        Pass(29.999);
        Assert.Equal("value 1", subject.Peek());
        Pass(0.001);
        Assert.Null(subject.Peek());
        Assert.Equal("value 2", subject.Get());
        Assert.Equal((0, 2), (subject.Statistics.StaleHits, subject.Statistics.Misses));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task A_caller_who_comes_too_late_for_the_old_value_joins_the_load_in_the_background(Eviction eviction, bool isAsync)
    {
        var subject = Of(eviction, isAsync);
        subject.Get();
        Pass(29);
        var end = subject.Hold();
        Assert.Equal("value 1", subject.Get());
        subject.HasBegun(2);
        Pass(1);
        var late = subject.GetAsync();
        subject.Cache.HasMissed(2);
        end.SetResult("new");

        Assert.Equal("new", await late.InTime());
        Assert.Equal(2, subject.Loads);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_failure_in_the_background_reaches_nobody_and_is_not_repeated_at_once(Eviction eviction, bool isAsync)
    {
        var subject = Of(eviction, isAsync);
        subject.Get();
        Pass(10);
        subject.Fail();
        Assert.Equal("value 1", subject.Get());
        subject.HasFailed(1);
        for (var call = 0; call < 5; call++)
            Assert.Equal("value 1", subject.Get());
        Assert.Equal(2, subject.Loads);

        Pass(0.999);
        Assert.Equal("value 1", subject.Get());
        Assert.Equal(2, subject.Loads);
        Pass(0.001);
        subject.Next = null;
        Assert.Equal("value 1", subject.Get());
        subject.HasStored("value 3");
        Assert.Equal((1, 3, 8), (subject.Statistics.LoadFailures, subject.Statistics.Loads, subject.Statistics.StaleHits));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void ErrorTtl_says_how_long_to_pause(Eviction eviction, bool isAsync)
    {
        var subject = Of(eviction, isAsync, errorTtl: 5);
        subject.Get();
        Pass(10);
        subject.Fail();
        subject.Get();
        subject.HasFailed(1);
        Pass(4.999);
        Assert.Equal("value 1", subject.Get());
        Assert.Equal(2, subject.Loads);
        Pass(0.001);
        Assert.Equal("value 1", subject.Get());
        subject.HasFailed(2);
    }

    public static TheoryData<string, bool> Fences
    {
        get
        {
            var fences = new TheoryData<string, bool>();
            foreach (var how in new[] { "evict", "set", "clear", "refresh" })
            {
                fences.Add(how, false);
                fences.Add(how, true);
            }

            return fences;
        }
    }

    [Theory]
    [MemberData(nameof(Fences))]
    public void What_happens_during_the_load_wins(string how, bool isAsync)
    {
        var subject = Of(Eviction.Lru, isAsync);
        subject.Get();
        Pass(10);
        var end = subject.Hold();
        subject.Get();
        subject.HasBegun(2);
        subject.Next = _ => Task.FromResult<string?>("newest");
        switch (how)
        {
            case "evict":
                Assert.True(subject.Cache.Evict(1));
                break;
            case "set":
                subject.Cache.Set(1, "newest");
                break;
            case "clear":
                subject.Cache.Clear();
                break;
            case "refresh":
                Assert.Equal("newest", subject.Refresh());
                break;
        }

        end.SetResult("outdated");
        Concurrency.Until(() => subject.Statistics.NotStoredEvicted == 1);
        Assert.Equal(how is "evict" or "clear" ? null : "newest", subject.Peek());
        Assert.Equal("newest", subject.Get());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_failure_does_not_take_the_place_of_a_newer_value(bool isAsync)
    {
        var subject = Of(Eviction.Lru, isAsync, errorTtl: 5);
        subject.Get();
        Pass(10);
        var end = subject.Hold();
        subject.Get();
        subject.HasBegun(2);
        subject.Cache.Set(1, "set");
        end.SetException(new InvalidTimeZoneException());
        subject.HasFailed(1);
        Assert.Equal("set", subject.Get());

        // And does not keep the newer one from being renewed, either.
        Pass(10);
        subject.Next = null;
        Assert.Equal("set", subject.Get());
        subject.HasStored("value 3");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_refresh_that_fails_lets_the_next_hit_renew(bool isAsync)
    {
        var subject = Of(Eviction.Lru, isAsync);
        subject.Get();
        Pass(10);
        subject.Fail();
        Assert.Throws<InvalidTimeZoneException>(() => subject.Refresh());
        Assert.Equal("value 1", subject.Get());
        Assert.Equal(2, subject.Loads);
        Pass(1);
        subject.Next = null;
        Assert.Equal("value 1", subject.Get());
        subject.HasStored("value 3");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task While_a_refresh_runs_hits_start_no_other_load(bool isAsync)
    {
        var subject = Of(Eviction.Lru, isAsync);
        subject.Get();
        Pass(10);
        var end = subject.Hold();
        var refresh = Concurrency.OnThread(() => subject.Refresh());
        subject.HasBegun(2);
        for (var call = 0; call < 3; call++)
            Assert.Equal("value 1", subject.Get());
        end.SetResult("new");
        Assert.Equal("new", await refresh.InTime());
        Assert.Equal((2, 0), (subject.Loads, subject.Statistics.BackgroundLoads));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_load_belongs_to_no_caller(bool isAsync)
    {
        var subject = Of(Eviction.Lru, isAsync);
        subject.Get();
        Pass(10);
        var seen = Concurrency.Source<CancellationToken>();
        var end = Concurrency.Source<string?>();
        subject.Next = token =>
        {
            seen.SetResult(token);
            return end.Task;
        };
        using var source = new CancellationTokenSource();
        Assert.Equal("value 1", await subject.GetAsync(1, source.Token).InTime());
        var token = await seen.Task.InTime();
        source.Cancel();
        Assert.False(token.IsCancellationRequested);

        // Nor does one who joins and leaves take it along.
        Pass(20);
        using var other = new CancellationTokenSource();
        var late = subject.GetAsync(1, other.Token);
        subject.Cache.HasMissed(2);
        other.Cancel();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => late.InTime());
        Assert.False(token.IsCancellationRequested);
        end.SetResult("new");
        subject.HasStored("new");
    }

    [Fact]
    public async Task A_caller_whose_token_is_cancelled_gets_the_old_value_as_from_any_hit()
    {
        var subject = Of(Eviction.Lru, isAsync: true);
        subject.Get();
        Pass(10);
        Assert.Equal("value 1", await subject.GetAsync(1, new CancellationToken(canceled: true)).InTime());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void The_load_runs_in_the_context_of_the_caller_who_was_given_the_old_value(bool isAsync)
    {
        var subject = Of(Eviction.Lru, isAsync);
        var tenant = new AsyncLocal<string>();
        var contexts = new List<string?>();
        var rules = new List<string?>();
        subject.Rules = new()
        {
            Terms = _ =>
            {
                rules.Add(tenant.Value);
                return default;
            },
        };
        subject.Next = async _ =>
        {
            contexts.Add(tenant.Value);
            await Task.Yield();
            tenant.Value = "changed inside";
            return tenant.Value;
        };
        tenant.Value = "first";
        subject.Get();
        Pass(10);
        tenant.Value = "second";
        subject.Get();
        Concurrency.Until(() => rules.Count == 2);

        Assert.Equal(["first", "second"], contexts);
        Assert.Equal(["first", "second"], rules);
        Assert.Equal("second", tenant.Value);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void The_load_runs_on_the_thread_pool_from_its_first_line(bool isAsync)
    {
        var subject = Of(Eviction.Lru, isAsync);
        subject.Get();
        Pass(10);
        var thread = (Thread?)null;
        subject.Next = _ =>
        {
            thread = Thread.CurrentThread;
            return Task.FromResult<string?>("new");
        };
        var caller = Concurrency.OnThread(() =>
        {
            subject.Get();
            return Thread.CurrentThread;
        }).Block();
        subject.HasStored("new");
        Assert.NotSame(caller, thread);
        Assert.True(thread!.IsThreadPoolThread);
    }

    [Fact]
    public void Who_asks_within_a_load_gets_the_old_value_and_the_new_load_is_not_part_of_it()
    {
        var subject = Of(Eviction.Lru, isAsync: false);
        subject.Get();
        Pass(10);
        var other = new Subject(new(), isAsync: false);
        other.Next = _ => Task.FromResult(subject.Get());
        Assert.Equal("value 1", other.Get());
        subject.HasStored("value 2");

        // A load in the background that asks for its own key gets the old value, and ends.
        Pass(10);
        subject.Next = _ => Task.FromResult<string?>(subject.Get() + ", renewed");
        subject.Get();
        subject.HasStored("value 2, renewed");
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_discarded_value_takes_the_old_one_along(Eviction eviction, bool isAsync)
    {
        var subject = Of(eviction, isAsync);
        subject.Rules = new() { Terms = value => new() { Discard = value == "draft" } };
        subject.Get();
        Pass(10);
        subject.Next = _ => Task.FromResult<string?>("draft");
        Assert.Equal("value 1", subject.Get());
        Concurrency.Until(() => subject.Statistics.NotStoredByRule == 1);
        Assert.Null(subject.Peek());
        Assert.Equal("draft", subject.Get());
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_value_that_nobody_reads_goes_by_its_sliding_time_stale_or_not(Eviction eviction, bool isAsync)
    {
        var subject = Of(eviction, isAsync, sliding: 4);
        subject.Get();
        Pass(3.9);
        Assert.Equal("value 1", subject.Get());
        Pass(4);
        Assert.Null(subject.Peek());

        // Read now and then, it is stale at 10 and served on, and gone 4 seconds after the last read.
        Assert.Equal("value 2", subject.Get());
        var end = subject.Hold();
        for (var second = 3; second <= 24; second += 3)
        {
            Pass(3);
            Assert.Equal("value 2", subject.Get());
        }

        subject.HasBegun(3);
        Pass(3.9);
        Assert.Equal("value 2", subject.Peek());
        Pass(0.1);
        Assert.Null(subject.Peek());
        end.SetResult("new");
        subject.HasStored("new");
    }

    [Fact]
    public void The_scope_of_a_load_in_the_background_is_disposed_before_the_value_is_there()
    {
        foreach (var isAsync in new[] { false, true })
        {
            var subject = Of(Eviction.Lru, isAsync);
            var scopes = new List<bool>();
            var disposed = new List<string?>();
            subject.Next = async _ =>
            {
                var scope = Memoize.Flights.LoadContext.Background;
                scopes.Add(scope is not null);
                scope?.Own(new Scope(() => disposed.Add("first, last: " + subject.Peek())));
                scope?.Own(new Scope(() => throw new InvalidTimeZoneException()));
                await Task.Yield();
                return $"value {scopes.Count}";
            };
            subject.Get();
            Pass(10);
            subject.Get();
            subject.HasStored("value 2");

            Assert.Equal([false, true], scopes);
            Assert.Equal(["first, last: value 1"], disposed);
        }
    }

    private sealed class Scope(Action dispose) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            await Task.Yield();
            dispose();
        }
    }

    [Fact]
    public void Hits_during_the_load_allocate_nothing()
    {
        foreach (var isAsync in new[] { false, true })
        {
            var subject = Of(Eviction.Lru, isAsync);
            subject.Get();
            Pass(10);
            var end = subject.Hold();
            subject.Get();
            subject.HasBegun(2);

            int Hits(int count)
            {
                var hits = 0;
                for (var i = 0; i < count; i++)
                    hits += (isAsync ? subject.Cache.TryGetTask(1, out _) : subject.Cache.TryGet(1, out _)) ? 1 : 0;
                return hits;
            }

            Hits(100);
            var before = GC.GetAllocatedBytesForCurrentThread();
            var hits = Hits(10_000);
            var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            Assert.Equal((10_000, 0), (hits, allocated));
            end.SetResult("new");
        }
    }
}
