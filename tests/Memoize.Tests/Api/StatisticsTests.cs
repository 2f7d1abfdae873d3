namespace Memoize.Tests.Api;

public class StatisticsTests
{
    [Fact]
    public void Every_member_is_added()
    {
        var properties = typeof(CacheStatistics).GetProperties().Where(property => property.CanWrite).ToArray();
        object one = default(CacheStatistics);
        for (var i = 0; i < properties.Length; i++)
        {
            properties[i].SetValue(one, properties[i].PropertyType == typeof(TimeSpan) ? TimeSpan.FromTicks(i + 1)
                : Convert.ChangeType(i + 1, properties[i].PropertyType, null));
        }

        var sum = (CacheStatistics)one + (CacheStatistics)one;

        Assert.Equal(26, properties.Length);
        for (var i = 0; i < properties.Length; i++)
        {
            var value = properties[i].GetValue(sum);
            Assert.Equal(2L * (i + 1), value is TimeSpan time ? time.Ticks : Convert.ToInt64(value, null));
        }

        Assert.Equal(sum, CacheStatistics.Add((CacheStatistics)one, (CacheStatistics)one));
    }

    [Fact]
    public void Ratio_and_sum_of_reasons()
    {
        Assert.Equal(0, default(CacheStatistics).HitRatio);
        Assert.Equal(0.75, new CacheStatistics { Hits = 3, Misses = 1 }.HitRatio);
        Assert.Equal(15, new CacheStatistics { NotStoredCancelled = 1, NotStoredDisabled = 2, NotStoredEvicted = 3, NotStoredFailed = 4, NotStoredByRule = 5 }.NotStored);
    }

    [Fact]
    public async Task Counts_are_exact_under_many_threads()
    {
        const int threads = 8, calls = 20_000, keys = 50;
        var cache = TestCache.Of<int, int>();
        var loads = 0;
        await Task.WhenAll(Concurrency.OnThreads(threads, seed =>
        {
            var random = new Random(seed);
            for (var i = 0; i < calls; i++)
            {
                var key = random.Next(keys);
                cache.Get(key, _ =>
                {
                    Interlocked.Increment(ref loads);
                    return key;
                });
            }

            return 0;
        })).InTime();

        var seen = cache.Statistics;
        Assert.Equal(keys, loads);
        Assert.Equal((keys, keys, 0), (seen.Loads, seen.Count, seen.LoadFailures));
        Assert.Equal(threads * calls, seen.Hits + seen.Misses);
        Assert.InRange(seen.Misses, keys, keys * threads);
    }
}
