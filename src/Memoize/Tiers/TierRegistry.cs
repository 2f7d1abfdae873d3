using System.Collections.Immutable;
using Microsoft.Extensions.Caching.Distributed;

namespace Memoize.Tiers;

/// <summary>The tiers of the process, by name.</summary>
internal static class TierRegistry
{
    private static readonly object Gate = new();

    // One snapshot, read without a lock: loads choose their tiers under locks of their own, and a bus that is listened to calls back
    // into caches, which take the same locks.
    private static volatile Known known = new(0, ImmutableSortedDictionary.Create<string, CacheTier>(StringComparer.Ordinal));

    internal static int Version => known.Version;

    internal static IReadOnlyList<CacheTier> All => [.. known.Tiers.Values];

    internal static CacheTier Add(string name, IDistributedCache store, CacheTierOptions options)
    {
        var tier = new CacheTier(name, store, options);
        if (name.Contains(',') || name.Trim() != name)
            throw new ArgumentException($"'{name}' cannot be named in a list: a tier's name has no commas, and no blanks around it.", nameof(name));

        lock (Gate)
        {
            if (known.Tiers.ContainsKey(name))
                throw new InvalidOperationException($"There is a tier named '{name}' already. Remove it first, or give this one another name.");
            known = new(known.Version + 1, known.Tiers.Add(name, tier));
        }

        tier.Listen();
        return tier;
    }

    internal static bool Remove(string name)
    {
        CacheTier? tier;
        lock (Gate)
        {
            if (!known.Tiers.TryGetValue(name, out tier))
                return false;
            known = new(known.Version + 1, known.Tiers.Remove(name));
        }

        tier.StopListening();
        return true;
    }

    /// <summary>Those of the names that there are, in the given order.</summary>
    internal static Choice Choose(string[] names)
    {
        var now = known;
        return new(now.Version, [.. names.Where(now.Tiers.ContainsKey).Select(name => now.Tiers[name])]);
    }

    private sealed record Known(int Version, ImmutableSortedDictionary<string, CacheTier> Tiers);

    internal sealed record Choice(int Version, CacheTier[] Tiers);
}
