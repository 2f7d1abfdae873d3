using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Memoize.Benchmarks;

/// <summary>The alternative that was not taken: a hand-written hash in the manner of wyhash.</summary>
internal static class FoldedMultiply
{
    private static readonly ulong Seed = (ulong)Random.Shared.NextInt64() | 1;
    private static readonly ulong Secret = ((ulong)Random.Shared.NextInt64() << 1) | 1;

    public static int Hash(string text)
    {
        var bytes = MemoryMarshal.AsBytes(text.AsSpan());
        var length = bytes.Length;
        var seed = Seed;
        ulong a, b;
        if (length > 16)
        {
            var at = 0;
            for (; length - at > 16; at += 16)
                seed = Fold(Eight(bytes, at) ^ Secret, Eight(bytes, at + 8) ^ seed);
            (a, b) = (Eight(bytes, length - 16), Eight(bytes, length - 8));
        }
        else
        {
            (a, b) = length switch
            {
                >= 8 => (Eight(bytes, 0), Eight(bytes, length - 8)),
                >= 4 => (MemoryMarshal.Read<uint>(bytes), MemoryMarshal.Read<uint>(bytes[(length - 4)..])),
                >= 2 => (MemoryMarshal.Read<ushort>(bytes), 0UL),
                _ => (0UL, 0UL),
            };
        }

        var hash = Fold(Secret ^ (ulong)length, Fold(a ^ Secret, b ^ seed));
        return (int)(hash ^ (hash >> 32));
    }

    private static ulong Eight(ReadOnlySpan<byte> bytes, int at) => Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref MemoryMarshal.GetReference(bytes), at));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Fold(ulong a, ulong b) => Math.BigMul(a, b, out var low) ^ low;
}
