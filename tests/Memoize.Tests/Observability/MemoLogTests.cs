using Memoize.Isolation;
using Memoize.Tests.Api;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace Memoize.Tests.Observability;

[Collection(nameof(ProcessWide))]
public sealed class MemoLogTests : IDisposable
{
    private readonly FakeTimeProvider time = new();
    private readonly CacheIsolation isolated;
    private readonly Written log = new();

    public MemoLogTests()
    {
        isolated = CacheIsolation.Begin(time);
        Memo.LoggerFactory = log;
    }

    public void Dispose()
    {
        isolated.Dispose();
        log.Dispose();
    }

    private static MethodCache<int, string> Of(CacheOptions options, string name) => new CachedMethod(name, options).CreateCache<int, string>();

    [Fact]
    public void A_failure_in_the_background_is_told_with_its_exception()
    {
        var cache = Of(new() { Ttl = 60, StaleWhileRevalidate = 60 }, "Background(int)");
        cache.Set(1, "old");
        time.Advance(TimeSpan.FromSeconds(61));
        Assert.Equal("old", cache.Get(1, _ => throw new InvalidOperationException("gone")));
        Assert.Equal("Warning 1 BackgroundLoadFailed Background(int): a load in the background has failed, and the old value stays. 0 more like this since the last message.", log.Next());
        Assert.IsType<InvalidOperationException>(Assert.Single(log.Exceptions));
    }

    [Fact]
    public void An_old_value_in_place_of_a_failure_is_told_once_in_a_while_and_counted_meanwhile()
    {
        var cache = Of(new() { Ttl = 1, StaleIfError = 3600, ErrorTtl = 0.5 }, "IfError(int)");
        for (var key = 0; key < 5; key++)
            cache.Set(key, "old");
        time.Advance(TimeSpan.FromSeconds(2));
        for (var key = 0; key < 4; key++)
            Assert.Equal("old", cache.Get(key, _ => throw new InvalidOperationException("gone")));
        time.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal("old", cache.Get(4, _ => throw new InvalidOperationException("gone")));
        Assert.Equal(
            [
                "Warning 2 StaleServed IfError(int): a load has failed, and its callers get the old value. 0 more like this since the last message.",
                "Warning 2 StaleServed IfError(int): a load has failed, and its callers get the old value. 3 more like this since the last message.",
            ],
            log.Lines);
    }

    [Fact]
    public async Task A_load_that_takes_too_long_is_told()
    {
        var cache = Of(new() { Timeout = 5 }, "Slow(int)");
        var source = new TaskCompletionSource<string>();
        var call = cache.GetAsync(1, _ => source.Task);
        time.Advance(TimeSpan.FromSeconds(6));
        await Assert.ThrowsAsync<TimeoutException>(() => call);
        source.SetResult("late");
        Assert.Equal(
            [
                "Warning 3 LoadTimedOut Slow(int): a load has not ended within 5 s, and its callers wait no longer. 0 more like this since the last message.",
                "Debug 4 NotStored Slow(int): a loaded value was not stored: timed_out. 0 more like this since the last message.",
            ],
            log.Lines);
    }

    [Theory]
    [InlineData("too_heavy", "Warning")]
    [InlineData("rule", "Debug")]
    [InlineData("failed_to_store", "Warning")]
    [InlineData("null", "Debug")]
    [InlineData("evicted", "Debug")]
    public void A_value_that_is_not_stored_is_told_with_the_reason(string reason, string level)
    {
        var cache = Of(new() { MaxBytes = 1000, CacheNull = false }, "Refused(int)");
        var rules = new EntryRules<string>
        {
            Terms = _ => reason switch
            {
                "too_heavy" => new() { Weight = 2000 },
                "rule" => new() { Discard = true },
                "failed_to_store" => throw new InvalidOperationException(),
                _ => default,
            },
        };
        cache.Load(1, _ => Load(), rules);
        Assert.Equal([$"{level} 4 NotStored Refused(int): a loaded value was not stored: {reason}. 0 more like this since the last message."], log.Lines);

        string Load()
        {
            if (reason == "evicted")
                cache.Evict(1);
            return reason == "null" ? null! : "value";
        }
    }

    [Fact]
    public void A_clear_is_told()
    {
        var cache = Of(new(), "Cleared(int)");
        cache.Get(1, _ => "value");
        cache.Method.Clear();
        Memo.ClearAll();
        Assert.Equal(
            [
                "Information 5 Cleared Cleared(int): all entries were removed by request. 0 more like this since the last message.",
                "Information 6 AllCleared All entries of all methods were removed by request.",
            ],
            log.Lines);
    }

    [Fact]
    public void A_log_that_fails_harms_no_call()
    {
        log.Throws = true;
        var cache = Of(new() { CacheNull = false }, "Failing(int)");
        Assert.Null(cache.Get(1, _ => null!));
        cache.Method.Clear();
        Memo.ClearAll();
    }

    [Fact]
    public void Without_a_hand_the_log_of_the_latest_container_is_used_for_as_long_as_it_is_there()
    {
        isolated.Dispose();
        using Written first = new(LogLevel.Information), second = new(LogLevel.Information), byHand = new(LogLevel.Information);
        var method = Of(new(), "Contained(int)").Method;
        using (Container(first))
        {
            using (Container(second))
            {
                method.Clear();
                Memo.LoggerFactory = byHand;
                Assert.Same(byHand, Memo.LoggerFactory);
                Memo.ClearAll();
                Memo.LoggerFactory = null;
            }

            Memo.ClearAll();
        }

        Memo.ClearAll();
        Assert.Equal((1, 1, 1), (Count(first), Count(second), Count(byHand)));

        // Tests before this one have left methods that name tiers of theirs, of which a container tells when it starts.
        static int Count(Written log) => log.Lines.Count(static line => !line.Contains("There is no tier named", StringComparison.Ordinal));

        static ServiceProvider Container(Written log)
        {
            var provider = new ServiceCollection().AddSingleton<ILoggerFactory>(new Kept(log)).AddMemoize().BuildServiceProvider();

            // What the host does when it starts.
            provider.GetRequiredService<Microsoft.Extensions.Options.IStartupValidator>().Validate();
            return provider;
        }
    }

    // A container disposes what it has been given by a factory, and this is the test's.
    private sealed class Kept(ILoggerFactory log) : ILoggerFactory
    {
        public ILogger CreateLogger(string categoryName) => log.CreateLogger(categoryName);

        public void AddProvider(ILoggerProvider provider) => log.AddProvider(provider);

        public void Dispose()
        {
        }
    }
}
