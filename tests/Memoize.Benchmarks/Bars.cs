namespace Memoize.Benchmarks;

/// <summary>The promises, checked against what was measured in this run.</summary>
internal static class Bars
{
    public static void Print(IReadOnlyList<Measured> rows)
    {
        double Of(string name) => rows.First(row => row.Subject.Group == Hits.Group && row.Subject.Name == name).Nanoseconds;
        var hit = Of("Memoize");
        var caller = Of("Memoize, called by an async method");
        var soft = rows.First(row => row.Subject.Name == "Memoize, stale + sliding + tags");

        AtMost("hit, Ttl / FastConcurrentTLru", hit / Of("FastConcurrentTLru, hand-written key"), 0.9);
        AtMost("hit, no Ttl / FastConcurrentLru", Of("Memoize, no Ttl") / Of("FastConcurrentLru, hand-written key"), 1.2);
        AtMost("Task<T> / the same call without", Of("Memoize, Task<T>") / caller, 1.1);
        AtMost("ValueTask<T> / the same call without", Of("Memoize, ValueTask<T>") / caller, 1.05);
        AtMost("stale + sliding + tags / hit", soft.Nanoseconds / hit, 1.3);
        AtMost("stale + sliding + tags, bytes", soft.Bytes, 0);
        AtMost("sliding before a tier / sliding", Of("Memoize, Sliding before a tier") / Of("Memoize, Sliding"), 1.1);
        AtLeast("IMemoryCache / hit", Of("IMemoryCache, interpolated key") / hit, 4);
        AtLeast("HybridCache / hit", Of("HybridCache, interpolated key") / hit, 6);
        AtLeast("FusionCache / hit", Of("FusionCache, interpolated key") / hit, 10);
    }

    public static void AtMost(string name, double value, double bar) => Print(name, value, value <= bar, $"at most {Table.Number(bar, "0.##")}");

    public static void AtLeast(string name, double value, double bar) => Print(name, value, value >= bar, $"at least {Table.Number(bar, "0.##")}");

    private static void Print(string name, double value, bool reached, string bar)
        => Table.Print("bar", name, $"{Table.Number(value, "0.00")} ({bar})", "", reached ? "reached" : "MISSED");
}
