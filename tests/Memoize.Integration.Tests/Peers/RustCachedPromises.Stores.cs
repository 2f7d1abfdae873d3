using Memoize.Integration.Library;
using Memoize.Sqlite;
using Memoize.Tests.Tiers;

namespace Memoize.Integration.Tests.Peers;

// What cached promises of its stores: what can be seen of them, and those outside of the process.
public sealed partial class RustCachedPromises
{
    // metrics(): hits, misses, evictions.
    [Fact]
    public void Metrics()
    {
        using var bench = new Bench();
        Rust.Minute(1, bench.Source);
        Rust.Minute(1, bench.Source);
        RustCache.Minute.Evict(1);
        var statistics = RustCache.Minute.Statistics;
        Assert.Equal((1L, 1L, 1L), (statistics.Hits, statistics.Misses, statistics.EvictionsByRequest));
    }

    // CachedPeek: lookups that do not update recency, refresh TTLs, or record metrics.
    [Fact]
    public void Peek()
    {
        using var bench = new Bench();
        Rust.Sliding(1, bench.Source);
        bench.Pass(40);
        Assert.True(RustCache.Sliding.TryGet(1, out _));
        bench.Pass(40);
        Assert.False(RustCache.Sliding.TryGet(1, out _));
        Assert.Equal(0, RustCache.Sliding.Statistics.Hits);
    }

    // CachedIter: the entries that have not expired.
    [Fact]
    public void Iterate()
    {
        using var bench = new Bench();
        Rust.Minute(1, bench.Source);
        bench.Pass(30);
        Rust.Minute(2, bench.Source);
        bench.Pass(31);
        var method = Memo.Caches.Single(method => method.Name == RustCache.Minute.Name);
        Assert.Equal("id: 2", Assert.Single(method.Entries(10)).Key);
    }

    // cache_remove, cache_set, cache_clear.
    [Fact]
    public void Remove_set_and_clear()
    {
        using var bench = new Bench();
        RustCache.Minute.Set(1, "mine");
        Assert.Equal("mine", Rust.Minute(1, bench.Source));
        Assert.True(RustCache.Minute.Evict(1));
        Assert.False(RustCache.Minute.Evict(1));
        Rust.Minute(1, bench.Source);
        RustCache.Minute.Clear();
        Assert.Equal(0, RustCache.Minute.Statistics.Count);
    }

    // evict(): expired entries leave memory. Here nobody has to call it.
    [Fact]
    public async Task Expired_entries_leave()
    {
        using var bench = new Bench();
        for (var id = 0; id < 100; id++)
            Rust.Minute(id, bench.Source);
        await Bench.Until(() =>
        {
            bench.Pass(60);
            return RustCache.Minute.Statistics.Count == 0;
        });
        Assert.Equal(100, RustCache.Minute.Statistics.EvictionsByExpiry);
    }

    // disk = true: persist results to disk.
    [Fact]
    public async Task On_disk()
    {
        var file = Path.Combine(Path.GetTempPath(), $"memoize-peers-{Guid.NewGuid():N}.db");
        try
        {
            var source = new Stock();
            using (var store = new SqliteCache(new SqliteCacheOptions { File = file }))
            {
                using var tiered = new Tiered(store);
                await RustLevels.Crunch(1, source);
                await Memo.FlushTiersAsync();
            }

            using (var store = new SqliteCache(new SqliteCacheOptions { File = file }))
            {
                using var tiered = new Tiered(store);
                Assert.Equal("1#1", await RustLevels.Crunch(1, source));
            }
        }
        finally
        {
            foreach (var part in Directory.GetFiles(Path.GetTempPath(), Path.GetFileName(file) + "*"))
                File.Delete(part);
        }
    }

    // redis = true: a store that is shared. (Memoize.Redis.Tests has the real one.)
    [Fact]
    public async Task In_a_shared_store()
    {
        using var tiered = new Tiered(new LeasingStore());
        await RustLevels.Crunch(1, tiered.Source);
        await Tiered.FlushAndRestart();
        Assert.Equal("1#1", await RustLevels.Crunch(1, tiered.Source));
    }

    // map_error: what a failing store gives to the caller. Here it is never the caller's matter.
    [Fact]
    public async Task A_failing_store_is_no_error()
    {
        using var tiered = new Tiered(new TestStore { Failure = new IOException("down") });
        Assert.Equal("1#1", await RustLevels.Crunch(1, tiered.Source));
        Assert.True(tiered.Tier.Statistics.Failures > 0);
    }
}
