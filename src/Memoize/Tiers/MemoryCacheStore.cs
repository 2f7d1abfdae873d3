using System.Buffers;
using Microsoft.Extensions.Caching.Distributed;
using Microsoft.Extensions.Caching.Memory;

#pragma warning disable RS0026   // the overloads are the interface's

namespace Memoize.Tiers;

/// <summary>
/// An <see cref="IMemoryCache"/> as a store, for an application whose memory is bounded in one place: results live there as bytes, and
/// each counts with its length against the cache's size limit, if it has one. Safe for use by many threads.
/// </summary>
/// <remarks>
/// The entries are nobody else's: their keys are of a type of their own, equal to no key of the application. What the cache does not
/// take is counted by the tier as not stored (<see cref="CacheTierStatistics.NotStoredFailed"/>); what it drops later for want of room is
/// a miss, and it does not say so.
/// </remarks>
/// <example><code>Memo.AddTier("bounded", new MemoryCacheStore(cache));</code></example>
/// <param name="cache">The cache; the caller disposes it.</param>
public sealed class MemoryCacheStore(IMemoryCache cache) : IBufferDistributedCache, ITellsOutcome
{
    private readonly IMemoryCache cache = cache ?? throw new ArgumentNullException(nameof(cache));

    /// <inheritdoc/>
    public byte[]? Get(string key) => Find(key)?.ToArray();

    /// <inheritdoc/>
    public Task<byte[]?> GetAsync(string key, CancellationToken token = default) => Task.FromResult(Get(key));

    /// <inheritdoc/>
    public bool TryGet(string key, IBufferWriter<byte> destination)
    {
        ArgumentNullException.ThrowIfNull(destination);
        if (Find(key) is not { } value)
            return false;
        destination.Write(value);
        return true;
    }

    /// <inheritdoc/>
    public ValueTask<bool> TryGetAsync(string key, IBufferWriter<byte> destination, CancellationToken token = default) => new(TryGet(key, destination));

    /// <inheritdoc/>
    public void Set(string key, byte[] value, DistributedCacheEntryOptions options)
    {
        ArgumentNullException.ThrowIfNull(value);
        Keep(key, value.ToArray(), options);
    }

    /// <inheritdoc/>
    public Task SetAsync(string key, byte[] value, DistributedCacheEntryOptions options, CancellationToken token = default)
    {
        Set(key, value, options);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public void Set(string key, ReadOnlySequence<byte> value, DistributedCacheEntryOptions options) => Keep(key, value.ToArray(), options);

    /// <inheritdoc/>
    public ValueTask SetAsync(string key, ReadOnlySequence<byte> value, DistributedCacheEntryOptions options, CancellationToken token = default)
    {
        Set(key, value, options);
        return ValueTask.CompletedTask;
    }

    /// <summary>A look is a use: the sliding expiry begins anew.</summary>
    /// <param name="key">The key.</param>
    public void Refresh(string key) => Find(key);

    /// <inheritdoc cref="Refresh"/>
    /// <param name="key">The key.</param>
    /// <param name="token">Not used: nothing here waits.</param>
    public Task RefreshAsync(string key, CancellationToken token = default)
    {
        Refresh(key);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public void Remove(string key) => cache.Remove(new StoreKey(key));

    /// <inheritdoc/>
    public Task RemoveAsync(string key, CancellationToken token = default)
    {
        Remove(key);
        return Task.CompletedTask;
    }

    // The cache says nothing when it refuses a value, so it is asked.
    StoreOutcome ITellsOutcome.Store(string key, ReadOnlySequence<byte> value, DistributedCacheEntryOptions options)
    {
        Set(key, value, options);
        return Find(key) is null ? StoreOutcome.Failed : StoreOutcome.Stored;
    }

    private byte[]? Find(string key) => cache.TryGetValue(new StoreKey(key), out var value) ? (byte[]?)value : null;

    private void Keep(string key, byte[] value, DistributedCacheEntryOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        using var entry = cache.CreateEntry(new StoreKey(key));
        entry.AbsoluteExpiration = options.AbsoluteExpiration;
        entry.AbsoluteExpirationRelativeToNow = options.AbsoluteExpirationRelativeToNow;
        entry.SlidingExpiration = options.SlidingExpiration;
        entry.Size = value.Length;
        entry.Value = value;
    }

    private readonly record struct StoreKey
    {
        internal StoreKey(string text) => Text = text ?? throw new ArgumentNullException(nameof(text));

        internal string Text { get; }
    }
}
