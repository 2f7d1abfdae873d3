using System.Buffers;
using System.IO.Compression;

namespace Memoize.Memcached.Values;

/// <summary>Brotli at its fastest, into a space of fixed size: what does not become small enough is given up as soon as the space is full.</summary>
internal static class Compression
{
    /// <summary>Longer values are not compressed: so much memory is needed to read them.</summary>
    public const int Longest = 256 << 20;

    private const int Quality = 1;
    private const int Window = 20;

    public static bool TryCompress(in ReadOnlySequence<byte> value, Span<byte> destination, out int written)
    {
        written = 0;
        using var encoder = new BrotliEncoder(Quality, Window);
        foreach (var segment in value)
        {
            var source = segment.Span;
            while (!source.IsEmpty)
            {
                if (encoder.Compress(source, destination[written..], out var consumed, out var some, isFinalBlock: false) == OperationStatus.InvalidData)
                    return false;
                written += some;
                source = source[consumed..];
                if (consumed == 0 && some == 0)
                    return false;
            }
        }
        OperationStatus status;
        do
        {
            status = encoder.Compress([], destination[written..], out _, out var some, isFinalBlock: true);
            written += some;
            if (status == OperationStatus.DestinationTooSmall && some == 0)
                return false;
        }
        while (status == OperationStatus.DestinationTooSmall);
        return status == OperationStatus.Done;
    }

    /// <summary>Reads exactly as many bytes as the destination has.</summary>
    public static bool TryDecompress(ReadOnlySpan<byte> compressed, Span<byte> destination)
        => BrotliDecoder.TryDecompress(compressed, destination, out var written) && written == destination.Length;
}
