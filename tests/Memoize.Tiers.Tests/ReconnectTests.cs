using System.Diagnostics;
using Memoize.Redis.Tests;

namespace Memoize.Tiers.Tests;

/// <summary>A process that did not hear of evictions, because its connection was lost.</summary>
[Collection(nameof(ProcessWide))]
public sealed class ReconnectTests : IDisposable
{
    private const int Keys = 5;
    private const int Deaf = 0;
    private const int Other = 1;

    private readonly Peers peers = new();
    private readonly RedisProcess server = TestServers.OwnRedis();
    private readonly Proxy proxy;

    public ReconnectTests() => proxy = new(server.Port);

    public void Dispose()
    {
        peers.Dispose();
        proxy.Dispose();
        server.Dispose();
    }

    [Theory, InlineData("method"), InlineData("alone"), InlineData("keyed")]
    public async Task Nothing_old_survives_a_connection_that_was_lost(string door)
    {
        await peers.StartAsync(1, "redis", proxy.Address, door);
        await peers.StartAsync(1, "redis", server.Address, door);
        for (var key = 0; key < Keys; key++)
            Assert.Equal((0, 0), ((await peers.FindAsync(Deaf, key)).Version, (await peers.FindAsync(Other, key)).Version));

        proxy.Refuse();
        for (var key = 0; key < Keys; key++)
        {
            await peers.SayAsync(Other, $"write {key}");
            Assert.Equal(1, (await peers.FindAsync(Other, key)).Version);
        }

        // It has the old values in memory, and cannot know better.
        Assert.Equal(0, (await peers.FindAsync(Deaf, 0)).Version);
        var connected = Stopwatch.GetTimestamp();
        proxy.Listen();
        while ((await peers.FindAsync(Deaf, 0)).Version == 0)
        {
            Assert.True(Stopwatch.GetElapsedTime(connected).TotalSeconds < 60, "It does not connect again.");
            await Task.Yield();
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"new values {Stopwatch.GetElapsedTime(connected).TotalMilliseconds:0} ms after the network was back");
        for (var key = 1; key < Keys; key++)
            Assert.Equal(1, (await peers.FindAsync(Deaf, key)).Version);
    }
}
