using Memoize.Isolation;
using Microsoft.Extensions.Logging;

namespace Memoize.Observability;

/// <summary>The log of one method or tier in one domain: lets each kind of message pass once in a while, and counts the others.</summary>
internal sealed class PacedLog(CacheDomain domain)
{
    /// <summary>How long messages of one kind are only counted after one was written.</summary>
    internal static readonly TimeSpan Pause = TimeSpan.FromSeconds(10);

    private readonly Dictionary<string, (long At, int More)> written = [];

    /// <summary>Writes a message, or counts it. Never throws.</summary>
    /// <param name="kind">What it is about.</param>
    /// <param name="level">How much it matters.</param>
    /// <param name="write">Writes it; is given the number of those that were only counted.</param>
    internal void Write(string kind, LogLevel level, Action<ILogger, int> write)
    {
        if (domain.Loggers.Current is not { } logger)
            return;

        try
        {
            if (logger.IsEnabled(level) && Passes(kind, out var more))
                write(logger, more);
        }
        catch (Exception)
        {
            // A log that fails must not harm those who wait for a value.
        }
    }

    private bool Passes(string kind, out int more)
    {
        var time = domain.TimeProvider;
        var now = time.GetTimestamp();
        lock (written)
        {
            more = 0;
            if (written.TryGetValue(kind, out var last))
            {
                more = last.More;
                if (time.GetElapsedTime(last.At, now) < Pause)
                {
                    written[kind] = (last.At, more + 1);
                    return false;
                }
            }

            written[kind] = (now, 0);
            return true;
        }
    }
}
