using System.Runtime.CompilerServices;

namespace Memoize.Tests;

/// <summary>What code allocates on this thread once it is compiled for good.</summary>
internal static class Allocated
{
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static long By(Action action)
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
        while (bytes != 0 && Environment.TickCount64 < end);

        return bytes;
    }
}
