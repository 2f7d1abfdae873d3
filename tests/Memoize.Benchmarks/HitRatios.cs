using Memoize.Storage;
using Memoize.Tests.Storage;

namespace Memoize.Benchmarks;

/// <summary>
/// How much of a Zipf trace is answered, beside an exact LRU with the same lifetime. One request is one tick of the clock. Nothing is timed here, so
/// it may run beside anything else.
/// </summary>
internal static class HitRatios
{
    private const int Keys = 100_000;
    private const int Requests = 1_000_000;

    private static readonly double[] Exponents = [0.7, 0.8, 0.9, 1.0, 1.1];
    private static readonly int[] Sizes = [100, 300, 1_000, 2_000, 5_000, 10_000, 20_000];
    private static readonly int[] Lifetimes = [2, 3, 5, 10, 20, 50, 100];

    internal static void Measure(int seeds, bool all)
    {
        var behind = new Dictionary<Eviction, List<double>> { [Eviction.Lru] = [], [Eviction.Lfu] = [] };
        var traces = 0;
        foreach (var exponent in Exponents)
        {
            // The traces of all seeds are made once for each exponent.
            var requests = Enumerable.Range(42, seeds).Select(seed => Zipf.Trace(Requests, Keys, exponent, seed)).ToArray();
            foreach (var (size, times) in Sizes.SelectMany(size => Lifetimes.Select(times => (size, times))))
            {
                traces++;
                var exact = requests.Select(trace => ExactLru(trace, size, size * times)).ToArray();
                foreach (var (eviction, found) in behind)
                {
                    var ahead = requests.Select((trace, i) => Points(Hits(trace, size, size * times, eviction) - exact[i])).ToArray();
                    var mean = ahead.Average();
                    if (mean < 0)
                        found.Add(mean);
                    if (all || mean < 0)
                        Table.Print($"Zipf {exponent}, {size:N0} entries, lifetime {times} × as many requests", $"{eviction}, points ahead of an exact LRU", Table.Number(mean, "0.000"), Spread(ahead), Table.Number(Points(exact[0]), "0.0"));
                }
            }
        }

        foreach (var (eviction, found) in behind)
            Table.Print($"{traces} Zipf traces with lifetimes", $"{eviction}, behind an exact LRU, and the worst", $"{found.Count}, {Table.Number(found.DefaultIfEmpty().Min(), "0.000")} points");
    }

    private static double Points(int hits) => 100.0 * hits / Requests;

    // The standard error of the mean.
    private static string Spread(double[] values)
    {
        if (values.Length < 2)
            return "";
        var mean = values.Average();
        return "± " + Table.Number(Math.Sqrt(values.Sum(value => (value - mean) * (value - mean)) / (values.Length - 1) / values.Length), "0.000");
    }

    private static int Hits(int[] trace, int size, int lifetime, Eviction eviction)
    {
        var time = new Ticks();
        var store = new EntryStore<int, int>(
            new CacheOptions { MaxSize = size, Ttl = lifetime / 1000.0, Eviction = eviction }, Clock.From(time), new StoreCounters());
        var hits = 0;
        foreach (var key in trace)
        {
            time.Now++;
            if (store.TryGet(key, out _))
                hits++;
            else
                store.Put(key, key);
        }

        return hits;
    }

    private static int ExactLru(int[] trace, int size, int lifetime)
    {
        // A list in arrays: 0 is before the first and behind the last.
        var next = new int[Keys + 1];
        var previous = new int[Keys + 1];
        var deadline = new long[Keys + 1];
        var held = new bool[Keys + 1];
        var (hits, count, now) = (0, 0, 0L);
        foreach (var key in trace)
        {
            var node = key + 1;
            now++;
            if (held[node])
            {
                (next[previous[node]], previous[next[node]]) = (next[node], previous[node]);
                if (now < deadline[node])
                    hits++;
                else
                    deadline[node] = now + lifetime;
            }
            else
            {
                if (count == size)
                {
                    var last = previous[0];
                    held[last] = false;
                    (next[previous[last]], previous[0]) = (0, previous[last]);
                }
                else
                {
                    count++;
                }

                held[node] = true;
                deadline[node] = now + lifetime;
            }

            (next[node], previous[node]) = (next[0], 0);
            previous[next[0]] = node;
            next[0] = node;
        }

        return hits;
    }

    /// <summary>Milliseconds that pass when they are counted, and no timers: what expires leaves because of what is added.</summary>
    private sealed class Ticks : TimeProvider
    {
        internal long Now { get; set; }

        public override long TimestampFrequency => 1000;

        public override long GetTimestamp() => Now;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => new NoTimer();

        private sealed class NoTimer : ITimer
        {
            public bool Change(TimeSpan dueTime, TimeSpan period) => true;

            public void Dispose()
            {
            }

            public ValueTask DisposeAsync() => default;
        }
    }
}
