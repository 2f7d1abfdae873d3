using System.Numerics;

namespace Memoize.Integration.Tests;

/// <summary>A recursive method that is cached is a memoized one.</summary>
public class RecursionTests
{
    private static readonly Counted _counted = new();

    [Fact]
    public void Fibonacci_computes_each_number_once()
    {
        Assert.Equal(BigInteger.Parse("354224848179261915075", null), Fibonacci(100));
        Assert.Equal(101, _counted.Runs);
    }

    [Fact]
    public void Depth_is_not_bounded_by_the_stack() => Assert.Equal(20_000, Depth(20_000));

    [Cached]
    internal static BigInteger Fibonacci(int n) => _counted.Ran(n < 2 ? n : Fibonacci(n - 1) + Fibonacci(n - 2));

    [Cached(MaxSize = 100_000)]
    internal static int Depth(int n) => n == 0 ? 0 : Depth(n - 1) + 1;
}
