using System.Globalization;

namespace Memoize.Redis.Tests;

/// <summary>A Redis cluster of the tests' own on loopback ports: primaries that share the slots evenly, each with a replica if that is wanted.</summary>
internal sealed class RedisCluster : IDisposable
{
    private const int Slots = 16384;

    private readonly List<RedisProcess> nodes = [];

    private RedisCluster()
    {
    }

    /// <summary>One node: the client finds the others.</summary>
    internal string Address => nodes[0].Address;

    internal IReadOnlyList<RedisProcess> Nodes => nodes;

    /// <summary>Starts one; every node knows all others, and all slots are served.</summary>
    /// <param name="primaries">How many there are at first.</param>
    /// <param name="replicas">Whether each has a replica.</param>
    /// <param name="timeout">After how many milliseconds without an answer a node is taken for dead.</param>
    internal static RedisCluster Start(int primaries, bool replicas, int timeout)
    {
        var cluster = new RedisCluster();
        try
        {
            var count = replicas ? 2 * primaries : primaries;
            for (var i = 0; i < count; i++)
                cluster.nodes.Add(RedisProcess.Start("--cluster-enabled", "yes", "--cluster-node-timeout", "500", "--repl-diskless-sync-delay", "0"));
            cluster.Build(primaries);
            // Who is impatient is sure of the others sooner: a matter of seconds.
            cluster.nodes.ForEach(node => node.Say($"CONFIG SET cluster-node-timeout {timeout}"));
            return cluster;
        }
        catch
        {
            cluster.Dispose();
            throw;
        }
    }

    /// <summary>The node that serves a slot now, as one that lives sees it.</summary>
    internal RedisProcess PrimaryOf(int slot)
    {
        var port = Rows(nodes.First(static node => node.IsAnswering))
            .First(row => row[2].Contains("master", StringComparison.Ordinal) && !row[2].Contains("fail", StringComparison.Ordinal) && row.Skip(8).Any(range => Contains(range, slot)))[1]
            .Split(':', '@')[1];
        return Of(port);
    }

    /// <summary>Its replica.</summary>
    internal RedisProcess ReplicaOf(RedisProcess primary)
    {
        var id = primary.Say("CLUSTER MYID");
        return Of(Rows(primary).First(row => row[3] == id && !row[2].Contains("fail", StringComparison.Ordinal))[1].Split(':', '@')[1]);
    }

    /// <summary>Waits until a node is a primary that serves, in the eyes of all that live.</summary>
    internal void WaitUntilPrimary(RedisProcess node)
    {
        var id = node.Say("CLUSTER MYID");
        foreach (var one in nodes.Where(static one => one.IsAnswering))
            Wait(() => Rows(one).Any(row => row[0] == id && row[2].Contains("master", StringComparison.Ordinal) && row.Length > 8) && IsOk(one), "nobody took over");
    }

    public void Dispose() => nodes.ForEach(static node => node.Dispose());

    private void Build(int primaries)
    {
        for (var i = 0; i < primaries; i++)
        {
            nodes[i].Say($"CLUSTER ADDSLOTSRANGE {i * Slots / primaries} {(i + 1) * Slots / primaries - 1}");
            // Nodes that have an order from the beginning need not find one.
            nodes[i].Say($"CLUSTER SET-CONFIG-EPOCH {i + 1}");
        }

        for (var i = 1; i < nodes.Count; i++)
        {
            foreach (var other in nodes.Take(i))
                nodes[i].Say($"CLUSTER MEET 127.0.0.1 {other.Port}");
        }

        foreach (var node in nodes)
            Wait(() => IsOk(node) && Rows(node).Count(static row => row[7] == "connected" && !row[2].Contains("handshake", StringComparison.Ordinal)) == nodes.Count, "the nodes did not meet");

        for (var i = primaries; i < nodes.Count; i++)
            nodes[i].Say($"CLUSTER REPLICATE {nodes[i - primaries].Say("CLUSTER MYID")}");
        for (var i = primaries; i < nodes.Count; i++)
        {
            var replica = nodes[i];
            Wait(() => replica.Say("INFO replication").Contains("master_link_status:up", StringComparison.Ordinal), "a replica has not begun");
        }

        foreach (var node in nodes)
            Wait(() => Rows(node).Count(static row => row[2].Contains("slave", StringComparison.Ordinal)) == nodes.Count - primaries, "not all replicas are known");
    }

    private RedisProcess Of(string port) => nodes.First(node => node.Port == int.Parse(port, CultureInfo.InvariantCulture));

    private static bool IsOk(RedisProcess node) => node.Say("CLUSTER INFO").Contains("cluster_state:ok", StringComparison.Ordinal);

    // id, address, flags, its primary, ping, pong, epoch, link, slots
    private static string[][] Rows(RedisProcess node)
        => [.. node.Say("CLUSTER NODES").Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(static line => line.Split(' '))];

    private static bool Contains(string range, int slot)
    {
        if (range.StartsWith('['))
            return false;
        var ends = range.Split('-');
        return int.Parse(ends[0], CultureInfo.InvariantCulture) <= slot && slot <= int.Parse(ends[^1], CultureInfo.InvariantCulture);
    }

    internal static void Wait(Func<bool> condition, string otherwise)
    {
        var end = Environment.TickCount64 + 30_000;
        while (!condition())
        {
            if (Environment.TickCount64 > end)
                throw new InvalidOperationException("In 30 seconds " + otherwise + ".");
            Thread.Sleep(20);
        }
    }
}
