using Microsoft.Extensions.Caching.Distributed;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.Options;

namespace Memoize.Dashboard.Tests;

/// <summary>A store that can break.</summary>
internal sealed class Shelf : IDistributedCache
{
    private readonly MemoryDistributedCache inner = new(Options.Create(new MemoryDistributedCacheOptions()));

    internal bool IsBroken { get; set; }

    private MemoryDistributedCache Inner => IsBroken ? throw new IOException("The shelf is broken.") : inner;

    public byte[]? Get(string key) => Inner.Get(key);

    public Task<byte[]?> GetAsync(string key, CancellationToken token = default) => Inner.GetAsync(key, token);

    public void Refresh(string key) => Inner.Refresh(key);

    public Task RefreshAsync(string key, CancellationToken token = default) => Inner.RefreshAsync(key, token);

    public void Remove(string key) => Inner.Remove(key);

    public Task RemoveAsync(string key, CancellationToken token = default) => Inner.RemoveAsync(key, token);

    public void Set(string key, byte[] value, DistributedCacheEntryOptions options) => Inner.Set(key, value, options);

    public Task SetAsync(string key, byte[] value, DistributedCacheEntryOptions options, CancellationToken token = default) => Inner.SetAsync(key, value, options, token);
}
