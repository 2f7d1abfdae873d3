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
    private int _given;
    private int _asked;

    /// <summary>What was written, write by write.</summary>
    public IReadOnlyList<string> Writes
    {
        get
        {
            lock (_writes)
                return [.. _writes];
        }
    }

    /// <summary>What comes of a write at once.</summary>
    public Action<GatedStream, string>? OnWrite { get; set; }

    public void LetGo(int writes = 1) => _gate.Release(writes);

    public ValueTask AnswerAsync(string text)
    {
        Interlocked.Increment(ref _given);
        return _answers.Writer.WriteAsync(Encoding.Latin1.GetBytes(text));
    }

    /// <summary>Whether whoever reads has done with all answers, each of which fits into his buffer, and waits for the next.</summary>
    public bool IsRead => Volatile.Read(ref _asked) == Volatile.Read(ref _given) + 1;

    public void End() => _answers.Writer.Complete();

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var text = Encoding.Latin1.GetString(buffer.Span);
        lock (_writes)
            _writes.Add(text);
        OnWrite?.Invoke(this, text);
        await _gate.WaitAsync(cancellationToken);
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        Interlocked.Increment(ref _asked);
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
