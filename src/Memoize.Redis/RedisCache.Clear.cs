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
        var (removed, passes) = (0L, 0);
        PrimaryServer[] primaries = [];
        // Twice: SCAN promises what is there from its first step to its last. A lease from before is found by the first pass, or was used
        // during it, and then the second one finds the value. And again where keys have got to another primary meanwhile.
        while (passes < 2)
        {
            var now = await PrimaryServer.AllAsync(redis.Multiplexer, KnockAsync, token).ConfigureAwait(false);
            passes = now.SequenceEqual(primaries) ? passes + 1 : 1;
            primaries = now;
            // What was found out now, those who listen have not been told.
            foreach (var subscription in subscriptions.Keys)
                subscription.LookAround();
            foreach (var primary in primaries)
                removed += await ClearAsync(redis, primary.Server, beginning, token).ConfigureAwait(false);
        }
        return removed;

        async Task KnockAsync(int slot)
        {
            try
            {
                await redis.StringGetAsync(keys.Value($"{{{HashSlot.Name(slot)}}}"), Primary).ConfigureAwait(false);
            }
            catch (Exception exception) when (exception is RedisException or TimeoutException)
            {
                // Nobody is at home. Whether somebody comes, the next attempt tells.
            }
        }
    }

    private async Task<long> ClearAsync(IDatabase redis, IServer server, string beginning, CancellationToken token)
    {
        var removed = 0L;
        var step = new List<Task<bool>>(Step);
        await foreach (var key in server.KeysAsync(redis.Database, keys.Pattern(beginning), Step).WithCancellation(token).ConfigureAwait(false))
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
}
