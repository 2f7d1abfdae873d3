using System.Buffers;
using StackExchange.Redis;

namespace Memoize.Redis;

// Single GETs that are sent as one piece: as few round trips as MGET, in a cluster too, and no large arrays.
public sealed partial class RedisCache
{
    private const int InFlight = 256;

    /// <inheritdoc/>
    public async ValueTask GetManyAsync(IReadOnlyList<string> keys, Action<int, ReadOnlySequence<byte>> found, CancellationToken token = default)
    {
        ArgumentNullException.ThrowIfNull(keys);
        ArgumentNullException.ThrowIfNull(found);
        var redis = await connection.DatabaseAsync(token).ConfigureAwait(false);
        for (var first = 0; first < keys.Count; first += InFlight)
        {
            var reads = new Task<Lease<byte>?>[Math.Min(InFlight, keys.Count - first)];
            var batch = redis.CreateBatch();
            for (var i = 0; i < reads.Length; i++)
                reads[i] = batch.StringGetLeaseAsync(this.keys.Value(keys[first + i]), Primary)!;
            batch.Execute();
            await Task.WhenAll(reads).WaitAsync(token).ConfigureAwait(false);
            for (var i = 0; i < reads.Length; i++)
                Deliver(first + i, await reads[i].ConfigureAwait(false));
        }

        void Deliver(int index, Lease<byte>? lease)
        {
            using (lease)
            {
                if (lease is null)
                    return;
                var value = Read(redis, this.keys.Value(keys[index]), lease.Span);
                found(index, new(lease.Memory[^value.Length..]));
            }
        }
    }
}
