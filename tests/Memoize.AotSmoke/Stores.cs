using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Memoize.Memcached;
using Memoize.Redis;
using Memoize.Sqlite;
using Microsoft.Extensions.Caching.Distributed;

namespace Memoize.AotSmoke;

/// <summary>Results behind memory in each store that there is.</summary>
static class Stored
{
    public static readonly Counters Loads = new();

    [Cached(Ttl = 300, Tiers = "disk")]
    public static async Task<Rate> OnDisk(string currency) => await Load(currency);

    [Cached(Ttl = 300, Tiers = "redis")]
    public static async Task<Rate> InRedis(string currency) => await Load(currency);

    [Cached(Ttl = 300, Tiers = "memcached")]
    public static async Task<Rate> InMemcached(string currency) => await Load(currency);

    static async Task<Rate> Load(string currency)
    {
        await Task.Yield();
        Loads.Count();
        return new(currency, 1.25m, [new(2026, 2, 3)]);
    }
}

/// <summary>SQLite in a file, and the clients of Redis and memcached with real servers, which start and stop here.</summary>
static class StoreChecks
{
    public static async Task RunAsync(Action<string, object?, object?> check)
    {
        var folder = Directory.CreateTempSubdirectory("memoize-aot-").FullName;
        try
        {
            using (var disk = new SqliteCache(new SqliteCacheOptions { File = Path.Combine(folder, "cache.db") }))
                await CheckAsync(check, "disk", disk, static currency => Stored.OnDisk(currency));

            var port = FreePort();
            using (await ServerAsync(port, "redis-server", "--port", $"{port}", "--bind", "127.0.0.1", "--save", "", "--dir", folder))
            {
                await using var redis = new RedisCache($"127.0.0.1:{port}");
                await CheckAsync(check, "redis", redis, static currency => Stored.InRedis(currency));
            }

            port = FreePort();
            using (await ServerAsync(port, "memcached", "-p", $"{port}", "-l", "127.0.0.1", "-U", "0", "-u", Environment.UserName))
            {
                var options = new MemcachedCacheOptions();
                options.Servers.Add($"127.0.0.1:{port}");
                using var memcached = new MemcachedCache(options);
                await CheckAsync(check, "memcached", memcached, static currency => Stored.InMemcached(currency));
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    static async Task CheckAsync(Action<string, object?, object?> check, string name, IDistributedCache store, Func<string, Task<Rate>> find)
    {
        var before = Stored.Loads["Load"];
        var tier = Memo.AddTier(name, store, new() { Json = SmokeJson.Default.Options, Timeout = 30 });
        for (var process = 0; process < 3; process++)
        {
            check($"{name}: a result", (await find("CHF")).Value.ToString(CultureInfo.InvariantCulture), "1.25");
            await Memo.FlushTiersAsync();
            Memo.TimeProvider = Memo.TimeProvider;   // forgets what is in memory
        }

        check($"{name}: loaded once", Stored.Loads["Load"] - before, 1);
        check($"{name}: stored and found", tier.Statistics is { Stores: 1, Hits: 2, Failures: 0, NotStoredUnserializable: 0 }, true);
        Memo.RemoveTier(name);
    }

    static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    static async Task<Running> ServerAsync(int port, string program, params string[] arguments)
    {
        var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true })!;
        _ = process.StandardOutput.ReadToEndAsync();
        var running = new Running(process);
        while (true)
        {
            using var client = new TcpClient();
            try
            {
                await client.ConnectAsync(IPAddress.Loopback, port);
                return running;
            }
            catch (SocketException) when (!process.HasExited)
            {
                await Task.Delay(20);
            }
        }
    }

    sealed class Running(Process process) : IDisposable
    {
        public void Dispose()
        {
            process.Kill();
            process.WaitForExit();
            process.Dispose();
        }
    }
}
