using System.Diagnostics;
using Memoize.Sqlite;

namespace Memoize.Tiers.Tests;

/// <summary>A disk that is full, as the operating system makes it: a small one where root can make that, else the device that is always full.</summary>
[Collection(nameof(ProcessWide))]
public sealed class DiskTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("memoize-mount-").FullName;

    public void Dispose()
    {
        Memo.RemoveTier("disk");
        Run("umount", folder);
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task On_a_full_disk_every_call_has_its_answer_and_every_loss_is_counted()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "It takes Linux to have a full disk.");
        var isSmall = Run("mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", folder) == 0;
        var file = Path.Combine(folder, "cache.db");
        if (!isSmall)
        {
            using (var before = new SqliteCache(new() { File = file }))
                before.Set("a", [1], new());
            File.CreateSymbolicLink(file + "-values", "/dev/full");
        }
        using var sqlite = new SqliteCache(new() { File = file, RetryAfter = 200 });
        var tier = Memo.AddTier("disk", sqlite, new() { Timeout = 10 });
        Assert.Equal(150, Read("full", 150));
        await Stores.RestartAsync();
        var statistics = tier.Statistics;
        Assert.True(isSmall ? statistics.Stores > 5 && statistics.NotStoredFailed > 50 : statistics.NotStoredFailed == 150, statistics.ToString());
        Assert.True(sqlite.GetStatistics().NotStored[SqliteFailure.Full] > 0);
        Assert.Equal(150, statistics.Stores + StoreTests.NotStored(tier));
    }

    // How often the method was run.
    private static int Read(string what, int count)
    {
        var runs = 0;
        for (var i = 0; i < count; i++)
        {
            var before = Shop.Runs(what + i);
            Assert.True(Shop.Bytes(100_000).AsSpan().SequenceEqual(Shop.Picture(what + i, 100_000)));
            runs += Shop.Runs(what + i) - before;
        }
        return runs;
    }

    private static int Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        process.WaitForExit();
        return process.ExitCode;
    }
}
