using Memoize.Redis.Tests;

namespace Memoize.Tiers.Tests;

/// <summary>Three processes read and write all the time, while their Redis stops, begins anew, or is cut off from one of them: nothing out of date survives.</summary>
[Collection(nameof(ProcessWide))]
public sealed class FaultyProcessTests : IDisposable
{
    private const int Count = 3;

    // Those that a mix reads and writes.
    private const int Keys = 16;

    private readonly Peers peers = new();
    private readonly RedisProcess server = TestServers.OwnRedis();
    private readonly Proxy proxy;

    public FaultyProcessTests() => proxy = new(server.Port);

    public void Dispose()
    {
        peers.Dispose();
        proxy.Dispose();
        server.Dispose();
    }

    [Theory]
    [InlineData("stopped", "memory"), InlineData("stopped", "forget"), InlineData("restarted", "memory"), InlineData("restarted", "forget")]
    [InlineData("cut off", "memory"), InlineData("cut off", "forget")]
    public async Task Nothing_out_of_date_survives_a_fault(string fault, string mode)
    {
        // One of them comes by a way that can be cut; nobody waits for long.
        await peers.StartAsync(1, "redis", proxy.Address, "method", patience: 0.3);
        await peers.StartAsync(Count - 1, "redis", server.Address, "method", patience: 0.3);
        var mixing = peers.SayToAllAsync(peer => $"mix 6 {mode} {peer} {Count}");
        await Task.Delay(1000);
        var end = Begin(fault);
        await Task.Delay(1500);
        end();

        // The second one lasts longer than they work: nobody writes a key once more and makes up for what was missed.
        await Task.Delay(1500);
        end = Begin(fault);
        var said = await mixing;
        end();
        Assert.Equal(Enumerable.Repeat("True", Count), await peers.SayToAllAsync("settle"));
        var statistics = await peers.SayToAllAsync("statistics");
        Report($"{fault}, {mode}: {string.Join("; ", said)} (p99, most, reads, versions)");
        Assert.True(said.Sum(static one => Peers.Numbers(one)[3]) > 100, "Too little has happened.");
        Assert.Contains(statistics, static one => !one.Contains("Failures = 0,", StringComparison.Ordinal));

        // What has been settled last is still to be heard of. What had survived would be there for five minutes.
        var stale = new List<string>();
        for (var over = Environment.TickCount64 + 20_000; ;)
        {
            stale.Clear();
            for (var peer = 0; peer < Count; peer++)
            {
                for (var key = 0; key < Keys; key++)
                {
                    if ((await peers.FindAsync(peer, key)).Version is var found && found != peers.Truth.Read(key))
                        stale.Add($"{peer} has version {found} of {key} and not {peers.Truth.Read(key)}");
                }
            }
            if (stale.Count == 0)
                break;
            Assert.True(Environment.TickCount64 < over, string.Join('\n', [.. stale, .. statistics]));
        }

        // And from now on, evictions arrive as ever.
        for (var peer = 0; peer < Count; peer++)
        {
            await peers.SayAsync(peer, $"write {peer}");
            for (var other = 0; other < Count; other++)
            {
                for (var over = Environment.TickCount64 + 20_000; (await peers.FindAsync(other, peer)).Version != peers.Truth.Read(peer);)
                    Assert.True(Environment.TickCount64 < over, $"{other} has not heard of what {peer} has written.");
            }
        }
    }

    private Action Begin(string fault)
    {
        switch (fault)
        {
            case "stopped":
                server.Signal("STOP");
                return () => server.Signal("CONT");
            case "restarted":
                server.Kill();
                return server.Start;
            default:
                proxy.Refuse();
                return proxy.Listen;
        }
    }

    private static void Report(string what) => TestContext.Current.TestOutputHelper?.WriteLine(what);
}
