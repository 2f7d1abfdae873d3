namespace Memoize.Tests.Flights;

/// <summary>
/// Threads and tasks that do everything at once, for some seconds. What they see is checked against numbers that only grow: each key
/// has a truth in a "database", and whoever changes it evicts.
/// </summary>
public class StressTests
{
    private const int Keys = 4;
    private const long Poison = -1;

    private readonly MethodCache<int, long> cache = TestCache.Of<int, long>();
    private readonly long[] truth = new long[Keys];
    private readonly long[] evicted = new long[Keys];
    private readonly object[] writing = [.. Enumerable.Range(0, Keys).Select(_ => new object())];

    private long Load(int key, bool linger, CancellationToken token)
    {
        var value = Volatile.Read(ref truth[key]);
        if (linger)
            Thread.Yield();
        return token.IsCancellationRequested ? Poison : value;
    }

    private async Task<long> LoadAsync(int key, bool linger, CancellationToken token)
    {
        var value = Volatile.Read(ref truth[key]);
        if (linger)
            await Task.Yield();
        return token.IsCancellationRequested ? Poison : value;
    }

    // What was true before an eviction that has returned must not be seen by a call that starts now.
    private void Check(int key, long floor, long value)
    {
        if (value == Poison)
            throw new InvalidOperationException($"Somebody who stayed got the result of a load that was cancelled, for key {key}.");
        if (value < floor)
            throw new InvalidOperationException($"Key {key} was evicted at {floor}, and a call that started later got {value}.");
    }

    private void Write(int key, Random random)
    {
        lock (writing[key])
        {
            var value = Interlocked.Increment(ref truth[key]);
            switch (random.Next(8))
            {
                case 0:
                    cache.Clear();
                    break;
                case < 4:
                    cache.Set(key, value);
                    break;
                default:
                    cache.Evict(key);
                    break;
            }

            Volatile.Write(ref evicted[key], value);
        }
    }

    [Fact]
    public async Task An_eviction_that_has_returned_is_never_undone()
    {
        const int steps = 120_000;
        var threads = Concurrency.OnThreads(4, seed =>
        {
            var random = new Random(seed);
            for (var i = 0; i < steps; i++)
            {
                var key = random.Next(Keys);
                var linger = random.Next(4) == 0;
                var floor = Volatile.Read(ref evicted[key]);
                switch (random.Next(10))
                {
                    case 0:
                        Write(key, random);
                        break;
                    case 1:
                        cache.Refresh(key, token => Load(key, linger, token));
                        break;
                    case 2:
                        var seen = cache.Peek(key, out var value) ? value : floor;
                        Check(key, floor, seen);
                        break;
                    default:
                        Check(key, floor, cache.Get(key, token => Load(key, linger, token)));
                        break;
                }
            }

            return 0;
        });
        var tasks = Enumerable.Range(0, 8).Select(seed => Task.Run(async () =>
        {
            var random = new Random(100 + seed);
            for (var i = 0; i < steps / 4; i++)
            {
                var key = random.Next(Keys);
                var linger = random.Next(2) == 0;
                var floor = Volatile.Read(ref evicted[key]);
                if (random.Next(12) == 0)
                    Write(key, random);
                else
                    Check(key, floor, await cache.GetAsync(key, token => LoadAsync(key, linger, token)));
            }
        }));

        await Task.WhenAll([.. threads, .. tasks]).WaitAsync(TimeSpan.FromMinutes(3));

        var seen = cache.Statistics;
        Assert.Equal((0, 0, 0), (seen.LoadFailures, seen.NotStoredCancelled, seen.NotStoredFailed));
        Assert.True(seen is { Hits: > 0, NotStoredEvicted: > 0 });
    }

    [Fact]
    public async Task Callers_that_come_and_go_disturb_nobody()
    {
        const int steps = 8_000;
        var (left, running) = (0, 0);
        async Task<long> Track(int key, CancellationToken token)
        {
            Interlocked.Increment(ref running);
            try
            {
                return await LoadAsync(key, linger: true, token);
            }
            finally
            {
                Interlocked.Decrement(ref running);
            }
        }

        var tasks = Enumerable.Range(0, 16).Select(seed => Task.Run(async () =>
        {
            var random = new Random(seed);
            for (var i = 0; i < steps; i++)
            {
                var key = random.Next(Keys);
                var floor = Volatile.Read(ref evicted[key]);
                if (random.Next(3) == 0)
                {
                    Write(key, random);
                    continue;
                }

                using var source = new CancellationTokenSource();
                var token = random.Next(3) == 0 ? default : source.Token;
                var call = random.Next(6) == 0
                    ? cache.RefreshAsync(key, load => Track(key, load), token)
                    : cache.GetAsync(key, load => Track(key, load), token);
                if (random.Next(2) == 0)
                    source.Cancel();
                try
                {
                    Check(key, floor, await call);
                }
                catch (OperationCanceledException e) when (e.CancellationToken == token && token.IsCancellationRequested)
                {
                    Interlocked.Increment(ref left);
                }
            }
        })).ToArray();

        await Task.WhenAll(tasks).WaitAsync(TimeSpan.FromMinutes(3));
        Concurrency.Until(() => Volatile.Read(ref running) == 0);
        Assert.True(left > 0 && cache.Statistics.NotStoredCancelled > 0);
        Assert.Equal(0, cache.Statistics.LoadFailures);
        for (var key = 0; key < Keys; key++)
        {
            cache.Evict(key);
            Assert.Equal(truth[key], cache.Get(key, token => Load(key, linger: false, token)));
        }
    }

    [Fact]
    public async Task One_load_at_a_time_per_key_while_nothing_is_evicted_by_request()
    {
        const int steps = 8_000, others = 100;
        var small = TestCache.Of<int, int>(new() { MaxSize = 3 });       // entries keep leaving, so that loads keep coming
        var loading = new int[others];
        var overlaps = 0;
        var threads = Concurrency.OnThreads(4, seed =>
        {
            var random = new Random(seed);
            for (var i = 0; i < steps; i++)
            {
                var key = random.Next(random.Next(1, others));           // few keys often, many seldom
                small.Get(key, _ =>
                {
                    if (Interlocked.Increment(ref loading[key]) > 1)
                        Interlocked.Increment(ref overlaps);
                    Thread.Yield();
                    Interlocked.Decrement(ref loading[key]);
                    return key;
                });
            }

            return 0;
        });

        await Task.WhenAll(threads).InTime();
        Assert.Equal(0, overlaps);
        Assert.True(small.Statistics.Loads > others);
    }
}
