using Microsoft.Extensions.Caching.Distributed;
using Microsoft.Extensions.Caching.Hybrid;

namespace Memoize.Tiers;

// Storing in the tiers, in the background.
internal sealed partial class TierLoad<TKey, TValue>
{
    private async Task WriteAllAsync()
    {
        try
        {
            // The value is as old as its load, however long it had to wait for this.
            var created = IsFromTier ? foundCreated : keptAt;
            var expires = IsFromTier ? foundExpires : lifetime == 0 ? 0 : created + lifetime;
            var bodies = new PayloadWriter<TKey, TValue>(pipeline, Place.Whole, kept, created, expires);
            var writes = new List<Task>(slots.Length);

            // Farthest first: what is nearer is read first.
            for (var i = slots.Length - 1; i >= 0; i--)
            {
                var slot = slots[i];
                var isWanted = isKept && (source is null || i < source);
                if (isWanted && slot.MayStore)
                    writes.Add(bodies.WriteAsync(tiers[i], slot.Key, slot.Stamps, slot.Lease));
                else if (slot.Lease is { } lease)
                    writes.Add(tiers[i].ReleaseAsync(slot.Key, lease.Lease));

                // It gave no answer when it was asked, or somebody else was loading and took too long.
                if (isWanted && !slot.MayStore)
                    Interlocked.Increment(ref tiers[i].Counters.NotStoredFailed);
            }

            await Task.WhenAll(writes).ConfigureAwait(false);
        }
        finally
        {
            pipeline.Method.Fence.Leave(entrant!);
        }
    }
}

/// <summary>Writes one value to several tiers, serialized once for each serializer.</summary>
internal sealed class PayloadWriter<TKey, TValue>(TierPipeline<TKey, TValue> pipeline, string whole, TValue value, long created, long expires)
    where TKey : IEquatable<TKey>
{
    private IHybridCacheSerializer<TValue>? usedLast;
    private ReadOnlyMemory<byte> body;

    internal async Task WriteAsync(CacheTier tier, string storeKey, byte[] stamps, HeldLease? lease)
    {
        byte[] bytes;
        try
        {
            var serializer = tier.SerializerOf<TValue>();
            if (value is not null && serializer != usedLast)
            {
                body = pipeline.Serialize(serializer, value);
                usedLast = serializer;
            }

            bytes = new Payload { Shape = pipeline.ShapeFor(serializer), Created = created, Expires = expires, Key = whole, IsNull = value is null, Body = body }
                .Write(stamps, tier.Options.CompressAbove);
        }
        catch (Exception exception)
        {
            Interlocked.Increment(ref tier.Counters.NotStoredUnserializable);
            pipeline.IsLost(exception);
            if (lease is { } held)
                await tier.ReleaseAsync(storeKey, held.Lease).ConfigureAwait(false);
            return;
        }

        await tier.WriteAsync(storeKey, bytes, Expiry(), lease, pipeline.Method.Name).ConfigureAwait(false);
    }

    // The store keeps it for as long as it can be of use, which may be longer than it is fresh.
    private DistributedCacheEntryOptions Expiry()
    {
        var expiry = new DistributedCacheEntryOptions();
        if (expires != 0)
            expiry.AbsoluteExpirationRelativeToNow = TimeSpan.FromMilliseconds(Math.Max(1, Math.Min(expires - pipeline.Now + pipeline.StaleFor, Longest)));
        if (pipeline.Sliding is { } sliding)
            expiry.SlidingExpiration = sliding;
        return expiry;
    }

    private const double Longest = 100.0 * 365 * 86_400_000;
}
