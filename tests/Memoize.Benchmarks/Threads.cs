using System.Diagnostics;

namespace Memoize.Benchmarks;

/// <summary>Hits per second of one thread, and of two on the same entries.</summary>
internal static class Threads
{
    private static readonly TimeSpan Slice = TimeSpan.FromMilliseconds(40);

    public static IEnumerable<(string Name, double One, double Two)> Measure(IReadOnlyList<Subject> subjects, int rounds)
    {
        var one = new double[subjects.Count];
        var two = new double[subjects.Count];
        for (var round = 0; round < rounds; round++)
        {
            for (var i = 0; i < subjects.Count; i++)
            {
                one[i] = Math.Max(one[i], PerSecond(subjects[i], 1));
                two[i] = Math.Max(two[i], PerSecond(subjects[i], 2));
            }
        }

        return subjects.Select((subject, i) => (subject.Name, one[i], two[i]));
    }

    private static double PerSecond(Subject subject, int threads)
    {
        using var start = new Barrier(threads);
        var calls = new long[threads * 16];
        var running = Enumerable.Range(0, threads).Select(t => new Thread(() =>
        {
            start.SignalAndWait();
            var began = Stopwatch.GetTimestamp();
            long count = 0;
            while (Stopwatch.GetElapsedTime(began) < Slice)
            {
                subject.Run();
                count += subject.Calls;
            }

            calls[t * 16] = (long)(count / Stopwatch.GetElapsedTime(began).TotalSeconds);
        })).ToList();
        running.ForEach(thread => thread.Start());
        running.ForEach(thread => thread.Join());
        return calls.Sum();
    }
}
