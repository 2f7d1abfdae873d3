using System.Buffers;
using Memoize.Observability;
using Microsoft.Extensions.Caching.Distributed;

namespace Memoize.Tiers;

// Every use of the store passes here: within a time, and never with an exception but that of the caller's own cancellation.
public sealed partial class CacheTier
{
    internal const int StampLength = 16;

    // A stamp must outlive what it vouches for. It is only read, so nothing renews it: a long time, and if it is lost all the same,
    // what it vouched for is a miss.
    private static readonly DistributedCacheEntryOptions Lasting = new() { AbsoluteExpirationRelativeToNow = TimeSpan.FromDays(365) };

    /// <summary>Reads a value, and asks for the lease where there are leases.</summary>
    /// <param name="key">The key.</param>
    /// <param name="caller">Who waits for it.</param>
    /// <param name="isMissed">Whether it was looked for a moment ago, and was not there.</param>
    internal async ValueTask<TierRead> ReadAsync(string key, TierCaller caller, bool isMissed = false)
    {
        if (breaker.IsOpen || Owes(key))
        {
            Interlocked.Increment(ref counters.Skipped);
            return TierRead.Unavailable;
        }

        try
        {
            if (Leases is { } leases)
            {
                var buffer = new ArrayBufferWriter<byte>();
                var asked = Options.TimeProvider.GetTimestamp();
                var duration = TimeSpan.FromSeconds(Options.LeaseDuration);
                var asking = isMissed ? leases.GetMissedOrLeaseAsync(key, buffer, duration, caller.Token) : leases.GetOrLeaseAsync(key, buffer, duration, caller.Token);
                var read = await LeasedWithin(asking, key, asked, caller).ConfigureAwait(false);
                return read.Found ? TierRead.Of(buffer.WrittenMemory) : TierRead.Leased(read);
            }

            return await GetAsync(key, caller).ConfigureAwait(false) is { } bytes ? TierRead.Of(bytes) : TierRead.Nothing;
        }
        catch (Exception e) when (!IsOfCaller(e, caller.Token))
        {
            Fail(e);
            return TierRead.Unavailable;
        }
    }

    /// <summary>Asks for the lease of a key whose value is of no use. A store without leases has nothing to be asked for.</summary>
    internal async ValueTask<TierRead> LeaseAsync(string key, TierCaller caller)
    {
        if (Leases is null)
            return TierRead.Nothing;
        if (breaker.IsOpen)
            return TierRead.Unavailable;

        try
        {
            var asked = Options.TimeProvider.GetTimestamp();
            return TierRead.Leased(await LeasedWithin(Leases.LeaseAsync(key, TimeSpan.FromSeconds(Options.LeaseDuration), caller.Token), key, asked, caller).ConfigureAwait(false));
        }
        catch (Exception e) when (!IsOfCaller(e, caller.Token))
        {
            Fail(e);
            return TierRead.Unavailable;
        }
    }

    /// <summary>
    /// Reads what vouches for values: whoever evicts many at once writes a new stamp, and all payloads that carry the old one are of no
    /// use. Makes what is missing. Null if the store does not answer.
    /// </summary>
    internal async ValueTask<byte[]?> StampsAsync(string[] keys, TierCaller caller)
    {
        if (breaker.IsOpen || IsTurnedAway(caller))
            return null;

        try
        {
            var stamps = new byte[keys.Length * StampLength];
            for (var i = 0; i < keys.Length; i++)
            {
                if (Owes(keys[i]))
                    return null;
                if (await StampAsync(keys[i], caller).ConfigureAwait(false) is not { } stamp)
                    return null;
                stamp.CopyTo(stamps, i * StampLength);
            }

            return stamps;
        }
        catch (Exception e) when (!IsOfCaller(e, caller.Token))
        {
            Fail(e);
            return null;
        }
    }

    /// <summary>Writes a value in the background; with a lease only if that is still good.</summary>
    internal async Task WriteAsync(string key, ReadOnlyMemory<byte> payload, DistributedCacheEntryOptions expiry, HeldLease? lease, string method)
    {
        if (breaker.IsOpen || Owes(key))
        {
            Interlocked.Increment(ref counters.NotStoredFailed);
            return;
        }

        using var tooLong = new CancellationTokenSource(TimeSpan.FromSeconds(Options.WriteTimeout));
        try
        {
            var outcome = StoreOutcome.Stored;
            var bytes = new ReadOnlySequence<byte>(payload);
            if (Leases is { } leases)
                outcome = await leases.StoreAsync(key, bytes, expiry, lease?.Lease, tooLong.Token).AsTask().WaitAsync(tooLong.Token).ConfigureAwait(false);
            else if (Store is ITellsOutcome telling)
                outcome = telling.Store(key, bytes, expiry);
            else if (Store is IBufferDistributedCache buffered)
                await buffered.SetAsync(key, bytes, expiry, tooLong.Token).AsTask().WaitAsync(tooLong.Token).ConfigureAwait(false);
            else
                await Store.SetAsync(key, payload.ToArray(), expiry, tooLong.Token).WaitAsync(tooLong.Token).ConfigureAwait(false);
            if (outcome == StoreOutcome.LeaseEnded && lease is not null && keeper!.IsOver(lease))
                outcome = StoreOutcome.LeaseLost;
            counters.Count(outcome);
            TierLog.WasNotStored(log, Name, method, outcome);
            if (tooLong.IsCancellationRequested)
                Fail(Late());
        }
        catch (Exception e)
        {
            // Without a lease, what has been sent may still arrive, after an eviction even.
            if (lease is null)
                Owe(key, Debt.OfValue(method));
            Interlocked.Increment(ref counters.NotStoredFailed);
            Fail(e);
        }
    }

    /// <summary>Gives a lease back; what goes wrong does not matter, for it ends by itself.</summary>
    internal async Task ReleaseAsync(string key, CacheLease lease)
    {
        try
        {
            var asked = Options.TimeProvider.GetTimestamp();
            await Within(Leases!.ReleaseAsync(key, lease, default).AsTask(), asked, default).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            Fail(e);
        }
    }

    /// <summary>Removes a value, or owes it: whoever calls waits for the usual time at most, and the store is not believed until it is done.</summary>
    /// <param name="key">The key.</param>
    /// <param name="method">The method whose value it is.</param>
    internal ValueTask RemoveAsync(string key, string method) => ChangeAsync(key, Debt.OfValue(method));

    /// <summary>Puts a new stamp in the place of a method's, or owes it.</summary>
    internal ValueTask RenewMethodAsync(string method) => ChangeAsync(SharedKeys.StampOfMethod(this, method), Debt.OfSharedStamp);

    /// <summary>The same with the stamp of a tag.</summary>
    internal ValueTask RenewTagAsync(string tag) => ChangeAsync(SharedKeys.StampOfTag(this, tag), Debt.OfTagStamp);

    /// <summary>Does not believe the store about a key any longer, until it has been removed.</summary>
    internal void Distrust(string key, string method) => Owe(key, Debt.OfValue(method));

    private async ValueTask ChangeAsync(string key, Debt what)
    {
        var debt = Owe(key, what);
        if (breaker.IsOpen)
            return;

        try
        {
            var asked = Options.TimeProvider.GetTimestamp();
            await Within(SettleAsync(key, debt), asked, default).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            Fail(e);
        }
    }

    private async Task ProbeAsync()
    {
        // It may be another server that answers now, and the bus tells of that a moment later.
        OweLately();
        await SettleAllAsync().ConfigureAwait(false);

        // Who is late once may have had to connect; who is late again would be so for a call too.
        if (await IsLateAsync().ConfigureAwait(false) && await IsLateAsync().ConfigureAwait(false))
            throw new TimeoutException($"The tier '{Name}' answers, and later than a call would wait.");
    }

    private async Task<bool> IsLateAsync()
    {
        var asked = Options.TimeProvider.GetTimestamp();
        await Store.GetAsync(Prefix + "#probe").WaitAsync(Patience).ConfigureAwait(false);
        return Options.TimeProvider.GetElapsedTime(asked) > patience;
    }

    // Whoever owed something since the probe looked has left it to the probe.
    private void IsBack()
    {
        TierLog.IsBack(log, Name, Options.TimeProvider.GetElapsedTime(Volatile.Read(ref goneSince)));
        CatchUp();
    }

    private async void CatchUp()
    {
        try
        {
            await SettleAllAsync().ConfigureAwait(false);
        }
        catch (Exception e)
        {
            Fail(e);
        }
    }

    // First what is owed: who hears of it before that could read what was there.
    private async Task SettleAllAsync()
    {
        var isRepeated = Interlocked.Exchange(ref isRepeating, 0) == 1;
        try
        {
            foreach (var some in owed.Chunk(AtOnce))
                await Task.WhenAll(some.Select(one => SettleAsync(one.Key, one.Value))).WaitAsync(Patience).ConfigureAwait(false);
        }
        catch (Exception) when (isRepeated)
        {
            Volatile.Write(ref isRepeating, 1);
            throw;
        }

        if (isRepeated)
            Say(BusListener.Everything(Name));
        await SendUnsentAsync((sending, _) => sending.WaitAsync(Patience)).ConfigureAwait(false);
    }

    // Nobody waits for a probe.
    private TimeSpan Patience => TimeSpan.FromSeconds(Math.Max(Options.Timeout, 1));

    private async ValueTask<byte[]?> GetAsync(string key, TierCaller caller)
    {
        var asked = Options.TimeProvider.GetTimestamp();
        if (Store is not IBufferDistributedCache buffered)
            return await Within(new ValueTask<byte[]?>(Store.GetAsync(key, caller.Token)), asked, caller).ConfigureAwait(false);

        var buffer = new ArrayBufferWriter<byte>();
        return await Within(buffered.TryGetAsync(key, buffer, caller.Token), asked, caller).ConfigureAwait(false) ? buffer.WrittenSpan.ToArray() : null;
    }

    // Nobody may be left to see what becomes of it.
    private static void Observe(Task operation)
        => operation.ContinueWith(static task => _ = task.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);

    // The caller has been cancelled, or his thread was interrupted while it waited.
    private static bool IsOfCaller(Exception e, CancellationToken token) => e is ThreadInterruptedException || (e is OperationCanceledException && token.IsCancellationRequested);

    private void Fail(Exception e)
    {
        if (e is NotAwaitedException)
        {
            Interlocked.Increment(ref counters.NotAwaited);
            return;
        }

        Interlocked.Increment(ref counters.Failures);
        if (e is TimeoutException or OperationCanceledException)
            Interlocked.Increment(ref counters.Timeouts);
        if (!breaker.Open())
            return;

        Volatile.Write(ref goneSince, Options.TimeProvider.GetTimestamp());
        room.Clear();
        TierLog.IsGone(log, Name, e);
    }
}
