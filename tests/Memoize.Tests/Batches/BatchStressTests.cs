namespace Memoize.Tests.Batches;

/// <summary>
/// Threads and tasks that do everything at once. Each key has a truth in a "database" that only grows, and whoever changes it evicts or
/// sets: who asks afterwards must not see less.
/// </summary>
public class BatchStressTests
{
    private const int Keys = 8;
    private const int Threads = 6;
    private const int Rounds = 4000;

    private readonly MethodCache<int, string> cache = TestCache.Of(tasks: true);
    private readonly long[] truth = new long[Keys];
    private readonly long[] evicted = new long[Keys];
    private readonly object[] writing = [.. Enumerable.Range(0, Keys).Select(_ => new object())];

    [Fact]
    public async Task No_old_value_survives_an_eviction()
    {
        var threads = Concurrency.OnThreads(Threads, i =>
        {
            var random = new Random(i);
            for (var round = 0; round < Rounds; round++)
                Act(random).GetAwaiter().GetResult();
            return true;
        });
        await Task.WhenAll(threads).InTime();

        var statistics = cache.Statistics;
        Assert.True(statistics.Hits > 0 && statistics.NotStoredEvicted > 0 && statistics.NotStoredCancelled > 0 && statistics.LoadFailures > 0, statistics.ToString());

        // Every key can be loaded still.
        Assert.Equal(Keys, (await new BatchCalls(cache).GetAsync([.. Enumerable.Range(0, Keys)]).InTime()).Count);
    }

    [Fact]
    public async Task Without_evictions_every_key_is_loaded_once()
    {
        for (var generation = 0; generation < 100; generation++)
        {
            var loads = new int[Keys];
            var calls = new BatchCalls(cache);
            var threads = Concurrency.OnThreads(Threads, i =>
            {
                var random = new Random(100 * generation + i);
                for (var round = 0; round < 6; round++)
                {
                    var keys = Some(random);
                    if (random.Next(3) == 0)
                        cache.Get(keys[0], _ => Count([keys[0]])[keys[0]]);
                    else if (random.Next(2) == 0)
                        calls.Get(keys, (ids, _) => Count(ids));
                    else
                        calls.GetAsync(keys, async (ids, _) => { await Task.Yield(); return Count(ids); }).Block();
                }

                return true;

                IReadOnlyDictionary<int, string> Count(int[] ids)
                {
                    foreach (var id in ids)
                        Interlocked.Increment(ref loads[id]);
                    return ids.ToDictionary(id => id, id => $"{id}");
                }
            });
            await Task.WhenAll(threads).InTime();
            Assert.All(loads, count => Assert.InRange(count, 0, 1));
            cache.Clear();
        }
    }

    private async Task Act(Random random)
    {
        var keys = Some(random);
        switch (random.Next(10))
        {
            case 0 or 1:
                Write(keys[0], random.Next(3) == 0);
                return;
            case 2:
                await Tolerate(async () => Check(keys[0], Volatile.Read(ref evicted[keys[0]]), await cache.GetAsync(keys[0], token => Task.FromResult(Read(keys[0])))));
                return;
        }

        using var source = new CancellationTokenSource();
        if (random.Next(4) == 0)
            source.CancelAfter(TimeSpan.FromMicroseconds(random.Next(300)));
        var floors = keys.ToDictionary(key => key, key => Volatile.Read(ref evicted[key]));
        var fails = random.Next(20) == 0;
        var calls = new BatchCalls(cache);
        await Tolerate(async () =>
        {
            var found = random.Next(2) == 0
                ? calls.Get(keys, (ids, token) => Load(ids, fails), source.Token)
                : await calls.GetAsync(keys, async (ids, token) => { var loaded = Load(ids, fails); await Task.Yield(); return loaded; }, source.Token);
            Assert.Equal(floors.Count, found.Count);
            foreach (var (key, value) in found)
                Check(key, floors[key], value);
        });
    }

    private static int[] Some(Random random)
    {
        var keys = Enumerable.Range(0, Keys).ToArray();
        random.Shuffle(keys);
        return keys[..random.Next(1, 5)];
    }

    private string Read(int key) => $"{Volatile.Read(ref truth[key])}";

    private Dictionary<int, string> Load(int[] ids, bool fails)
    {
        var loaded = ids.ToDictionary(id => id, Read);
        Thread.Yield();
        return fails ? throw new InvalidTimeZoneException() : loaded;
    }

    private void Write(int key, bool sets)
    {
        lock (writing[key])
        {
            var value = Interlocked.Increment(ref truth[key]);
            if (sets)
                cache.Set(key, $"{value}");
            else
                cache.Evict(key);
            Volatile.Write(ref evicted[key], value);
        }
    }

    private static void Check(int key, long floor, string value)
    {
        if (long.Parse(value, System.Globalization.CultureInfo.InvariantCulture) < floor)
            throw new InvalidOperationException($"Key {key} was evicted at {floor}, and a call that started later got {value}.");
    }

    private static async Task Tolerate(Func<Task> call)
    {
        try
        {
            await call();
        }
        catch (Exception e) when (e is OperationCanceledException or InvalidTimeZoneException)
        {
            // Ordered above.
        }
    }
}
