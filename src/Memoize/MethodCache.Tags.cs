using System.ComponentModel;
using Memoize.Flights;
using Memoize.Tags;

namespace Memoize;

public sealed partial class MethodCache<TKey, TValue>
{
    // Whether a value or a load here has ever had a tag: without, an eviction by tag passes by.
    private bool tagged;

    /// <summary>
    /// Removes all entries that have all of the tags, at the cost of the entries of the rarest of them. Loads of such entries that are
    /// running go on for those who wait for them, but their values are not kept. For generated code.
    /// </summary>
    /// <param name="tags">The tags; null for one that does not matter, but at least one that does.</param>
    /// <returns>How many entries there were.</returns>
    /// <exception cref="ArgumentException">There is no tag that matters.</exception>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public int EvictWhere(params EntryTag?[] tags)
    {
        var given = Given(tags);
        Method.TouchTagged(given);
        if (HereIfUsed is not { } here)
            return 0;

        var evicted = here.EvictTagged(given);
        if (here.tiers is { } tiers)
        {
            // Tiers know no parts of keys: everything of the method goes there, and comes back load by load.
            tiers.ClearTiers();
            evicted += here.EvictTagged(given);
        }

        return evicted;
    }

    /// <summary>The same in memory alone.</summary>
    internal int ForgetWhere(EntryTag[] given) => HereIfUsed?.EvictTagged(given) ?? 0;

    internal static EntryTag[] Given(EntryTag?[] tags)
    {
        ArgumentNullException.ThrowIfNull(tags);
        var given = Array.ConvertAll(Array.FindAll(tags, static tag => tag.HasValue), static tag => tag!.Value);
        return given.Length > 0 ? given : throw new ArgumentException("Give at least one value to evict by; to evict all entries, use Clear.", nameof(tags));
    }

    /// <summary>How many keys have tags, and how many tags there are.</summary>
    internal (int Keys, int Tags) Tagged => HereIfUsed?.store.Tagged ?? default;

    int IMethodCaches.EvictTag(EntryTag tag) => HereIfUsed?.EvictTagged([tag]) ?? 0;

    private int EvictTagged(EntryTag[] tags)
    {
        // Who asks may just have changed what a load reads: the change is written before this is read, and a load is marked here
        // before it reads what is changed.
        Interlocked.MemoryBarrier();
        if (!Volatile.Read(ref tagged))
            return 0;

        var evicted = 0;
        flights.DetachTagged(tags, () => evicted = store.RemoveTagged(tags));
        return evicted;
    }

    private void MarkTagged(EntryTag[]? tags)
    {
        if (tags is { Length: > 0 } && !Volatile.Read(ref tagged))
        {
            Volatile.Write(ref tagged, true);
            Interlocked.MemoryBarrier();
        }
    }

    // The key is being evicted or set, and its stripe is locked: a write of it that is under way no longer knows what is current.
    private void TouchUpdates(HashedKey<TKey> key, CacheUpdate? except = null)
    {
        foreach (var update in Method.Updates)
        {
            if (update != except)
                update.Touch(this, key);
        }
    }
}
