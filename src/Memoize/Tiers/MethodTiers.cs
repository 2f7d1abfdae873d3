using Memoize.Tags;

namespace Memoize.Tiers;

/// <summary>
/// What the tiers have of one method, whoever's memory lies before it: which tiers there are, what entries are called in them, and how they
/// go. A method behind the decorator door has many caches, and one of these.
/// </summary>
/// <param name="method">The method.</param>
/// <param name="codec">How it spells its keys.</param>
/// <param name="forget">Removes an entry from all memory in this process that lies before the tiers.</param>
internal sealed partial class MethodTiers<TKey>(CachedMethod method, TierCodec<TKey> codec, Func<TKey, bool> forget) : IMethodTiers
    where TKey : IEquatable<TKey>
{
    private volatile TierRegistry.Choice tiers = new(-1, "", []);

    // Tiers that the method does not name any longer. They may be named again, with all that was evicted meanwhile.
    private CacheTier[] left = [];

    private readonly string beginning = method.Name + codec.TypeArguments;

    private volatile StampKey? stampOfMethod;

    private TierTouches<TKey>? touches;

    internal WriteFence<TKey> Fence { get; } = new();

    /// <summary>What is to live on in the tiers.</summary>
    internal TierTouches<TKey> Touches => touches ?? Interlocked.CompareExchange(ref touches, new(this), null) ?? touches;

    internal string Name => method.Name;

    internal TierCodec<TKey> Codec => codec;

    internal CacheOptions Options => method.CurrentOptions;

    /// <summary>The tiers that there are, nearest first.</summary>
    internal CacheTier[] Tiers
    {
        get
        {
            var (known, names) = (tiers, Options.Tiers);
            return known.Version == TierRegistry.Version && ReferenceEquals(known.Names, names) ? known.Tiers : Choose(names);
        }
    }

    /// <summary>All tiers that may have something of the method: those where it looks, nearest first, and those where it once did.</summary>
    private CacheTier[] Reached
    {
        get
        {
            var now = Tiers;
            return left.Length == 0 ? now : [.. now, .. left.Where(tier => TierRegistry.Has(tier) && Array.IndexOf(now, tier) < 0)];
        }
    }

    /// <inheritdoc/>
    public bool Uses(CacheTier tier) => Array.IndexOf(Tiers, tier) >= 0;

    /// <inheritdoc/>
    public async Task FlushAsync()
    {
        if (Volatile.Read(ref touches) is { } waiting)
            await waiting.DrainAsync().ConfigureAwait(false);
        await Fence.Drain().ConfigureAwait(false);
    }

    /// <summary>The method and the key, as all processes spell them: what is evicted, whoever's entry it is.</summary>
    internal string TextOf(TKey key) => TextOf(key, EntryIdentity.OfMethod);

    /// <summary>The same with whose entry it is.</summary>
    internal string TextOf(TKey key, EntryIdentity identity) => string.Concat(beginning, identity.Text.Length == 0 ? "(" : identity.Text + "(", codec.TextOf(key), ")");

    /// <summary>Where an entry is. Its payload vouches for the whole text, so that two that share a place never pass for each other.</summary>
    internal EntryPlace PlaceOf(TKey key, EntryIdentity identity)
    {
        var whole = TextOf(key, identity);
        return identity.Text.Length == 0 ? new(whole, whole, null)
            : TextOf(key) is var slot && identity.IsAlone ? new(whole, slot, null)
            : new(whole, whole, slot);
    }

    /// <summary>Adds what the bus needs to find the entry of a key.</summary>
    internal EntryRules<TValue> Tagged<TValue>(TKey key, EntryRules<TValue> rules)
        => HasBus ? rules with { Tags = [.. rules.Tags ?? [], EntryTag.OfPlace(rules.Tier?.EvictedAs ?? TextOf(key))] } : rules;

    internal EntryTag[]? Tagged(TKey key, EntryTag[]? tags) => HasBus ? [.. tags ?? [], EntryTag.OfPlace(TextOf(key))] : tags;

    /// <summary>What vouches for an entry: the stamp of the method, those of its tags and of tags at all, and what stands where all entries of its key are evicted.</summary>
    internal string[] StampKeys(CacheTier tier, string[] tags, EntryPlace place)
    {
        // Most have no other, and that is always the same.
        if (tags.Length == 0 && place.Stamp is null)
            return stampOfMethod is { } known && known.Tier == tier ? known.Keys : (stampOfMethod = new(tier, [SharedKeys.StampOfMethod(tier, method.Name)])).Keys;

        List<string> keys = [SharedKeys.StampOfMethod(tier, method.Name)];
        if (tags.Length > 0)
            keys.AddRange([SharedKeys.StampOfAllTags(tier), .. tags.Select(tag => SharedKeys.StampOfTag(tier, tag))]);
        if (place.Stamp is { } stamp)
            keys.Add(SharedKeys.InStore(tier, stamp));
        return [.. keys];
    }

    private bool HasBus => Array.Exists(Tiers, static tier => tier.Bus is not null);

    private CacheTier[] Choose(string names)
    {
        lock (Fence)
        {
            var next = TierRegistry.Choose(names);
            left = [.. left.Union(tiers.Tiers).Where(TierRegistry.Has)];
            tiers = next;
            return next.Tiers;
        }
    }

    private sealed record StampKey(CacheTier Tier, string[] Keys);
}

/// <summary>Where an entry is in the tiers.</summary>
/// <param name="Whole">Method, owner and key: what the payload must say of itself.</param>
/// <param name="Store">What the place is called.</param>
/// <param name="Stamp">A place that vouches for the entry, because its key is evicted there; null where the entry itself is there.</param>
internal readonly record struct EntryPlace(string Whole, string Store, string? Stamp)
{
    /// <summary>The method and the key, as the bus names what was evicted, whoever's entry it is.</summary>
    internal string EvictedAs => Stamp ?? Store;
}
