using System.Numerics;
using System.Runtime.CompilerServices;

namespace Memoize.Storage;

/// <summary>
/// An exact counter for many threads. Each adds to one of several cells, a cache line or two apart, so that they rarely meet. Which one
/// is told by the address of the thread's stack: to ask for the thread or the processor would cost more than to count.
/// </summary>
internal sealed class StripedCounter
{
    // In longs: two cache lines, because processors fetch them in pairs. The first is left free, it is near the array's length.
    private const int Distance = 16;

    // Stacks are megabytes apart. Two threads that fall on one cell are slower, and count as exactly.
    private const int StackSpacing = 20;

    private static readonly int Cells = (int)Math.Min(32, BitOperations.RoundUpToPowerOf2((uint)Environment.ProcessorCount) * 2);
    private static readonly int Shift = 32 - BitOperations.Log2((uint)Cells);

    private readonly long[] cells = new long[(Cells + 1) * Distance];

    /// <summary>The sum; exact for what happened before.</summary>
    public long Value
    {
        get
        {
            long sum = 0;
            for (var cell = Distance; cell < cells.Length; cell += Distance)
                sum += Volatile.Read(ref cells[cell]);
            return sum;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public unsafe void Increment()
    {
        byte here;
        var stack = (uint)((nuint)(&here) >> StackSpacing) * 0x9E37_79B1;
        Interlocked.Increment(ref cells[((int)(stack >> Shift) + 1) * Distance]);
    }
}
