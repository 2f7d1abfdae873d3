using BitFaster.Caching.Lru;
using Memoize.Keys;

namespace Memoize.Benchmarks;

/// <summary>The key that somebody careful writes by hand, with the hash that strings come with.</summary>
public readonly struct HandKey(int id, string region) : IEquatable<HandKey>
{
    private readonly int id = id;
    private readonly string region = region;

    public bool Equals(HandKey other) => id == other.id && string.Equals(region, other.region, StringComparison.Ordinal);

    public override bool Equals(object? obj) => obj is HandKey other && Equals(other);

    public override int GetHashCode() => (id * 397) ^ region.GetHashCode(StringComparison.Ordinal);
}

public readonly struct HandKey3(int id, string region, long version) : IEquatable<HandKey3>
{
    private readonly int id = id;
    private readonly string region = region;
    private readonly long version = version;

    public bool Equals(HandKey3 other)
        => id == other.id && version == other.version && string.Equals(region, other.region, StringComparison.Ordinal);

    public override bool Equals(object? obj) => obj is HandKey3 other && Equals(other);

    public override int GetHashCode() => (((id * 397) ^ region.GetHashCode(StringComparison.Ordinal)) * 397) ^ version.GetHashCode();
}

/// <summary>The same key with the comparison and the hash that generated keys have: what of a hit is the key, and what is the cache.</summary>
public readonly struct TunedKey(int id, string region) : IEquatable<TunedKey>
{
    private readonly int id = id;
    private readonly string region = region;

    public bool Equals(TunedKey other) => id == other.id && KeyPart.Equal(region, other.region);

    public override bool Equals(object? obj) => obj is TunedKey other && Equals(other);

    public override int GetHashCode() => KeyPart.Combine(id, KeyPart.Hash(region));
}

internal static class HandWritten
{
    public static FastConcurrentTLru<TKey, Item> Timed<TKey>(int size = 1000)
        where TKey : notnull
        => new(Environment.ProcessorCount, size, EqualityComparer<TKey>.Default, TimeSpan.FromSeconds(300));

    public static FastConcurrentLru<TKey, Item> Forever<TKey>(int size = 1000)
        where TKey : notnull
        => new(Environment.ProcessorCount, size, EqualityComparer<TKey>.Default);
}
