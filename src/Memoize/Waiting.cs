namespace Memoize;

/// <summary>How the synchronous twin of a method waits: on the caller's thread, and without a task where nothing is left to wait for.</summary>
internal static class Waiting
{
    internal static void Wait(this ValueTask work)
    {
        if (work.IsCompleted)
            work.GetAwaiter().GetResult();
        else
            work.AsTask().GetAwaiter().GetResult();
    }

    internal static T Wait<T>(this ValueTask<T> work) => work.IsCompleted ? work.Result : work.AsTask().GetAwaiter().GetResult();
}
