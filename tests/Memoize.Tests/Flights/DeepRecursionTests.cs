namespace Memoize.Tests.Flights;

/// <summary>A memoized recursion goes deeper than one stack.</summary>
public class DeepRecursionTests
{
    private const int Deep = 20_000;
    private static readonly AsyncLocal<string?> Tenant = new();

    private readonly MethodCache<int, long> cache = TestCache.Of<int, long>(new() { MaxSize = 2 * Deep });

    private long Fib(int n) => cache.Get(n, _ => n < 2 ? n : unchecked(Fib(n - 1) + Fib(n - 2)));

    private Task<long> FibAsync(int n) => cache.GetAsync(n, async _ => n < 2 ? n : unchecked(await FibAsync(n - 1) + await FibAsync(n - 2)));

    private static long Plain(int n)
    {
        long a = 0, b = 1;
        for (var i = 0; i < n; i++)
            (a, b) = (b, unchecked(a + b));
        return a;
    }

    // The thread has the smallest stack that the platform allows, whatever the test runner gives its own.
    private static T OnSmallStack<T>(Func<T> action)
    {
        Exception? failure = null;
        var value = default(T)!;
        var thread = new Thread(() => failure = Record.Exception(() => { value = action(); }), 512 * 1024) { IsBackground = true };
        thread.Start();
        Assert.True(thread.Join(Concurrency.Patience));
        return failure is null ? value : throw new InvalidOperationException("The recursion has failed.", failure);
    }

    [Fact]
    public void Synchronous()
    {
        Assert.Equal(Plain(Deep), OnSmallStack(() => Fib(Deep)));
        Assert.Equal(Deep + 1, cache.Statistics.Loads);
    }

    [Fact]
    public void Asynchronous()
    {
        Assert.Equal(Plain(Deep), OnSmallStack(() => FibAsync(Deep).Block()));
        Assert.Equal(Deep + 1, cache.Statistics.Loads);
    }

    [Fact]
    public void An_exception_comes_all_the_way_up_as_it_was_thrown()
    {
        long Down(int n) => cache.Get(n, _ => n == 0 ? Bottom() : Down(n - 1));
        static long Bottom() => throw new InvalidTimeZoneException("the bottom");

        var seen = OnSmallStack(() => Assert.Throws<InvalidTimeZoneException>(() => Down(4000)));

        Assert.Contains(nameof(Bottom), seen.StackTrace, StringComparison.Ordinal);
        Assert.Equal(4001, cache.Statistics.LoadFailures);
    }

    [Fact]
    public void The_context_comes_along_and_nothing_comes_back()
    {
        long Down(int n) => cache.Get(n, _ =>
        {
            if (n > 0)
                return Down(n - 1);

            var seen = Tenant.Value == "caller" ? 1 : 0;
            Tenant.Value = "bottom";
            return seen;
        });

        Assert.Equal((1, "caller"), OnSmallStack(() =>
        {
            Tenant.Value = "caller";
            return (Down(Deep), Tenant.Value);
        }));
    }

    [Fact]
    public void A_load_that_asks_for_itself_far_down_is_refused()
    {
        long Down(int n) => cache.Get(n, _ => Down(n == 0 ? 4000 : n - 1));

        var seen = Record.Exception(() => OnSmallStack(() => Down(4000)));

        Assert.IsType<InvalidOperationException>(seen?.InnerException);
        Assert.True(seen!.InnerException!.Message.Length < 2000, "A message is for people.");
    }
}
