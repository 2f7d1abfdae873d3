using Memoize.Observability;

namespace Memoize.Flights;

// Loads that do not run where their caller is.
internal sealed partial class KeyedFlight<TKey, TValue>
{
    /// <summary>
    /// Runs a synchronous load on a thread of its own, so that its caller can go when it takes too long; in the context of the caller
    /// who has started the flight.
    /// </summary>
    /// <remarks>
    /// A thread of the pool would not do: callers who block threads of the pool while their loads wait for one would all time out. A
    /// load that runs on such a thread already, and whose own callers go earlier, needs no other: so a recursion has one.
    /// </remarks>
    private TValue RunWithTimeout(Func<CancellationToken, TValue> load, CancellationToken cancellationToken)
    {
        var waits = time.GetElapsedTime(0).Ticks + timeout.Ticks;
        if (TimedThread.CallersWaitUntil <= waits)
            return RunHere(load, cancellationToken);

        lock (stripe)
            starter = Enlist(null, Purpose == Purpose.Call);
        var leaving = starter.LeaveOn(cancellationToken);
        if (IsAbandoned)
            throw new OperationCanceledException(cancellationToken);

        Begin();
        try
        {
            TimedThread.Start(waits, () => RunOnTimedThread(load));
        }
        catch (Exception e)
        {
            End(default!, e);
        }

        return starter.Wait(leaving, cancellationToken);
    }

    private void RunOnTimedThread(Func<CancellationToken, TValue> load)
    {
        var value = default(TValue)!;
        Exception? failure = null;
        var context = LoadContext.Enter(Scope);
        Activity = LoadActivity.Begin(cache.Method);
        try
        {
            value = StackGuard.Run(load, LoadToken);
            Judge(value);
        }
        catch (Exception e)
        {
            failure = e;
            Judge(value, e);
        }

        context.Exit();
        End(value, failure);
    }

    /// <summary>Starts a load that nobody waits for on the thread pool, in the context of the caller who was given the old value.</summary>
    internal void RunInBackground(Func<CancellationToken, TValue> load)
        => RunInBackground(token => Task.FromResult(StackGuard.Run(load, token)));

    /// <summary>The same for an asynchronous load: the caller must not wait for its synchronous part either.</summary>
    internal void RunInBackground(Func<CancellationToken, Task<TValue>> load)
    {
        try
        {
            ThreadPool.QueueUserWorkItem(static work => _ = work.Flight.RunInBackgroundAsync(work.Load), (Flight: this, Load: load), preferLocal: false);
        }
        catch (Exception e)
        {
            End(default!, e);
        }
    }

    private async Task RunInBackgroundAsync(Func<CancellationToken, Task<TValue>> load)
    {
        var value = default(TValue)!;
        Exception? failure = null;
        var skipped = false;
        Begin();

        // Nothing to exit from: the context of an asynchronous method ends with it.
        LoadContext.Enter(Scope);
        Activity = LoadActivity.BeginInBackground(cache.Method);
        try
        {
            value = await Check(StackGuard.Start(load, LoadToken)).ConfigureAwait(false);
            Judge(value);
        }
        catch (BackgroundSkippedException)
        {
            skipped = true;
        }
        catch (Exception e)
        {
            // Counted. Those who have joined are told; the caller who has started the load has long gone.
            failure = e;
            Judge(value, e);
        }

        await Background!.EndAsync().ConfigureAwait(false);
        if (skipped)
            EndSkipped();
        else
            End(value, failure);
    }
}
