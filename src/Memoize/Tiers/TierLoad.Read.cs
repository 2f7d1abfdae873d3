using System.Buffers;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.Caching.Hybrid;

namespace Memoize.Tiers;

// Looking in the tiers.
internal sealed partial class TierLoad<TKey, TValue>
{
    private const int ShortestPause = 2;
    private const int LongestPause = 100;

    // On this thread: all is over when it returns.
    private bool Read(CancellationToken token)
    {
        using var blocked = new BlockedCaller();
        return ReadAsync(new TierCaller(blocked, token)).Wait();
    }

    private ValueTask<bool> ReadAsync(TierCaller caller) => tiers.Length == 1 ? ReadAsync(0, caller) : ReadAllAsync(caller);

    private async ValueTask<bool> ReadAllAsync(TierCaller caller)
    {
        for (var i = 0; i < tiers.Length; i++)
        {
            if (await ReadAsync(i, caller).ConfigureAwait(false))
                return true;
        }

        return false;
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<bool> ReadAsync(int at, TierCaller caller)
    {
        var tier = tiers[at];
        var storeKey = SharedKeys.InStore(tier, Place.Store);
        var stampKeys = StampKeysIn(tier);
        LeaseWait? waiting = null;
        for (var pause = ShortestPause; ; pause = Math.Min(pause * 2, LongestPause))
        {
            var (read, stamps) = isRefresh ? (TierRead.Of(default), await tier.StampsAsync(stampKeys, caller).ConfigureAwait(false)) : await tier.ReadAsync(storeKey, stampKeys, caller).ConfigureAwait(false);
            if (stamps is null)
                return false;

            ReadOnlyMemory<byte>? seen = null;
            if (read.Answer == TierAnswer.Payload)
            {
                if (!isRefresh && Accept(tier, read.Payload, stamps))
                {
                    source = at;
                    Interlocked.Increment(ref tier.Counters.Hits);
                    return true;
                }

                seen = read.Payload;
                read = await tier.LeaseAsync(storeKey, caller).ConfigureAwait(false);
            }

            if (read.Answer == TierAnswer.Nothing)
            {
                slots[at] = new(storeKey, stamps, tier.Hold(storeKey, read.Lease, caller.Token), MayStore: true);
                if (isRefresh)
                    return false;
                if (seen is { } useless && read.Lease is not null)
                {
                    await LookAgainAsync(tier, at, [this], [useless], caller).ConfigureAwait(false);
                    if (source is not null)
                        return true;
                }

                Interlocked.Increment(ref tier.Counters.Misses);
                return false;
            }

            // Somebody else loads it: what he stores is there soon.
            if (read.Answer == TierAnswer.Unavailable || !(waiting ??= new(tier.Options)).GoesOn(read.Holder) || !caller.MayPause())
                return false;
            await caller.PauseAsync(TimeSpan.FromMilliseconds(pause)).ConfigureAwait(false);
        }
    }

    private bool Accept(CacheTier tier, ReadOnlyMemory<byte> bytes, byte[] stamps)
    {
        if (SerializerOf(tier) is not { } serializer || Payload.Read(bytes, Place.Whole, pipeline.ShapeFor(serializer), out var own) is not { } read)
        {
            Interlocked.Increment(ref tier.Counters.Unreadable);
            return false;
        }

        if (!own.Span.SequenceEqual(stamps))
            return false;

        var now = pipeline.Now;
        var isFresh = read.Expires == 0 || now < read.Expires;
        var isServed = isFresh ? !isBackground || !pipeline.IsDue(read, now) : !isBackground && now < pipeline.EndWhileLoading(read);
        if (!isServed && (isFresh || now >= pipeline.EndAfterFailure(read)))
            return false;

        TValue value;
        try
        {
            value = read.IsNull ? default! : serializer.Deserialize(new ReadOnlySequence<byte>(read.Body));
        }
        catch (Exception)
        {
            // Of the right shape, as far as could be told when it was compiled; what the serializer cannot read is a miss all the same.
            Interlocked.Increment(ref tier.Counters.Unreadable);
            return false;
        }

        if (isServed)
            (found, foundCreated, foundExpires, oldUntil) = (value, read.Created, read.Expires, isFresh ? null : pipeline.EndWhileLoading(read));
        else
            stale ??= (value, pipeline.EndAfterFailure(read));
        return isServed;
    }

    // One that cannot even be made serves nobody, as one that fails.
    private static IHybridCacheSerializer<TValue>? SerializerOf(CacheTier tier)
    {
        try
        {
            return tier.SerializerOf<TValue>();
        }
        catch (Exception)
        {
            return null;
        }
    }
}
