namespace Memoize.Flights;

/// <summary>A key with its hash, which a miss needs several times and which costs more than all else where strings are long.</summary>
internal readonly struct HashedKey<TKey>(TKey key) : IEquatable<HashedKey<TKey>>
    where TKey : IEquatable<TKey>
{
    private readonly int hash = key.GetHashCode();

    internal readonly TKey Key = key;

    public bool Equals(HashedKey<TKey> other) => hash == other.hash && Key.Equals(other.Key);

    public override bool Equals(object? obj) => obj is HashedKey<TKey> other && Equals(other);

    public override int GetHashCode() => hash;

    public override string? ToString() => Key.ToString();
}
