namespace Memoize.Tiers;

/// <summary>What <see cref="ILeasingCache.GetOrLeaseAsync"/> or <see cref="ILeasingCache.LeaseAsync"/> found.</summary>
/// <param name="Found">Whether there was a value.</param>
/// <param name="Lease">The lease, if there was none and nobody else is loading it.</param>
public readonly record struct LeasedRead(bool Found, CacheLease? Lease)
{
    /// <summary>
    /// A number for the lease that somebody else has, another one for every lease of the key: who waits sees by it that another has taken
    /// over. Null if the store cannot tell, and where nobody else has the lease.
    /// </summary>
    public long? Holder { get; init; }

    /// <summary>There was a value, and it was written to the destination.</summary>
    public static LeasedRead Value => new(true, null);

    /// <summary>Somebody else has the lease, and the store does not know who.</summary>
    public static LeasedRead Busy => default;

    /// <summary>Somebody else has the lease.</summary>
    /// <param name="holder">What tells that lease from the others of the key.</param>
    public static LeasedRead BusyWith(long holder) => new(false, null) { Holder = holder };

    /// <summary>The caller has the lease now.</summary>
    /// <param name="lease">The lease.</param>
    public static LeasedRead Leased(CacheLease lease) => new(false, lease);
}
