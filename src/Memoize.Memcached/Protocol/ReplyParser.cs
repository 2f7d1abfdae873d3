using System.Buffers;
using System.Buffers.Text;

namespace Memoize.Memcached.Protocol;

/// <summary>
/// Takes bytes as they come and gives answers as they are whole. Holds one line of bounded length, or one value of bounded length,
/// and nothing else, whatever a server sends.
/// </summary>
internal sealed class ReplyParser(int longestValue) : IDisposable
{
    private const int LongestLine = 2048;

    // More than any server can hold in one value: it is garbage, and nobody waits for it.
    private const long LongestSkipped = 1L << 30;

    private readonly byte[] _line = new byte[LongestLine];
    private int _lineLength;

    private Reply _head;
    private bool _inValue;
    private byte[] _value = [];
    private int _valueLength;
    private int _filled;
    private long _toSkip;
    private int _endLength;

    /// <summary>Takes the bytes of one answer off the input.</summary>
    /// <returns>Whether an answer is whole; if not, all of the input was taken.</returns>
    /// <exception cref="ProtocolViolationException">This is no answer.</exception>
    public bool TryRead(ref ReadOnlySpan<byte> input, out Reply reply)
    {
        if (_inValue)
            return TryReadValue(ref input, out reply);

        var end = input.IndexOf((byte)'\n');
        var taken = end < 0 ? input : input[..(end + 1)];
        if (_lineLength + taken.Length > LongestLine)
            throw new ProtocolViolationException("A line without an end.");

        input = input[taken.Length..];
        ReadOnlySpan<byte> line = taken;
        if (_lineLength > 0 || end < 0)
        {
            taken.CopyTo(_line.AsSpan(_lineLength));
            _lineLength += taken.Length;
            line = _line.AsSpan(0, _lineLength);
        }
        if (end < 0)
        {
            reply = default;
            return false;
        }

        _lineLength = 0;
        if (line is not [.., (byte)'\r', (byte)'\n'])
            throw new ProtocolViolationException("A line that ends without a carriage return.");

        reply = ParseLine(line[..^2], out var valueLength);
        if (reply.Code != ReplyCode.Value)
            return true;

        BeginValue(reply, valueLength);
        return TryReadValue(ref input, out reply);
    }

    public void Dispose()
    {
        if (_value.Length > 0)
            ArrayPool<byte>.Shared.Return(_value);
        _value = [];
    }

    private void BeginValue(Reply head, long length)
    {
        _head = head;
        _inValue = true;
        _filled = 0;
        _endLength = 0;
        _toSkip = length > longestValue ? length : 0;
        _valueLength = _toSkip > 0 ? 0 : (int)length;
        _value = _valueLength == 0 ? [] : ArrayPool<byte>.Shared.Rent(_valueLength);
    }

    private bool TryReadValue(ref ReadOnlySpan<byte> input, out Reply reply)
    {
        reply = default;
        if (_toSkip > 0)
        {
            var skipped = (int)Math.Min(_toSkip, input.Length);
            input = input[skipped..];
            _toSkip -= skipped;
            _head = _head with { Oversized = true };
            if (_toSkip > 0)
                return false;
        }

        var copied = Math.Min(_valueLength - _filled, input.Length);
        input[..copied].CopyTo(_value.AsSpan(_filled));
        input = input[copied..];
        _filled += copied;
        if (_filled < _valueLength)
            return false;

        for (; _endLength < 2; _endLength++, input = input[1..])
        {
            if (input.IsEmpty)
                return false;
            if (input[0] != "\r\n"u8[_endLength])
                throw new ProtocolViolationException("A value that does not end where it should.");
        }

        reply = _head with { Buffer = _value, Length = _valueLength };
        _value = [];
        _inValue = false;
        return true;
    }

    private static Reply ParseLine(ReadOnlySpan<byte> line, out long valueLength)
    {
        valueLength = 0;
        if (line.Length < 2 || (line.Length > 2 && line[2] != (byte)' '))
            return ParseError(line);

        var code = (line[0], line[1]) switch
        {
            ((byte)'V', (byte)'A') => ReplyCode.Value,
            ((byte)'H', (byte)'D') => ReplyCode.Done,
            ((byte)'E', (byte)'N') => ReplyCode.Miss,
            ((byte)'N', (byte)'S') => ReplyCode.NotStored,
            ((byte)'E', (byte)'X') => ReplyCode.Exists,
            ((byte)'N', (byte)'F') => ReplyCode.NotFound,
            ((byte)'M', (byte)'N') => ReplyCode.End,
            _ => throw new ProtocolViolationException("An answer of a kind that there is not."),
        };

        var rest = line[2..];
        if (code == ReplyCode.Value)
            valueLength = Number(Token(ref rest), LongestSkipped);

        return ParseFlags(code, rest);
    }

    private static Reply ParseFlags(ReplyCode code, ReadOnlySpan<byte> rest)
    {
        uint? opaque = null;
        ulong cas = 0;
        uint flags = 0;
        var seconds = -1;
        var size = 0L;
        var won = false;
        while (Token(ref rest) is { Length: > 0 } token)
        {
            var text = token[1..];
            switch (token[0])
            {
                case (byte)'O':
                    opaque = (uint)Number(text, uint.MaxValue);
                    break;
                case (byte)'f':
                    flags = (uint)Number(text, uint.MaxValue);
                    break;
                case (byte)'s':
                    size = Number(text, long.MaxValue);
                    break;
                case (byte)'t':
                    seconds = text.SequenceEqual("-1"u8) ? -1 : (int)Number(text, int.MaxValue);
                    break;
                case (byte)'c':
                    if (!Utf8Parser.TryParse(text, out cas, out var read) || read != text.Length)
                        throw new ProtocolViolationException("A version that is no number.");
                    break;
                case (byte)'W':
                    won = true;
                    break;
            }
        }
        return new Reply(code) { Opaque = opaque, Cas = cas, ClientFlags = flags, SecondsLeft = seconds, Size = size, Won = won };
    }

    private static Reply ParseError(ReadOnlySpan<byte> line)
    {
        if (!line.StartsWith("SERVER_ERROR"u8))
            throw new ProtocolViolationException("An answer that says that the request was not understood, or no answer at all.");

        return new Reply(ReplyCode.ServerError)
        {
            Failure = line.IndexOf("too large"u8) >= 0 ? MemcachedFailure.TooLarge
                : line.IndexOf("out of memory"u8) >= 0 ? MemcachedFailure.OutOfMemory
                : MemcachedFailure.ServerError,
        };
    }

    private static ReadOnlySpan<byte> Token(ref ReadOnlySpan<byte> rest)
    {
        var text = rest.TrimStart((byte)' ');
        var end = text.IndexOf((byte)' ');
        var token = end < 0 ? text : text[..end];
        rest = text[token.Length..];
        return token;
    }

    private static long Number(ReadOnlySpan<byte> text, long most)
        => Utf8Parser.TryParse(text, out long number, out var read) && read == text.Length && number >= 0 && number <= most
            ? number
            : throw new ProtocolViolationException("A number that is none.");
}
