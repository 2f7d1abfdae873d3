using System.Diagnostics;
using Memoize.Memcached.Tests;
using Memoize.Redis.Tests;

namespace Memoize.Tiers.Tests;

/// <summary>Two and four processes on one Redis, one memcached or one SQLite file.</summary>
[Collection(nameof(ProcessWide))]
public sealed class ProcessTests : IDisposable
{
    private readonly Peers peers = new();
    private readonly List<IDisposable> servers = [];

    public void Dispose()
    {
        peers.Dispose();
        servers.ForEach(static server => server.Dispose());
    }

    [Theory, InlineData("redis", 2), InlineData("redis", 4), InlineData("memcached", 2), InlineData("sqlite", 2), InlineData("sqlite", 4)]
    public async Task A_cold_key_is_loaded_once_by_all_processes_together(string kind, int count)
    {
        await StartAsync(kind, count);
        await peers.SayToAllAsync("delay 100");
        for (var key = 0; key < 5; key++)
        {
            var found = (await peers.SayToAllAsync($"find {key} 16")).Select(Peers.Found).ToArray();
            Assert.All(found, static one => Assert.Equal(0, one.Version));
            Assert.True(key + 1 == found.Sum(static one => one.Runs), string.Join('\n', await peers.SayToAllAsync("statistics")));
        }
    }

    // The lease of the peers is 3 seconds.
    [Theory, InlineData("redis"), InlineData("memcached"), InlineData("sqlite")]
    public async Task What_takes_longer_than_a_lease_is_loaded_once_by_four_processes(string kind)
    {
        await StartAsync(kind, 4);
        await peers.SayToAllAsync("delay 9000");
        var found = (await peers.SayToAllAsync("find 1 8")).Select(Peers.Found).ToArray();
        Assert.All(found, static one => Assert.Equal(0, one.Version));
        Assert.True(found.Sum(static one => one.Runs) == 1, string.Join('\n', await peers.SayToAllAsync("statistics")));
        Report($"{found.Min(static one => one.Milliseconds):0} to {found.Max(static one => one.Milliseconds):0} ms for a load of 9 s");
    }

    [Theory, InlineData("redis", "alone"), InlineData("redis", "keyed"), InlineData("sqlite", "alone"), InlineData("sqlite", "keyed")]
    public async Task A_cold_key_behind_an_interface_is_loaded_once_by_all_processes_together(string kind, string door)
    {
        await StartAsync(kind, 3, door);
        await peers.SayToAllAsync("delay 100");
        for (var key = 0; key < 3; key++)
        {
            var found = (await peers.SayToAllAsync($"find {key} 16")).Select(Peers.Found).ToArray();
            Assert.True(key + 1 == found.Sum(static one => one.Runs), string.Join('\n', await peers.SayToAllAsync("statistics")));
        }
    }

    [Theory, InlineData(2, "method"), InlineData(4, "method"), InlineData(3, "alone"), InlineData(3, "keyed")]
    public async Task An_eviction_is_seen_by_all_processes_within_a_second(int count, string door)
    {
        await StartAsync("redis", count, door);
        var (version, slowest) = (0, new List<double>());
        do
        {
            var times = new List<double>();
            for (var round = 0; round < 20; round++)
            {
                await peers.SayToAllAsync("find 1 1");
                await peers.SayAsync(round % count, "write 1");
                version++;
                var written = Stopwatch.GetTimestamp();
                for (var peer = 0; peer < count; peer++)
                {
                    while ((await peers.FindAsync(peer, 1)).Version < version)
                        await Task.Yield();
                    times.Add(Stopwatch.GetElapsedTime(written).TotalMilliseconds);
                }
            }
            times.Sort();
            slowest.Add(times[times.Count * 99 / 100]);
            Report($"seen by {count} processes: p50 {times[times.Count / 2]:0} ms, p99 {slowest[^1]:0} ms");
        }
        while (slowest[^1] >= 1000 && slowest.Count < 3);
        // Of so few rounds that is the slowest one, in which the machine may have been held up: of three tries one has to be in time.
        Assert.True(slowest.Min() < 1000, string.Join(", ", slowest));
    }

    [Theory, InlineData("redis"), InlineData("memcached"), InlineData("sqlite")]
    public async Task What_was_being_loaded_when_its_key_was_evicted_elsewhere_is_kept_nowhere(string kind)
    {
        await StartAsync(kind, 2);
        for (var key = 0; key < 3; key++)
        {
            Assert.Equal("loading", await peers.SayAsync(0, $"hang {key}"));
            await peers.SayAsync(1, $"write {key}");
            Assert.Equal(1, (await peers.FindAsync(1, key)).Version);
            Assert.Equal("0", await peers.SayAsync(0, "go"));
            Assert.Equal(1, (await peers.FindAsync(1, key)).Version);
            // It hears of the eviction by the bus; where there is none, it holds what it has loaded until the end of its lifetime.
            if (kind == "redis")
                await UntilAsync(async () => (await peers.FindAsync(0, key)).Version == 1, 20);
        }
    }

    // All begin with the one that dies, so that who waits for the second has waited for more than one lease altogether.
    [Theory]
    [InlineData("redis", 0), InlineData("redis", 500), InlineData("memcached", 0), InlineData("memcached", 500), InlineData("sqlite", 0), InlineData("sqlite", 500)]
    public async Task The_lease_of_a_process_that_was_killed_is_handed_over_to_one_of_those_who_wait(string kind, int load)
    {
        await StartAsync(kind, 4);
        await peers.SayToAllAsync($"delay {load}");
        Assert.Equal("loading", await peers.SayAsync(0, "hang 1"));
        var waiting = Task.WhenAll(Enumerable.Range(1, 3).Select(peer => peers.FindAsync(peer, 1, 8)));
        peers.Kill(0);

        var found = await waiting;
        Assert.All(found, static one => Assert.Equal(0, one.Version));
        Assert.Equal(1, found.Sum(static one => one.Runs));
        Report($"handed over after {found.Max(static one => one.Milliseconds) - load:0} ms of a lease of 3 s");
    }

    [Theory]
    [InlineData("redis", "memory", 2), InlineData("redis", "memory", 4)]
    [InlineData("redis", "forget", 2), InlineData("redis", "forget", 4)]
    [InlineData("memcached", "forget", 2)]
    [InlineData("sqlite", "forget", 2), InlineData("sqlite", "forget", 4)]
    [InlineData("redis", "memory", 3, "alone"), InlineData("redis", "memory", 3, "keyed")]
    [InlineData("redis", "forget", 3, "alone"), InlineData("redis", "forget", 3, "keyed")]
    [InlineData("sqlite", "forget", 3, "alone"), InlineData("sqlite", "forget", 3, "keyed")]
    public async Task Nothing_out_of_date_survives_its_eviction_while_all_read_and_write(string kind, string mode, int count, string door = "method")
    {
        await StartAsync(kind, count, door);
        var said = await peers.SayToAllAsync(peer => $"mix 8 {mode} {peer} {count}");
        foreach (var numbers in said.Select(Peers.Numbers))
        {
            Report($"{kind}, {mode}, {count}: p99 {numbers[0]} ms, most {numbers[1]} ms; {numbers[2]} reads, {numbers[3]} versions");
            // What the store has is exact. What memory has is gone when the message comes.
            Assert.InRange(numbers[0], 0, mode == "forget" ? 0 : 1000);
            Assert.InRange(numbers[1], 0, mode == "forget" ? 0 : 3000);
        }
        // Of those who write to one file, one may have to wait for long; together they get on.
        Assert.True(said.Sum(static one => Peers.Numbers(one)[3]) > 100, "Too little has happened.");
    }

    private async Task StartAsync(string kind, int count, string door = "method")
    {
        if (kind == "sqlite")
        {
            await peers.StartAsync(count, kind, peers.File, door);
            return;
        }
        if (kind == "memcached")
        {
            var memcached = MemcachedServer.Start();
            servers.Add(memcached);
            await peers.StartAsync(count, kind, memcached.Address, door);
            return;
        }
        var server = TestServers.OwnRedis();
        servers.Add(server);
        await peers.StartAsync(count, kind, server.Address, door);
    }

    private static async Task UntilAsync(Func<Task<bool>> condition, double seconds)
    {
        var began = Stopwatch.GetTimestamp();
        while (!await condition())
            Assert.True(Stopwatch.GetElapsedTime(began).TotalSeconds < seconds, "It did not happen in time.");
    }

    private static void Report(string what) => TestContext.Current.TestOutputHelper?.WriteLine(what);
}
