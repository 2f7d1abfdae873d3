namespace Memoize.Tiers;

/// <summary>What a tier said about a key.</summary>
internal readonly record struct TierRead(TierAnswer Answer, ReadOnlyMemory<byte> Payload, CacheLease? Lease)
{
    /// <summary>Whose load it is that the answer is waiting for, where the store says that.</summary>
    internal long? Holder { get; init; }

    internal static TierRead Unavailable => default;

    internal static TierRead Nothing => new(TierAnswer.Nothing, default, null);

    internal static TierRead Of(ReadOnlyMemory<byte> payload) => new(TierAnswer.Payload, payload, null);

    /// <summary>A lease, or that somebody else has it.</summary>
    internal static TierRead Leased(in LeasedRead read)
        => read.Lease is { } lease ? new(TierAnswer.Nothing, default, lease) : new(TierAnswer.Busy, default, null) { Holder = read.Holder };
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
