using System.Buffers;
using System.Runtime.InteropServices;
using Memoize.Memcached.Connections;
using Memoize.Memcached.Protocol;
using Memoize.Memcached.Values;
using Memoize.Tiers;
using Microsoft.Extensions.Caching.Distributed;

namespace Memoize.Memcached;

/// <summary>From keys to commands, and from answers to values.</summary>
public sealed partial class MemcachedCache
{
    private DateTimeOffset Now => _clock.GetUtcNow();

    private Place Locate(string key)
    {
        ArgumentNullException.ThrowIfNull(key);
        var whole = _prefix.Length == 0 ? key : _prefix + key;
        var wire = WireKey.Of(whole, out var isHashed);
        return new Place(_nodes[_rendezvous.Of(wire)], wire, isHashed ? WireKey.Escape(whole) : []);
    }

    private static ValueTask<Reply> ReadAsync(in Place place, int vivify, CancellationToken token)
        => place.Node.CallAsync(new Command(Verb.Get, place.Key) { WithValue = true, Vivify = vivify }, token);

    private static ValueTask<Reply> RemoveAsync(in Place place, CancellationToken token)
        => place.Node.CallAsync(new Command(Verb.Delete, place.Key), token);

    // The value of an answer, if it is one of this key and has not ended; everything is counted here.
    private bool Open(in Place place, in Reply reply, out StoredValue value)
    {
        value = default;
        switch (reply.Code)
        {
            case ReplyCode.Value when reply.IsPlaceholder:
            case ReplyCode.Miss:
                _counters.Miss();
                return false;
            case ReplyCode.Value:
                break;
            default:
                _counters.FailedRead(reply.Code is ReplyCode.Failed or ReplyCode.ServerError ? reply.Failure : MemcachedFailure.Garbage);
                return false;
        }

        if (!StoredValue.TryRead(reply, place.WholeKey, out value, out var failure))
        {
            _counters.FailedRead(failure);
            return false;
        }
        if (value.Lifetime.IsOver(Now))
        {
            _counters.Miss();
            return false;
        }
        if (value.Lifetime.SlidingSeconds > 0)
            Touch(place, reply, value.Lifetime);
        return true;
    }

    private bool Take(in Place place, in Reply reply, IBufferWriter<byte> destination)
    {
        try
        {
            return Open(place, reply, out var value) && Counted(value.TryCopy(reply, destination));
        }
        finally
        {
            reply.Recycle();
        }
    }

    private byte[]? TakeArray(in Place place, in Reply reply)
    {
        try
        {
            if (!Open(place, reply, out var value))
                return null;
            var bytes = value.ToArray(reply);
            Counted(bytes is not null);
            return bytes;
        }
        finally
        {
            reply.Recycle();
        }
    }

    private void Discard(in Place place, in Reply reply)
    {
        Open(place, reply, out _);
        reply.Recycle();
    }

    private bool Counted(bool whole)
    {
        if (whole)
            _counters.Hit();
        else
            _counters.FailedRead(MemcachedFailure.Unreadable);
        return whole;
    }

    // The window starts anew, never past the absolute end. The answer is not waited for; what is sent after it comes after it.
    private void Touch(in Place place, in Reply reply, Lifetime lifetime)
    {
        var now = Now;
        var wanted = lifetime.Seconds(now);
        if (reply.SecondsLeft < wanted)
            _ = TouchAsync(place.Node, new Command(Verb.Get, place.Key) { TimeToLive = Lifetime.Token(wanted, now) }, reply.Cas);
    }

    private static async Task TouchAsync(ServerNode node, Command touch, ulong cas)
    {
        var reply = await node.CallAsync(touch, CancellationToken.None).ConfigureAwait(false);
        // There is no touch on condition. Where it met another value, or the placeholder of a load, that one would now live too long:
        // it goes, which costs a load and cannot be wrong.
        if (reply.Code == ReplyCode.Done && reply.Cas != cas)
            await node.CallAsync(new Command(Verb.Delete, touch.Key) { Cas = reply.Cas }, CancellationToken.None).ConfigureAwait(false);
    }

    /// <summary>The command that stores a value, or why it cannot be stored.</summary>
    private MemcachedFailure? Prepare(in Place place, in ReadOnlySequence<byte> value, DistributedCacheEntryOptions options, out Command command)
    {
        command = default;
        var now = Now;
        var lifetime = Lifetime.Of(options, now);
        if (lifetime.IsOver(now))
            return MemcachedFailure.Expired;

        var most = _options.MaxValueBytes - place.Key.Length - StoredValue.ServerOverhead;
        if (StoredValue.TryWrite(value, lifetime, place.WholeKey, _options.CompressionThreshold, most, out var length) is not { } buffer)
            return MemcachedFailure.TooLarge;
        command = new Command(Verb.Set, place.Key)
        {
            Payload = buffer.AsMemory(0, length),
            TimeToLive = lifetime.Token(now),
            ClientFlags = StoredValue.Format,
        };
        return null;
    }

    // The bytes were copied when they were sent, or were never sent.
    private static void Return(in Command command)
    {
        if (MemoryMarshal.TryGetArray(command.Payload, out var rented))
            ArrayPool<byte>.Shared.Return(rented.Array!);
    }

    /// <summary>After a value was sent: counts, and says whether what the key had before is still to be removed.</summary>
    private bool Conclude(in Place place, in Reply reply)
    {
        if (reply.Code == ReplyCode.Done)
        {
            _counters.Stored();
            return false;
        }
        _counters.NotStored(reply.Code is ReplyCode.Failed or ReplyCode.ServerError ? reply.Failure : MemcachedFailure.Garbage);
        if (reply.Code != ReplyCode.Failed)
            return true;
        // Nobody knows whether it was stored.
        place.Node.Missed(place.Key);
        return false;
    }

    private static StoreOutcome OutcomeOf(in Reply reply)
        => reply.Code == ReplyCode.Done ? StoreOutcome.Stored : OutcomeOf(reply.Failure);

    private static StoreOutcome OutcomeOf(MemcachedFailure why)
        => why == MemcachedFailure.TooLarge ? StoreOutcome.TooLarge : StoreOutcome.Failed;

    private void Forget(in Place place, in Reply reply)
    {
        if (reply.Code is ReplyCode.Done or ReplyCode.NotFound)
            return;
        _counters.NotRemoved(reply.Code is ReplyCode.Failed or ReplyCode.ServerError ? reply.Failure : MemcachedFailure.Garbage);
        place.Node.Missed(place.Key);
    }

    private Reply Wait(ValueTask<Reply> call) => Wait(call, out _);

    private Reply Wait(ValueTask<Reply> call, out bool isOver)
    {
        isOver = call.IsCompleted;
        if (isOver)
            return call.Result;
        var task = call.AsTask();
        isOver = task.Wait(_patience);
        return isOver ? task.Result : Reply.Failed(MemcachedFailure.Timeout);
    }
}
