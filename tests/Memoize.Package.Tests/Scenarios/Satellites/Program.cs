using Memoize;
using Memoize.Memcached;
using Memoize.Redis;
using Memoize.Sqlite;
using Memoize.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

var file = Path.Combine(Path.GetTempPath(), $"memoize-satellites-{Guid.NewGuid():N}.db");
using var disk = new SqliteCache(new SqliteCacheOptions { File = file });
Memo.AddTier("disk", disk, new() { Timeout = 30 });
await Prices.OnDisk(1);
await Memo.FlushTiersAsync();
Memo.TimeProvider = TimeProvider.System;   // forgets what is in memory
await Prices.OnDisk(1);
Console.WriteLine($"loads with a disk behind memory={Prices.Loads}");

// Nobody listens there, and that is no caller's matter.
await using var redis = new RedisCache("127.0.0.1:1,connectTimeout=200,abortConnect=false");
Memo.AddTier("redis", redis);
Prices.Loads = 0;
await Prices.InRedis(1);
await Prices.InRedis(1);
Console.WriteLine($"loads while Redis is away={Prices.Loads}");

var nowhere = new MemcachedCacheOptions();
nowhere.Servers.Add("127.0.0.1:1");
using var memcached = new MemcachedCache(nowhere);
Memo.AddTier("memcached", memcached);
Prices.Loads = 0;
await Prices.InMemcached(1);
await Prices.InMemcached(1);
Console.WriteLine($"loads while memcached is away={Prices.Loads}");

using (var memo = MemoTest.Isolate())
{
    await Prices.OnDisk(1);
    await Prices.OnDisk(1);
    memo.Of(PricesCache.OnDisk).Expect(hits: 1, loads: 1);
    Console.WriteLine($"isolated={memo.Of(PricesCache.OnDisk).Hits} hit");
}

var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { EnvironmentName = Environments.Development });
builder.Services.AddHealthChecks().AddMemoize();
await using var app = builder.Build();
app.Urls.Add("http://127.0.0.1:0");
app.MapMemoize("/memoize");
app.MapHealthChecks("/health");
await app.StartAsync();
using var client = new HttpClient();
using var page = await client.GetAsync(new Uri(app.Urls.First() + "/memoize"));
Console.WriteLine($"dashboard={page.StatusCode}");
Console.WriteLine($"health without Redis and memcached={await client.GetStringAsync(new Uri(app.Urls.First() + "/health"))}");
await app.StopAsync();

disk.Dispose();
foreach (var part in Directory.GetFiles(Path.GetTempPath(), Path.GetFileName(file) + "*"))
    File.Delete(part);

static class Prices
{
    [NotInKey] public static int Loads;

    [Cached(Ttl = 300, Tiers = "disk")]
    public static async Task<decimal> OnDisk(int id) => await Load(id);

    [Cached(Ttl = 300, Tiers = "redis")]
    public static async Task<decimal> InRedis(int id) => await Load(id);

    [Cached(Ttl = 300, Tiers = "memcached")]
    public static async Task<decimal> InMemcached(int id) => await Load(id);

    private static async Task<decimal> Load(int id)
    {
        await Task.Yield();
        Interlocked.Increment(ref Loads);
        return id * 1.5m;
    }
}
