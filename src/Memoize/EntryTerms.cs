namespace Memoize;

/// <summary>
/// What the attribute of a method says about one value: the answers of the user's own methods that <c>Unless</c>, <c>TtlFrom</c> and
/// <c>Weigher</c> name. The default means: keep it, for the usual lifetime, with the weight 1.
/// </summary>
public readonly record struct EntryTerms
{
    /// <summary>
    /// Whether the value is not to be remembered (<c>Unless</c>). Whoever waits for it gets it all the same, and what was
    /// remembered before it is removed: it is out of date.
    /// </summary>
    public bool Discard { get; init; }

    /// <summary>
    /// How long this value is served (<c>TtlFrom</c>), in place of <see cref="CacheOptions.Ttl"/>; null (the default) for the usual
    /// lifetime. Zero or less: the value is not remembered, as with <see cref="Discard"/>. Parts of a millisecond are rounded up.
    /// <see cref="CacheOptions.Jitter"/> shortens it, <see cref="CacheOptions.Sliding"/> may end it earlier, and for null
    /// <see cref="CacheOptions.NullTtl"/> takes its place. With the system's clock a value may be served some 16 ms too long.
    /// </summary>
    public TimeSpan? Lifetime { get; init; }

    /// <summary>
    /// How much of <see cref="CacheOptions.MaxBytes"/> the entry takes (<c>Weigher</c>), usually in bytes. Less than 1, and so the
    /// default, counts as 1.
    /// </summary>
    public long Weight { get; init; }

    /// <summary>What the value's life is bound by, whoever says how long it is: the rest of its life in the tier that it came from.</summary>
    internal TimeSpan? Most { get; init; }

    /// <summary>Whether its lifetime is over already, and <see cref="Most"/> is for how long it may be served while a load is under way.</summary>
    internal bool IsOld { get; init; }
}
