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
    public async Task A_writer_that_is_killed_a_hundred_times_leaves_nothing_wrong_behind_and_loses_nothing_that_it_had_written()
    {
        var random = new Random(7);
        var (read, confirmed) = (0, 0);
        var known = new Dictionary<string, string>();
        // The next one starts while this one is looked after.
        var next = Writer(0);
        for (var round = 0; round < 100; round++)
        {
            var said = new List<string>();
            using (var peer = next)
            {
                next = Writer(round + 1);
                await peer.StandardInput.WriteLineAsync();
                while (await peer.StandardOutput.ReadLineAsync() is var line && line != "ready")
                    said.Add(Assert.IsType<string>(line));
                // It is never held up by nobody listening.
                var rest = peer.StandardOutput.ReadToEndAsync();
                await Task.Delay(random.Next(0, 40));
                // SIGKILL.
                peer.Kill();
                await peer.WaitForExitAsync();
                // What has no end, it did not say: the last one is empty or cut off.
                said.AddRange((await rest).Split('\n')[..^1]);
            }
            // What had begun and was not confirmed is there or is not.
            string[]? begun = null;
            foreach (var line in said)
            {
                if (line == "ok")
                {
                    known[begun![0]] = begun[1];
                    begun = null;
                    confirmed++;
                    continue;
                }
                Assert.Null(begun);
                begun = line.Split(' ');
            }
            using var cache = _file.Open();
            for (var i = 0; i < 200; i++)
            {
                var key = "k" + i;
                var value = cache.Get(key);
                var name = Payload.Name(value);
                if (begun?[0] == key && begun[1] == name)
                    known[key] = name;
                // The bound is far away, and so is the end of all lifetimes.
                Assert.True(known.GetValueOrDefault(key, Payload.Name(null)) == name, $"{key} is {name} after round {round}, and {known.GetValueOrDefault(key)} was written");
                if (value is null)
                    continue;
                Assert.True(Payload.IsOf(key, value), $"{key} after round {round}");
                read++;
            }
            if (round % 10 == 9)
                Assert.Empty(await cache.CheckIntegrityAsync());
            var statistics = cache.GetStatistics();
            Assert.Empty(statistics.Failures);
        }
        next.Kill();
        next.Dispose();
        Assert.True(read > 1_000 && confirmed > 2_000, $"{read} {confirmed}");
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
