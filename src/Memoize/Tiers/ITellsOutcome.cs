using System.Buffers;
using Microsoft.Extensions.Caching.Distributed;

namespace Memoize.Tiers;

/// <summary>A store that neither throws nor waits when it does not take a value, but can tell.</summary>
internal interface ITellsOutcome
{
    /// <summary>Stores a value, whatever was there.</summary>
    StoreOutcome Store(string key, ReadOnlySequence<byte> value, DistributedCacheEntryOptions options);
}
