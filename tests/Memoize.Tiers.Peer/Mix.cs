using System.Diagnostics;

namespace Memoize.Tiers.Peer;

/// <summary>Reads all keys, writes and evicts those of its own, and says for how long it was given what was out of date.</summary>
internal static class Mix
{
    // Each takes some, so that every key is written by one process and read by all.
    private const int Readers = 4;
    private const int Keys = 16;

    internal static async Task<string> RunAsync(Truth truth, Door door, int seconds, bool forgets, int me, int of)
    {
        var end = Stopwatch.GetTimestamp() + seconds * Stopwatch.Frequency;
        var stale = new Dictionary<(int, int), double>();
        var reads = 0;

        async Task Read(int seed)
        {
            var random = new Random(seed);
            while (Stopwatch.GetTimestamp() < end)
            {
                var key = random.Next(Keys);
                var began = Stopwatch.GetTimestamp();
                var version = (await door.Find(key)).Version;
                var late = truth.StaleFor(key, version, began).TotalMilliseconds;
                lock (stale)
                {
                    reads++;
                    stale[(key, version + 1)] = Math.Max(stale.GetValueOrDefault((key, version + 1)), late);
                }
                if (!forgets)
                {
                    await Task.Delay(1);
                    continue;
                }

                // As a process that has just begun: whatever it returns is what the tier has.
                await Memo.FlushTiersAsync();
                Memo.TimeProvider = Memo.TimeProvider;
            }
        }

        async Task Write()
        {
            var random = new Random(me);
            while (Stopwatch.GetTimestamp() < end)
            {
                var key = random.Next(Keys / of) * of + me;
                var version = truth.Write(key);
                await door.Evict(key);
                truth.Evicted(key, version);
                Stock.Delay = random.Next(4) == 0 ? random.Next(30) : 0;
                await Task.Delay(random.Next(20));
            }
        }

        // With nothing in memory, readers of one process would undo each other's work: one is enough.
        await Task.WhenAll([Write(), .. Enumerable.Range(0, forgets ? 1 : Readers).Select(reader => Read(100 * me + reader))]);
        var late = stale.Values.Order().ToArray();
        return $"{late[late.Length * 99 / 100]:0} {late[^1]:0} {reads} {late.Length}";
    }
}
