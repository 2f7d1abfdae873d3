using System.Buffers;
using System.Buffers.Text;
using Memoize.Memcached.Connections;
using Memoize.Memcached.Protocol;
using Memoize.Memcached.Values;
using Memoize.Tiers;
using Microsoft.Extensions.Caching.Distributed;

namespace Memoize.Memcached;

/// <summary>
/// Leases. On a miss the server leaves a placeholder and gives its version to one client (<c>mg N</c>); a value is stored only over that
/// very version (<c>ms C</c>). Whatever happens to the key in between, a removal or another value, takes the version away, and with it
/// the lease. Why it is so, and what renews a value that is there: docs/decisions/0027-leases-on-the-meta-protocol.md.
/// </summary>
public sealed partial class MemcachedCache
{
    private const int MostTries = 3;

    private readonly LeaseTable _leases = new();

    /// <inheritdoc/>
    public async ValueTask<LeasedRead> GetOrLeaseAsync(string key, IBufferWriter<byte> destination, TimeSpan duration, CancellationToken token = default)
    {
        ArgumentNullException.ThrowIfNull(destination);
        var place = Locate(key);
        for (var i = 0; i < MostTries; i++)
        {
            var end = EndOf(duration);
            var route = await place.Node.RouteAsync(place.Key, token).ConfigureAwait(false);
            if (route.Connection is not { } connection)
            {
                _counters.FailedRead(route.Failure);
                return LeasedRead.Leased(LeaseTable.Useless);
            }
            var command = new Command(Verb.Get, place.Key) { WithValue = true, Vivify = SecondsOf(duration) };
            var reply = await CallAsync(place, connection, command, route.Deadline, token).ConfigureAwait(false);
            var (version, won) = (reply.Cas, reply.Won && reply.IsPlaceholder);
            var hasValue = reply.Code == ReplyCode.Value && !reply.IsPlaceholder;
            if (Take(place, reply, destination))
                return LeasedRead.Value;
            if (won)
                return LeasedRead.Leased(_leases.Add(new Lease(place.Key, connection, version, null, end)));
            if (!hasValue)
                return reply.Code == ReplyCode.Value ? LeasedRead.BusyWith(LeaseNumber.Of(reply)) : LeasedRead.Leased(LeaseTable.Useless);

            // It has ended, or cannot be read: it makes room, unless it is another by now, and the key is asked for again.
            await CallAsync(place, connection, new Command(Verb.Delete, place.Key) { Cas = version }, route.Deadline, token).ConfigureAwait(false);
        }
        return LeasedRead.Busy;
    }

    /// <inheritdoc/>
    public async ValueTask<LeasedRead> LeaseAsync(string key, TimeSpan duration, CancellationToken token = default)
    {
        var place = Locate(key);
        var end = EndOf(duration);
        var route = await place.Node.RouteAsync(place.Key, token).ConfigureAwait(false);
        if (route.Connection is not { } connection)
        {
            _counters.FailedRead(route.Failure);
            return LeasedRead.Leased(LeaseTable.Useless);
        }

        var look = new Command(Verb.Get, place.Key) { Vivify = SecondsOf(duration) };
        for (var i = 0; i < MostTries; i++)
        {
            var value = await CallAsync(place, connection, look, route.Deadline, token).ConfigureAwait(false);
            if (value.Code != ReplyCode.Done)
                return LeasedRead.Leased(LeaseTable.Useless);
            if (value.IsPlaceholder && !value.Won)
                return LeasedRead.BusyWith(LeaseNumber.Of(value));
            if (value.IsPlaceholder)
                return LeasedRead.Leased(_leases.Add(new Lease(place.Key, connection, value.Cas, null, end)));

            // The lock says which version it is for, so that one that is left from another version is no obstacle.
            var lockKey = WireKey.Lease(place.Key);
            var text = DigitsOf(value.Cas);
            var locking = new Command(Verb.Set, lockKey) { Payload = text, OnlyIfAbsent = true, TimeToLive = SecondsOf(duration), ClientFlags = StoredValue.Format };
            var locked = await CallAsync(place, connection, locking, route.Deadline, token).ConfigureAwait(false);
            if (locked.Code == ReplyCode.Done)
                return LeasedRead.Leased(_leases.Add(new Lease(place.Key, connection, value.Cas, locked.Cas, end)));
            if (locked.Code != ReplyCode.NotStored)
                return LeasedRead.Leased(LeaseTable.Useless);

            var old = await CallAsync(place, connection, new Command(Verb.Get, lockKey) { WithValue = true }, route.Deadline, token).ConfigureAwait(false);
            var isSame = old.Value.SequenceEqual(text);
            old.Recycle();
            if (isSame)
                return LeasedRead.BusyWith(LeaseNumber.Of(old));
            await CallAsync(place, connection, new Command(Verb.Delete, lockKey) { Cas = old.Cas }, route.Deadline, token).ConfigureAwait(false);
        }
        return LeasedRead.Busy;
    }

    /// <inheritdoc/>
    public async ValueTask<bool> SetAsync(string key, ReadOnlySequence<byte> value, DistributedCacheEntryOptions options, CacheLease lease, CancellationToken token = default)
        => await StoreAsync(key, value, options, lease, token).ConfigureAwait(false) == StoreOutcome.Stored;

    /// <inheritdoc/>
    public ValueTask<StoreOutcome> StoreAsync(string key, ReadOnlySequence<byte> value, DistributedCacheEntryOptions options, CacheLease? lease, CancellationToken token = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        var place = Locate(key);
        return lease is { } held ? StoreAsync(place, value, options, held, token) : StoreAsync(place, value, options, token);
    }

    private async ValueTask<StoreOutcome> StoreAsync(Place place, ReadOnlySequence<byte> value, DistributedCacheEntryOptions options, CacheLease lease, CancellationToken token)
    {
        if (await _leases.TakeAsync(lease, place.Key, token).ConfigureAwait(false) is not { } held)
            return lease == LeaseTable.Useless ? StoreOutcome.Failed : StoreOutcome.LeaseLost;
        if (!held.IsGood)
        {
            await EndAsync(place, held, token).ConfigureAwait(false);
            return StoreOutcome.LeaseLost;
        }
        if (Prepare(place, value, options, out var command) is { } why)
        {
            // As for a plain Set: what the key had is older than this value, and goes.
            _counters.NotStored(why);
            await EndAsync(place, held, token, withValue: true).ConfigureAwait(false);
            return OutcomeOf(why);
        }

        try
        {
            var deadline = Deadline;
            var reply = await CallAsync(place, held.Connection, command with { Cas = held.Cas }, deadline, token).ConfigureAwait(false);
            if (held.LockCas is { } lockCas)
                _ = held.Connection.SendAsync(new Command(Verb.Delete, WireKey.Lease(place.Key)) { Cas = lockCas }, deadline, default).AsTask();
            if (reply.Code is ReplyCode.Exists or ReplyCode.NotFound)
                return StoreOutcome.LeaseEnded;
            if (Conclude(place, reply))
                Forget(place, await RemoveAsync(place, token).ConfigureAwait(false));
            return OutcomeOf(reply);
        }
        finally
        {
            Return(command);
        }
    }

    /// <inheritdoc/>
    public async ValueTask<LeaseRenewal> RenewAsync(string key, CacheLease lease, TimeSpan duration, CancellationToken token = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(duration, TimeSpan.Zero);
        var place = Locate(key);
        if (_leases.Find(lease, place.Key) is not { IsGood: true } held || !held.BeginRenewal())
            return LeaseRenewal.Ended;
        // Whoever waits no longer does not know what came of it, and the lease must.
        return await RenewAsync(place, held, duration).WaitAsync(token).ConfigureAwait(false);
    }

    // The placeholder or lock is written again over its own version and no other, with its number in the flags.
    private async Task<LeaseRenewal> RenewAsync(Place place, Lease held, TimeSpan duration)
    {
        try
        {
            var end = EndOf(duration);
            var (target, version, payload) = (place.Key, held.Cas, Array.Empty<byte>());
            if (held.LockCas is { } lockCas)
                (target, version, payload) = (WireKey.Lease(place.Key), lockCas, DigitsOf(held.Cas));
            var command = new Command(Verb.Set, target) { Payload = payload, Cas = version, TimeToLive = SecondsOf(duration), ClientFlags = held.Flags };
            // Nobody waits for it.
            var patient = Math.Max(Deadline, Environment.TickCount64 + 1000);
            var reply = await CallAsync(place, held.Connection, command, patient, CancellationToken.None).ConfigureAwait(false);
            switch (reply.Code)
            {
                case ReplyCode.Done:
                    held.Renewed(reply.Cas, end);
                    return LeaseRenewal.Renewed;
                case ReplyCode.Exists or ReplyCode.NotFound:
                    return LeaseRenewal.Ended;
                default:
                    held.Lost();
                    return LeaseRenewal.Ended;
            }
        }
        finally
        {
            held.EndRenewal();
        }
    }

    private static byte[] DigitsOf(ulong version)
    {
        var text = new byte[20];
        Utf8Formatter.TryFormat(version, text, out var digits);
        return text[..digits];
    }

    /// <inheritdoc/>
    public async ValueTask ReleaseAsync(string key, CacheLease lease, CancellationToken token = default)
    {
        var place = Locate(key);
        if (await _leases.TakeAsync(lease, place.Key, token).ConfigureAwait(false) is { } held)
            await EndAsync(place, held, token).ConfigureAwait(false);
    }

    // Only this lease's own placeholder or lock is removed; on a connection that has ended, it ends by itself in time.
    private async ValueTask EndAsync(Place place, Lease held, CancellationToken token, bool withValue = false)
    {
        var deadline = Deadline;
        if (held.LockCas is { } lockCas)
            await CallAsync(place, held.Connection, new Command(Verb.Delete, WireKey.Lease(place.Key)) { Cas = lockCas }, deadline, token).ConfigureAwait(false);
        if (held.LockCas is null || withValue)
            await CallAsync(place, held.Connection, new Command(Verb.Delete, place.Key) { Cas = held.Cas }, deadline, token).ConfigureAwait(false);
    }

    // On this connection and no other: a version means nothing on the next one.
    private static ValueTask<Reply> CallAsync(Place place, MetaConnection connection, Command command, long deadline, CancellationToken token)
        => connection.SendAsync(command, deadline, token);

    private long Deadline => Environment.TickCount64 + (long)_options.OperationTimeout.TotalMilliseconds;

    private static long EndOf(TimeSpan duration) => Environment.TickCount64 + (long)Math.Min(duration.TotalMilliseconds, int.MaxValue);

    // The server may be up to a second early; the holder is to have all of its time.
    private static int SecondsOf(TimeSpan duration) => (int)Math.Clamp(Math.Ceiling(duration.TotalSeconds), 0, 60 * 60 * 24) + 1;
}
