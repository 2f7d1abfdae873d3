using System.Globalization;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Caching.Distributed;
using Microsoft.Extensions.Caching.Hybrid;
using Microsoft.Extensions.DependencyInjection;
using ZiggyCreatures.Caching.Fusion;
using ZiggyCreatures.Caching.Fusion.Serialization;

namespace Memoize.Memcached.Tests;

/// <summary>Under the caches that others have written: two processes' worth of them, on one server.</summary>
public sealed class FrameworkTests : IDisposable
{
    private readonly MemcachedServer _server = MemcachedServer.Start();

    public void Dispose() => _server.Dispose();

    [Fact]
    public async Task HybridCache_finds_what_another_process_has_stored()
    {
        await using var one = Services();
        await using var other = Services();
        var loads = 0;
        ValueTask<Order> Load(CancellationToken token)
        {
            Interlocked.Increment(ref loads);
            return new(new Order(7, new string('x', 5000)));
        }
        var first = await one.GetRequiredService<HybridCache>().GetOrCreateAsync("order 7", Load);
        await StoredAsync(() => one.GetRequiredService<MemcachedCache>().Statistics.Stored > 0);
        var second = await other.GetRequiredService<HybridCache>().GetOrCreateAsync("order 7", Load);
        Assert.Equal(first, second);
        Assert.Equal(1, loads);
        Assert.Equal(1, other.GetRequiredService<MemcachedCache>().Statistics.Hits);

        await one.GetRequiredService<HybridCache>().RemoveAsync("order 7");
        await using var third = Services();
        await third.GetRequiredService<HybridCache>().GetOrCreateAsync("order 7", Load);
        Assert.Equal(2, loads);
    }

    // HybridCache stores behind its caller's back.
    private static async Task StoredAsync(Func<bool> isStored)
    {
        var end = DateTime.UtcNow.AddSeconds(30);
        while (!isStored())
        {
            Assert.True(DateTime.UtcNow < end, "Nothing was stored within 30 seconds.");
            await Task.Delay(5, TestContext.Current.CancellationToken);
        }
    }

    [Fact]
    public async Task HybridCache_goes_on_without_a_server()
    {
        await using var services = Services();
        _server.Kill();
        var cache = services.GetRequiredService<HybridCache>();
        for (var i = 0; i < 20; i++)
        {
            var order = await cache.GetOrCreateAsync(i.ToString(CultureInfo.InvariantCulture), _ => new ValueTask<Order>(new Order(i, "")));
            Assert.Equal(i, order.Id);
        }
    }

    [Fact]
    public async Task FusionCache_finds_what_another_process_has_stored()
    {
        using var store = _server.Connect();
        using var one = Fusion(store);
        using var other = Fusion(store);
        var loads = 0;
        Order Load()
        {
            loads++;
            return new Order(7, new string('x', 5000));
        }
        var first = await one.GetOrSetAsync<Order>("order", async (_, _) => Load(), TimeSpan.FromMinutes(5));
        var second = await other.GetOrSetAsync<Order>("order", async (_, _) => Load(), TimeSpan.FromMinutes(5));
        Assert.Equal(first, second);
        Assert.Equal(1, loads);
        await one.RemoveAsync("order");
        using var third = Fusion(store);
        await third.GetOrSetAsync<Order>("order", async (_, _) => Load(), TimeSpan.FromMinutes(5));
        Assert.Equal(2, loads);
        Assert.Empty(store.Statistics.FailedReads);
    }

    [Fact]
    public async Task The_cache_is_the_applications_distributed_cache()
    {
        await using var services = Services();
        Assert.Same(services.GetRequiredService<MemcachedCache>(), services.GetRequiredService<IDistributedCache>());
        var cache = services.GetRequiredService<IDistributedCache>();
        await cache.SetStringAsync("k", "v");
        Assert.Equal("v", await cache.GetStringAsync("k"));
        Assert.StartsWith("HD", _server.Send("mg app:k s\r\n"), StringComparison.Ordinal);
    }

    private ServiceProvider Services()
    {
        var services = new ServiceCollection();
        services.AddMemcachedCache(options =>
        {
            options.Servers.Add(_server.Address);
            options.KeyPrefix = "app:";
            options.OperationTimeout = TimeSpan.FromSeconds(5);
        });
        services.AddHybridCache();
        return services.BuildServiceProvider();
    }

    private static FusionCache Fusion(MemcachedCache store)
    {
        var fusion = new FusionCache(new FusionCacheOptions());
        fusion.SetupDistributedCache(store, new JsonFusionSerializer());
        return fusion;
    }

    public sealed record Order(int Id, string Text);

    private sealed class JsonFusionSerializer : IFusionCacheSerializer
    {
        public byte[] Serialize<T>(T? obj) => Encoding.UTF8.GetBytes(JsonSerializer.Serialize(obj));

        public T? Deserialize<T>(byte[] data) => JsonSerializer.Deserialize<T>(data);

        public ValueTask<byte[]> SerializeAsync<T>(T? obj, CancellationToken token = default) => new(Serialize(obj));

        public ValueTask<T?> DeserializeAsync<T>(byte[] data, CancellationToken token = default) => new(Deserialize<T>(data));
    }
}
