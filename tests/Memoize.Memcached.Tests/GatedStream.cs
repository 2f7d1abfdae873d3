using System.Text;
using System.Threading.Channels;

namespace Memoize.Memcached.Tests;

/// <summary>A connection whose writes wait until the test lets them go on, and whose answers the test gives.</summary>
internal sealed class GatedStream : Stream
{
    private readonly Channel<byte[]> _answers = Channel.CreateUnbounded<byte[]>();
    private ReadOnlyMemory<byte> _rest;
    private readonly SemaphoreSlim _gate = new(0);
    private readonly List<string> _writes = [];

    /// <summary>What was written, write by write.</summary>
    public IReadOnlyList<string> Writes
    {
        get
        {
            lock (_writes)
                return [.. _writes];
        }
    }

    public void LetGo(int writes = 1) => _gate.Release(writes);

    public ValueTask AnswerAsync(string text) => _answers.Writer.WriteAsync(Encoding.Latin1.GetBytes(text));

    public void End() => _answers.Writer.Complete();

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        lock (_writes)
            _writes.Add(Encoding.Latin1.GetString(buffer.Span));
        await _gate.WaitAsync(cancellationToken);
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (_rest.IsEmpty)
        {
            if (!await _answers.Reader.WaitToReadAsync(cancellationToken))
                return 0;
            if (_answers.Reader.TryRead(out var answer))
                _rest = answer;
        }

        var some = _rest[..Math.Min(buffer.Length, _rest.Length)];
        some.CopyTo(buffer);
        _rest = _rest[some.Length..];
        return some.Length;
    }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override void Flush() => throw new NotSupportedException();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}
