using System.Buffers;
using Memoize.Tiers;
using Microsoft.Extensions.Caching.Distributed;
using StackExchange.Redis;

namespace Memoize.Redis;

// Each ends the lease of its key, in the same step.
public sealed partial class RedisCache
{
    /// <inheritdoc/>
    public void Set(string key, byte[] value, DistributedCacheEntryOptions options)
    {
        ArgumentNullException.ThrowIfNull(value);
        Set(key, new ReadOnlySequence<byte>(value), options);
    }

    /// <inheritdoc/>
    public void Set(string key, ReadOnlySequence<byte> value, DistributedCacheEntryOptions options)
    {
        var stored = keys.Value(key);
        var bytes = Copy(value);
        var arguments = StoreArguments(bytes, (int)value.Length, options, lease: null);
        connection.Database().ScriptEvaluate(Scripts.Store, [stored, RedisKeys.Lease(stored)], arguments, Primary);
        ArrayPool<byte>.Shared.Return(bytes);
    }

    /// <inheritdoc/>
    public Task SetAsync(string key, byte[] value, DistributedCacheEntryOptions options, CancellationToken token = default)
    {
        ArgumentNullException.ThrowIfNull(value);
        return IfGoodAsync(key, new(value), options, lease: null, token).AsTask();
    }

    /// <inheritdoc/>
    public async ValueTask SetAsync(string key, ReadOnlySequence<byte> value, DistributedCacheEntryOptions options, CancellationToken token = default)
        => await IfGoodAsync(key, value, options, lease: null, token).ConfigureAwait(false);

    /// <inheritdoc/>
    public ValueTask<bool> SetAsync(string key, ReadOnlySequence<byte> value, DistributedCacheEntryOptions options, CacheLease lease, CancellationToken token = default)
        => IfGoodAsync(key, value, options, lease, token);

    /// <inheritdoc/>
    /// <remarks>A server without memory for more is <see cref="StoreOutcome.Failed"/>, and is still read; every other error is an exception.</remarks>
    public async ValueTask<StoreOutcome> StoreAsync(string key, ReadOnlySequence<byte> value, DistributedCacheEntryOptions options, CacheLease? lease, CancellationToken token = default)
    {
        if (lease == OfFullServer)
            return StoreOutcome.Failed;
        try
        {
            return await IfGoodAsync(key, value, options, lease, token).ConfigureAwait(false) ? StoreOutcome.Stored : StoreOutcome.LeaseEnded;
        }
        catch (RedisServerException exception) when (IsFull(exception))
        {
            // Nobody is to wait for it, and what was there is from before. Removing takes no memory.
            await RemoveAsync(key, token).ConfigureAwait(false);
            return StoreOutcome.Failed;
        }
    }

    /// <inheritdoc/>
    public void Remove(string key)
    {
        var stored = keys.Value(key);
        connection.Database().KeyDelete(Both(stored), Primary);
    }

    /// <inheritdoc/>
    public async Task RemoveAsync(string key, CancellationToken token = default)
    {
        var stored = keys.Value(key);
        var redis = await connection.DatabaseAsync(token).ConfigureAwait(false);
        await redis.KeyDeleteAsync(Both(stored), Primary).WaitAsync(token).ConfigureAwait(false);
    }

    // The lease first: Garnet deletes one after the other, and in between nobody may store with a lease from before.
    private static RedisKey[] Both(string stored) => [RedisKeys.Lease(stored), stored];

    private async ValueTask<bool> IfGoodAsync(string key, ReadOnlySequence<byte> value, DistributedCacheEntryOptions options, CacheLease? lease, CancellationToken token)
    {
        var stored = keys.Value(key);
        var bytes = Copy(value);
        var arguments = StoreArguments(bytes, (int)value.Length, options, lease);
        var redis = await connection.DatabaseAsync(token).ConfigureAwait(false);
        var result = await redis.ScriptEvaluateAsync(Scripts.Store, [stored, RedisKeys.Lease(stored)], arguments, Primary).WaitAsync(token).ConfigureAwait(false);
        // Only now: where the wait was cancelled or timed out, the bytes may still be on their way.
        ArrayPool<byte>.Shared.Return(bytes);
        return (int)result == 1;
    }

    private static bool IsFull(RedisServerException exception) => exception.Message.Contains("OOM", StringComparison.Ordinal);

    /// <summary>The caller may use his buffer for something else as soon as he is back, which may be before all of it was sent.</summary>
    private static byte[] Copy(ReadOnlySequence<byte> value)
    {
        var bytes = ArrayPool<byte>.Shared.Rent((int)value.Length);
        value.CopyTo(bytes);
        return bytes;
    }

    private static RedisValue[] StoreArguments(byte[] bytes, int length, DistributedCacheEntryOptions options, CacheLease? lease)
    {
        var lifetime = Lifetime.Of(options, bytes.AsSpan(0, length));
        return [lease is { } held ? held.Id : RedisValue.EmptyString, bytes.AsMemory(0, length), lifetime.Absolute, lifetime.Window, SlidingHeader.Mark];
    }
}
