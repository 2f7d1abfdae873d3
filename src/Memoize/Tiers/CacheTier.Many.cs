using System.Buffers;

namespace Memoize.Tiers;

// Many keys at once: in one go where the store has such a thing, otherwise some at a time.
public sealed partial class CacheTier
{
    // How many operations are under way at once in a store that does them one by one: enough to hide its latency, and no flood.
    internal const int AtOnce = 64;

    /// <summary>Reads many values, and asks for the leases of what is not there where there are leases.</summary>
    /// <returns>An answer for each key.</returns>
    internal async ValueTask<TierRead[]> ReadManyAsync(string[] keys, CancellationToken token)
    {
        var reads = new TierRead[keys.Length];      // without an answer, as long as none is filled in
        try
        {
            await SomeAtATime(await ReadInOneGoAsync(keys, reads, token).ConfigureAwait(false), async i => reads[i] = await ReadAsync(keys[i], token).ConfigureAwait(false)).ConfigureAwait(false);
            return reads;
        }
        catch (OperationCanceledException)
        {
            ReleaseAll(keys, reads);
            throw;
        }
    }

    /// <summary>Asks for the leases of keys that have values which are of no use.</summary>
    internal async ValueTask<TierRead[]> LeaseManyAsync(string[] keys, CancellationToken token)
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
                _ = ReleaseAsync(keys[i], lease);
        }
    }

    /// <summary>The stamps of many values: what is missing in the result is not to be had.</summary>
    internal async ValueTask<Dictionary<string, byte[]>> StampsOfManyAsync(string[] keys, CancellationToken token)
    {
        var believed = Believed(keys);
        var stamps = new byte[]?[keys.Length];
        try
        {
            await GetInOneGoAsync(keys, (i, bytes) => stamps[i] = bytes.Length == StampLength ? bytes.ToArray() : null, token).ConfigureAwait(false);
            await SomeAtATime(
                believed.Where(i => stamps[i] is null),
                async i => stamps[i] = await StampAsync(keys[i], token).ConfigureAwait(false)).ConfigureAwait(false);
        }
        catch (Exception e) when (!IsOfCaller(e, token))
        {
            Fail(e);
            return [];
        }

        return believed.Where(i => stamps[i] is not null).ToDictionary(i => keys[i], i => stamps[i]!, StringComparer.Ordinal);
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
        => Store is IBatchReads batch ? Within(batch.GetManyAsync(keys, found, token).AsTask(), token) : Task.CompletedTask;

    // When one has failed, the breaker keeps the rest away: many cost no more time than one.
    private static async Task SomeAtATime(IEnumerable<int> indexes, Func<int, Task> operation)
    {
        foreach (var some in indexes.Chunk(AtOnce))
            await Task.WhenAll(some.Select(operation)).ConfigureAwait(false);
    }
}
