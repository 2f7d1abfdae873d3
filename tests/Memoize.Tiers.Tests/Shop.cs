using System.Collections.Concurrent;

namespace Memoize.Tiers.Tests;

public sealed record Price(string Article, int Version, decimal Net);

/// <summary>The methods under test. What they read is a database of versions, and every run is counted by what was asked for.</summary>
public static class Shop
{
    private static readonly ConcurrentDictionary<string, int> s_runs = new();

    public static ConcurrentDictionary<string, int> Versions { get; } = new();

    public static int Runs(string article) => s_runs.GetValueOrDefault(article);

    [Cached(Ttl = 300, MaxSize = 1000, Tiers = "shared,disk", Tags = new[] { "article:{article}" })]
    public static async Task<Price> FindAsync(string article)
    {
        await Task.Yield();
        return Load(article);
    }

    [Cached(Ttl = 300, MaxSize = 1000, Tiers = "shared,disk")]
    public static Price Find(string article) => Load(article);

    [Cached(Ttl = 300, MaxSize = 1000, Tiers = "shared,disk")]
    public static byte[] Picture(string article, int size)
    {
        Load(article);
        return Bytes(size);
    }

    [Cached(Ttl = 300, MaxSize = 1000, Tiers = "shared,disk")]
    public static Price FindOf([CacheKey(Indexed = true)] string article, int year) => Load(article) with { Net = year };

    [Updates(typeof(Shop), nameof(FindAsync))]
    public static async Task<Price> Change(string article)
    {
        await Task.Yield();
        return new(article, Versions.AddOrUpdate(article, 1, static (_, version) => version + 1), 2.50m);
    }

    [Evicts(typeof(Shop), nameof(FindAsync))]
    public static void Forget(string article) => Versions.AddOrUpdate(article, 1, static (_, version) => version + 1);

    /// <summary>Bytes that no compression makes smaller.</summary>
    public static byte[] Bytes(int size)
    {
        var bytes = new byte[size];
        new Random(size).NextBytes(bytes);
        return bytes;
    }

    private static Price Load(string article)
    {
        s_runs.AddOrUpdate(article, 1, static (_, runs) => runs + 1);
        return new(article, Versions.GetValueOrDefault(article), 2.50m);
    }
}
