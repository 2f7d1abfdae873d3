namespace Memoize.Tiers;

/// <summary>What a tier said about a key.</summary>
internal readonly record struct TierRead(TierAnswer Answer, ReadOnlyMemory<byte> Payload, CacheLease? Lease)
{
    internal static TierRead Unavailable => default;

    internal static TierRead Nothing => new(TierAnswer.Nothing, default, null);

    internal static TierRead Busy => new(TierAnswer.Busy, default, null);

    internal static TierRead Of(ReadOnlyMemory<byte> payload) => new(TierAnswer.Payload, payload, null);

    internal static TierRead Leased(CacheLease lease) => new(TierAnswer.Nothing, default, lease);
}

internal enum TierAnswer
{
    /// <summary>The tier does not answer, so nothing is stored in it either.</summary>
    Unavailable,

    /// <summary>There is nothing of use, and the value may be stored.</summary>
    Nothing,

    /// <summary>Somebody else is loading the value.</summary>
    Busy,

    /// <summary>There is something.</summary>
    Payload,
}
