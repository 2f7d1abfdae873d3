namespace Memoize.Flights;

internal sealed partial class KeyedFlight<TKey, TValue>
{
    private readonly TimeProvider time = Memo.TimeProvider;
    private long started;
    private Task<TValue>? loading;

    /// <summary>Runs a synchronous load on this thread, for the caller who has started the flight.</summary>
    internal TValue Run(Func<CancellationToken, TValue> load, CancellationToken cancellationToken)
    {
        var leaving = cancellationToken.UnsafeRegister(static flight => ((KeyedFlight<TKey, TValue>)flight!).Leave(null), this);
        if (IsAbandoned)
            throw new OperationCanceledException(cancellationToken);

        TValue value;
        try
        {
            Begin();
            var context = LoadContext.Enter(Scope);
            try
            {
                value = StackGuard.Run(load, LoadToken);
            }
            finally
            {
                context.Exit();
            }
        }
        catch (Exception e)
        {
            Fail(e);
            if (cancellationToken.IsCancellationRequested && !(e is OperationCanceledException oce && oce.CancellationToken == cancellationToken))
                throw new OperationCanceledException("The caller was cancelled while it ran the load, which then failed.", e, cancellationToken);
            throw;
        }
        finally
        {
            leaving.Unregister();
        }

        Succeed(value);
        cancellationToken.ThrowIfCancellationRequested();
        return value;
    }

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

        Task<TValue> task;
        try
        {
            Begin();
            var context = LoadContext.Enter(Scope);
            try
            {
                task = StackGuard.Start(load, LoadToken) ?? throw new InvalidOperationException($"{cache.Method.Name} returned null in place of a task.");
            }
            finally
            {
                context.Exit();
            }
        }
        catch (Exception e)
        {
            leaving.Unregister();
            Fail(e);
            if (cancellationToken.IsCancellationRequested)
                return Task.FromCanceled<TValue>(cancellationToken);
            throw;
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
        cache.CountLoad();
        started = time.GetTimestamp();
    }

    private void EndAsync()
    {
        TValue value;
        try
        {
            value = loading!.GetAwaiter().GetResult();
        }
        catch (Exception e)
        {
            Fail(e);
            return;
        }

        Succeed(value);
    }
}
