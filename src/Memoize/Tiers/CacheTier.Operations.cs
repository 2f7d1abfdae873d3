using System.Buffers;
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
    internal async ValueTask<TierRead> ReadAsync(string key, CancellationToken token)
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
                var read = await LeasedWithin(leases.GetOrLeaseAsync(key, buffer, TimeSpan.FromSeconds(Options.LeaseDuration), token), key, token).ConfigureAwait(false);
                return read.Found ? TierRead.Of(buffer.WrittenMemory) : TierRead.Leased(read);
            }

            return await GetAsync(key, token).ConfigureAwait(false) is { } bytes ? TierRead.Of(bytes) : TierRead.Nothing;
        }
        catch (Exception e) when (!IsOfCaller(e, token))
        {
            Fail(e);
            return TierRead.Unavailable;
        }
    }

    /// <summary>Asks for the lease of a key whose value is of no use. A store without leases has nothing to be asked for.</summary>
    internal async ValueTask<TierRead> LeaseAsync(string key, CancellationToken token)
    {
        if (Leases is null)
            return TierRead.Nothing;

        try
        {
            return TierRead.Leased(await LeasedWithin(Leases.LeaseAsync(key, TimeSpan.FromSeconds(Options.LeaseDuration), token), key, token).ConfigureAwait(false));
        }
        catch (Exception e) when (!IsOfCaller(e, token))
        {
            Fail(e);
            return TierRead.Unavailable;
        }
    }

    /// <summary>
    /// Reads what vouches for values: whoever evicts many at once writes a new stamp, and all payloads that carry the old one are of no
    /// use. Makes what is missing. Null if the store does not answer.
    /// </summary>
    internal async ValueTask<byte[]?> StampsAsync(string[] keys, CancellationToken token)
    {
        if (breaker.IsOpen)
            return null;

        try
        {
            var stamps = new byte[keys.Length * StampLength];
            for (var i = 0; i < keys.Length; i++)
            {
                if (Owes(keys[i]))
                    return null;
                if (await StampAsync(keys[i], token).ConfigureAwait(false) is not { } stamp)
                    return null;
                stamp.CopyTo(stamps, i * StampLength);
            }

            return stamps;
        }
        catch (Exception e) when (!IsOfCaller(e, token))
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
            counters.Count(outcome == StoreOutcome.LeaseEnded && lease is not null && keeper!.IsOver(lease) ? StoreOutcome.LeaseLost : outcome);
        }
        catch (Exception e)
        {
            // Without a lease, what has been sent may still arrive, after an eviction even.
            if (lease is null)
                Owe(key, method);
            Interlocked.Increment(ref counters.NotStoredFailed);
            Fail(e);
        }
    }

    /// <summary>Gives a lease back; what goes wrong does not matter, for it ends by itself.</summary>
    internal async Task ReleaseAsync(string key, CacheLease lease)
    {
        try
        {
            await Within(Leases!.ReleaseAsync(key, lease, default).AsTask(), default).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            Fail(e);
        }
    }

    /// <summary>Removes a value, or owes it: whoever calls waits for the usual time at most, and the store is not believed until it is done.</summary>
    /// <param name="key">The key.</param>
    /// <param name="method">The method whose value it is.</param>
    internal ValueTask RemoveAsync(string key, string method) => ChangeAsync(key, method);

    /// <summary>Puts a new stamp in the place of one, or owes it.</summary>
    internal ValueTask RenewAsync(string key) => ChangeAsync(key, method: null);

    /// <summary>Does not believe the store about a key any longer, until it has been removed.</summary>
    internal void Distrust(string key, string method) => Owe(key, method);

    private async ValueTask ChangeAsync(string key, string? method)
    {
        var debt = Owe(key, method);
        if (breaker.IsOpen)
            return;

        try
        {
            await Within(SettleAsync(key, debt), default).ConfigureAwait(false);
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

    // The store is back. Whoever owed something since the probe looked has left it to the probe.
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
        await SendUnsentAsync(sending => sending.WaitAsync(Patience)).ConfigureAwait(false);
    }

    // Nobody waits for a probe.
    private TimeSpan Patience => TimeSpan.FromSeconds(Math.Max(Options.Timeout, 1));

    private async ValueTask<byte[]?> GetAsync(string key, CancellationToken token)
    {
        if (Store is not IBufferDistributedCache buffered)
            return await Within(Store.GetAsync(key, token), token).ConfigureAwait(false);

        var buffer = new ArrayBufferWriter<byte>();
        return await Within(buffered.TryGetAsync(key, buffer, token), token).ConfigureAwait(false) ? buffer.WrittenSpan.ToArray() : null;
    }

    private ValueTask<T> Within<T>(ValueTask<T> operation, CancellationToken token)
        => operation.IsCompleted ? operation : new(Within(operation.AsTask(), token));

    private async Task<T> Within<T>(Task<T> operation, CancellationToken token)
    {
        await Within((Task)operation, token).ConfigureAwait(false);
        return await operation.ConfigureAwait(false);
    }

    private async Task Within(Task operation, CancellationToken token)
    {
        var hasEnded = false;
        try
        {
            hasEnded = await room.WaitAsync(operation, token).ConfigureAwait(false);
        }
        finally
        {
            if (!hasEnded)
                Observe(operation);
        }

        if (!hasEnded)
            throw Late();
        await operation.ConfigureAwait(false);
    }

    private TimeoutException Late() => new($"The tier '{Name}' has not answered in time, or has failed meanwhile.");

    // Whoever has gone on without the answer may have been given a lease by it, for which all others would wait until its end.
    private async ValueTask<LeasedRead> LeasedWithin(ValueTask<LeasedRead> operation, string key, CancellationToken token)
    {
        if (operation.IsCompleted)
            return await operation.ConfigureAwait(false);

        var asked = operation.AsTask();
        try
        {
            return await Within(asked, token).ConfigureAwait(false);
        }
        catch (Exception)
        {
            _ = GiveBackAsync();
            throw;
        }

        async Task GiveBackAsync()
        {
            try
            {
                if ((await asked.ConfigureAwait(false)).Lease is { } lease)
                    await ReleaseAsync(key, lease).ConfigureAwait(false);
            }
            catch (Exception)
            {
                // No answer, no lease.
            }
        }
    }

    // Nobody may be left to see what becomes of it.
    private static void Observe(Task operation)
        => operation.ContinueWith(static task => _ = task.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);

    private static bool IsOfCaller(Exception e, CancellationToken token) => e is OperationCanceledException && token.IsCancellationRequested;

    private void Fail(Exception e)
    {
        Interlocked.Increment(ref counters.Failures);
        if (e is TimeoutException or OperationCanceledException)
            Interlocked.Increment(ref counters.Timeouts);
        if (breaker.Open())
            room.Clear();
    }
}
