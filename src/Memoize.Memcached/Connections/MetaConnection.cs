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

    private readonly object _gate = new();
    private readonly Queue<PendingCall> _pending = new();
    private readonly Stream _stream;
    private readonly Socket _socket;
    private readonly ReplyParser _parser;
    private readonly Action<MemcachedFailure, bool> _closed;
    private readonly Action<bool> _answered;
    private readonly Timer _timer;
    private MemcachedFailure? _end;
    private volatile bool _isClosed;
    // The one whose answers are coming, which is not among the pending ones any longer.
    private PendingCall? _first;
    private bool _timing;
    private long _heard;

    /// <param name="stream">The stream, over TLS or not.</param>
    /// <param name="socket">The socket below it.</param>
    /// <param name="longestValue">The longest value that is kept; longer ones are read over.</param>
    /// <param name="closed">Called once, when the connection has ended: why, and whether somebody waited for an answer.</param>
    /// <param name="answered">Called when answers have come: whether in time. Where they are late, others come in time.</param>
    public MetaConnection(Stream stream, Socket socket, int longestValue, Action<MemcachedFailure, bool> closed, Action<bool> answered)
    {
        _stream = stream;
        _socket = socket;
        _parser = new ReplyParser(longestValue);
        _closed = closed;
        _answered = answered;
        _timer = new Timer(static state => ((MetaConnection)state!).EndLateCalls(), this, Timeout.Infinite, Timeout.Infinite);
        _ = Task.Run(ReadAsync);
    }

    /// <summary>Whether it can be used.</summary>
    public bool IsOpen => !_isClosed;

    /// <summary>Sends one command.</summary>
    /// <returns>Its answer, or why there is none. The only exception is the caller's own cancellation; what was sent then stays sent.</returns>
    public ValueTask<Reply> SendAsync(in Command command, long deadline, CancellationToken token)
    {
        var call = new SingleCall(deadline);
        call.MayLeave(token);
        Send(call, command, static (connection, command) =>
        {
            command.WriteTo(connection._unsent, unchecked(++connection._opaque));
            // What is asked for after it is asked for anew.
            connection._shareable.Clear();
        });
        return call.Answer;
    }

    /// <summary>Reads several keys in one go, at least one.</summary>
    /// <returns>The answers in the order of the keys, as for one command.</returns>
    public ValueTask<Reply[]> ReadAsync(Place[] places, long deadline, CancellationToken token)
    {
        var call = new ManyReads(places.Length, deadline);
        call.MayLeave(token);
        Send(call, (Call: call, Places: places), static (connection, reads) =>
        {
            for (var i = 0; i < reads.Places.Length; i++)
            {
                var key = reads.Places[i].Key;
                if (i == 0 || !connection.IsShared(key, reads.Call, i))
                    new Command(Verb.Get, key) { WithValue = true }.WriteTo(connection._unsent, unchecked(++connection._opaque));
            }
        });
        return call.Answer;
    }

    /// <summary>Sends quiet commands in one go; none only asks for a sign of life.</summary>
    /// <returns>Why not all went well, or null where they did.</returns>
    public ValueTask<MemcachedFailure?> SendAsync(IReadOnlyList<Command> commands, long deadline)
    {
        var call = new QuietCalls(commands.Count, deadline);
        Send(call, commands, static (connection, commands) =>
        {
            foreach (var command in commands)
                command.WriteTo(connection._unsent, unchecked(++connection._opaque));
            connection._unsent.Write("mn\r\n"u8);
            connection._shareable.Clear();
        });
        return call.Answer;
    }

    // What is written is written under the gate, so that answers come in the order of the calls.
    private void Send<T>(PendingCall call, T commands, Action<MetaConnection, T> write)
    {
        lock (_gate)
        {
            if (Refusal() is { } why)
            {
                call.Fail(why);
                return;
            }
            call.Opaque = unchecked(_opaque + 1);
            write(this, commands);
            if (!Enqueue(call))
                return;
        }
        _ = FlushAsync();
    }

    public void Dispose() => Close(MemcachedFailure.Disposed);

    private MemcachedFailure? Refusal() => _end ?? (_unsent.WrittenCount > MostUnsent ? MemcachedFailure.Congested : null);

    private async Task ReadAsync()
    {
        var buffer = new byte[64 << 10];
        var why = MemcachedFailure.ConnectionLost;
        try
        {
            while (await _stream.ReadAsync(buffer).ConfigureAwait(false) is > 0 and var read)
            {
                Interlocked.Increment(ref _heard);
                Take(buffer.AsSpan(0, read));
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
        var inTime = false;
        while (!bytes.IsEmpty && _parser.TryRead(ref bytes, out var reply))
        {
            if (_first is not { } call)
            {
                lock (_gate)
                {
                    if (!_pending.TryDequeue(out call))
                        throw new ProtocolViolationException("An answer that nobody asked for.");
                    _first = call;
                    Hear(call);
                }
            }
            inTime |= !call.IsOver;
            if (!call.Take(reply))
                continue;
            _first = null;
            Arrive(call);
        }
        if (inTime)
            _answered(true);
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
            left = _first is null ? [.. _pending] : [_first, .. _pending];
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
