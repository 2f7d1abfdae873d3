namespace Memoize.Tiers;

/// <summary>What became of a lease that was to be renewed.</summary>
public enum LeaseRenewal
{
    /// <summary>It is good, and its duration begins now.</summary>
    Renewed,

    /// <summary>It is not good any longer: it has expired, was given back or used, or was ended by an eviction or another value.</summary>
    Ended,

    /// <summary>The store cannot tell now. The lease ends when its duration is over, and may be renewed until then.</summary>
    Failed,
}
