namespace Memoize.Observability;

/// <summary>
/// Loads that have ended while another thread publishes the instruments: measured when there are some. To wait for that thread would be to wait for
/// whatever a listener does.
/// </summary>
internal sealed class EarlyLoads
{
    // A listener may never come back. By then nobody measures anything.
    private const int Most = 10_000;

    private readonly object gate = new();
    private readonly List<(CachedMethod Method, string Result, TimeSpan Took)> kept = [];
    private volatile bool isReleased;

    /// <summary>Keeps a load for later.</summary>
    /// <returns>False where there is no later: it is to be measured now.</returns>
    internal bool TryKeep(CachedMethod method, string result, TimeSpan took)
    {
        if (isReleased)
            return false;

        lock (gate)
        {
            if (isReleased)
                return false;
            if (kept.Count < Most)
                kept.Add((method, result, took));
            return true;
        }
    }

    /// <summary>The instruments are there, or will never be.</summary>
    internal void Release(Action<CachedMethod, string, TimeSpan> measure)
    {
        (CachedMethod Method, string Result, TimeSpan Took)[] all;
        lock (gate)
        {
            isReleased = true;
            all = [.. kept];
            kept.Clear();
        }

        // Listeners are called: no lock is held.
        foreach (var (method, result, took) in all)
            measure(method, result, took);
    }
}
