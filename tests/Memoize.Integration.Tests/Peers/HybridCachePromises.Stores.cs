using System.Buffers;
using Memoize.Tests.Tiers;
using Microsoft.Extensions.Caching.Distributed;
using Microsoft.Extensions.Caching.Hybrid;

namespace Memoize.Integration.Tests.Peers;

// A store and a serializer of the tests.
public sealed partial class HybridCachePromises
{
    /// <summary>Takes keys for one that differ in case.</summary>
    private sealed class Confused : IDistributedCache
    {
        private readonly TestStore store = new();

        public byte[]? Get(string key) => store.Get(key.ToUpperInvariant());

        public Task<byte[]?> GetAsync(string key, CancellationToken token = default) => Task.FromResult(Get(key));

        public void Refresh(string key)
        {
        }

        public Task RefreshAsync(string key, CancellationToken token = default) => Task.CompletedTask;

        public void Remove(string key) => store.Remove(key.ToUpperInvariant());

        public Task RemoveAsync(string key, CancellationToken token = default)
        {
            Remove(key);
            return Task.CompletedTask;
        }

        public void Set(string key, byte[] value, DistributedCacheEntryOptions options)
            => store.Set(key.ToUpperInvariant(), value, options);

        public Task SetAsync(string key, byte[] value, DistributedCacheEntryOptions options, CancellationToken token = default)
        {
            Set(key, value, options);
            return Task.CompletedTask;
        }
    }

    private sealed class OfBills : IHybridCacheSerializer<Bill>
    {
        public int Written { get; private set; }

        public int Read { get; private set; }

        public Bill Deserialize(ReadOnlySequence<byte> source)
        {
            Read++;
            return new(source.FirstSpan[0], "x");
        }

        public void Serialize(Bill value, IBufferWriter<byte> target)
        {
            Written++;
            target.Write([(byte)value.Number]);
        }
    }
}
