using System.Runtime.ExceptionServices;

namespace Memoize.Flights;

internal sealed partial class KeyedFlight<TKey, TValue>
{
    private long started;
    private Task<TValue>? loading;

    /// <summary>Runs a synchronous load on this thread, for the caller who has started the flight.</summary>
    internal TValue Run(Func<CancellationToken, TValue> load, CancellationToken cancellationToken)
    {
        var leaving = cancellationToken.UnsafeRegister(static flight => ((KeyedFlight<TKey, TValue>)flight!).Leave(null), this);
        if (IsAbandoned)
            throw new OperationCanceledException(cancellationToken);

        var value = default(TValue)!;
        Exception? failure = null;
        Begin();
        var context = LoadContext.Enter(Scope);
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
            context.Exit();
            leaving.Unregister();
            End(value, failure);
        }

        if (cancellationToken.IsCancellationRequested)
        {
            throw new OperationCanceledException(
                "The caller was cancelled while it ran the load.", failure is OperationCanceledException ? null : failure, cancellationToken);
        }

        return value;
    }

    // A filter, because an exception that nobody catches on its way passes through a recursion in one go. Caught and thrown again it
    // would stop at every level, each time with a longer stack trace to copy; and thrown again inside the handler, which runs on top
    // of the stack of what it handles, it would need a stack several times as deep.
    private static bool IsReplaced(Exception failure, CancellationToken cancellationToken)
        => failure is not null && cancellationToken.IsCancellationRequested;

    /// <summary>Starts an asynchronous load in the context of the caller who has started the flight.</summary>
    internal Task<TValue> RunAsync(Func<CancellationToken, Task<TValue>> load, CancellationToken cancellationToken)
    {
        CancellationTokenRegistration leaving = default;
        if (cancellationToken.CanBeCanceled)
        {
            lock (stripe)
                starter = Enlist(null);
            leaving = starter.LeaveOn(cancellationToken);
            if (IsAbandoned)
                return Task.FromCanceled<TValue>(cancellationToken);
        }

        Task<TValue>? task = null;
        ExceptionDispatchInfo? failure = null;
        Begin();
        var context = LoadContext.Enter(Scope);
        try
        {
            if (rules.Terms is not null)
                inside = ExecutionContext.Capture();
            task = StackGuard.Start(load, LoadToken) ?? throw new InvalidOperationException($"{cache.Method.Name} returned null in place of a task.");
        }
        catch (Exception e)
        {
            failure = ExceptionDispatchInfo.Capture(e);
        }

        context.Exit();
        if (task is null)
        {
            leaving.Unregister();
            End(default!, failure!.SourceException);
            if (cancellationToken.IsCancellationRequested)
                return Task.FromCanceled<TValue>(cancellationToken);
            failure.Throw();
        }

        loading = task;
        if (task.IsCompleted)
        {
            leaving.Unregister();
            EndAsync();
            return cancellationToken.IsCancellationRequested ? Task.FromCanceled<TValue>(cancellationToken) : task;
        }

        Task<TValue> result;
        if (starter is not null)
        {
            result = starter.WaitAsync(leaving, cancellationToken);
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

    private CancellationToken LoadToken => source?.Token ?? CancellationToken.None;

    private void Begin()
    {
        cache.CountLoad(Key.Key);
        started = time.GetTimestamp();
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
            if (rules.Terms is not null)
                JudgeInside(value);
        }
        catch (Exception e)
        {
            failure = e;
        }

        inside = null;

        End(value, failure);
    }
}
