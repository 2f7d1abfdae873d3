using System.Buffers;
using System.Buffers.Binary;
using Memoize.Memcached.Protocol;

namespace Memoize.Memcached.Values;

/// <summary>
/// A value as it lies on the server: a byte that says what follows, the absolute end (8 bytes), the sliding window (4), the whole key
/// where the server's is a hash (4 and the key), the length before compression (4), and the bytes. Numbers are little-endian. The
/// client flags tell the format and its version from all that others write.
/// </summary>
internal readonly struct StoredValue
{
    /// <summary>"MZ" and version 1.</summary>
    public const uint Format = 0x4D5A_0001;

    /// <summary>What the server adds to an item in its own memory, generously.</summary>
    public const int ServerOverhead = 128;

    private const byte Compressed = 1;
    private const byte Absolute = 2;
    private const byte Sliding = 4;
    private const byte Keyed = 8;

    private readonly int _start;
    private readonly int _originalLength;

    private StoredValue(Lifetime lifetime, int start, int originalLength)
    {
        Lifetime = lifetime;
        _start = start;
        _originalLength = originalLength;
    }

    public Lifetime Lifetime { get; }

    /// <summary>Writes a value into a buffer of <see cref="ArrayPool{T}"/>.</summary>
    /// <param name="value">The value.</param>
    /// <param name="lifetime">When it ends.</param>
    /// <param name="wholeKey">The key, if it is to be stored too; else empty.</param>
    /// <param name="compressFrom">The size from which it is compressed.</param>
    /// <param name="most">The most bytes that it may become.</param>
    /// <param name="length">The bytes that it became.</param>
    /// <returns>The buffer; null if it would be larger than that.</returns>
    public static byte[]? TryWrite(in ReadOnlySequence<byte> value, Lifetime lifetime, ReadOnlySpan<byte> wholeKey, int compressFrom, int most, out int length)
    {
        Span<byte> head = stackalloc byte[17];
        var kind = (byte)0;
        var at = 1;
        if (lifetime.AbsoluteEnd is { } end)
        {
            kind |= Absolute;
            BinaryPrimitives.WriteInt64LittleEndian(head[at..], end);
            at += 8;
        }
        if (lifetime.SlidingSeconds > 0)
        {
            kind |= Sliding;
            BinaryPrimitives.WriteInt32LittleEndian(head[at..], lifetime.SlidingSeconds);
            at += 4;
        }
        if (!wholeKey.IsEmpty)
        {
            kind |= Keyed;
            BinaryPrimitives.WriteInt32LittleEndian(head[at..], wholeKey.Length);
            at += 4;
        }

        var before = at + wholeKey.Length;
        length = 0;
        if (before > most)
            return null;
        if (value.Length >= compressFrom && value.Length <= Compression.Longest)
        {
            // Worth it only if it becomes smaller, its own length included.
            var room = (int)Math.Min(most, before + value.Length - 1);
            var buffer = ArrayPool<byte>.Shared.Rent(room);
            if (before + 4 < room && Compression.TryCompress(value, buffer.AsSpan(before + 4, room - before - 4), out var compressed))
            {
                head[0] = (byte)(kind | Compressed);
                WriteHead(buffer, head[..at], wholeKey);
                BinaryPrimitives.WriteInt32LittleEndian(buffer.AsSpan(before), (int)value.Length);
                length = before + 4 + compressed;
                return buffer;
            }
            ArrayPool<byte>.Shared.Return(buffer);
        }
        if (before + value.Length > most)
            return null;

        length = before + (int)value.Length;
        var plain = ArrayPool<byte>.Shared.Rent(length);
        head[0] = kind;
        WriteHead(plain, head[..at], wholeKey);
        value.CopyTo(plain.AsSpan(before));
        return plain;
    }

    /// <summary>Reads what stands before the bytes.</summary>
    /// <param name="reply">The answer with the value.</param>
    /// <param name="wholeKey">The key, where the server's is a hash.</param>
    /// <param name="value">The value.</param>
    /// <param name="failure">What is wrong with it.</param>
    /// <returns>Whether it is a value of this key.</returns>
    public static bool TryRead(in Reply reply, ReadOnlySpan<byte> wholeKey, out StoredValue value, out MemcachedFailure failure)
    {
        value = default;
        failure = MemcachedFailure.Unreadable;
        var bytes = reply.Value;
        if (reply.ClientFlags != Format || reply.Oversized || bytes.IsEmpty)
            return false;

        var kind = bytes[0];
        var at = 1;
        long? end = null;
        if ((kind & Absolute) != 0)
        {
            if (!BinaryPrimitives.TryReadInt64LittleEndian(bytes[at..], out var time))
                return false;
            end = time;
            at += 8;
        }
        var sliding = 0;
        if ((kind & Sliding) != 0 && !TryReadPositive(bytes, ref at, out sliding))
            return false;
        var key = ReadOnlySpan<byte>.Empty;
        if ((kind & Keyed) != 0)
        {
            if (!TryReadPositive(bytes, ref at, out var keyLength) || keyLength > bytes.Length - at)
                return false;
            key = bytes.Slice(at, keyLength);
            at += keyLength;
        }
        var original = -1;
        if ((kind & Compressed) != 0 && (!TryReadPositive(bytes, ref at, out original) || original > Compression.Longest))
            return false;

        if (!key.SequenceEqual(wholeKey))
        {
            failure = MemcachedFailure.Collision;
            return false;
        }
        value = new StoredValue(new Lifetime(end, sliding), at, original);
        return true;
    }

    /// <summary>Writes the bytes to a destination, all of them or none.</summary>
    public bool TryCopy(in Reply reply, IBufferWriter<byte> destination)
    {
        var body = reply.Value[_start..];
        if (_originalLength < 0)
        {
            destination.Write(body);
            return true;
        }
        var buffer = ArrayPool<byte>.Shared.Rent(_originalLength);
        try
        {
            var whole = buffer.AsSpan(0, _originalLength);
            if (!Compression.TryDecompress(body, whole))
                return false;
            destination.Write(whole);
            return true;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>The bytes where they lie in the answer, or in a buffer of <see cref="ArrayPool{T}"/> where they were compressed.</summary>
    /// <returns>Whether they are whole.</returns>
    public bool TryOpen(in Reply reply, out ReadOnlyMemory<byte> bytes, out byte[]? rented)
    {
        rented = null;
        bytes = reply.Buffer.AsMemory(_start, reply.Length - _start);
        if (_originalLength < 0)
            return true;
        rented = ArrayPool<byte>.Shared.Rent(_originalLength);
        var whole = rented.AsMemory(0, _originalLength);
        if (!Compression.TryDecompress(bytes.Span, whole.Span))
            return false;
        bytes = whole;
        return true;
    }

    /// <summary>The bytes; null if they are damaged.</summary>
    public byte[]? ToArray(in Reply reply)
    {
        var body = reply.Value[_start..];
        if (_originalLength < 0)
            return body.ToArray();
        var whole = GC.AllocateUninitializedArray<byte>(_originalLength);
        return Compression.TryDecompress(body, whole) ? whole : null;
    }

    private static void WriteHead(byte[] buffer, ReadOnlySpan<byte> head, ReadOnlySpan<byte> wholeKey)
    {
        head.CopyTo(buffer);
        wholeKey.CopyTo(buffer.AsSpan(head.Length));
    }

    private static bool TryReadPositive(ReadOnlySpan<byte> bytes, ref int at, out int number)
    {
        if (at > bytes.Length || !BinaryPrimitives.TryReadInt32LittleEndian(bytes[at..], out number) || number <= 0)
        {
            number = 0;
            return false;
        }
        at += 4;
        return true;
    }
}
