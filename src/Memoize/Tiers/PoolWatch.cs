using System.Diagnostics;

namespace Memoize.Tiers;

/// <summary>
/// Tells whether the thread pool gets anything done: one small work item, which is sent when an answer is overdue, and is due back at once. Safe
/// for use by many threads.
/// </summary>
internal sealed class PoolWatch : IThreadPoolWorkItem
{
    // Longer than threads need to wake up on a busy machine, and shorter than anybody waits for a tier.
    private static readonly TimeSpan Soon = TimeSpan.FromMilliseconds(10);
    private static readonly PoolWatch Item = new();

    // When it was sent, 0 while it is here.
    private static long sent;
    private static long took;

    /// <summary>Whether it is away for longer than it should be: until it is back, an answer would not come either.</summary>
    internal static bool IsStuck => Volatile.Read(ref sent) is not 0 and var when && Stopwatch.GetElapsedTime(when) > Soon;

    /// <summary>Whether it is away, or was for longer than it should have been: an answer may have waited for a thread.</summary>
    internal static bool IsLate => Volatile.Read(ref sent) != 0 || TimeSpan.FromTicks(Volatile.Read(ref took)) > Soon;

    /// <summary>Sends it, unless it is away.</summary>
    internal static void Send()
    {
        if (Interlocked.CompareExchange(ref sent, Stopwatch.GetTimestamp(), 0) == 0)
            ThreadPool.UnsafeQueueUserWorkItem(Item, preferLocal: false);
    }

    /// <inheritdoc/>
    public void Execute()
    {
        Volatile.Write(ref took, Stopwatch.GetElapsedTime(Volatile.Read(ref sent)).Ticks);
        Volatile.Write(ref sent, 0);
    }
}
