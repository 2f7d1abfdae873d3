using System.Diagnostics;

namespace Memoize.Benchmarks;

/// <summary>What one row cost.</summary>
internal sealed record Measured(Subject Subject, double Nanoseconds, double Bytes);

/// <summary>
/// Measures all rows in turns, a millisecond at a time, and takes the best of each: on a machine whose speed changes from second
/// to second, only what ran side by side can be compared.
/// </summary>
internal static class Interleaved
{
    private static readonly TimeSpan Slice = TimeSpan.FromMilliseconds(1);

    public static IReadOnlyList<Measured> Measure(IReadOnlyList<Subject> subjects, int rounds)
    {
        var best = new double[subjects.Count];
        Array.Fill(best, double.MaxValue);

        // The first rounds let the compiler finish; its background thread needs them to take a while.
        for (var round = -rounds / 4 - 30; round < rounds; round++)
        {
            for (var i = 0; i < subjects.Count; i++)
            {
                var cost = Time(subjects[i]);
                if (round >= 0)
                    best[i] = Math.Min(best[i], cost);
            }
        }

        return [.. subjects.Select((subject, i) => new Measured(subject, best[i], Bytes(subject)))];
    }

    /// <summary>What a call costs now, in nanoseconds.</summary>
    internal static double Time(Subject subject)
    {
        var runs = 0;
        var start = Stopwatch.GetTimestamp();
        TimeSpan elapsed;
        do
        {
            subject.Run();
            runs++;
            elapsed = Stopwatch.GetElapsedTime(start);
        }
        while (elapsed < Slice);

        return elapsed.TotalNanoseconds / ((double)runs * subject.Calls);
    }

    private static double Bytes(Subject subject)
    {
        const int Runs = 40;
        subject.Run();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < Runs; i++)
            subject.Run();
        return Math.Round((GC.GetAllocatedBytesForCurrentThread() - before) / (double)(Runs * subject.Calls), 1);
    }

}
