namespace Memoize.Tests.Tiers;

/// <summary>
/// A thread pool in which nothing is done until this is disposed of: more work items than it may have threads wait before whatever comes after
/// them. Only for tests that run alone, on a thread of their own.
/// </summary>
internal sealed class StuckPool : IDisposable
{
    private readonly ManualResetEventSlim end = new();
    private readonly CountdownEvent left;
    private readonly int workers;
    private readonly int completions;

    internal StuckPool()
    {
        ThreadPool.GetMaxThreads(out workers, out completions);
        ThreadPool.GetMinThreads(out var fewest, out _);

        // No more than there may be at once: otherwise it would make one more now and then, and that looks at the timers first.
        if (!ThreadPool.SetMaxThreads(fewest, completions))
            throw new InvalidOperationException("The pool takes no limit.");
        left = new(ThreadPool.ThreadCount + fewest + 100);
        for (var i = 0; i < left.InitialCount; i++)
        {
            ThreadPool.UnsafeQueueUserWorkItem(
                static stuck =>
                {
                    stuck.end.Wait();
                    stuck.left.Signal();
                },
                this, preferLocal: false);
        }
    }

    /// <summary>Runs something on a thread of its own while nothing is done on the pool, and waits for it.</summary>
    internal static T During<T>(Func<T> action) => Concurrency.OnThread(() =>
    {
        using (new StuckPool())
            return action();
    }).Block();

    public void Dispose()
    {
        end.Set();
        ThreadPool.SetMaxThreads(workers, completions);
        left.Wait(Concurrency.Patience);
    }
}
