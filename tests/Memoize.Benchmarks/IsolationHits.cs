using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;
using Memoize.Testing;

namespace Memoize.Benchmarks;

/// <summary>
/// Hits in a process that has never heard of <c>Memoize.Testing</c>, and in one that has used it. What one of them has done cannot be
/// undone, so each is a process of its own; they are asked in turns, a slice at a time, as <see cref="Interleaved"/> does within one.
/// </summary>
internal static class IsolationHits
{
    public const string Child = "isolation-child";
    public const string Used = "used";

    private const string Never = "never";

    /// <summary>The best of each, in nanoseconds.</summary>
    public static (double Never, double Used) Measure(int rounds)
    {
        var (never, used) = (Benchmarks.Child.Start(Child, Never), Benchmarks.Child.Start(Child, Used));
        var best = (Never: double.MaxValue, Used: double.MaxValue);
        for (var round = -rounds / 4 - 30; round < rounds; round++)
        {
            var (first, second) = (Ask(never), Ask(used));
            if (round >= 0)
                best = (Math.Min(best.Never, first), Math.Min(best.Used, second));
        }

        never.End();
        used.End();
        return best;
    }

    /// <summary>What such a process does: for each line that it reads, it measures once and writes what a hit has cost.</summary>
    public static void Answer(bool uses)
    {
        if (uses)
            Use();

        // Until the compiler is done with the methods: it begins when a process has been quiet for a while.
        var subject = Hits.All().First(static one => one.Name == "Memoize");
        for (var start = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(start) < TimeSpan.FromSeconds(2); Thread.Sleep(100))
        {
            for (var i = 0; i < 50; i++)
                subject.Run();
        }

        while (Console.ReadLine() is not null)
            Console.WriteLine(Interleaved.Time(subject).ToString(CultureInfo.InvariantCulture));
    }

    // In a method of its own, so that the other process does not even load the assembly.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Use()
    {
        var catalog = new Catalog();
        using var test = MemoTest.Isolate();
        catalog.Find(1, "isolated");
        catalog.Find(1, "isolated");
    }

    private static double Ask(Process process) => double.Parse(process.Ask(""), CultureInfo.InvariantCulture);
}
