using System.Diagnostics;
using Memoize.Sqlite;

namespace Memoize.Tiers.Tests;

/// <summary>A disk that is full, as the operating system makes it: for root, on Linux.</summary>
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
        if (!OperatingSystem.IsLinux() || Run("mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", folder) != 0)
            Assert.Skip("No file system can be mounted here: that takes Linux and root.");
        using var sqlite = new SqliteCache(new() { File = Path.Combine(folder, "cache.db"), RetryAfter = 200 });
        var tier = Memo.AddTier("disk", sqlite, new() { Timeout = 10 });
        Assert.Equal(150, Read("full", 150));
        await Stores.RestartAsync();
        var statistics = tier.Statistics;
        Assert.True(statistics.Stores > 5 && statistics.NotStoredFailed > 50, statistics.ToString());
        Assert.Equal(150, statistics.Stores + StoreTests.NotStored(tier));
    }

    // How often the method was run.
    private static int Read(string what, int count)
    {
        var runs = 0;
        for (var i = 0; i < count; i++)
        {
            var before = Shop.Runs(what + i);
            Assert.True(Shop.Bytes(50_000).AsSpan().SequenceEqual(Shop.Picture(what + i, 50_000)));
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
