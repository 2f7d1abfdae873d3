using Memoize.Memcached.Connections;

namespace Memoize.Memcached;

/// <summary>Where a key is.</summary>
/// <param name="Node">Its server.</param>
/// <param name="Key">The key there.</param>
/// <param name="WholeKey">The whole key, where that is a hash; else empty.</param>
internal readonly record struct Place(ServerNode Node, byte[] Key, byte[] WholeKey);
