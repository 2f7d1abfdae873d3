using System.Collections.Concurrent;
using System.Runtime.CompilerServices;

namespace Memoize.AotSmoke;

/// <summary>How often the original of each method ran.</summary>
sealed class Counters
{
    readonly ConcurrentDictionary<string, int> _counts = new();

    public int this[string name] => _counts.GetValueOrDefault(name);

    public void Count([CallerMemberName] string name = "") => _counts.AddOrUpdate(name, 1, static (_, count) => count + 1);
}

readonly record struct Point(int X, int Y);

/// <summary>The plain door: calls of these are redirected where they are written.</summary>
static class Plain
{
    public static readonly Counters Loads = new();

    public static readonly ManualResetEventSlim Released = new();

    [Cached(Ttl = 300, MaxSize = 1000)]
    public static int Twice(int x)
    {
        Loads.Count();
        return 2 * x;
    }

    [Cached(Ttl = 300, Sliding = 60)]
    public static string Join(int number, string text)
    {
        Loads.Count();
        return $"{number} {text}";
    }

    [Cached]
    public static int Length(ReadOnlySpan<char> text)
    {
        Loads.Count();
        return text.Length;
    }

    [Cached]
    public static int First([CacheKey(Structural = true)] IReadOnlyList<Point> points)
    {
        Loads.Count();
        return points[0].X;
    }

    [Cached]
    public static string Name<T>(int id)
    {
        Loads.Count($"Name {typeof(T).Name}");
        return typeof(T).Name + id;
    }

    [Cached]
    public static string? Nothing(string of)
    {
        Loads.Count();
        return null;
    }

    [Cached]
    public static double At(Point point, DayOfWeek day, double factor, decimal? price)
    {
        Loads.Count();
        return point.X * factor;
    }

    [Cached(Ttl = 300, Eviction = Eviction.Lfu)]
    public static int Recent(int x)
    {
        Loads.Count();
        return x;
    }

    [Cached]
    public static long Fibonacci(int n)
    {
        Loads.Count();
        return n < 2 ? n : Fibonacci(n - 1) + Fibonacci(n - 2);
    }

    [Cached]
    public static int Slow(int x)
    {
        Loads.Count();
        Released.Wait();
        return x;
    }

#pragma warning disable MEMO0601 // What happens then is what is looked at.
    [Cached]
    public static int Ouroboros(int x) => Ouroboros(x) + 1;
#pragma warning restore MEMO0601

    [Cached(Ttl = 300)]
    public static async Task<int> TwiceAsync(int x, CancellationToken cancellationToken = default)
    {
        Loads.Count();
        await Task.Delay(1, cancellationToken);
        return 2 * x;
    }

    [Cached(Ttl = 300)]
    public static async ValueTask<int> TwiceValueAsync(int x)
    {
        Loads.Count();
        await Task.Yield();
        return 2 * x;
    }
}

interface IStore
{
    string Find(int id);

    Task<string> FindAsync(string name, CancellationToken cancellationToken);
}

/// <summary>The partial door: everybody gets the cached result.</summary>
sealed partial class Store : IStore
{
    static readonly Counters s_loads = new();

    public int Loads => s_loads[nameof(FindCore)];

    public int AsyncLoads => s_loads[nameof(FindAsyncCore)];

    [Cached(Ttl = 300)]
    public partial string Find(int id);

    string FindCore(int id)
    {
        s_loads.Count();
        return $"found {id}";
    }

    [Cached(Ttl = 300)]
    public partial Task<string> FindAsync(string name, CancellationToken cancellationToken);

    async Task<string> FindAsyncCore(string name, CancellationToken cancellationToken)
    {
        s_loads.Count();
        await Task.Delay(1, cancellationToken);
        return $"found {name}";
    }
}

/// <summary>Reads its own state, so each instance has a cache of its own.</summary>
sealed class Box
{
    public int Loads;

    [Cached(PerInstance = true)]
    public int Weight(int side) => ++Loads * side;
}
