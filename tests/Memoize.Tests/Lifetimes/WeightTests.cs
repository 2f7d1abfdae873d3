namespace Memoize.Tests.Lifetimes;

/// <summary>The sum of what entries weigh is bounded, whatever comes and goes.</summary>
public sealed class WeightTests : TimedTests
{
    private static readonly EntryRules<int> Weigh = new() { Terms = value => new() { Weight = value } };

    private static MethodCache<int, int> Of(Eviction eviction, long maxBytes = 1000, int maxSize = 1024, double ttl = 0, double stale = 0, double errorTtl = 0)
        => TestCache.Of<int, int>(new()
        {
            MaxBytes = maxBytes,
            MaxSize = maxSize,
            Ttl = ttl,
            StaleWhileRevalidate = stale,
            ErrorTtl = errorTtl,
            Eviction = eviction,
        });

    private static bool Has(MethodCache<int, int> cache, int key) => cache.Peek(key, out _);

    [Theory]
    [InlineData(Eviction.Lru)]
    [InlineData(Eviction.Lfu)]
    public void The_sum_is_bounded_at_every_moment(Eviction eviction)
    {
        foreach (var maxSize in new[] { 3, 20, 1024 })
        {
            var random = new Random(maxSize);
            var cache = Of(eviction, maxSize: maxSize);
            var values = new Dictionary<int, int>();
            for (var step = 0; step < 5000; step++)
            {
                var key = random.Next(60);
                var value = random.Next(1, random.Next(10) == 0 ? 1200 : 100);
                switch (random.Next(10))
                {
                    case 0:
                        cache.Evict(key);
                        break;
                    case 1 when random.Next(100) == 0:
                        cache.Clear();
                        break;
                    case < 5:
                        cache.Set(key, value, Weigh);
                        values[key] = value;
                        Assert.Equal(value <= 1000, Has(cache, key) || eviction == Eviction.Lfu && value <= 1000);
                        break;
                    case < 7:
                        cache.Refresh(key, _ => value, Weigh);
                        values[key] = value;
                        break;
                    default:
                        if (!cache.TryGet(key, out _))
                            values[key] = cache.Load(key, _ => value, Weigh);
                        break;
                }

                var held = Enumerable.Range(0, 60).Where(one => Has(cache, one)).ToArray();
                Assert.Equal(held.Sum(one => (long)values[one]), cache.Statistics.Weight);
                Assert.Equal(held.Length, cache.Count);
                Assert.True(cache.Statistics.Weight <= 1000);
                Assert.True(cache.Count <= maxSize);
            }
        }
    }

    [Theory]
    [InlineData(Eviction.Lru)]
    [InlineData(Eviction.Lfu)]
    public void One_that_is_too_heavy_is_returned_counted_and_not_kept(Eviction eviction)
    {
        var cache = Of(eviction);
        cache.Load(1, _ => 400, Weigh);
        Assert.Equal(1001, cache.Load(2, _ => 1001, Weigh));
        Assert.Equal((1, 400, 1), (cache.Count, cache.Statistics.Weight, cache.Statistics.NotStoredTooHeavy));
        Assert.Equal(1000, cache.Load(3, _ => 1000, Weigh));
        Assert.Equal((1, 1000, 1), (cache.Count, cache.Statistics.Weight, cache.Statistics.EvictionsByCapacity));
        Assert.True(Has(cache, 3));

        // The old value of the key is out of date.
        Assert.Equal(1001, cache.Refresh(3, _ => 1001, Weigh));
        Assert.Equal((0, 0, 2), (cache.Count, cache.Statistics.Weight, cache.Statistics.NotStoredTooHeavy));
        Assert.Equal(long.MaxValue, TestCache.Of<int, long>(new() { MaxBytes = 1 }).Load(1, _ => long.MaxValue, new EntryRules<long> { Terms = value => new() { Weight = value } }));
    }

    [Theory]
    [InlineData(Eviction.Lru)]
    [InlineData(Eviction.Lfu)]
    public void Without_a_weight_every_entry_weighs_one(Eviction eviction)
    {
        var cache = Of(eviction, maxBytes: 10);
        for (var key = 0; key < 50; key++)
            cache.Load(key, _ => 0, key % 3 == 0 ? new() { Terms = _ => new() { Weight = -key } } : default(EntryRules<int>));
        Assert.Equal((10, 10, 40), (cache.Count, cache.Statistics.Weight, cache.Statistics.EvictionsByCapacity));
    }

    [Fact]
    public void What_is_read_stays_whatever_comes()
    {
        var cache = Of(Eviction.Lru);
        for (var key = 0; key < 10; key++)
            cache.Load(key, _ => 100, Weigh);
        for (var round = 0; round < 30; round++)
        {
            // 0, 1 and 2 are read again and again, the others once.
            for (var key = 0; key < 3; key++)
                Assert.True(cache.TryGet(key, out _));
            cache.Load(100 + round, _ => 100, Weigh);
        }

        Assert.Equal(1000, cache.Statistics.Weight);
        Assert.Equal(10, cache.Count);
        Assert.All(Enumerable.Range(0, 3), key => Assert.True(Has(cache, key)));
    }

    [Theory]
    [InlineData(Eviction.Lru)]
    [InlineData(Eviction.Lfu)]
    public void A_value_may_grow_and_shrink_in_its_place(Eviction eviction)
    {
        var cache = Of(eviction);
        for (var key = 0; key < 5; key++)
            cache.Set(key, 200, Weigh);
        cache.Set(0, 10, Weigh);
        Assert.Equal((5, 810), (cache.Count, cache.Statistics.Weight));
        cache.Set(0, 200, Weigh);
        Assert.Equal((5, 1000), (cache.Count, cache.Statistics.Weight));
        cache.Set(0, 1000, Weigh);
        Assert.Equal((1, 1000), (cache.Count, cache.Statistics.Weight));
        Assert.True(Has(cache, 0));
        cache.Clear();
        Assert.Equal((0, 0), (cache.Count, cache.Statistics.Weight));
    }

    [Theory]
    [InlineData(Eviction.Lru)]
    [InlineData(Eviction.Lfu)]
    public void What_expires_gives_its_weight_back(Eviction eviction)
    {
        var cache = Of(eviction, ttl: 10, stale: 10);
        for (var key = 0; key < 5; key++)
            cache.Set(key, 200, Weigh);
        Pass(300);
        Assert.Equal((0, 0, 5), (cache.Count, cache.Statistics.Weight, cache.Statistics.EvictionsByExpiry));
    }

    [Theory]
    [InlineData(Eviction.Lru)]
    [InlineData(Eviction.Lfu)]
    public void A_remembered_failure_weighs_one(Eviction eviction)
    {
        var cache = Of(eviction, maxBytes: 5, errorTtl: 5);
        for (var key = 0; key < 20; key++)
            Assert.Throws<InvalidTimeZoneException>(() => cache.Load(key, _ => throw new InvalidTimeZoneException(), Weigh));
        Assert.Equal((5, 5), (cache.Count, cache.Statistics.Weight));
    }

    [Theory]
    [InlineData(Eviction.Lru)]
    [InlineData(Eviction.Lfu)]
    public async Task With_many_threads_the_sum_is_right(Eviction eviction)
    {
        var cache = Of(eviction);
        await Task.WhenAll(Concurrency.OnThreads(4, seed =>
        {
            var random = new Random(seed);
            for (var step = 0; step < 20_000; step++)
            {
                var key = random.Next(200);
                if (random.Next(20) == 0)
                    cache.Evict(key);
                else if (!cache.TryGet(key, out _))
                    cache.Load(key, _ => 1 + (key % 50), Weigh);
                Assert.InRange(cache.Statistics.Weight, 0, 1000);
            }

            return 0;
        })).InTime();

        Assert.Equal(Enumerable.Range(0, 200).Where(key => Has(cache, key)).Sum(key => 1L + (key % 50)), cache.Statistics.Weight);
    }

    [Theory]
    [InlineData(Eviction.Lru)]
    [InlineData(Eviction.Lfu)]
    public void Where_many_fit_the_hit_ratio_is_that_of_a_cache_of_so_many(Eviction eviction)
    {
        // Zipf over 10,000 keys; 200 entries of equal weight fit, though 10,000 would be allowed.
        double Ratio(CacheOptions options, int shift)
        {
            var cache = TestCache.Of<int, int>(options);
            var random = new Random(1);
            for (var step = 0; step < 100_000; step++)
            {
                // The popular keys change in the middle: what was popular must not stay for ever.
                var key = (int)Math.Pow(10_000, random.NextDouble()) + (step < 50_000 ? 0 : shift);
                if (!cache.TryGet(key, out _))
                    cache.Load(key, _ => 10, Weigh);
            }

            return cache.Statistics.HitRatio;
        }

        foreach (var shift in new[] { 0, 100_000 })
        {
            var bySize = Ratio(new() { MaxSize = 200, Eviction = eviction }, shift);
            var byWeight = Ratio(new() { MaxBytes = 2000, MaxSize = 10_000, Eviction = eviction }, shift);
            Assert.True(byWeight > bySize - 0.03, $"{byWeight:0.000} by weight, {bySize:0.000} by size, shift {shift}");
        }
    }
}
