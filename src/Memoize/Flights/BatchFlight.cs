namespace Memoize.Flights;

/// <summary>
/// The load of a batch: a node of the <see cref="WaitGraph"/> for which the flights of all its keys wait. What it asks for is asked
/// within it, so a load that needs one of its own keys closes a circle.
/// </summary>
/// <param name="name">The batch method.</param>
/// <param name="keys">How many keys it loads.</param>
/// <param name="canEnd">Whether its callers can leave, or wait for a limited time.</param>
internal sealed class BatchFlight(string name, int keys, bool canEnd) : Flight(parent: null)
{
    private readonly CancellationTokenSource? source = canEnd ? new() : null;
    private readonly int size = keys;
    private int ofUse = keys;

    /// <summary>The batch method.</summary>
    internal string Name => name;

    internal CancellationToken Token => source?.Token ?? CancellationToken.None;

    /// <summary>The callers of one key have all left, or wait no longer, or have their value. When that is so for all keys, the load is cancelled.</summary>
    internal void OneIsOfNoUse()
    {
        if (Interlocked.Decrement(ref ofUse) == 0)
            source?.Cancel();
    }

    /// <summary>Nothing that is asked from now on is asked within the load.</summary>
    internal void End() => Scope.Flight = null;

    /// <inheritdoc/>
    public override string ToString() => $"{name} ({size} {(size == 1 ? "key" : "keys")})";
}
