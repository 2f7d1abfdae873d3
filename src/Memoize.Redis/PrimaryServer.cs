using System.Globalization;
using StackExchange.Redis;

namespace Memoize.Redis;

/// <summary>A server that has values, and which slots of a cluster it serves; none outside of one.</summary>
internal readonly record struct PrimaryServer(IServer Server, string Slots)
{
    private const int SlotCount = 16384;
    private const int Attempts = 10;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    /// <summary>All that together have all values, as they themselves say now.</summary>
    /// <param name="multiplexer">The connection.</param>
    /// <param name="knock">Asks for a key of this slot: to a node of which nothing was asked yet there is no connection, and what it is asked about itself makes none.</param>
    /// <param name="token">Cancels the wait.</param>
    /// <remarks>What the connection knows of a cluster may be from before another primary took over, and the commands for a slot go wherever there is somebody.</remarks>
    internal static async Task<PrimaryServer[]> AllAsync(IConnectionMultiplexer multiplexer, Func<int, Task> knock, CancellationToken token)
    {
        for (var attempt = 1; ; attempt++)
        {
            var servers = multiplexer.GetServers();
            var missing = new List<int>();
            var found = Array.Exists(servers, static server => server.ServerType == ServerType.Cluster)
                ? await OfClusterAsync(servers, missing).WaitAsync(token).ConfigureAwait(false)
                : [.. servers.Where(static server => server.IsConnected && !server.IsReplica).Select(static server => new PrimaryServer(server, ""))];
            if (found.Length > 0 && missing.Count == 0)
                return found;
            if (attempt == Attempts)
                throw new RedisConnectionException(ConnectionFailureType.UnableToConnect, CommandFlags.DemandMaster, "A Redis server that may hold some of the keys cannot be reached.");

            await Task.WhenAll(missing.Select(knock)).WaitAsync(token).ConfigureAwait(false);
            await Task.Delay(Pause, token).ConfigureAwait(false);
        }
    }

    // Missing is the first of each range that somebody serves who has not answered.
    private static async Task<PrimaryServer[]> OfClusterAsync(IServer[] servers, List<int> missing)
    {
        var (assigned, served) = (new bool[SlotCount], new bool[SlotCount]);
        var primaries = new List<PrimaryServer>();
        foreach (var (server, view) in servers.Zip(await Task.WhenAll(servers.Select(ViewAsync)).ConfigureAwait(false)))
        {
            foreach (var row in view.Split('\n', StringSplitOptions.RemoveEmptyEntries))
            {
                // id, address, flags, its primary, ping, pong, epoch, link, slots
                var columns = row.Split(' ');
                Mark(assigned, columns.Skip(8));
                if (!columns[2].Contains("myself", StringComparison.Ordinal) || columns.Length == 8)
                    continue;
                Mark(served, columns.Skip(8));
                primaries.Add(new(server, string.Join(' ', columns.Skip(8))));
            }
        }

        for (var slot = 0; slot < SlotCount; slot++)
        {
            if (assigned[slot] && !served[slot] && (slot == 0 || !assigned[slot - 1] || served[slot - 1]))
                missing.Add(slot);
        }

        return [.. primaries];
    }

    private static void Mark(bool[] slots, IEnumerable<string> ranges)
    {
        // One on its way to another node is marked where it is.
        foreach (var range in ranges.Where(static range => !range.StartsWith('[')))
        {
            var ends = range.Split('-');
            var first = int.Parse(ends[0], CultureInfo.InvariantCulture);
            slots.AsSpan(first, int.Parse(ends[^1], CultureInfo.InvariantCulture) + 1 - first).Fill(true);
        }
    }

    private static async Task<string> ViewAsync(IServer server)
    {
        try
        {
            return (string)(await server.ExecuteAsync("EVAL", Scripts.Nodes, 0).ConfigureAwait(false))!;
        }
        catch (Exception e) when (e is RedisConnectionException or TimeoutException)
        {
            return "";
        }
    }

    /// <summary>Whether it is the same one and has the same slots.</summary>
    public bool Equals(PrimaryServer other) => Equals(Server.EndPoint, other.Server.EndPoint) && Slots == other.Slots;

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Server.EndPoint, Slots);
}
