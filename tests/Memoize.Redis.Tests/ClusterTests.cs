using System.Globalization;
using System.Text;

namespace Memoize.Redis.Tests;

/// <summary>What only a cluster has; everything else is asked of it by the tests of all servers.</summary>
public sealed class ClusterTests
{
    public static IEnumerable<TheoryDataRow<string>> Cluster => TestServers.All.Where(static kind => kind.Data == TestServers.Cluster);

    [Theory, MemberData(nameof(Cluster))]
    public async Task Keys_are_in_all_primaries_and_a_batch_finds_them_all(string kind)
    {
        var prefix = TestServers.NewPrefix();
        await using var cache = TestServers.Cache(kind, prefix);
        string[] keys = [.. Enumerable.Range(0, 300).Select(static i => i % 3 == 0 ? $"{{user}}:{i}" : i % 3 == 1 ? $"user:{i}" : $"odd}}{i}")];
        foreach (var key in keys)
            Assert.True(await cache.Put(key, key, (await cache.Ask(key)).Lease!.Value));

        using var plain = await TestServers.Plain(kind);
        Assert.Equal(3, plain.GetServers().Length);
        var counts = plain.GetServers().Select(server => server.Keys(pattern: prefix + "*").Count()).ToArray();
        Assert.Equal(300, counts.Sum());
        Assert.All(counts, static count => Assert.InRange(count, 20, 280));

        var found = new SortedDictionary<int, string>();
        await cache.GetManyAsync(keys, (i, bytes) => found.Add(i, Encoding.UTF8.GetString(bytes)));
        Assert.Equal(keys, found.Values);
    }

    [Theory, MemberData(nameof(Cluster))]
    public async Task Clearing_scans_every_primary_in_steps_and_asks_none_for_all_its_keys(string kind)
    {
        await using var cache = TestServers.Cache(kind);
        await Task.WhenAll(Enumerable.Range(0, 6000).Select(i => cache.Put($"{i}", "1")));
        var before = TestServers.SharedCluster.Nodes.Select(static node => Calls(node, "scan")).ToArray();

        Assert.Equal(6000, await cache.ClearAsync());

        // Other tests have keys there too, and scan: it is at least a step for a thousand keys of each.
        foreach (var (node, scans) in TestServers.SharedCluster.Nodes.Zip(before))
            Assert.True(Calls(node, "scan") - scans >= 2);
        foreach (var never in (string[])["keys", "flushdb", "flushall"])
            Assert.All(TestServers.SharedCluster.Nodes, node => Assert.Equal(0, Calls(node, never)));
    }

    private static long Calls(RedisProcess node, string command)
        => node.Say("INFO commandstats").Split('\n')
            .Where(line => line.StartsWith($"cmdstat_{command}:", StringComparison.Ordinal))
            .Select(static line => long.Parse(line.Split('=', ',')[1], CultureInfo.InvariantCulture))
            .FirstOrDefault();
}
