using System.Diagnostics;

namespace Memoize.Tiers;

/// <summary>
/// The caller of a synchronous method, who waits for tiers on his thread, until the answer is there or his time is over. He looks at the time
/// himself: a timer would need a thread of the pool, and it may be that he and others like him have all of them.
/// </summary>
/// <remarks>
/// What a store answers usually needs the pool too, so whoever waits on one of its threads may keep away what he is waiting for. The pool is told
/// by <see cref="Task.Wait()"/> and its like, and makes another thread at once for each one that waits, up to its minimum of threads; after that it
/// takes its time. So many may wait at once, in all tiers together. Who comes beyond that does without the tiers. Other threads wait as they like,
/// and so does everybody for a store that answers at once.
/// </remarks>
internal sealed class BlockedCaller : IDisposable
{
    private static int waiting;

    private bool isCounted;

    /// <summary>How many threads of the pool wait for tiers now.</summary>
    internal static int Waiting => Volatile.Read(ref waiting);

    /// <summary>How many of them may.</summary>
    internal static int Most
    {
        get
        {
            ThreadPool.GetMinThreads(out var threads, out _);
            return threads;
        }
    }

    /// <summary>Whether he may wait for an answer, from now on until he is disposed of.</summary>
    internal bool MayWait()
    {
        if (PoolWatch.IsStuck)
            return false;
        if (isCounted || !Thread.CurrentThread.IsThreadPoolThread)
            return true;

        isCounted = Interlocked.Increment(ref waiting) <= Most;
        if (!isCounted)
            Interlocked.Decrement(ref waiting);
        return isCounted;
    }

    /// <summary>Whether he may wait for somebody else than the store, which nothing on the pool has to do with.</summary>
    internal bool MayPause() => !Thread.CurrentThread.IsThreadPoolThread || MayWait();

    /// <summary>Lets time pass, and tells the pool of it.</summary>
    /// <exception cref="OperationCanceledException"><paramref name="token"/> was cancelled first.</exception>
    internal static void Pause(TimeSpan time, CancellationToken token) => new TaskCompletionSource().Task.Wait(Milliseconds(time), token);

    /// <summary>Waits for an answer of one who may.</summary>
    /// <param name="answer">The answer.</param>
    /// <param name="givenUp">Ends when nobody is to wait any longer; null where it does not matter.</param>
    /// <param name="most">For how long.</param>
    /// <param name="token">Cancels the wait.</param>
    /// <returns>Whether it is there.</returns>
    /// <exception cref="NotAwaitedException">The time is over, and it cannot be told whether the store is to blame.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="token"/> was cancelled first.</exception>
    internal static bool Wait(Task answer, Task? givenUp, TimeSpan most, CancellationToken token)
    {
        // Nothing else than a wait for tasks is completed by whoever completes them, even those whose continuations need the pool.
        Task[] either = givenUp is null ? [answer] : [answer, givenUp];
        var since = Stopwatch.GetTimestamp();
        if (Task.WaitAny(either, Milliseconds(most / 2), token) < 0)
        {
            // It may be the store, or the pool that does not bring what the store has said long ago.
            PoolWatch.Send();
            if (Task.WaitAny(either, Milliseconds(most - Stopwatch.GetElapsedTime(since)), token) < 0 && PoolWatch.IsLate)
                throw new NotAwaitedException();
        }

        return answer.IsCompleted;
    }

    /// <summary>
    /// Waits for a change that goes on in any case. Here no place is needed: who changes something wants to know that the others see it.
    /// </summary>
    /// <param name="change">The change.</param>
    /// <param name="most">For how long.</param>
    /// <returns>Whether it has ended.</returns>
    internal static bool Stay(Task change, TimeSpan most)
    {
        if (!change.IsCompleted && !PoolWatch.IsStuck)
        {
            var isOfPool = Thread.CurrentThread.IsThreadPoolThread;
            if (isOfPool)
                Interlocked.Increment(ref waiting);
            try
            {
                Wait(change, givenUp: null, most, CancellationToken.None);
            }
            catch (NotAwaitedException)
            {
            }
            finally
            {
                if (isOfPool)
                    Interlocked.Decrement(ref waiting);
            }
        }

        if (!change.IsCompleted)
            return false;
        change.GetAwaiter().GetResult();
        return true;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (isCounted)
            Interlocked.Decrement(ref waiting);
        isCounted = false;
    }

    private static int Milliseconds(TimeSpan time) => (int)Math.Max(0, Math.Ceiling(time.TotalMilliseconds));
}

/// <summary>Nobody has waited for the answer, or not because of the store: that is no failure of it.</summary>
internal sealed class NotAwaitedException : Exception;
