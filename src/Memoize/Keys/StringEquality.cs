using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Memoize.Keys;

/// <summary>
/// Whether two strings are the same characters, without a call for the lengths that most strings in keys have: there the call to the
/// runtime's comparison takes longer than the comparison.
/// </summary>
internal static class StringEquality
{
    /// <summary>The same answer as <see cref="string.Equals(string, string)"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Of(string? a, string? b)
    {
        if (ReferenceEquals(a, b))
            return true;
        if (a is null || b is null || a.Length != b.Length)
            return false;

        // Two vectors, one at the start and one that ends with the string, cover all lengths from one vector to two.
        var rest = (nuint)a.Length - (nuint)Vector128<ushort>.Count;
        if (!Vector128.IsHardwareAccelerated || rest > (nuint)Vector128<ushort>.Count)
            return a == b;

        ref var x = ref Start(a);
        ref var y = ref Start(b);
        var start = Vector128.LoadUnsafe(ref x) ^ Vector128.LoadUnsafe(ref y);
        var end = Vector128.LoadUnsafe(ref x, rest) ^ Vector128.LoadUnsafe(ref y, rest);
        return (start | end) == Vector128<ushort>.Zero;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ref ushort Start(string text) => ref Unsafe.As<char, ushort>(ref MemoryMarshal.GetReference(text.AsSpan()));
}
