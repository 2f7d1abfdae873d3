using System.Runtime.CompilerServices;

namespace Memoize.Tests;

/// <summary>What code allocates on this thread once it is compiled for good.</summary>
internal static class Allocated
{
    /// <param name="action">What allocates.</param>
    /// <param name="least">What it cannot do without, so that nothing is gained by calling it again.</param>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static long By(Action action, long least = 0)
    {
        // Whether the unoptimised code boxes is of no interest: call until it is replaced, at most for two seconds.
        var end = Environment.TickCount64 + 2000;
        long bytes;
        do
        {
            action();
            var before = GC.GetAllocatedBytesForCurrentThread();
            action();
            bytes = GC.GetAllocatedBytesForCurrentThread() - before;
        }
        while (bytes > least && Environment.TickCount64 < end);

        return bytes;
    }
}
