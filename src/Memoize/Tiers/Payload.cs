using System.Buffers;
using System.Buffers.Binary;
using System.IO.Compression;
using System.IO.Hashing;
using System.Text;

namespace Memoize.Tiers;

/// <summary>
/// What is stored in a tier: a header that says what the bytes are and for how long they are good, the whole key, and the serialized
/// result. Whatever does not fit exactly is no payload, and so a miss.
/// </summary>
/// <remarks>
/// Version 1, little-endian: <c>'M' 'e' 1 flags</c>; checksum of all that follows (8 bytes, XxHash3); shape of the result (8); created
/// and end of the lifetime in milliseconds since 1970 (8 and 8; an end of 0 is none); length of the serialized result before
/// compression (4); length of the key (4); number of stamps (1); the stamps (16 each); the key in UTF-8; the result.
/// </remarks>
internal readonly record struct Payload
{
    internal const byte Version = 1;

    private const byte CompressedFlag = 1;
    private const byte NullFlag = 2;
    private const int HeaderLength = 4 + 8 + 8 + 8 + 8 + 4 + 4 + 1;
    private const int LargestBody = 1 << 30;

    internal required ulong Shape { get; init; }

    /// <summary>When the load ended, in milliseconds since 1970.</summary>
    internal required long Created { get; init; }

    /// <summary>When the value is no longer fresh; 0 for never.</summary>
    internal required long Expires { get; init; }

    internal required string Key { get; init; }

    internal required bool IsNull { get; init; }

    /// <summary>The serialized result, as it came from the serializer.</summary>
    internal required ReadOnlyMemory<byte> Body { get; init; }

    internal byte[] Write(ReadOnlySpan<byte> stamps, int compressAbove)
    {
        var body = Body;
        byte flags = IsNull ? NullFlag : (byte)0;
        if (body.Length > 1 && body.Length >= compressAbove && Compress(body.Span) is { } smaller)
        {
            body = smaller;
            flags |= CompressedFlag;
        }

        var keyLength = Encoding.UTF8.GetByteCount(Key);
        var bytes = new byte[HeaderLength + stamps.Length + keyLength + body.Length];
        var span = bytes.AsSpan();
        (span[0], span[1], span[2], span[3]) = ((byte)'M', (byte)'e', Version, flags);
        BinaryPrimitives.WriteUInt64LittleEndian(span[12..], Shape);
        BinaryPrimitives.WriteInt64LittleEndian(span[20..], Created);
        BinaryPrimitives.WriteInt64LittleEndian(span[28..], Expires);
        BinaryPrimitives.WriteInt32LittleEndian(span[36..], Body.Length);
        BinaryPrimitives.WriteInt32LittleEndian(span[40..], keyLength);
        span[44] = (byte)(stamps.Length / CacheTier.StampLength);
        stamps.CopyTo(span[HeaderLength..]);
        Encoding.UTF8.GetBytes(Key, span[(HeaderLength + stamps.Length)..]);
        body.Span.CopyTo(span[(HeaderLength + stamps.Length + keyLength)..]);
        BinaryPrimitives.WriteUInt64LittleEndian(span[4..], Checksum(span));
        return bytes;
    }

    /// <summary>Reads a payload; null if it is not one for this key and shape.</summary>
    /// <param name="bytes">What the store returned.</param>
    /// <param name="key">The whole key.</param>
    /// <param name="shape">The shape of the result.</param>
    /// <param name="stamps">The stamps that were written with it.</param>
    internal static Payload? Read(ReadOnlyMemory<byte> bytes, string key, ulong shape, out ReadOnlyMemory<byte> stamps)
    {
        stamps = default;
        var span = bytes.Span;
        if (span.Length < HeaderLength || span[0] != 'M' || span[1] != 'e' || span[2] != Version || (span[3] & ~(CompressedFlag | NullFlag)) != 0)
            return null;

        var stampsLength = span[44] * CacheTier.StampLength;
        var keyLength = BinaryPrimitives.ReadInt32LittleEndian(span[40..]);
        var bodyLength = BinaryPrimitives.ReadInt32LittleEndian(span[36..]);
        if (keyLength < 0 || bodyLength is < 0 or > LargestBody || keyLength > span.Length - HeaderLength - stampsLength
            || BinaryPrimitives.ReadUInt64LittleEndian(span[4..]) != Checksum(span)
            || BinaryPrimitives.ReadUInt64LittleEndian(span[12..]) != shape
            || !IsKey(span.Slice(HeaderLength + stampsLength, keyLength), key))
        {
            return null;
        }

        var body = bytes[(HeaderLength + stampsLength + keyLength)..];
        if ((span[3] & CompressedFlag) != 0)
        {
            var whole = new byte[bodyLength];
            if (!BrotliDecoder.TryDecompress(body.Span, whole, out var written) || written != bodyLength)
                return null;
            body = whole;
        }
        else if (body.Length != bodyLength)
        {
            return null;
        }

        stamps = bytes.Slice(HeaderLength, stampsLength);
        return new Payload
        {
            Shape = shape,
            Created = BinaryPrimitives.ReadInt64LittleEndian(span[20..]),
            Expires = BinaryPrimitives.ReadInt64LittleEndian(span[28..]),
            Key = key,
            IsNull = (span[3] & NullFlag) != 0,
            Body = body,
        };
    }

    private static bool IsKey(ReadOnlySpan<byte> utf8, string key)
        => Ascii.Equals(utf8, key) || (Encoding.UTF8.GetByteCount(key) == utf8.Length && Encoding.UTF8.GetBytes(key).AsSpan().SequenceEqual(utf8));

    // The flags belong to it: a bit that flips there would make other values of the same bytes.
    private static ulong Checksum(ReadOnlySpan<byte> payload) => XxHash3.HashToUInt64(payload[12..], seed: payload[3]);

    private static byte[]? Compress(ReadOnlySpan<byte> body)
    {
        // Kept only if it is smaller; there is no room for more.
        var room = ArrayPool<byte>.Shared.Rent(body.Length);
        try
        {
            return BrotliEncoder.TryCompress(body, room.AsSpan(0, body.Length - 1), out var written, quality: 1, window: 22) ? room[..written] : null;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(room);
        }
    }
}
