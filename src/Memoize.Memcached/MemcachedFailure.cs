namespace Memoize.Memcached;

/// <summary>Why a read was a miss although the server might have the value, or why a value was not stored or removed.</summary>
public enum MemcachedFailure
{
    /// <summary>The value is larger than <see cref="MemcachedCacheOptions.MaxValueBytes"/> allows, also when compressed, or than the server does.</summary>
    TooLarge,

    /// <summary>The server has no memory for it.</summary>
    OutOfMemory,

    /// <summary>The server answered with another error.</summary>
    ServerError,

    /// <summary>The server was out of reach a moment ago and is not asked again yet.</summary>
    ServerDown,

    /// <summary>No connection could be made.</summary>
    NoConnection,

    /// <summary>The answer did not come within <see cref="MemcachedCacheOptions.OperationTimeout"/>.</summary>
    Timeout,

    /// <summary>The connection broke before the answer came.</summary>
    ConnectionLost,

    /// <summary>What came was not the answer that was due; the connection was given up.</summary>
    Garbage,

    /// <summary>More is waiting to be sent than is kept.</summary>
    Congested,

    /// <summary>There was something that this store did not write, or cannot read.</summary>
    Unreadable,

    /// <summary>There was the value of another key with the same hash.</summary>
    Collision,

    /// <summary>The expiration that it was to be stored with is in the past.</summary>
    Expired,

    /// <summary>The cache was disposed.</summary>
    Disposed,
}
