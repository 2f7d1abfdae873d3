using System.Buffers;
using System.Runtime.CompilerServices;
using StackExchange.Redis;

namespace Memoize.Redis;

// Many keys are single GETs that are sent as one piece: as few round trips as MGET, in a cluster too, and no large arrays. A few, as of a value
// and what vouches for it, are one command, which those who ask at the same time share.
public sealed partial class RedisCache
{
    private const int InFlight = 256;
    private const int Few = 8;

    private readonly ReadQueue queue = new();

    // Servers need not allow MGET, and in a cluster it wants all its keys in one slot.
    private volatile bool asksSeparately;

    /// <inheritdoc/>
    public async ValueTask GetManyAsync(IReadOnlyList<string> keys, Action<int, ReadOnlySequence<byte>> found, CancellationToken token = default)
    {
        ArgumentNullException.ThrowIfNull(keys);
        ArgumentNullException.ThrowIfNull(found);
        var redis = await connection.DatabaseAsync(token).ConfigureAwait(false);
        if (keys.Count is 0 or > Few || !IsOneCommand(redis, keys[0]))
        {
            await GetSeparatelyAsync(redis, keys, found, token).ConfigureAwait(false);
            return;
        }

        var stored = new RedisKey[keys.Count];
        for (var i = 0; i < stored.Length; i++)
            stored[i] = this.keys.Of(keys[i]);
        RedisValue[] values;
        try
        {
            if (queue.TryEnter(redis, out var turn))
            {
                using (turn)
                    values = await redis.StringGetAsync(stored, Primary).WaitAsync(token).ConfigureAwait(false);
            }
            else
            {
                values = await queue.JoinAsync(redis, keys, stored).WaitAsync(token).ConfigureAwait(false);
            }
        }
        catch (RedisServerException)
        {
            await GetSeparatelyAsync(redis, keys, found, token).ConfigureAwait(false);
            asksSeparately = true;
            return;
        }

        for (var i = 0; i < values.Length; i++)
        {
            if (!values[i].IsNull)
                found(i, new(Value(redis, keys[i], values[i])));
        }
    }

    /// <summary>A single value: a bare GET, or together with others where many ask.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<SingleRead> ReadAsync(IDatabase redis, string key, CancellationToken token)
    {
        var stored = keys.Of(key);
        if (!IsOneCommand(redis, key))
            return new(await redis.StringGetLeaseAsync(stored, Primary).WaitAsync(token).ConfigureAwait(false));

        if (queue.TryEnter(redis, out var turn))
        {
            using (turn)
                return new(await redis.StringGetLeaseAsync(stored, Primary).WaitAsync(token).ConfigureAwait(false));
        }

        try
        {
            return new((await queue.JoinAsync(redis, [key], [stored]).WaitAsync(token).ConfigureAwait(false))[0]);
        }
        catch (RedisServerException)
        {
            var read = new SingleRead(await redis.StringGetLeaseAsync(stored, Primary).WaitAsync(token).ConfigureAwait(false));
            asksSeparately = true;
            return read;
        }
    }

    private bool IsOneCommand(IDatabase redis, string key) => !asksSeparately && redis.Multiplexer.HashSlot(key) < 0;

    private async Task GetSeparatelyAsync(IDatabase redis, IReadOnlyList<string> wanted, Action<int, ReadOnlySequence<byte>> found, CancellationToken token)
    {
        for (var first = 0; first < wanted.Count; first += InFlight)
        {
            var reads = new Task<Lease<byte>?>[Math.Min(InFlight, wanted.Count - first)];
            var batch = redis.CreateBatch();
            for (var i = 0; i < reads.Length; i++)
                reads[i] = batch.StringGetLeaseAsync(keys.Of(wanted[first + i]), Primary)!;
            batch.Execute();
            await Task.WhenAll(reads).WaitAsync(token).ConfigureAwait(false);
            for (var i = 0; i < reads.Length; i++)
            {
                using var lease = await reads[i].ConfigureAwait(false);
                if (lease is not null)
                    found(first + i, new(Value(redis, wanted[first + i], lease.Memory)));
            }
        }
    }

    /// <summary>What was found under one key; to be disposed when it was used.</summary>
    private readonly struct SingleRead : IDisposable
    {
        private readonly Lease<byte>? lease;

        internal SingleRead(Lease<byte>? lease)
        {
            this.lease = lease;
            IsNothing = lease is null;
            Stored = lease is null ? default : lease.Memory;
        }

        internal SingleRead(RedisValue value)
        {
            IsNothing = value.IsNull;
            Stored = value;
        }

        internal bool IsNothing { get; }

        internal ReadOnlyMemory<byte> Stored { get; }

        public void Dispose() => lease?.Dispose();
    }
}
