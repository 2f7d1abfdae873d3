namespace Memoize.Tiers;

/// <summary>What became of a value that was to be stored.</summary>
public enum StoreOutcome
{
    /// <summary>It is in the store.</summary>
    Stored,

    /// <summary>
    /// The key was evicted, or got another value, since the lease was given; or the lease had expired, where the store cannot tell: Redis and
    /// SQLite do not keep what has expired. A tier then goes by its own clock.
    /// </summary>
    LeaseEnded,

    /// <summary>It is larger than the store takes.</summary>
    TooLarge,

    /// <summary>The store cannot store now: it is full, read-only or out of reach. Its own statistics may say more.</summary>
    Failed,

    /// <summary>The lease had expired, or was lost with the connection to the server, so that nobody can say whether the value may be stored.</summary>
    LeaseLost,
}
