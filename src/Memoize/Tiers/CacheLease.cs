namespace Memoize.Tiers;

/// <summary>The right to store the value of one key, once. Only the store that gave it can tell whether it is still good.</summary>
/// <param name="Id">What tells it from all other leases of the store.</param>
public readonly record struct CacheLease(long Id);
