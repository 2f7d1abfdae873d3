using System.IO.Hashing;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Memoize.Keys;

/// <summary>The hash of character and byte runs: seeded per process, over the full length.</summary>
internal static class StringHash
{
    private static readonly long Seed = Random.Shared.NextInt64();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Of(string value) => Of(MemoryMarshal.AsBytes(value.AsSpan()));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Of(ReadOnlySpan<byte> bytes)
    {
        var hash = XxHash3.HashToUInt64(bytes, Seed);
        return (int)(hash ^ (hash >> 32));
    }
}
