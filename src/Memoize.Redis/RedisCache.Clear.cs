using StackExchange.Redis;

namespace Memoize.Redis;

// Looks at a thousand keys at a time, so that the server answers others in between.
public sealed partial class RedisCache
{
    private const int Step = 1000;

    /// <summary>
    /// Removes all values whose keys begin with this, and ends their leases. It never touches a key without the prefix of the cache. What is
    /// stored by <c>Set</c> meanwhile may stay; what is stored with a lease from before does not.
    /// </summary>
    /// <param name="beginning">What the keys begin with, after <see cref="RedisCacheOptions.KeyPrefix"/>; all keys if it is empty.</param>
    /// <param name="token">Ends it between two steps; what was removed stays removed.</param>
    /// <returns>How many keys were removed, leases included.</returns>
    /// <exception cref="RedisException">A server that may hold some of them cannot be reached.</exception>
    /// <remarks>The time grows with the number of keys in the database, not with that of the cache: a thousand per step.</remarks>
    public async Task<long> ClearAsync(string beginning = "", CancellationToken token = default)
    {
        ArgumentNullException.ThrowIfNull(beginning);
        var redis = await connection.DatabaseAsync(token).ConfigureAwait(false);
        var removed = 0L;
        // Twice: SCAN promises what is there from its first step to its last. A lease from before is found by the first pass, or was used
        // during it, and then the second one finds the value.
        for (var pass = 0; pass < 2; pass++)
        {
            foreach (var server in Primaries(redis.Multiplexer))
                removed += await ClearAsync(redis, server, beginning, token).ConfigureAwait(false);
        }
        return removed;
    }

    private async Task<long> ClearAsync(IDatabase redis, IServer server, string beginning, CancellationToken token)
    {
        var removed = 0L;
        var step = new List<Task<bool>>(Step);
        await foreach (var key in server.KeysAsync(redis.Database, keys.Pattern(beginning), Step, flags: Primary).WithCancellation(token).ConfigureAwait(false))
        {
            if (keys.IsOurs(key.ToString(), beginning))
                step.Add(redis.KeyDeleteAsync(key, Primary));
            if (step.Count == Step)
                await EndStepAsync().ConfigureAwait(false);
        }
        await EndStepAsync().ConfigureAwait(false);
        return removed;

        async Task EndStepAsync()
        {
            removed += (await Task.WhenAll(step).WaitAsync(token).ConfigureAwait(false)).Count(static done => done);
            step.Clear();
        }
    }

    private static IServer[] Primaries(IConnectionMultiplexer multiplexer)
    {
        var servers = multiplexer.GetServers();
        var known = servers.FirstOrDefault(static server => server.IsConnected)
            ?? throw new RedisConnectionException(ConnectionFailureType.UnableToConnect, Primary, "No Redis server can be reached.");
        if (known.ServerType != ServerType.Cluster)
            return [.. servers.Where(static server => server.IsConnected && !server.IsReplica)];

        // The cluster says who is responsible for the slots; a former primary that is down is not. What the connection knows of that is
        // enough: the library's own question is for administrators.
        return [.. known.ClusterConfiguration!.Nodes
            .Where(static node => !node.IsReplica && node.Slots.Count > 0)
            .Select(node => multiplexer.GetServer(node.EndPoint!))];
    }
}
