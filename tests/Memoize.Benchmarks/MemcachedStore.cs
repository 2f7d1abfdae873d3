using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Memoize.Memcached;
using Microsoft.Extensions.Caching.Distributed;

namespace Memoize.Benchmarks;

/// <summary>The memcached store against a server on the loopback interface, which has to be installed.</summary>
internal static class MemcachedStore
{
    private const int Keys = 1000;

    public static async Task MeasureAsync(bool quick)
    {
        var port = FreePort();
        string[] user = Environment.UserName == "root" ? ["-u", "root"] : [];
        using var server = Process.Start("memcached", [.. user, "-l", "127.0.0.1", "-p", port.ToString(CultureInfo.InvariantCulture)]);
        try
        {
            var options = new MemcachedCacheOptions { OperationTimeout = TimeSpan.FromSeconds(5), CompressionThreshold = int.MaxValue };
            options.Servers.Add($"127.0.0.1:{port}");
            await using var cache = new MemcachedCache(options);
            string[] keys = [.. Enumerable.Range(0, Keys).Select(i => $"user:{i}")];
            while (await cache.GetAsync(keys[0]) is null)
                await cache.SetAsync(keys[0], new byte[1024], new DistributedCacheEntryOptions());
            foreach (var key in keys)
                await cache.SetAsync(key, new byte[1024], new DistributedCacheEntryOptions());

            await OneAfterTheOtherAsync(cache, keys, 5_000);
            var times = await OneAfterTheOtherAsync(cache, keys, quick ? 10_000 : 100_000);
            Table.Print("memcached", "get of 1 KB, one after the other", $"p50 {Microseconds(times, 0.5)}, p99 {Microseconds(times, 0.99)}");
            await AtOnceAsync(cache, keys, 20_000);
            Table.Print("memcached", "gets of 1 KB by 64 callers", $"{Table.Number(await AtOnceAsync(cache, keys, quick ? 50_000 : 500_000), "0")} per second");
            await ManyAsync(cache, keys, 200);
            Table.Print("memcached", "64 keys by GetManyAsync", $"{Table.Number(await ManyAsync(cache, keys, quick ? 1_000 : 10_000), "0.0")} µs");
        }
        finally
        {
            server.Kill();
        }
    }

    private static async Task<double[]> OneAfterTheOtherAsync(MemcachedCache cache, string[] keys, int count)
    {
        var times = new double[count];
        for (var i = 0; i < count; i++)
        {
            var start = Stopwatch.GetTimestamp();
            await cache.GetAsync(keys[i % Keys]);
            times[i] = Stopwatch.GetElapsedTime(start).TotalMicroseconds;
        }
        Array.Sort(times);
        return times;
    }

    private static async Task<double> AtOnceAsync(MemcachedCache cache, string[] keys, int count)
    {
        var next = -1;
        var start = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, 64).Select(_ => Task.Run(async () =>
        {
            while (Interlocked.Increment(ref next) is var i && i < count)
                await cache.GetAsync(keys[i % Keys]);
        })));
        return count / Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private static async Task<double> ManyAsync(MemcachedCache cache, string[] keys, int count)
    {
        var some = keys.Take(64).ToList();
        var start = Stopwatch.GetTimestamp();
        for (var i = 0; i < count; i++)
            await cache.GetManyAsync(some, static (_, _) => { });
        return Stopwatch.GetElapsedTime(start).TotalMicroseconds / count;
    }

    private static string Microseconds(double[] sorted, double part) => Table.Number(sorted[(int)(sorted.Length * part)], "0") + " µs";

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
