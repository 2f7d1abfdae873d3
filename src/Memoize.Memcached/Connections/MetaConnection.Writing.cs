using System.Buffers;
using System.Diagnostics;
using System.Net.Sockets;

namespace Memoize.Memcached.Connections;

/// <summary>
/// Writing: who is one of a few sends at once. Where more wait for answers, one write for many costs both sides less than one for each, so what
/// comes while a write is on its way waits for the end of its answers, where the way is short, and else for those who are about to ask, too. So does the
/// first of several who have just been answered together. Why: docs/decisions/0043-memcached-reads-together.md.
/// </summary>
internal sealed partial class MetaConnection
{
    // So many commands that wait for answers are no crowd.
    private const int Few = 4;

    // So many that wait to be sent are enough.
    private const int Enough = 64;

    private const int MostShared = 16;

    // What is on its way, oldest first: each was one write.
    private readonly Queue<Trip> _trips = new();
    private readonly List<(byte[] Key, ManyReads Call, int Index)> _shareable = [];
    private Way _way = new();
    private ArrayBufferWriter<byte> _unsent = new(4096);
    private ArrayBufferWriter<byte> _spare = new(4096);
    private uint _opaque;
    private long _last;
    private long _lastSent;

    // How many calls the write had whose answers came last.
    private long _answeredTogether;
    private bool _flushing;
    private bool _goesSoon;

    // Under the gate. What several want besides a value of their own is usually the same, and is asked for once in a write.
    private bool IsShared(byte[] key, ManyReads call, int index)
    {
        foreach (var (other, owner, place) in _shareable)
        {
            if (owner != call && other.AsSpan().SequenceEqual(key))
            {
                call.TakeFrom(owner.Share(place), index);
                return true;
            }
        }
        if (_shareable.Count < MostShared)
            _shareable.Add((key, call, index));
        return false;
    }

    // Under the gate, when the command was written into what is unsent. Who is told that it is his turn flushes.
    private bool Enqueue(PendingCall call)
    {
        call.Position = ++_last;
        _pending.Enqueue(call);
        if (!_timing)
            WakeAt(call.Deadline);
        if (_flushing)
            return false;
        if (IsDue && !IsAboutToBeJoined)
            return _flushing = true;
        if (IsDue || !_way.IsShort)
            GoSoon();
        return false;
    }

    private bool IsDue => _trips.Count == 0 || _pending.Count <= Few || _last - _lastSent >= Enough;

    // Those who were answered together are woken together, and who asks in a loop asks again: the last of them sends for all, and if one of them does not
    // come, a piece of work that stands behind them.
    private bool IsAboutToBeJoined => _trips.Count == 0 && _last - _lastSent < _answeredTogether && _way.IsShort;

    // Under the gate. Behind those who have their answers already, and may be about to ask again.
    private void GoSoon()
    {
        if (_goesSoon)
            return;
        _goesSoon = true;
        ThreadPool.UnsafeQueueUserWorkItem(static connection => connection.Depart(isSoon: true), this, preferLocal: false);
    }

    private void Depart(bool isSoon = false)
    {
        lock (_gate)
        {
            _goesSoon &= !isSoon;
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
            while (TakeUnsent() is { } sending)
            {
                await _stream.WriteAsync(sending.WrittenMemory).ConfigureAwait(false);
                sending.ResetWrittenCount();
                // What one huge value needed is not held for ever.
                _spare = sending.Capacity > 4 << 20 ? new ArrayBufferWriter<byte>(4096) : sending;
                lock (_gate)
                {
                    _flushing = _unsent.WrittenCount > 0 && (IsDue || !_way.IsShort);
                    if (!_flushing)
                        return;
                }
            }
        }
        catch (Exception e) when (e is IOException or SocketException or ObjectDisposedException or InvalidOperationException)
        {
            Close(MemcachedFailure.ConnectionLost);
        }
    }

    private ArrayBufferWriter<byte> TakeUnsent()
    {
        lock (_gate)
        {
            var sending = _unsent;
            _unsent = _spare;
            _shareable.Clear();
            _trips.Enqueue(new Trip(_lastSent + 1, _last, Stopwatch.GetTimestamp(), _heard));
            _lastSent = _last;
            return sending;
        }
    }

    // Under the gate: the first answer of a call has come.
    private void Hear(PendingCall call)
    {
        if (_trips.TryPeek(out var trip) && trip.First == call.Position)
            _way.Add(Stopwatch.GetTimestamp() - trip.Began);
    }

    // The last answer of a call has come. If it is the last of its trip, what waits goes.
    private void Arrive(PendingCall call)
    {
        lock (_gate)
        {
            if (!_trips.TryPeek(out var trip) || trip.Last != call.Position)
                return;
            _trips.Dequeue();
            _answeredTogether = trip.Last - trip.First + 1;
            if (!_flushing && _unsent.WrittenCount > 0)
                GoSoon();
        }
    }

    /// <summary>One write.</summary>
    /// <param name="First">The position of the first of its calls.</param>
    /// <param name="Last">The position of the last one.</param>
    /// <param name="Began">When it was sent.</param>
    /// <param name="Heard">How often the server had been heard of by then: if that is all when an answer is late, the server is silent.</param>
    private readonly record struct Trip(long First, long Last, long Began, long Heard);
}
