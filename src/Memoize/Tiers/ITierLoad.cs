namespace Memoize.Tiers;

/// <summary>What a flight needs to know of its load, where that looks in tiers.</summary>
internal interface ITierLoad<TValue>
{
    /// <summary>The method and the key, as all processes spell them.</summary>
    string EvictedAs { get; }

    /// <summary>Whether the original was not run.</summary>
    bool IsFromTier { get; }

    /// <summary>The name of the tier that had the value; null where none had it.</summary>
    string? FoundIn { get; }

    /// <summary>What came from a tier does not live longer in memory than there.</summary>
    EntryTerms Limit(EntryTerms terms);

    /// <summary>The value is good, and the rules let it be remembered.</summary>
    void Keep(TValue value, EntryTerms terms);

    /// <summary>The value is good, and its key was evicted while it was loaded.</summary>
    void Evicted();

    /// <summary>The flight has ended, and what it brought is in memory, or is not to be kept.</summary>
    void Finish();
}
