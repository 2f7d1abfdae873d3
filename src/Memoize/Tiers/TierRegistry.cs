using System.Collections.Immutable;
using Microsoft.Extensions.Caching.Distributed;

namespace Memoize.Tiers;

/// <summary>The tiers of the process, by name.</summary>
internal static class TierRegistry
{
    private static readonly object Gate = new();
    private static ImmutableSortedDictionary<string, (CacheTier Tier, IDisposable? Listener)> tiers
        = ImmutableSortedDictionary.Create<string, (CacheTier, IDisposable?)>(StringComparer.Ordinal);
    private static int version;

    internal static int Version => Volatile.Read(ref version);

    internal static IReadOnlyList<CacheTier> All => [.. tiers.Values.Select(static known => known.Tier)];

    internal static CacheTier Add(string name, IDistributedCache store, CacheTierOptions options)
    {
        var tier = new CacheTier(name, store, options);
        if (name.Contains(',') || name.Trim() != name)
            throw new ArgumentException($"'{name}' cannot be named in a list: a tier's name has no commas, and no blanks around it.", nameof(name));

        lock (Gate)
        {
            if (tiers.ContainsKey(name))
                throw new InvalidOperationException($"There is a tier named '{name}' already. Remove it first, or give this one another name.");
            tiers = tiers.Add(name, (tier, tier.Bus is null ? null : BusListener.Listen(tier)));
            Interlocked.Increment(ref version);
        }

        return tier;
    }

    internal static bool Remove(string name)
    {
        IDisposable? listener;
        lock (Gate)
        {
            if (!tiers.TryGetValue(name, out var known))
                return false;
            listener = known.Listener;
            tiers = tiers.Remove(name);
            Interlocked.Increment(ref version);
        }

        listener?.Dispose();
        return true;
    }

    /// <summary>Those of the names that there are, in the given order.</summary>
    internal static Choice Choose(string[] names)
    {
        lock (Gate)
            return new(version, [.. names.Where(tiers.ContainsKey).Select(static name => tiers[name].Tier)]);
    }

    internal sealed record Choice(int Version, CacheTier[] Tiers);
}
