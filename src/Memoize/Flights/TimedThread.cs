namespace Memoize.Flights;

/// <summary>Threads for loads whose callers do not wait for ever.</summary>
internal static class TimedThread
{
    [ThreadStatic]
    private static long callersWaitUntil;

    /// <summary>
    /// On the thread of such a load: when its callers go, in ticks of the clock of all lifetimes. Elsewhere never.
    /// </summary>
    internal static long CallersWaitUntil => callersWaitUntil == 0 ? long.MaxValue : callersWaitUntil;

    /// <summary>Runs a load in the context of the caller. It must not throw.</summary>
    internal static void Start(long callersWait, Action load)
        => new Thread(() =>
        {
            callersWaitUntil = callersWait;
            load();
        })
        {
            IsBackground = true,
            Name = "Memoize: load with a timeout",
        }.Start();
}
