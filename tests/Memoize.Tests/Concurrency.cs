namespace Memoize.Tests;

/// <summary>Threads, tasks and signals for tests. The times in here only end tests that hang; no test depends on them.</summary>
internal static class Concurrency
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>Runs on a thread of its own.</summary>
    public static Task<T> OnThread<T>(Func<T> action)
    {
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        var thread = new Thread(() =>
        {
            try
            {
                done.SetResult(action());
            }
            catch (Exception e)
            {
                done.SetException(e);
            }
        })
        { IsBackground = true };
        thread.Start();
        return done.Task;
    }

    public static Task OnThread(Action action) => OnThread(() =>
    {
        action();
        return true;
    });

    /// <summary>So many threads that start together.</summary>
    public static Task<T>[] OnThreads<T>(int count, Func<int, T> action)
    {
        var together = new Barrier(count);
        return [.. Enumerable.Range(0, count).Select(i => OnThread(() =>
        {
            together.SignalAndWait(Patience);
            return action(i);
        }))];
    }

    public static Task<T> InTime<T>(this Task<T> task) => task.WaitAsync(Patience);

    public static Task InTime(this Task task) => task.WaitAsync(Patience);

    /// <summary>Blocks a thread that must not go on before the task has ended.</summary>
    public static T Block<T>(this Task<T> task)
        => task.WaitAsync(Patience).GetAwaiter().GetResult();

    public static void Block(this Task task) => task.WaitAsync(Patience).GetAwaiter().GetResult();

    /// <summary>Waits until the cache has seen so many misses: each of these callers has joined a load or started one.</summary>
    public static void HasMissed<TKey, TValue>(this MethodCache<TKey, TValue> cache, long misses)
        where TKey : IEquatable<TKey>
        => Until(() => cache.Statistics.Misses >= misses);

    /// <summary>Waits for something that another thread is about to do and that gives no signal.</summary>
    public static void Until(Func<bool> condition)
    {
        if (!SpinWait.SpinUntil(condition, Patience))
            throw new TimeoutException("It never came.");
    }

    public static TaskCompletionSource<T> Source<T>() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Collects everything that can be collected.</summary>
    public static void Collect()
    {
        for (var i = 0; i < 3; i++)
        {
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Forced, blocking: true, compacting: true);
            GC.WaitForPendingFinalizers();
        }
    }
}
