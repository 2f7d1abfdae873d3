using System.Text;

namespace Memoize.Redis;

/// <summary>
/// What stands before a value with a sliding expiry, and before no other: the window and the absolute end, so that a read can move the
/// expiry without rewriting the value. Forty characters: the mark, both numbers as sixteen digits of milliseconds.
/// </summary>
/// <remarks>
/// Values without a window are stored as they are, so that they cost a bare GET and anybody can read them. One that happens to begin
/// with the mark gets a header with a window of zero, and so comes back as it was.
/// </remarks>
internal static class SlidingHeader
{
    internal const string Mark = "\u001Fmemo/1\u001F";
    internal const int Length = 8 + 16 + 16;

    private static readonly byte[] MarkBytes = Encoding.ASCII.GetBytes(Mark);

    internal static bool StartsWithMark(ReadOnlySpan<byte> value) => value.StartsWith(MarkBytes);

    /// <summary>Where the value begins, and whether a read moves its expiry.</summary>
    internal static int Skip(ReadOnlySpan<byte> stored, out bool slides)
    {
        slides = false;
        if (stored.Length < Length || !StartsWithMark(stored))
            return 0;
        slides = stored.Slice(8, 16).ContainsAnyExcept((byte)'0');
        return Length;
    }
}
