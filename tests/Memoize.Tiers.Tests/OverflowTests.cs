using System.Globalization;
using Memoize.Memcached.Tests;
using Memoize.Sqlite;

namespace Memoize.Tiers.Tests;

/// <summary>A memcached without room for everything, in front of a file: what it drops is read from the file, and nothing old comes back from there.</summary>
[Collection(nameof(ProcessWide))]
public sealed class OverflowTests : FaultBench
{
    private const int Articles = 150;
    private const int Length = 100_000;

    private readonly string folder = Directory.CreateTempSubdirectory("memoize-overflow-").FullName;

    [Fact]
    public async Task What_memcached_has_dropped_is_on_disk_and_what_was_evicted_is_nowhere()
    {
        using var server = MemcachedServer.Start("-m", "8");
        await using var memcached = server.Connect();
        await using var sqlite = new SqliteCache(new() { File = Path.Combine(folder, "cache.db"), BusyTimeout = 20_000 });
        try
        {
            tier = Memo.AddTier("shared", memcached, new() { Timeout = 20, WriteTimeout = 60 });
            var disk = Memo.AddTier("disk", sqlite, new() { Timeout = 20, WriteTimeout = 60 });
            await DropsAsync(server, disk);
        }
        finally
        {
            await Memo.FlushTiersAsync();
            Memo.RemoveTier("shared");
            Memo.RemoveTier("disk");
        }
        await sqlite.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    private async Task DropsAsync(MemcachedServer server, CacheTier disk)
    {
        string[] articles = [.. Enumerable.Range(0, Articles).Select(_ => NewArticle())];
        var stuffing = articles.Select(static article => article + " stuffing").ToArray();
        foreach (var article in articles)
            await Shop.FindAsync(article);
        await FillAsync(stuffing);
        Assert.True(Evictions(server) > 0, "Nothing was dropped.");

        // All of it is somewhere, and right, and nothing is loaded again.
        foreach (var article in articles)
            Assert.Equal(new Price(article, 0, 2.50m), await Shop.FindAsync(article));
        await FillAsync(stuffing);
        Assert.All(articles.Concat(stuffing), static article => Assert.Equal(1, Shop.Runs(article)));
        Assert.True(disk.Statistics.Hits > 0 && tier.Statistics.Hits > 0, $"{tier.Statistics}\n{disk.Statistics}");

        // Each way to evict, with what vouches for the values dropped or not.
        for (var i = 0; i < articles.Length; i++)
        {
            switch (i % 3)
            {
                case 0:
                    await Shop.Change(articles[i]);
                    break;
                case 1:
                    Shop.Forget(articles[i]);
                    break;
                default:
                    Shop.Versions.AddOrUpdate(articles[i], 1, static (_, version) => version + 1);
                    await Memo.EvictTagAsync("article:" + articles[i]);
                    break;
            }
            if (i % 10 == 0)
                await Stores.RestartAsync();
        }
        for (var round = 0; round < 2; round++)
        {
            await FillAsync(stuffing);
            foreach (var article in articles)
                Assert.Equal(new Price(article, 1, 2.50m), await Shop.FindAsync(article));
        }
        Assert.All(new[] { tier, disk }, static one => Assert.Equal((0, 0), (one.Statistics.Failures, one.Statistics.Owed)));
    }

    // More than there is room for, with nothing in memory before and after.
    private static async Task FillAsync(string[] stuffing)
    {
        await Stores.RestartAsync();
        foreach (var article in stuffing)
            Assert.True(Shop.Bytes(Length).AsSpan().SequenceEqual(Shop.Picture(article, Length)));
        await Stores.RestartAsync();
    }

    private static long Evictions(MemcachedServer server)
        => long.Parse(server.Send("stats\r\n").Split("\r\n").Single(static line => line.StartsWith("STAT evictions ", StringComparison.Ordinal))[15..], CultureInfo.InvariantCulture);
}
