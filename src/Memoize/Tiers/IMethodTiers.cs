namespace Memoize.Tiers;

/// <summary>What lies behind the memory of one method, as far as keys and results do not matter.</summary>
internal interface IMethodTiers
{
    /// <summary>Makes everything useless that the tiers have of the method.</summary>
    ValueTask ClearTiersAsync();

    /// <summary>The same on the caller's thread, who waits no longer than the timeouts of the tiers.</summary>
    void ClearTiers();

    /// <summary>Whether the method looks in the tier.</summary>
    bool Uses(CacheTier tier);

    /// <summary>Ends when all that is being written now has been.</summary>
    Task FlushAsync();
}
