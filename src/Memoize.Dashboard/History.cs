using System.Runtime.CompilerServices;

namespace Memoize.Dashboard;

/// <summary>
/// The hit ratio of every method in the last minutes, so that the plot is there when the page is opened. Every few seconds it reads
/// the counters; a call pays nothing.
/// </summary>
internal sealed class History : IDisposable
{
    internal const int Length = 60;

    internal static readonly TimeSpan Step = TimeSpan.FromSeconds(5);

    private readonly ConditionalWeakTable<CachedMethod, Track> tracks = new();
    private readonly ITimer timer;

    internal History(TimeProvider time)
        => timer = time.CreateTimer(static history => ((History)history!).Sample(), this, Step, Step);

    public void Dispose() => timer.Dispose();

    /// <summary>The ratios, from 0 to 1, the latest last; null where there was no call.</summary>
    internal double?[] Of(CachedMethod method) => tracks.TryGetValue(method, out var track) ? track.Ratios() : [];

    private void Sample()
    {
        foreach (var method in Memo.Caches)
            tracks.GetValue(method, static _ => new()).Add(method.Statistics);
    }

    private sealed class Track
    {
        private readonly Queue<double?> ratios = new();
        private CacheStatistics last;

        internal void Add(CacheStatistics now)
        {
            lock (ratios)
            {
                var hits = now.Hits - last.Hits;
                var calls = hits + now.Misses - last.Misses;
                ratios.Enqueue(calls > 0 ? Math.Clamp((double)hits / calls, 0, 1) : null);
                if (ratios.Count > Length)
                    ratios.Dequeue();
                last = now;
            }
        }

        internal double?[] Ratios()
        {
            lock (ratios)
                return [.. ratios];
        }
    }
}
