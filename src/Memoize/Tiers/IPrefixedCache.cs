namespace Memoize.Tiers;

/// <summary>
/// A store that puts something before every key, and so keeps apart by itself what it has from what other applications have in the same place.
/// A tier before it adds no prefix of its own, unless its options name one.
/// </summary>
public interface IPrefixedCache
{
    /// <summary>What stands before every key; empty for nothing. Always the same for one store.</summary>
    string KeyPrefix { get; }
}
