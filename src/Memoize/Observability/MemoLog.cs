using Memoize.Flights;
using Memoize.Isolation;
using Microsoft.Extensions.Logging;

namespace Memoize.Observability;

/// <summary>
/// What is written to a log, category <c>Memoize</c>: what nobody would see otherwise. Never a key and never a value. What may come
/// often is written once in a while for each method, with the number of times in between.
/// </summary>
internal static partial class MemoLog
{
    /// <summary>A load has ended. No lock may be held.</summary>
    /// <param name="log">Where to.</param>
    /// <param name="method">The method.</param>
    /// <param name="purpose">Why it was loaded.</param>
    /// <param name="resultOrReason">What became of it.</param>
    /// <param name="failure">Why it failed, if it did.</param>
    /// <param name="servesOld">Whether callers get an old value in place of the failure.</param>
    internal static void LoadEnded(PacedLog log, CachedMethod method, Purpose purpose, string resultOrReason, Exception? failure, bool servesOld)
    {
        if (resultOrReason == LoadResult.Failed)
        {
            if (purpose == Purpose.Background)
                log.Write(nameof(BackgroundLoadFailed), LogLevel.Warning, (logger, more) => BackgroundLoadFailed(logger, method.Name, more, failure));
            else if (servesOld)
                log.Write(nameof(StaleServed), LogLevel.Warning, (logger, more) => StaleServed(logger, method.Name, more, failure));
        }
        else if (resultOrReason != LoadResult.Stored)
        {
            var level = LevelOf(resultOrReason);
            log.Write(resultOrReason, level, (logger, more) => NotStored(logger, level, method.Name, resultOrReason, more, failure));
        }
    }

    /// <summary>Callers of a load wait no longer. No lock may be held.</summary>
    internal static void TimedOut(PacedLog log, CachedMethod method, TimeoutException failure, bool servesOld)
    {
        log.Write(nameof(LoadTimedOut), LogLevel.Warning, (logger, more) => LoadTimedOut(logger, method.Name, method.Options.Timeout, more));
        if (servesOld)
            log.Write(nameof(StaleServed), LogLevel.Warning, (logger, more) => StaleServed(logger, method.Name, more, failure));
    }

    internal static void WasCleared(PacedLog log, CachedMethod method)
        => log.Write(nameof(Cleared), LogLevel.Information, (logger, more) => Cleared(logger, method.Name, more));

    internal static void WereCleared(CacheDomain domain)
    {
        try
        {
            if (domain.Loggers.Current is { } logger)
                AllCleared(logger);
        }
        catch (Exception)
        {
            // The log fails. Everything has been cleared.
        }
    }

    /// <summary>The registration of a decorator has no identity that others could know.</summary>
    internal static void IsNotShared(PacedLog log, CachedMethod method, string why)
        => log.Write(nameof(NotShared) + why, LogLevel.Warning, (logger, more) => NotShared(logger, method.Name, why, more));

    /// <summary>A result was not stored in a tier, because it would not come back as it was.</summary>
    internal static void IsLost(PacedLog log, CachedMethod method, Exception why)
        => log.Write(nameof(NotSerialized), LogLevel.Warning, (logger, more) => NotSerialized(logger, method.Name, why.Message, more, why));

    [LoggerMessage(1, LogLevel.Warning, "{Method}: a load in the background has failed, and the old value stays. {More} more like this since the last message.")]
    private static partial void BackgroundLoadFailed(ILogger logger, string method, int more, Exception? exception);

    [LoggerMessage(2, LogLevel.Warning, "{Method}: a load has failed, and its callers get the old value. {More} more like this since the last message.")]
    private static partial void StaleServed(ILogger logger, string method, int more, Exception? exception);

    [LoggerMessage(3, LogLevel.Warning, "{Method}: a load has not ended within {Timeout} s, and its callers wait no longer. {More} more like this since the last message.")]
    private static partial void LoadTimedOut(ILogger logger, string method, double timeout, int more);

    [LoggerMessage(EventId = 4, Message = "{Method}: a loaded value was not stored: {Reason}. {More} more like this since the last message.")]
    private static partial void NotStored(ILogger logger, LogLevel level, string method, string reason, int more, Exception? exception);

    [LoggerMessage(5, LogLevel.Information, "{Method}: all entries were removed by request. {More} more like this since the last message.")]
    private static partial void Cleared(ILogger logger, string method, int more);

    [LoggerMessage(6, LogLevel.Information, "All entries of all methods were removed by request.")]
    private static partial void AllCleared(ILogger logger);

    [LoggerMessage(7, LogLevel.Warning, "{Method}: the decorator remembers in memory alone, and not in its tiers, because {Reason}. {More} more like this since the last message.")]
    private static partial void NotShared(ILogger logger, string method, string reason, int more);

    [LoggerMessage(8, LogLevel.Warning, "{Method}: a result was served and not stored in its tiers, because it cannot be written, or would not come back as it was: {Reason} {More} more like this since the last message.")]
    private static partial void NotSerialized(ILogger logger, string method, string reason, int more, Exception? exception);

    // What the author of the method has asked for, and what is part of the trade, is for those who look for it. The rest is a mistake.
    private static LogLevel LevelOf(string reason) => reason is LoadResult.Unkeepable or LoadResult.TooHeavy ? LogLevel.Warning : LogLevel.Debug;
}
