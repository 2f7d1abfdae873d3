using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;

namespace Memoize.Flights;

/// <summary>
/// Lets a memoized recursion go deeper than one stack: when it runs low, the load continues on a fresh one. The context flows,
/// exceptions keep their stack. What belongs to a thread and not to a context (a <c>lock</c> that is held, thread statics) does not
/// come along; at that depth the alternative is the end of the process.
/// </summary>
internal static class StackGuard
{
    private const int FreshStack = 16 * 1024 * 1024;    // reserved, and paid for only as far as it is used

    internal static TValue Run<TValue>(Func<CancellationToken, TValue> load, CancellationToken cancellationToken)
        => RuntimeHelpers.TryEnsureSufficientExecutionStack() ? load(cancellationToken) : RunOnFreshStack(load, cancellationToken);

    /// <summary>Starts an asynchronous load; on the thread pool when the stack runs low.</summary>
    internal static Task<TValue>? Start<TValue>(Func<CancellationToken, Task<TValue>> load, CancellationToken cancellationToken)
        => RuntimeHelpers.TryEnsureSufficientExecutionStack()
            ? load(cancellationToken)
            : Task.Run(() => load(cancellationToken), CancellationToken.None);

    private static TValue RunOnFreshStack<TValue>(Func<CancellationToken, TValue> load, CancellationToken cancellationToken)
    {
        var value = default(TValue)!;
        ExceptionDispatchInfo? failure = null;
        var thread = new Thread(
            () =>
            {
                try
                {
                    value = load(cancellationToken);
                }
                catch (Exception e)
                {
                    failure = ExceptionDispatchInfo.Capture(e);
                }
            },
            FreshStack)
        {
            IsBackground = true,
            Name = "Memoize: deep recursion",
        };
        thread.Start();
        WaitFor(thread);
        failure?.Throw();
        return value;
    }

    private static void WaitFor(Thread thread)
    {
        while (true)
        {
            try
            {
                thread.Join();
                return;
            }
            catch (ThreadInterruptedException)
            {
                // Meant for the code that now runs over there.
                thread.Interrupt();
            }
        }
    }
}
