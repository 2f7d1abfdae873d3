using System.Net.Sockets;

namespace Memoize.Memcached.Connections;

/// <summary>Deadlines: one timer for all calls, which is set for the next one that is due.</summary>
internal sealed partial class MetaConnection
{
    private void EndLateCalls()
    {
        List<PendingCall>? late = null;
        long? heard;
        lock (_gate)
        {
            _timing = false;
            if (_end is not null)
                return;
            var now = Environment.TickCount64;
            var next = long.MaxValue;
            foreach (var call in _first is null ? _pending : _pending.Prepend(_first))
            {
                if (call.IsOver)
                    continue;
                if (call.Deadline <= now)
                    (late ??= []).Add(call);
                else
                    next = Math.Min(next, call.Deadline);
            }
            if (next != long.MaxValue)
                WakeAt(next);
            heard = late is null ? null : HeardBefore(late[0]);
        }
        if (late is null)
            return;

        // Who goes on because of it finds the server as it is by then, and does not wait for it again. A server is not silent that was not asked yet,
        // because this process had no thread for it.
        if (heard is not { } before)
            Depart();
        else if (IsSilentSince(before))
            Close(MemcachedFailure.Timeout);
        else
            _answered(false);
        foreach (var call in late)
            call.Fail(MemcachedFailure.Timeout);
    }

    // How often the server had been heard of when a call was sent, or, where it waits for others to be answered, when they were. Null where the server
    // owes nothing.
    private long? HeardBefore(PendingCall call)
    {
        foreach (var trip in _trips)
        {
            if (call.Position <= trip.Last)
                return trip.Heard;
        }
        return _trips.TryPeek(out var oldest) ? oldest.Heard : null;
    }

    // Bytes that have arrived and that we have not come to read yet speak for the server.
    private bool IsSilentSince(long heard)
    {
        try
        {
            return Volatile.Read(ref _heard) == heard && _socket.Available == 0;
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            return true;
        }
    }

    // Under the gate.
    private void WakeAt(long time)
    {
        _timing = true;
        _timer.Change(Math.Max(0, time - Environment.TickCount64), Timeout.Infinite);
    }
}
