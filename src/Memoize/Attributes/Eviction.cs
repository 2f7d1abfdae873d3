namespace Memoize;

/// <summary>What makes room in a full cache.</summary>
public enum Eviction
{
    /// <summary>The least recently used entries go first. The cheapest hit, and the right choice for most methods.</summary>
    Lru,

    /// <summary>
    /// The least frequently used entries go first (W-TinyLFU). One to three points more hits where a few keys stay popular for
    /// long or where scans pass through, for about twice the cost of a hit. Caches of three or four entries count the uses of each
    /// entry: the one with the fewest leaves.
    /// </summary>
    Lfu,
}
