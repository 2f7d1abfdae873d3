using Memoize.Sqlite;
using Microsoft.Data.Sqlite;

namespace Memoize.Tiers.Tests;

/// <summary>What cached methods get from a SQLite file that others are busy with.</summary>
[Collection(nameof(ProcessWide))]
public sealed class SqliteFileTests : IDisposable
{
    private static int s_articles;

    private readonly string folder = Directory.CreateTempSubdirectory("memoize-file-").FullName;

    private string File => Path.Combine(folder, "cache.db");

    public void Dispose()
    {
        Memo.RemoveTier("disk");
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task While_another_process_writes_a_call_waits_for_its_tiers_time_and_not_for_the_file()
    {
        // Who waited for the file would wait longer than the test does.
        using var sqlite = new SqliteCache(new() { File = File, BusyTimeout = int.MaxValue });
        var tier = Memo.AddTier("disk", sqlite, new() { Timeout = 20 });
        var known = NewArticle();
        await Shop.FindAsync(known);
        await Stores.RestartAsync();

        using (var other = new SqliteConnection($"Data Source={File};Pooling=False"))
        {
            other.Open();
            using var busy = other.BeginTransaction(deferred: false);
            await InTimeAsync(Shop.FindAsync(known));
            Assert.Equal((1, 1, 0), (Shop.Runs(known), tier.Statistics.Stores, tier.Statistics.Timeouts));

            // The same file for callers in a hurry. What they can have at once is read above, where nothing depends on being quick.
            Memo.RemoveTier("disk");
            tier = Memo.AddTier("disk", sqlite, new() { Timeout = 0.05, WriteTimeout = 0.2 });
            var (unknown, another) = (NewArticle(), NewArticle());
            await InTimeAsync(Shop.FindAsync(unknown));
            await InTimeAsync(Task.Run(() => Shop.Find(another)));
            await InTimeAsync(Memo.FlushTiersAsync());
            var statistics = tier.Statistics;
            Assert.Equal((1, 1, 0), (Shop.Runs(unknown), Shop.Runs(another), statistics.Stores));
            Assert.True(statistics.Timeouts > 0 && StoreTests.NotStored(tier) == 2, statistics.ToString());
        }

        // The transaction is over, and nobody holds a lease that he did not wait for: the next one is stored.
        var stores = tier.Statistics.Stores;
        for (var end = DateTime.UtcNow.AddSeconds(60); tier.Statistics.Stores == stores; await Task.Delay(20, TestContext.Current.CancellationToken))
        {
            Assert.True(DateTime.UtcNow < end, tier.Statistics.ToString());
            await Shop.FindAsync(NewArticle());
        }
    }

    private static async Task InTimeAsync(Task task) => await task.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);

    private static string NewArticle() => $"file-{++s_articles}";
}
