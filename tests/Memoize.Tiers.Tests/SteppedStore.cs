using System.Buffers;
using Microsoft.Extensions.Caching.Distributed;

namespace Memoize.Tiers.Tests;

/// <summary>A store in front of a real one, which lets something happen between the look at a value that is of no use and the lease of its key.</summary>
internal sealed class SteppedStore<TStore>(TStore store) : ILeasingCache, IBatchReads
    where TStore : ILeasingCache, IBatchReads
{
    /// <summary>What happens once, before the lease is asked for.</summary>
    internal Func<Task>? BeforeLease { get; set; }

    public async ValueTask<LeasedRead> LeaseAsync(string key, TimeSpan duration, CancellationToken token = default)
    {
        var before = BeforeLease;
        BeforeLease = null;
        await (before?.Invoke() ?? Task.CompletedTask);
        return await store.LeaseAsync(key, duration, token);
    }

    public ValueTask<LeasedRead> GetOrLeaseAsync(string key, IBufferWriter<byte> destination, TimeSpan duration, CancellationToken token = default)
        => store.GetOrLeaseAsync(key, destination, duration, token);

    public ValueTask<LeasedRead> GetMissedOrLeaseAsync(string key, IBufferWriter<byte> destination, TimeSpan duration, CancellationToken token = default)
        => store.GetMissedOrLeaseAsync(key, destination, duration, token);

    public ValueTask<bool> SetAsync(string key, ReadOnlySequence<byte> value, DistributedCacheEntryOptions options, CacheLease lease, CancellationToken token = default)
        => store.SetAsync(key, value, options, lease, token);

    public ValueTask<StoreOutcome> StoreAsync(string key, ReadOnlySequence<byte> value, DistributedCacheEntryOptions options, CacheLease? lease, CancellationToken token = default)
        => store.StoreAsync(key, value, options, lease, token);

    public ValueTask<LeaseRenewal> RenewAsync(string key, CacheLease lease, TimeSpan duration, CancellationToken token = default) => store.RenewAsync(key, lease, duration, token);

    public ValueTask ReleaseAsync(string key, CacheLease lease, CancellationToken token = default) => store.ReleaseAsync(key, lease, token);

    public ValueTask GetManyAsync(IReadOnlyList<string> keys, Action<int, ReadOnlySequence<byte>> found, CancellationToken token = default)
        => store.GetManyAsync(keys, found, token);

    public bool TryGet(string key, IBufferWriter<byte> destination) => store.TryGet(key, destination);

    public ValueTask<bool> TryGetAsync(string key, IBufferWriter<byte> destination, CancellationToken token = default) => store.TryGetAsync(key, destination, token);

    public void Set(string key, ReadOnlySequence<byte> value, DistributedCacheEntryOptions options) => store.Set(key, value, options);

    public ValueTask SetAsync(string key, ReadOnlySequence<byte> value, DistributedCacheEntryOptions options, CancellationToken token = default)
        => store.SetAsync(key, value, options, token);

    public byte[]? Get(string key) => store.Get(key);

    public Task<byte[]?> GetAsync(string key, CancellationToken token = default) => store.GetAsync(key, token);

    public void Set(string key, byte[] value, DistributedCacheEntryOptions options) => store.Set(key, value, options);

    public Task SetAsync(string key, byte[] value, DistributedCacheEntryOptions options, CancellationToken token = default) => store.SetAsync(key, value, options, token);

    public void Refresh(string key) => store.Refresh(key);

    public Task RefreshAsync(string key, CancellationToken token = default) => store.RefreshAsync(key, token);

    public void Remove(string key) => store.Remove(key);

    public Task RemoveAsync(string key, CancellationToken token = default) => store.RemoveAsync(key, token);
}
