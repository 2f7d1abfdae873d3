using Memoize.Tiers;
using Microsoft.Extensions.Logging;

namespace Memoize.Observability;

/// <summary>What is written of tiers to the log of the process: that a store has gone, that it is back, and what it did not take.</summary>
internal static partial class TierLog
{
    /// <summary>A store has failed, and is used no longer until it answers again.</summary>
    internal static void IsGone(PacedLog log, string tier, Exception failure)
        => log.Write(nameof(TierGone), LogLevel.Warning, (logger, more) => TierGone(logger, tier, more, failure));

    /// <summary>It answers again.</summary>
    internal static void IsBack(PacedLog log, string tier, TimeSpan after)
        => log.Write(nameof(TierBack), LogLevel.Information, (logger, more) => TierBack(logger, tier, after.TotalSeconds, more));

    /// <summary>A value was not stored for a reason that comes from the value or its load, and not from the state of the store.</summary>
    internal static void WasNotStored(PacedLog log, string tier, string method, StoreOutcome outcome)
    {
        var reason = outcome switch { StoreOutcome.TooLarge => TierMeter.TooLarge, StoreOutcome.LeaseLost => TierMeter.LeaseLost, _ => null };
        if (reason is not null)
            log.Write($"{reason} {method}", LogLevel.Warning, (logger, more) => NotStoredInTier(logger, method, tier, reason, more));
    }

    [LoggerMessage(9, LogLevel.Warning, "The tier {Tier} has failed. Calls go on without it until it answers again. {More} more like this since the last message.")]
    private static partial void TierGone(ILogger logger, string tier, int more, Exception? exception);

    [LoggerMessage(10, LogLevel.Information, "The tier {Tier} answers again, after {Seconds:0.###} s. {More} more like this since the last message.")]
    private static partial void TierBack(ILogger logger, string tier, double seconds, int more);

    [LoggerMessage(11, LogLevel.Warning, "{Method}: a value was not stored in the tier {Tier}: {Reason}. {More} more like this since the last message.")]
    private static partial void NotStoredInTier(ILogger logger, string method, string tier, string reason, int more);
}
