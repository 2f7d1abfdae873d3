using System.Buffers;
using System.Net.Sockets;
using Memoize.Memcached.Protocol;

namespace Memoize.Memcached.Connections;

/// <summary>
/// One connection, used by all callers at once: commands are written in the order in which they come, and one loop gives the answers,
/// which come in the same order, to those who wait. What is not the answer that is due ends the connection.
/// </summary>
internal sealed partial class MetaConnection : IDisposable
{
    private const int MostUnsent = 64 << 20;

    // So many commands that wait for answers are no crowd.
    private const int Few = 4;

    private readonly object _gate = new();
    private readonly Queue<PendingCall> _pending = new();
    private readonly Stream _stream;
    private readonly Socket _socket;
    private readonly ReplyParser _parser;
    private readonly Action<MemcachedFailure, bool> _closed;
    private readonly Action _late;
    private readonly Timer _timer;
    private ArrayBufferWriter<byte> _unsent = new(4096);
    private ArrayBufferWriter<byte> _spare = new(4096);
    private MemcachedFailure? _end;
    private volatile bool _isClosed;
    private uint _opaque;
    private bool _flushing;
    private bool _goesSoon;
    private long _soonSince;
    private bool _timing;
    private long _heard;

    /// <param name="stream">The stream, over TLS or not.</param>
    /// <param name="socket">The socket below it.</param>
    /// <param name="longestValue">The longest value that is kept; longer ones are read over.</param>
    /// <param name="closed">Called once, when the connection has ended: why, and whether somebody waited for an answer.</param>
    /// <param name="late">Called when an answer is late although others come.</param>
    public MetaConnection(Stream stream, Socket socket, int longestValue, Action<MemcachedFailure, bool> closed, Action late)
    {
        _stream = stream;
        _socket = socket;
        _parser = new ReplyParser(longestValue);
        _closed = closed;
        _late = late;
        _timer = new Timer(static state => ((MetaConnection)state!).EndLateCalls(), this, Timeout.Infinite, Timeout.Infinite);
        _ = Task.Run(ReadAsync);
    }

    /// <summary>Whether it can be used.</summary>
    public bool IsOpen => !_isClosed;

    /// <summary>Sends one command.</summary>
    /// <returns>Its answer, or why there is none; never an exception.</returns>
    public Task<Reply> SendAsync(in Command command, long deadline)
    {
        SingleCall call;
        Turn turn;
        lock (_gate)
        {
            if (Refusal() is { } why)
                return Task.FromResult(Reply.Failed(why));
            call = new SingleCall(unchecked(++_opaque), Volatile.Read(ref _heard), deadline);
            command.WriteTo(_unsent, call.Opaque);
            turn = Enqueue(call);
        }
        Send(turn);
        return call.Reply;
    }

    /// <summary>Sends quiet commands in one go; none only asks for a sign of life.</summary>
    public Task<BatchReply> SendAsync(IReadOnlyList<Command> commands, long deadline)
    {
        BatchCall call;
        Turn turn;
        lock (_gate)
        {
            if (Refusal() is { } why)
                return Task.FromResult(new BatchReply([], why, 0));
            call = new BatchCall(unchecked(_opaque + 1), commands.Count, Volatile.Read(ref _heard), deadline);
            foreach (var command in commands)
                command.WriteTo(_unsent, unchecked(++_opaque));
            _unsent.Write("mn\r\n"u8);
            turn = Enqueue(call);
        }
        Send(turn);
        return call.Reply;
    }

    public void Dispose() => Close(MemcachedFailure.Disposed);

    private MemcachedFailure? Refusal() => _end ?? (_unsent.WrittenCount > MostUnsent ? MemcachedFailure.Congested : null);

    // Under the gate.
    private Turn Enqueue(PendingCall call)
    {
        var turn = _flushing ? Turn.OfOther : _pending.Count < Few ? Turn.Now : _goesSoon ? Turn.OfOther : Turn.Soon;
        _pending.Enqueue(call);
        if (!_timing)
            WakeAt(call.Deadline);
        _flushing |= turn == Turn.Now;
        if (turn == Turn.Soon)
            (_goesSoon, _soonSince) = (true, _heard);
        return turn;
    }

    // Who is one of a few sends at once. Where many wait for answers, more are about to ask, and one write for all of them costs both sides
    // less than one for each. It goes behind those who have their answers already, or when more answers have come, whichever is first.
    private void Send(Turn turn)
    {
        if (turn == Turn.Now)
            _ = FlushAsync();
        else if (turn == Turn.Soon)
            ThreadPool.UnsafeQueueUserWorkItem(static connection => connection.FlushRest(), this, preferLocal: false);
    }

    private void FlushRest()
    {
        lock (_gate)
        {
            _goesSoon = false;
            if (_flushing || _unsent.WrittenCount == 0)
                return;
            _flushing = true;
        }
        _ = FlushAsync();
    }

    private async Task FlushAsync()
    {
        try
        {
            while (true)
            {
                ArrayBufferWriter<byte> sending;
                lock (_gate)
                {
                    if (_unsent.WrittenCount == 0)
                    {
                        _flushing = false;
                        return;
                    }
                    sending = _unsent;
                    _unsent = _spare;
                }
                await _stream.WriteAsync(sending.WrittenMemory).ConfigureAwait(false);
                sending.ResetWrittenCount();
                // What one huge value needed is not held for ever.
                _spare = sending.Capacity > 4 << 20 ? new ArrayBufferWriter<byte>(4096) : sending;
            }
        }
        catch (Exception e) when (e is IOException or SocketException or ObjectDisposedException or InvalidOperationException)
        {
            Close(MemcachedFailure.ConnectionLost);
        }
    }

    private async Task ReadAsync()
    {
        var buffer = new byte[32 << 10];
        var why = MemcachedFailure.ConnectionLost;
        try
        {
            while (await _stream.ReadAsync(buffer).ConfigureAwait(false) is > 0 and var read)
            {
                var heard = Interlocked.Increment(ref _heard);
                Take(buffer.AsSpan(0, read));
                if (Volatile.Read(ref _goesSoon) && heard > Volatile.Read(ref _soonSince))
                    FlushRest();
            }
        }
        catch (ProtocolViolationException)
        {
            why = MemcachedFailure.Garbage;
        }
        catch (Exception e) when (e is IOException or SocketException or ObjectDisposedException or InvalidOperationException)
        {
            // The end of the connection, whoever ended it.
        }
        Close(why);
        _parser.Dispose();
    }

    private void Take(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty && _parser.TryRead(ref bytes, out var reply))
        {
            PendingCall? first;
            lock (_gate)
                _pending.TryPeek(out first);
            if (first is null)
                throw new ProtocolViolationException("An answer that nobody asked for.");
            if (!first.Take(reply))
                continue;
            lock (_gate)
            {
                // It is empty where the connection was closed meanwhile.
                if (_pending.TryPeek(out var still) && still == first)
                    _pending.Dequeue();
            }
        }
    }

    /// <summary>Who writes a command.</summary>
    private enum Turn
    {
        /// <summary>Somebody who writes already, or is about to.</summary>
        OfOther,

        Now,
        Soon,
    }

    private void Close(MemcachedFailure why)
    {
        PendingCall[] left;
        lock (_gate)
        {
            if (_end is not null)
                return;
            _end = why;
            _isClosed = true;
            left = [.. _pending];
            _pending.Clear();
        }
        _timer.Dispose();
        try
        {
            // What was not sent yet is to be forgotten.
            _socket.LingerState = new LingerOption(true, 0);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // It is gone already.
        }
        _socket.Dispose();
        _stream.Dispose();
        var awaited = Array.Exists(left, call => !call.IsOver);
        _closed(why, awaited);
        foreach (var call in left)
            call.Fail(why);
    }
}
