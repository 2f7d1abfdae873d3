using System.Buffers;

namespace Memoize.Tiers;

// Many keys at once: in one go where the store has such a thing, otherwise some at a time.
public sealed partial class CacheTier
{
    // How many operations are under way at once in a store that does them one by one: enough to hide its latency, and no flood.
    internal const int AtOnce = 64;

    /// <summary>Reads many values, and asks for the leases of what is not there where there are leases.</summary>
    /// <returns>An answer for each key.</returns>
    internal ValueTask<TierRead[]> ReadManyAsync(string[] keys, TierCaller caller)
        => TogetherAsync(token => ReadManyAsync(keys, token), caller, keys.Length, () => new TierRead[keys.Length], late => ReleaseAll(keys, late));

    /// <summary>Asks for the leases of keys that have values which are of no use.</summary>
    internal ValueTask<TierRead[]> LeaseManyAsync(string[] keys, TierCaller caller)
        => TogetherAsync(token => LeaseManyAsync(keys, token), caller, keys.Length, () => new TierRead[keys.Length], late => ReleaseAll(keys, late));

    /// <summary>The stamps of many values: what is missing in the result is not to be had.</summary>
    internal ValueTask<Dictionary<string, byte[]>> StampsOfManyAsync(string[] keys, TierCaller caller)
        => TogetherAsync(token => StampsOfManyAsync(keys, token), caller, keys.Length, static () => [], static _ => { });

    /// <summary>
    /// Looks once more for values whose leases have been given since they were looked at, and for what vouches for them, in one go. Asks for no lease.
    /// </summary>
    /// <returns>What is there, and is believed.</returns>
    internal ValueTask<Dictionary<string, byte[]>> LookAgainAsync(string[] keys, string[] stampKeys, TierCaller caller)
        => TogetherAsync(token => LookAgainAsync(keys, stampKeys, token), caller, keys.Length, static () => [], static _ => { });

    private async ValueTask<TierRead[]> ReadManyAsync(string[] keys, CancellationToken token)
    {
        var reads = new TierRead[keys.Length];      // without an answer, as long as none is filled in
        try
        {
            var others = await ReadInOneGoAsync(keys, reads, token).ConfigureAwait(false);
            await SomeAtATime(others, async i => reads[i] = await ReadAsync(keys[i], token, isMissed: batchReads is not null).ConfigureAwait(false)).ConfigureAwait(false);
            return reads;
        }
        catch (OperationCanceledException)
        {
            ReleaseAll(keys, reads);
            throw;
        }
    }

    private async ValueTask<TierRead[]> LeaseManyAsync(string[] keys, CancellationToken token)
    {
        var reads = new TierRead[keys.Length];
        try
        {
            await SomeAtATime(Enumerable.Range(0, keys.Length), async i => reads[i] = await LeaseAsync(keys[i], token).ConfigureAwait(false)).ConfigureAwait(false);
            return reads;
        }
        catch (OperationCanceledException)
        {
            ReleaseAll(keys, reads);
            throw;
        }
    }

    private void ReleaseAll(string[] keys, TierRead[] reads)
    {
        for (var i = 0; i < keys.Length; i++)
        {
            if (reads[i].Lease is { } lease)
                ReleaseLater(keys[i], lease);
        }
    }

    private async ValueTask<Dictionary<string, byte[]>> StampsOfManyAsync(string[] keys, CancellationToken token)
    {
        var believed = breaker.IsOpen ? [] : Believed(keys);
        var stamps = new byte[]?[keys.Length];
        try
        {
            await GetInOneGoAsync(keys, (i, bytes) => stamps[i] = bytes.Length == StampLength ? bytes.ToArray() : null, token).ConfigureAwait(false);
            await SomeAtATime(
                believed.Where(i => stamps[i] is null),
                async i => stamps[i] = await StampsAsync([keys[i]], token).ConfigureAwait(false)).ConfigureAwait(false);
        }
        catch (Exception e) when (!IsOfCaller(e, token))
        {
            Fail(e);
            return [];
        }

        return believed.Where(i => stamps[i] is not null).ToDictionary(i => keys[i], i => stamps[i]!, StringComparer.Ordinal);
    }

    private async ValueTask<Dictionary<string, byte[]>> LookAgainAsync(string[] keys, string[] stampKeys, CancellationToken token)
    {
        string[] all = [.. keys, .. stampKeys];
        int[] believed = breaker.IsOpen ? [] : Believed(all);
        var wanted = Array.ConvertAll(believed, i => all[i]);
        var found = new byte[]?[wanted.Length];
        try
        {
            if (batchReads is null)
                await SomeAtATime(Enumerable.Range(0, wanted.Length), async i => found[i] = await GetAsync(wanted[i], token).ConfigureAwait(false)).ConfigureAwait(false);
            else if (wanted.Length > 0)
                await GetInOneGoAsync(wanted, (i, bytes) => found[i] = bytes.ToArray(), token).ConfigureAwait(false);
        }
        catch (Exception e) when (!IsOfCaller(e, token))
        {
            Fail(e);
            return [];
        }

        return Enumerable.Range(0, wanted.Length).Where(i => found[i] is { } bytes && (believed[i] < keys.Length || bytes.Length == StampLength)).ToDictionary(i => wanted[i], i => found[i]!, StringComparer.Ordinal);
    }

    // Fills in what the store has. Returns what is to be asked for one by one: everything, or what is to be leased.
    private async ValueTask<IEnumerable<int>> ReadInOneGoAsync(string[] keys, TierRead[] reads, CancellationToken token)
    {
        if (Store is not IBatchReads)
            return Enumerable.Range(0, keys.Length);

        int[] believed = breaker.IsOpen ? [] : Believed(keys);
        Interlocked.Add(ref counters.Skipped, keys.Length - believed.Length);
        try
        {
            // A store that has been given up may go on calling: into something that nobody looks at any more.
            var found = new ReadOnlyMemory<byte>?[keys.Length];
            if (believed.Length > 0)
                await GetInOneGoAsync(keys, (i, bytes) => found[i] = bytes.ToArray(), token).ConfigureAwait(false);
            foreach (var i in believed)
                reads[i] = found[i] is { } bytes ? TierRead.Of(bytes) : Leases is null ? TierRead.Nothing : TierRead.Unavailable;
            return Leases is null ? [] : believed.Where(i => found[i] is null);
        }
        catch (Exception e) when (!IsOfCaller(e, token))
        {
            Fail(e);
            return [];
        }
    }

    // What is owed is looked for before the store is asked: it may be settled while what the store had before is on its way.
    private int[] Believed(string[] keys) => [.. Enumerable.Range(0, keys.Length).Where(i => !Owes(keys[i]))];

    private Task GetInOneGoAsync(string[] keys, Action<int, ReadOnlySequence<byte>> found, CancellationToken token)
    {
        if (Store is not IBatchReads batch)
            return Task.CompletedTask;
        var asked = Options.TimeProvider.GetTimestamp();
        var asking = batch.GetManyAsync(keys, found, token);
        Note(asking.IsCompleted);
        return Within(asking.AsTask(), asked, token);
    }

    // Many answers are awaited all at once. Who waits on his thread waits for the whole, as long as those who await would, and leaves earlier only
    // if the pool brings nothing.
    private async ValueTask<T> TogetherAsync<T>(Func<CancellationToken, ValueTask<T>> ask, TierCaller caller, int count, Func<T> nothing, Action<T> late)
    {
        if (caller.Blocked is not { } blocked)
            return await ask(caller.Token).ConfigureAwait(false);
        if (!breaker.IsOpen && IsTurnedAway(caller, count))
            return nothing();

        var asked = ask(caller.Token).AsTask();
        try
        {
            while (!asked.IsCompleted && !breaker.IsOpen)
                room.Wait(asked, blocked, caller.Token);

            // Given up meanwhile: those who awaited are being let go, and some may have had their answers before.
            if (asked.IsCompleted || BlockedCaller.Wait(asked, givenUp: null, patience, caller.Token))
                return await asked.ConfigureAwait(false);
        }
        catch (NotAwaitedException)
        {
            Interlocked.Add(ref counters.NotAwaited, count);
        }
        catch (Exception)
        {
            _ = TakeBackAsync();
            throw;
        }

        _ = TakeBackAsync();
        return nothing();

        async Task TakeBackAsync()
        {
            try
            {
                late(await asked.ConfigureAwait(false));
            }
            catch (OperationCanceledException)
            {
                // The caller was cancelled: whatever he was given has been given back.
            }
        }
    }

    // When one has failed, the breaker keeps the rest away: many cost no more time than one.
    private static async Task SomeAtATime(IEnumerable<int> indexes, Func<int, Task> operation)
    {
        foreach (var some in indexes.Chunk(AtOnce))
            await Task.WhenAll(some.Select(operation)).ConfigureAwait(false);
    }
}
