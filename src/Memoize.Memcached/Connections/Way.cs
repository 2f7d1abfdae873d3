using System.Diagnostics;

namespace Memoize.Memcached.Connections;

/// <summary>
/// How long the way to the server and back is: the shortest among the last trips says it, the others also waited for a processor. Not safe for
/// use by several threads.
/// </summary>
internal struct Way()
{
    private const int Window = 64;
    private static readonly long s_short = Stopwatch.Frequency / 5000;     // 200 microseconds

    private long _trip = long.MaxValue;
    private long _shortest = long.MaxValue;
    private int _trips;

    /// <summary>Whether waiting for an answer costs less than what is saved by asking together. Not before it is known.</summary>
    public readonly bool IsShort => _trip <= s_short;

    /// <summary>Adds a trip.</summary>
    /// <param name="elapsed">From sending to the first answer, in ticks of <see cref="Stopwatch"/>.</param>
    public void Add(long elapsed)
    {
        _shortest = Math.Min(_shortest, elapsed);
        if (++_trips < Window)
            return;
        (_trip, _shortest, _trips) = (_shortest, long.MaxValue, 0);
    }
}
