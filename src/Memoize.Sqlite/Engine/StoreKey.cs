using System.Buffers;
using System.IO.Hashing;
using System.Runtime.InteropServices;
using System.Text.Unicode;

namespace Memoize.Sqlite.Engine;

/// <summary>A key as the file knows it: its UTF-8, which is compared, and its hash, by which it is found.</summary>
internal readonly ref struct StoreKey
{
    /// <summary>What callers give to the constructor to write into: enough for most keys.</summary>
    internal const int ScratchBytes = 384;

    private readonly byte[]? _rented;

    internal StoreKey(string key, Span<byte> scratch)
    {
        var most = key.Length * 3 + 1;
        if (most > scratch.Length)
            scratch = _rented = ArrayPool<byte>.Shared.Rent(most);
        if (Utf8.FromUtf16(key, scratch, out _, out var written, replaceInvalidSequences: false) != OperationStatus.Done)
        {
            // Half a surrogate pair has no UTF-8, and a replacement character would make two keys one. 0xFF begins no UTF-8.
            scratch[0] = 0xFF;
            MemoryMarshal.AsBytes(key.AsSpan()).CopyTo(scratch[1..]);
            written = 1 + key.Length * sizeof(char);
        }
        Text = scratch[..written];
        Id = (long)XxHash3.HashToUInt64(Text);
    }

    /// <summary>A key that was read from the file.</summary>
    internal StoreKey(ReadOnlySpan<byte> text)
    {
        Text = text;
        Id = (long)XxHash3.HashToUInt64(text);
    }

    internal ReadOnlySpan<byte> Text { get; }

    internal long Id { get; }

    public void Dispose()
    {
        if (_rented is not null)
            ArrayPool<byte>.Shared.Return(_rented);
    }
}
