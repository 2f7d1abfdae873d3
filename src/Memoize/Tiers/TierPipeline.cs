using System.Buffers;
using System.IO.Hashing;
using System.Runtime.InteropServices;
using Memoize.Observability;
using Memoize.Storage;
using Memoize.Tags;
using Microsoft.Extensions.Caching.Hybrid;

namespace Memoize.Tiers;

/// <summary>What lies behind the memory of one cache: the tiers of its method, as far as its entries are shared.</summary>
/// <param name="cache">The cache.</param>
/// <param name="method">What the tiers have of the method.</param>
/// <param name="owner">What stands for the registration whose cache it is; null for a plain method.</param>
internal sealed class TierPipeline<TKey, TValue>(MethodCache<TKey, TValue> cache, MethodTiers<TKey> method, object? owner) : IKeepUp<TKey>
    where TKey : IEquatable<TKey>
{
    // A type that its serializer does not give back as it was shows in its first values already.
    private const int Verified = 3;

    private volatile SerializedShape? shapes;
    private volatile EntryIdentity? identity;
    private int verifications;

    /// <summary>Whose entries they are.</summary>
    internal EntryIdentity Identity => identity ?? Identify();

    internal MethodTiers<TKey> Method => method;

    private CacheOptions Options => method.Options;

    internal string Name => cache.Method.Name;

    internal TimeSpan? Sliding => Options.Sliding > 0 ? TimeSpan.FromSeconds(Options.Sliding) : null;

    /// <summary>For how long after its lifetime a value is of use, in milliseconds.</summary>
    internal double StaleFor => 1000 * Math.Max(Options.StaleIfError, Options.StaleWhileRevalidate);

    /// <summary>Now, in milliseconds since 1970: the clocks of all processes that share a tier.</summary>
    internal long Now => cache.Time.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>The tiers to look in, nearest first.</summary>
    internal CacheTier[] Tiers
    {
        get
        {
            var all = method.Tiers;
            if (all.Length == 0 || Identity.IsShared)
                return all;

            foreach (var tier in all)
                Interlocked.Increment(ref tier.Counters.NotShared);
            return [];
        }
    }

    internal EntryPlace PlaceOf(TKey key) => method.PlaceOf(key, Identity);

    /// <summary>An entry in memory is in use, and lives on in the tiers.</summary>
    public void KeepUp(TKey key) => KeepUp(key, from: 0);

    /// <summary>The same from the given tier on, where entries live on while they are read: the ones before it have seen the use.</summary>
    internal void KeepUp(TKey key, int from)
    {
        if (Options.Sliding > 0 && Identity.IsShared)
            method.Touches.Add(key, Identity, from);
    }

    /// <summary>What a load is to do with the tiers; null where there is none.</summary>
    internal TierLoad<TKey, TValue>? Begin(TKey key, EntryRules<TValue> rules, bool isRefresh)
        => Begin(key, rules, Tiers, isRefresh);

    /// <summary>The same for one key of a batch, whose loads all look in the same tiers.</summary>
    internal TierLoad<TKey, TValue>? Begin(TKey key, EntryRules<TValue> rules, CacheTier[] all, bool isRefresh)
        => all.Length > 0 ? new(this, key, all, TagsOf(rules.Tags), rules, isRefresh) : null;

    /// <summary>Removes what the tiers have of a key, and tells the others.</summary>
    internal ValueTask<bool> EvictAsync(TKey key) => method.EvictAsync(key);

    /// <summary>The same on the caller's thread.</summary>
    internal bool Evict(TKey key) => method.Evict(key);

    /// <summary>Makes useless all that the tiers have of the method, on the caller's thread.</summary>
    internal void ClearTiers() => method.ClearTiers();

    /// <summary>Stores a value that did not come from a load.</summary>
    /// <param name="key">The key.</param>
    /// <param name="value">The value.</param>
    /// <param name="terms">What the rules say about it.</param>
    /// <param name="tags">Its tags.</param>
    /// <param name="kept">What memory made of it.</param>
    internal ValueTask SetAsync(TKey key, TValue value, EntryTerms terms, EntryTag[]? tags, Kept kept)
        => WritesOf(key, value, terms, tags, kept) is { } writes ? method.SetAsync(key, writes) : default;

    /// <summary>The same on the caller's thread.</summary>
    internal void Set(TKey key, TValue value, EntryTerms terms, EntryTag[]? tags, Kept kept)
    {
        if (WritesOf(key, value, terms, tags, kept) is { } writes)
            method.Set(key, writes);
    }

    // What only this cache has says nothing about the entries of others: then they stay as they are.
    private Func<CacheTier, Task>[]? WritesOf(TKey key, TValue value, EntryTerms terms, EntryTag[]? tags, Kept kept)
        => !IsStored(kept) ? [] : WriterOf(key, value, terms, tags, kept) is { } write ? [write] : null;

    /// <summary>What writes such a value to a tier; null where it is not to be there.</summary>
    internal Func<CacheTier, Task>? WriterOf(TKey key, TValue value, EntryTerms terms, EntryTag[]? tags, Kept kept)
    {
        if (!IsStored(kept) || !Identity.IsShared)
            return null;

        var (place, names, lifetime, created) = (PlaceOf(key), TagsOf(tags), LifetimeOf(value, terms), Now);
        PayloadWriter<TKey, TValue>? writer = null;
        return async tier =>
        {
            writer ??= new(this, place.Whole, value, created, lifetime == 0 ? 0 : created + lifetime);
            if (await tier.StampsAsync(method.StampKeys(tier, names, place), CancellationToken.None).ConfigureAwait(false) is { } stamps)
                await writer.WriteAsync(tier, SharedKeys.InStore(tier, place.Store), stamps, lease: null).ConfigureAwait(false);
            else
                Interlocked.Increment(ref tier.Counters.NotStoredFailed);
        };
    }

    internal void CountLoad(TKey key, bool isBackground) => cache.CountLoad(key, isBackground ? Flights.Purpose.Background : Flights.Purpose.Call);

    internal void CountStale() => cache.CountStaleOnFailure(1);

    /// <summary>How long a value is fresh, in milliseconds; 0 for ever.</summary>
    internal long LifetimeOf(TValue value, EntryTerms terms)
    {
        var seconds = value is null && Options.NullTtl > 0 ? Options.NullTtl : terms.Lifetime?.TotalSeconds ?? Options.Ttl;
        return seconds <= 0 ? 0 : (long)Math.Ceiling(Math.Min(seconds, 100.0 * 365 * 86400) * 1000);
    }

    /// <summary>Whether a value that is still fresh is due for renewal, so that a load in the background does not settle for it.</summary>
    internal bool IsDue(Payload payload, long now)
        => Options.RefreshAhead > 0 && payload.Expires != 0 && now - payload.Created >= Options.RefreshAhead * (payload.Expires - payload.Created);

    /// <summary>Until when a value is served in the place of a failure.</summary>
    internal long EndAfterFailure(Payload payload) => payload.Expires + (long)(1000 * Options.StaleIfError);

    /// <summary>Until when a value is served while a load is under way.</summary>
    internal long EndWhileLoading(Payload payload) => payload.Expires + (long)(1000 * Options.StaleWhileRevalidate);

    /// <summary>An old value was served: loads a new one, for which nobody waits.</summary>
    internal void Renew(TKey key, Func<CancellationToken, Task<TValue>> original, EntryRules<TValue> rules) => cache.RenewOld(key, original, rules);

    /// <summary>
    /// The shape of the result as the serializer writes it: another one for whatever writes otherwise, so that nobody reads what was
    /// not written for him.
    /// </summary>
    internal ulong ShapeFor(IHybridCacheSerializer<TValue> serializer)
    {
        if (shapes is { } known && known.Serializer == serializer)
            return known.Shape;

        var dialect = serializer is IDialect own ? own.Dialect : SharedTypes.NameOf(serializer.GetType()) ?? serializer.GetType().ToString();
        var shape = dialect.Length == 0 ? method.Codec.Shape : XxHash3.HashToUInt64(MemoryMarshal.AsBytes(dialect.AsSpan()), (long)method.Codec.Shape);
        shapes = new(serializer, shape);
        return shape;
    }

    /// <summary>The value as the serializer writes it.</summary>
    /// <exception cref="Exception">It would not come back as it is.</exception>
    internal ReadOnlyMemory<byte> Serialize(IHybridCacheSerializer<TValue> serializer, TValue value)
    {
        var body = new ArrayBufferWriter<byte>();
        serializer.Serialize(value, body);

        // What only some values have, such as a derived type, the built-in ones see by themselves in types that they write in the usual way.
        if (Volatile.Read(ref verifications) < Verified || serializer is not IDialect { IsTrusted: true })
        {
            try
            {
                Verify(serializer, value, body.WrittenMemory);
                Interlocked.Increment(ref verifications);
            }
            catch (Exception)
            {
                // One value that is lost, and no other is believed without a look.
                Volatile.Write(ref verifications, int.MinValue);
                throw;
            }
        }

        return body.WrittenMemory;
    }

    /// <summary>A value was not stored, because its serializer would lose something, or could not be made.</summary>
    internal void IsLost(Exception why) => MemoLog.IsLost(cache.Log, cache.Method, why);

    private static void Verify(IHybridCacheSerializer<TValue> serializer, TValue value, ReadOnlyMemory<byte> body)
    {
        var came = serializer.Deserialize(new ReadOnlySequence<byte>(body));
        var again = new ArrayBufferWriter<byte>();
        serializer.Serialize(came, again);
        if (!again.WrittenSpan.SequenceEqual(body.Span))
            throw new InvalidOperationException($"{typeof(TValue)} comes back from its serializer as something else.");
        if (Likeness.DifferenceOf(value, came) is { } difference)
            throw new InvalidOperationException($"{typeof(TValue)} comes back from its serializer as something else: {difference}.");
    }

    // A container says so when it has made the first decorator, and before that nobody calls. Of one that somebody constructs nobody
    // ever says anything.
    private EntryIdentity Identify()
    {
        if (owner is null)
            return identity = EntryIdentity.OfMethod;
        if (EntryIdentity.OfOwner(owner) is not { } found)
            return EntryIdentity.Constructed;
        if (found.WhyNot is { } why && method.Tiers.Length > 0)
            MemoLog.IsNotShared(cache.Log, cache.Method, why);
        return identity = found;
    }

    private static bool IsStored(Kept kept) => kept is Kept.Stored or Kept.RefusedAsTooHeavy;

    private sealed record SerializedShape(object Serializer, ulong Shape);

    // Parts of the key by which entries can be evicted are no tags in the tiers, and neither are their places.
    private static string[] TagsOf(EntryTag[]? tags)
        => tags is null ? [] : [.. tags.Select(static tag => tag.Text).OfType<string>()];
}
