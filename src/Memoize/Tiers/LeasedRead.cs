namespace Memoize.Tiers;

/// <summary>What <see cref="ILeasingCache.GetOrLeaseAsync"/> found.</summary>
/// <param name="Found">Whether there was a value.</param>
/// <param name="Lease">The lease, if there was none and nobody else is loading it.</param>
public readonly record struct LeasedRead(bool Found, CacheLease? Lease)
{
    /// <summary>There was a value, and it was written to the destination.</summary>
    public static LeasedRead Value => new(true, null);

    /// <summary>There was none, and somebody else has the lease.</summary>
    public static LeasedRead Busy => default;

    /// <summary>There was none, and the caller has the lease now.</summary>
    /// <param name="lease">The lease.</param>
    public static LeasedRead Leased(CacheLease lease) => new(false, lease);
}
