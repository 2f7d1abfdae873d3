using System.Diagnostics;

namespace Memoize.Tiers;

/// <summary>
/// Those who wait for one store: each as long as a tier may cost a call at most, and nobody once the store has been given up, however short a
/// time he has waited. One timer serves all of them. Safe for use by many threads.
/// </summary>
internal sealed class WaitingRoom
{
    // Of those who wait no longer, so many are kept for the next.
    private const int MostSpare = 64;

    private readonly object gate = new();
    private readonly TimeSpan patience;
    private readonly Func<bool> isClosed;
    private readonly ITimer timer;
    private bool isTimed;
    private long due;
    private bool isDeferred;

    // What ends for those who wait on their threads when the store is given up. They look at the time themselves.
    private TaskCompletionSource? givenUp;

    // Who came first has the least time left.
    private StoreWait? first;
    private StoreWait? last;
    private StoreWait? spare;
    private int spares;

    /// <param name="patience">How long one waits.</param>
    /// <param name="isClosed">Whether nobody is to wait.</param>
    internal WaitingRoom(TimeSpan patience, Func<bool> isClosed)
    {
        (this.patience, this.isClosed) = (patience, isClosed);
        // Whatever is woken is woken elsewhere, so that the context of who makes it does not matter.
        // Timers overtake what waits in the pool, and answers may be among that: it looks behind them.
        timer = TimeProvider.System.CreateTimer(
            static room => ThreadPool.UnsafeQueueUserWorkItem(static room => room.Look(), (WaitingRoom)room!, preferLocal: false), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Waits until an operation has ended, well or not.</summary>
    /// <param name="operation">The operation. Nobody needs to look at its failure if it is not waited for any longer.</param>
    /// <param name="token">The caller's own token.</param>
    /// <returns>Whether it has ended; otherwise the store is too late, or has been given up.</returns>
    /// <exception cref="OperationCanceledException"><paramref name="token"/> was cancelled first.</exception>
    internal ValueTask<bool> WaitAsync(Task operation, CancellationToken token)
    {
        if (operation.IsCompleted)
            return new(true);
        if (token.IsCancellationRequested)
            return ValueTask.FromCanceled<bool>(token);

        StoreWait wait;
        lock (gate)
        {
            if (isClosed())
                return new(false);
            wait = TakeSpare();
            wait.Since = Stopwatch.GetTimestamp();
            (wait.Previous, wait.Next) = (last, null);
            if (last is null)
                first = wait;
            else
                last.Next = wait;
            last = wait;
            if (!isTimed)
                Time(patience);
        }

        return wait.Begin(operation, token);
    }

    /// <summary>The same on the caller's thread.</summary>
    /// <exception cref="NotAwaitedException">He may not wait, or it is not known whether the store was late.</exception>
    internal bool Wait(Task operation, BlockedCaller caller, CancellationToken token)
    {
        if (operation.IsCompleted)
            return true;
        token.ThrowIfCancellationRequested();
        if (!caller.MayWait())
            throw new NotAwaitedException();

        Task clearing;
        lock (gate)
        {
            if (isClosed())
                return false;
            clearing = (givenUp ??= new()).Task;
        }

        return BlockedCaller.Wait(operation, clearing, patience, token);
    }

    /// <summary>The store has been given up, and the room is closed: lets all go.</summary>
    internal void Clear()
    {
        lock (gate)
        {
            givenUp?.TrySetResult();
            givenUp = null;
            for (var wait = first; wait is not null; wait = wait.Next)
                wait.LetGo();
        }
    }

    /// <summary>One has ended, and waits no longer.</summary>
    internal void Leave(StoreWait wait)
    {
        lock (gate)
        {
            if (wait.Previous is null)
                first = wait.Next;
            else
                wait.Previous.Next = wait.Next;
            if (wait.Next is null)
                last = wait.Previous;
            else
                wait.Next.Previous = wait.Previous;
            wait.Previous = wait.Next = null;
        }
    }

    /// <summary>One is of no use to anybody any more.</summary>
    internal void Keep(StoreWait wait)
    {
        lock (gate)
        {
            if (spares == MostSpare)
                return;
            spares++;
            (wait.Next, spare) = (spare, wait);
        }
    }

    // Needs the lock.
    private StoreWait TakeSpare()
    {
        if (spare is not { } taken)
            return new(this);
        spares--;
        spare = taken.Next;
        return taken;
    }

    // Needs the lock.
    private void Time(TimeSpan left)
    {
        isTimed = true;
        due = Stopwatch.GetTimestamp() + (long)(left.TotalSeconds * Stopwatch.Frequency);
        timer.Change(TimeSpan.FromMilliseconds(Math.Max(1, Math.Ceiling(left.TotalMilliseconds))), Timeout.InfiniteTimeSpan);
    }

    private void Look()
    {
        lock (gate)
        {
            isTimed = false;

            // So late itself, it says more of the thread pool than of the store, whose answers may wait there too: once it looks again.
            isDeferred = !isDeferred && first is not null && Stopwatch.GetElapsedTime(due) > patience / 2;
            if (isDeferred)
            {
                Time(patience);
                return;
            }

            for (var wait = first; wait is not null; wait = wait.Next)
            {
                if (patience - Stopwatch.GetElapsedTime(wait.Since) is { Ticks: > 0 } left)
                {
                    Time(left);
                    return;
                }

                wait.LetGo();
            }
        }
    }
}
