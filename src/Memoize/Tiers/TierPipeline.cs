using System.Buffers;
using System.IO.Hashing;
using System.Runtime.InteropServices;
using Memoize.Tags;
using Microsoft.Extensions.Caching.Hybrid;

namespace Memoize.Tiers;

/// <summary>What lies behind the memory of one method: the tiers that it names, as far as there are such.</summary>
internal sealed partial class TierPipeline<TKey, TValue> : ITierPipeline
    where TKey : IEquatable<TKey>
{
    // A type that its serializer does not give back as it was shows in its first values already.
    private const int Verified = 3;

    private readonly MethodCache<TKey, TValue> cache;
    private readonly TierCodec<TKey> codec;
    private volatile TierRegistry.Choice tiers = new(-1, "", []);
    private volatile SerializedShape? shapes;
    private int verifications;

    internal TierPipeline(MethodCache<TKey, TValue> cache, TierCodec<TKey> codec)
    {
        this.cache = cache;
        this.codec = codec;
    }

    internal WriteFence<TKey> Fence { get; } = new();

    private CacheOptions Options => cache.Method.CurrentOptions;

    internal string Name => cache.Method.Name;

    internal TimeSpan? Sliding => Options.Sliding > 0 ? TimeSpan.FromSeconds(Options.Sliding) : null;

    /// <summary>For how long after its lifetime a value is of use, in milliseconds.</summary>
    internal double StaleFor => 1000 * Math.Max(Options.StaleIfError, Options.StaleWhileRevalidate);

    /// <summary>Now, in milliseconds since 1970: the clocks of all processes that share a tier.</summary>
    internal long Now => cache.Time.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>The tiers that there are, nearest first.</summary>
    internal CacheTier[] Tiers
    {
        get
        {
            var (known, names) = (tiers, Options.Tiers);
            return known.Version == TierRegistry.Version && ReferenceEquals(known.Names, names) ? known.Tiers : Choose(names);
        }
    }

    /// <inheritdoc/>
    public bool Uses(CacheTier tier) => Array.IndexOf(Tiers, tier) >= 0;

    /// <summary>The method and the key, as all processes spell them.</summary>
    internal string TextOf(TKey key) => $"{Name}{codec.TypeArguments}({codec.TextOf(key)})";

    /// <summary>What a load is to do with the tiers; null where there is none.</summary>
    internal TierLoad<TKey, TValue>? Begin(TKey key, EntryRules<TValue> rules, bool isRefresh)
        => Begin(key, rules, Tiers, isRefresh);

    /// <summary>The same for one key of a batch, whose loads all look in the same tiers.</summary>
    internal TierLoad<TKey, TValue>? Begin(TKey key, EntryRules<TValue> rules, CacheTier[] all, bool isRefresh)
        => all.Length > 0 ? new(this, key, all, TagsOf(rules.Tags), rules, isRefresh) : null;

    /// <inheritdoc/>
    public Task FlushAsync() => Fence.Drain();

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
        var shape = dialect.Length == 0 ? codec.Shape : XxHash3.HashToUInt64(MemoryMarshal.AsBytes(dialect.AsSpan()), (long)codec.Shape);
        shapes = new(serializer, shape);
        return shape;
    }

    internal ReadOnlyMemory<byte> Serialize(IHybridCacheSerializer<TValue> serializer, TValue value)
    {
        var body = new ArrayBufferWriter<byte>();
        serializer.Serialize(value, body);
        if (Volatile.Read(ref verifications) < Verified)
        {
            Interlocked.Increment(ref verifications);
            var again = new ArrayBufferWriter<byte>();
            serializer.Serialize(serializer.Deserialize(new ReadOnlySequence<byte>(body.WrittenMemory)), again);
            if (!again.WrittenSpan.SequenceEqual(body.WrittenSpan))
                throw new InvalidOperationException($"{typeof(TValue)} comes back from its serializer as something else.");
        }

        return body.WrittenMemory;
    }

    private sealed record SerializedShape(object Serializer, ulong Shape);

    // Parts of the key by which entries can be evicted are no tags in the tiers.
    private static string[] TagsOf(EntryTag[]? tags)
        => tags is null ? [] : [.. tags.Select(static tag => tag.Text).OfType<string>().Where(static text => !text.StartsWith(KeyTag, StringComparison.Ordinal))];
}
