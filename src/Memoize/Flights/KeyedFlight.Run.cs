using System.Runtime.ExceptionServices;
using Memoize.Observability;

namespace Memoize.Flights;

internal sealed partial class KeyedFlight<TKey, TValue>
{
    private long started;
    private Task<TValue>? loading;
    private ITimer? timer;

    /// <summary>Runs a synchronous load for the caller who has started the flight.</summary>
    internal TValue Run(Func<CancellationToken, TValue> load, CancellationToken cancellationToken)
        => HasTimeout ? RunWithTimeout(load, cancellationToken) : RunHere(load, cancellationToken);

    private TValue RunHere(Func<CancellationToken, TValue> load, CancellationToken cancellationToken)
    {
        var leaving = cancellationToken.UnsafeRegister(static flight => ((KeyedFlight<TKey, TValue>)flight!).Leave(null), this);
        if (IsAbandoned)
            throw new OperationCanceledException(cancellationToken);

        var value = default(TValue)!;
        Exception? failure = null;
        Begin();
        var context = LoadContext.Enter(Scope);
        Activity = LoadActivity.Begin(cache.Method);
        try
        {
            value = StackGuard.Run(load, LoadToken);
            Judge(value);
        }
        catch (Exception e) when (IsReplaced(failure = e, cancellationToken))
        {
        }
        finally
        {
            if (failure is not null)
                Judge(value, failure);
            context.Exit();
            leaving.Unregister();
            End(value, failure);
        }

        if (cancellationToken.IsCancellationRequested)
        {
            throw new OperationCanceledException(
                "The caller was cancelled while it ran the load.", failure is OperationCanceledException ? null : failure, cancellationToken);
        }

        if (failure is null)
            return value;
        if (old is null)
            ExceptionDispatchInfo.Throw(failure);       // it was evicted since the filter saw it
        cache.CountStaleOnFailure(1);
        return old.Value;
    }

    // A filter, because an exception that nobody catches on its way passes through a recursion in one go. Caught and thrown again it
    // would stop at every level, each time with a longer stack trace to copy; and thrown again inside the handler, which runs on top
    // of the stack of what it handles, it would need a stack several times as deep.
    private bool IsReplaced(Exception failure, CancellationToken cancellationToken)
        => failure is not null && (cancellationToken.IsCancellationRequested || (Purpose == Purpose.Call && cache.HasAfter(Key.Key, failure)));

    /// <summary>Starts an asynchronous load in the context of the caller who has started the flight.</summary>
    internal Task<TValue> RunAsync(Func<CancellationToken, Task<TValue>> load, CancellationToken cancellationToken)
    {
        CancellationTokenRegistration leaving = default;
        if (cancellationToken.CanBeCanceled || HasTimeout || Purpose != Purpose.Call)
        {
            lock (stripe)
                starter = Enlist(null, Purpose == Purpose.Call);
            leaving = starter.LeaveOn(cancellationToken);
            if (IsAbandoned)
                return Task.FromCanceled<TValue>(cancellationToken);
        }

        Task<TValue>? task = null;
        ExceptionDispatchInfo? failure = null;
        Begin();
        var context = LoadContext.Enter(Scope);
        Activity = LoadActivity.Begin(cache.Method);
        try
        {
            if (rules.AskAfterLoad)
                inside = ExecutionContext.Capture();
            task = Check(StackGuard.Start(load, LoadToken));
        }
        catch (Exception e)
        {
            failure = ExceptionDispatchInfo.Capture(e);
            Judge(default!, e);
        }

        context.Exit();
        if (task is null)
        {
            leaving.Unregister();
            End(default!, failure!.SourceException);
            if (cancellationToken.IsCancellationRequested)
                return Task.FromCanceled<TValue>(cancellationToken);
            if (GiveOld() is { } instead)
                return instead;
            failure.Throw();
        }

        loading = task;
        if (task.IsCompleted)
        {
            EndAsync();
            if (HasTimedOut)
                return starter!.WaitAsync(leaving, cancellationToken);
            leaving.Unregister();
            return cancellationToken.IsCancellationRequested ? Task.FromCanceled<TValue>(cancellationToken) : GiveOld() ?? task;
        }

        Task<TValue> result;
        if (starter is not null)
        {
            result = starter.WaitAsync(leaving, cancellationToken);
        }
        else if (Tier is not null)
        {
            return LeadAsync(task);
        }
        else
        {
            lock (stripe)
                result = Share();
        }

        // Ours is the first continuation of the load's task, and runs where that completes.
        task.ConfigureAwait(false).GetAwaiter().UnsafeOnCompleted(EndAsync);
        return result;
    }

    /// <summary>
    /// The end of a load that looked in the tiers, and of its starter's wait, who cannot leave: he goes on where it ends, as he would without
    /// a cache. Others who wait are woken before, and go on elsewhere.
    /// </summary>
    private async Task<TValue> LeadAsync(Task<TValue> task)
    {
        await ((Task)task).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        EndAsync();
        return await (GiveOld() ?? task).ConfigureAwait(false);
    }

    // What a caller is given whose load has failed before it could wait. One who could leave was counted with those who wait.
    private Task<TValue>? GiveOld()
    {
        if (old is null || Purpose != Purpose.Call)
            return null;
        if (starter is null)
            cache.CountStaleOnFailure(1);
        return Task.FromResult(old.Value);
    }

    private Task<TValue> Check(Task<TValue>? task)
        => task ?? throw new InvalidOperationException($"{cache.Method.Name} returned null in place of a task.");

    private CancellationToken LoadToken => source?.Token ?? CancellationToken.None;

    private void Begin()
    {
        if (Tier is null)
            cache.CountLoad(Key.Key, Purpose);      // otherwise the load itself counts, if no tier has the value
        started = time.GetTimestamp();
        if (HasTimeout)
            timer = StartTimer();
    }

    private ITimer StartTimer()
    {
        if (ExecutionContext.IsFlowSuppressed())
            return Start();

        // The context of the caller is no business of the timer.
        using (ExecutionContext.SuppressFlow())
            return Start();

        ITimer Start() => time.CreateTimer(
            static flight => ((KeyedFlight<TKey, TValue>)flight!).TimeOut(), this, timeout, System.Threading.Timeout.InfiniteTimeSpan);
    }

    private void EndAsync()
    {
        // Not kept: a load inside this one may outlive it, and knows where it was started.
        var task = loading!;
        loading = null;
        var value = default(TValue)!;
        Exception? failure = null;
        try
        {
            value = task.GetAwaiter().GetResult();
            if (rules.AskAfterLoad)
                JudgeInside(value);
        }
        catch (Exception e)
        {
            failure = e;
            if (rules.AskAfterLoad)
                JudgeInside(value, e);
        }

        inside = null;
        End(value, failure);
    }
}
