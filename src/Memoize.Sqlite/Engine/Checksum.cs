using System.Buffers;
using System.IO.Hashing;
using System.Runtime.InteropServices;

namespace Memoize.Sqlite.Engine;

/// <summary>
/// The checksum of an entry: of the value and of all that decides whether and for how long it is served. A flipped bit in any of it
/// makes the entry a miss.
/// </summary>
internal static class Checksum
{
    internal static long Of(ReadOnlySpan<byte> value, long id, long sliding, long absolute)
        => Seal(XxHash3.HashToUInt64(value), id, value.Length, sliding, absolute);

    internal static long Of(in ReadOnlySequence<byte> value, long id, long sliding, long absolute)
    {
        if (value.IsSingleSegment)
            return Of(value.FirstSpan, id, sliding, absolute);
        var hash = new XxHash3();
        foreach (var segment in value)
            hash.Append(segment.Span);
        return Seal(hash.GetCurrentHashAsUInt64(), id, value.Length, sliding, absolute);
    }

    private static long Seal(ulong hash, long id, long size, long sliding, long absolute)
    {
        Span<long> all = [(long)hash, id, size, sliding, absolute];
        return (long)XxHash3.HashToUInt64(MemoryMarshal.AsBytes(all));
    }
}
