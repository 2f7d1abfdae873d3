using System.Runtime.InteropServices;
using Memoize.Sqlite;

namespace Memoize.Tiers.Tests;

/// <summary>
/// Cached methods over a SQLite file that may not be written, and in a folder that may not: what is there is a hit, what is not there is
/// loaded, and what could not be stored is counted. Root may write everything, so it becomes somebody else for the time of the test.
/// </summary>
[Collection(nameof(ProcessWide))]
public sealed partial class ReadOnlyTests : IDisposable
{
    private const uint Nobody = 65534;
    private const UnixFileMode Read = UnixFileMode.UserRead | UnixFileMode.GroupRead | UnixFileMode.OtherRead;
    private const UnixFileMode Write = UnixFileMode.UserWrite | UnixFileMode.GroupWrite | UnixFileMode.OtherWrite;
    private const UnixFileMode Enter = UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;
    private static int s_articles;

    private readonly string folder = Directory.CreateTempSubdirectory("memoize-readonly-").FullName;
    private readonly bool isRoot = Environment.IsPrivilegedProcess;

    private string File => Path.Combine(folder, "cache.db");

    public void Dispose()
    {
        Memo.RemoveTier("disk");
        if (isRoot && !OperatingSystem.IsWindows())
            _ = Become(0);
        Allow(folder, Read | Write | Enter);
        Directory.Delete(folder, recursive: true);
    }

    [Theory]
    [InlineData("file")]
    [InlineData("folder")]
    [InlineData("both")]
    public async Task Calls_are_answered_hits_are_read_and_losses_are_counted(string what)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The rights are those of Unix.");
        var known = NewArticle();
        await UseAsync(async tier =>
        {
            await Shop.FindAsync(known);
            await Stores.RestartAsync();
            Assert.Equal(1, tier.Statistics.Stores);
            // As the rest of the test does, so that all code is loaded that somebody else may not be able to read.
            await Shop.FindAsync(known);
            await Stores.RestartAsync();
        });

        foreach (var file in Directory.GetFiles(folder))
            Allow(file, what == "folder" ? Read | Write : Read);
        Allow(folder, what == "file" ? Read | Write | Enter : Read | Enter);
        if (isRoot)
            Assert.Equal(0, Become(Nobody));
        await UseAsync(async tier =>
        {
            var sqlite = (SqliteCache)tier.Store;
            Assert.Equal(new Price(known, 0, 2.50m), await Shop.FindAsync(known));
            Assert.True(Shop.Runs(known) == 1 && tier.Statistics.Hits == 1, $"{tier.Statistics} {sqlite.GetStatistics()} {string.Join(' ', sqlite.GetStatistics().Failures)} {string.Join(' ', sqlite.GetStatistics().NotStored)}");

            var unknown = Enumerable.Range(0, 5).Select(_ => NewArticle()).ToArray();
            foreach (var article in unknown)
                Assert.Equal(new Price(article, 0, 2.50m), await Shop.FindAsync(article));
            await Stores.RestartAsync();
            Assert.Equal((0, 5), (tier.Statistics.Stores, StoreTests.NotStored(tier)));
            Assert.Equal((0, true), (tier.Statistics.Failures, tier.IsAvailable));
            Assert.Equal([SqliteFailure.ReadOnly], sqlite.GetStatistics().NotStored.Keys);

            // Hits go on, also of others' methods, and evictions are owed to nobody who could see the value.
            await Shop.FindAsync(known);
            Assert.Equal((1, 2), (Shop.Runs(known), tier.Statistics.Hits));
            await ShopCache.FindAsync.EvictAsync(known);
            await Shop.FindAsync(known);
            Assert.Equal(2, Shop.Runs(known));
        });
        Assert.DoesNotContain(Directory.GetFiles(folder), static file => file.Contains(".damaged-", StringComparison.Ordinal) || file.Contains(".foreign-", StringComparison.Ordinal));
    }

    [Fact]
    public void What_others_change_in_a_file_that_one_may_only_read_is_seen_at_once()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The rights are those of Unix.");
        using (var before = new SqliteCache(new() { File = File }))
        {
            before.Set("a", [1], new());
            before.Set("b", [2], new());
        }
        foreach (var file in Directory.GetFiles(folder))
            Allow(file, Read);
        Allow(folder, Read | Enter);
        if (isRoot)
            Assert.Equal(0, Become(Nobody));
        using var reader = new SqliteCache(new() { File = File });
        Assert.Equal([1], reader.Get("a"));
        Assert.Equal([2], reader.Get("b"));

        if (isRoot)
            Assert.Equal(0, Become(0));
        Allow(folder, Read | Write | Enter);
        foreach (var file in Directory.GetFiles(folder))
            Allow(file, Read | Write);
        using (var writer = new SqliteCache(new() { File = File }))
        {
            writer.Remove("a");
            Assert.Null(reader.Get("a"));
            Assert.Equal([2], reader.Get("b"));
            writer.Set("b", [3], new());
        }
        Assert.Equal([3], reader.Get("b"));
    }

    private async Task UseAsync(Func<CacheTier, Task> use)
    {
        await using var sqlite = new SqliteCache(new() { File = File, RetryAfter = 10 });
        var tier = Memo.AddTier("disk", sqlite, new() { Timeout = 20 });
        await use(tier);
        await Stores.RestartAsync();
        Memo.RemoveTier("disk");
    }

    private static string NewArticle() => $"readonly-{++s_articles}";

    private static void Allow(string path, UnixFileMode mode)
    {
        if (!OperatingSystem.IsWindows())
            System.IO.File.SetUnixFileMode(path, mode);
    }

    [LibraryImport("libc", EntryPoint = "seteuid")]
    private static partial int Become(uint user);
}
