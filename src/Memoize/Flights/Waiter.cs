namespace Memoize.Flights;

/// <summary>
/// A caller that waits for a flight: completed with the outcome, or with null when the caller has left. Its continuation never runs
/// on the stack of whoever completes it.
/// </summary>
internal sealed class Waiter<TKey, TValue>(KeyedFlight<TKey, TValue> flight, Flight? asker, bool takesOld)
    : TaskCompletionSource<Outcome<TValue>?>(TaskCreationOptions.RunContinuationsAsynchronously)
    where TKey : IEquatable<TKey>
{
    internal readonly KeyedFlight<TKey, TValue> Flight = flight;

    /// <summary>The load within which the caller waits, if any: an edge of the <see cref="WaitGraph"/>.</summary>
    internal readonly Flight? Asker = asker;

    /// <summary>
    /// Whether the caller is content with what is remembered if the load fails, where the options allow it. Who asked for a refresh is
    /// not: it wants to know.
    /// </summary>
    internal readonly bool TakesOld = takesOld;

    /// <summary>The callers that share this one.</summary>
    internal int Callers = 1;

    // A place in the flight's list, guarded by the lock of its stripe. Leaving must be cheap: a load that hangs may see
    // many callers come and go, and must not collect them.
    internal Waiter<TKey, TValue>? Previous, Next;
    internal bool IsListed;

    /// <summary>Lets the caller leave at the moment when its token is cancelled.</summary>
    internal CancellationTokenRegistration LeaveOn(CancellationToken cancellationToken)
        => cancellationToken.UnsafeRegister(static waiter => ((Waiter<TKey, TValue>)waiter!).Leave(), this);

    internal void Leave() => Flight.Leave(this);

    /// <summary>Blocks until the load has ended or the caller's token is cancelled.</summary>
    internal TValue Wait(CancellationToken cancellationToken) => Wait(LeaveOn(cancellationToken), cancellationToken);

    /// <summary>The same.</summary>
    /// <param name="leaving">The result of <see cref="LeaveOn"/>.</param>
    /// <param name="cancellationToken">The caller's own token.</param>
    internal TValue Wait(CancellationTokenRegistration leaving, CancellationToken cancellationToken)
    {
        try
        {
            // Completed by the leader's thread itself, not through the thread pool: blocking a pool thread here starves nobody.
            return Finish(Task.GetAwaiter().GetResult(), cancellationToken);
        }
        finally
        {
            leaving.Unregister();
            if (!Task.IsCompleted)
                Leave();                 // the thread was interrupted
        }
    }

    /// <summary>The same without blocking a thread.</summary>
    /// <param name="leaving">The result of <see cref="LeaveOn"/>.</param>
    /// <param name="cancellationToken">The caller's own token.</param>
    internal async Task<TValue> WaitAsync(CancellationTokenRegistration leaving, CancellationToken cancellationToken)
    {
        try
        {
            return Finish(await Task.ConfigureAwait(false), cancellationToken);
        }
        finally
        {
            leaving.Unregister();
        }
    }

    private static TValue Finish(Outcome<TValue>? outcome, CancellationToken cancellationToken)
        => outcome is null ? throw new OperationCanceledException(cancellationToken) : outcome.Get();
}
