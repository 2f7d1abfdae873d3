using System.Diagnostics;
using System.Globalization;
using Memoize.Sqlite.Engine;

namespace Memoize.Sqlite.Tests;

/// <summary>Several processes on one file, and processes that are killed.</summary>
public sealed class ProcessTests : IDisposable
{
    private readonly TestFile _file = new();

    public void Dispose() => _file.Dispose();

    [Fact]
    public async Task What_one_process_stored_another_finds()
    {
        using var cache = _file.Open();
        cache.Set("a", [1, 2, 3], TestFile.Forever);
        Assert.Equal("010203", await TestFile.Finish(_file.Peer("get", "a")));
        cache.Remove("a");
        Assert.Equal("nothing", await TestFile.Finish(_file.Peer("get", "a")));
    }

    [Fact]
    public async Task Four_processes_that_begin_at_once_share_one_file_without_a_failure()
    {
        var peers = Enumerable.Range(0, 4).Select(seed => _file.Peer("mix", seed.ToString(CultureInfo.InvariantCulture), "2000")).ToList();
        foreach (var peer in peers)
        {
            var said = await TestFile.Finish(peer);
            Assert.StartsWith("wrong 0 failed 0 not-stored 0 hits ", said, StringComparison.Ordinal);
            Assert.False(said.EndsWith(" 0", StringComparison.Ordinal), said);
        }
        using var cache = _file.Open();
        Assert.Empty(await cache.CheckIntegrityAsync());
        Assert.Empty(_file.SetAside());
        Assert.Equal(0, Unknown());
    }

    [Fact]
    public async Task A_writer_that_is_killed_a_hundred_times_leaves_nothing_wrong_behind()
    {
        var random = new Random(7);
        var read = 0;
        // The next one starts while this one is looked after.
        var next = Writer(0);
        for (var round = 0; round < 100; round++)
        {
            using (var peer = next)
            {
                next = Writer(round + 1);
                await peer.StandardInput.WriteLineAsync();
                Assert.Equal("ready", await peer.StandardOutput.ReadLineAsync());
                await Task.Delay(random.Next(0, 40));
                // SIGKILL.
                peer.Kill();
                await peer.WaitForExitAsync();
            }
            using var cache = _file.Open();
            for (var i = 0; i < 200; i++)
            {
                if (cache.Get("k" + i) is not { } value)
                    continue;
                Assert.True(Payload.IsOf("k" + i, value), $"k{i} after round {round}");
                read++;
            }
            if (round % 10 == 9)
                Assert.Empty(await cache.CheckIntegrityAsync());
            var statistics = cache.GetStatistics();
            Assert.Empty(statistics.Failures);
        }
        next.Kill();
        next.Dispose();
        Assert.True(read > 1_000, $"{read}");
        Assert.Empty(_file.SetAside());
        Assert.Equal(0, Unknown());

        Process Writer(int seed) => _file.Peer("write", seed.ToString(CultureInfo.InvariantCulture));
    }

    private long Unknown()
    {
        using var connection = Connection.Open(_file.Path, readOnly: true, 5_000);
        return PlaceTests.Unknown(connection);
    }

    [Fact]
    public void Who_removes_the_folder_has_reset_the_store_also_for_who_uses_it()
    {
        using var cache = _file.Open();
        cache.Set("a", [1], TestFile.Forever);
        Directory.Delete(_file.Folder, recursive: true);
        Assert.True(SpinWait.SpinUntil(() => cache.Get("a") is null, 60_000));
        using var other = _file.Open();
        Assert.True(SpinWait.SpinUntil(() =>
        {
            cache.Set("a", [2], TestFile.Forever);
            return other.Get("a") is [2];
        }, 60_000));
    }
}
