using System.Collections.Immutable;
using Memoize.Observability;
using Microsoft.Extensions.Caching.Distributed;

namespace Memoize.Tiers;

/// <summary>The tiers of the process, by name.</summary>
internal static class TierRegistry
{
    /// <summary>What stands, in a list of names, for those that are the program's default.</summary>
    internal const string Default = "*";

    private static readonly object Gate = new();

    // One snapshot, read without a lock: loads choose their tiers under locks of their own, and a bus that is listened to calls back
    // into caches, which take the same locks.
    private static volatile Known known = new(0, [], null);

    internal static int Version => known.Version;

    internal static IReadOnlyList<CacheTier> All => [.. known.Current.OrderBy(static tier => tier.Name, StringComparer.Ordinal)];

    internal static CacheTier Add(string name, IDistributedCache store, CacheTierOptions options)
    {
        var tier = new CacheTier(name, store, options);
        lock (Gate)
        {
            if (known.Find(name) is not null)
                throw new InvalidOperationException($"There is a tier named '{name}' already. Remove it first, or give this one another name.");
            known = known.With(known.Added.Add(tier));
        }

        tier.Listen();
        MemoMeter.Start();
        return tier;
    }

    /// <summary>Adds a tier in the place of one with its name, which comes back when this one is removed.</summary>
    internal static void Push(CacheTier tier)
    {
        lock (Gate)
            known = known.With(known.Added.Add(tier));
        tier.Listen();
        MemoMeter.Start();
    }

    internal static bool Remove(string name) => known.Find(name) is { } tier && Remove(tier);

    internal static bool Remove(CacheTier tier)
    {
        lock (Gate)
        {
            if (!known.Added.Contains(tier))
                return false;
            known = known.With(known.Added.Remove(tier));
        }

        tier.Stop();
        return true;
    }

    /// <summary>What <see cref="Default"/> stands for; null for all tiers, in the order in which they were added.</summary>
    internal static void SetDefault(string? names)
    {
        lock (Gate)
            known = known with { Version = known.Version + 1, DefaultNames = names };
    }

    /// <summary>Those of the names that there are, in the given order.</summary>
    internal static Choice Choose(string names)
    {
        var now = known;
        var chosen = Split(names)
            .SelectMany(name => name != Default ? [name] : now.DefaultNames is { } own ? Split(own) : now.Added.Select(static tier => tier.Name))
            .Distinct(StringComparer.Ordinal)
            .Select(now.Find)
            .OfType<CacheTier>();
        return new(now.Version, names, [.. chosen]);
    }

    /// <summary>Whether a tier is still to be used.</summary>
    internal static bool Has(CacheTier tier) => known.Added.Contains(tier);

    internal static string[] Split(string names) => names.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private sealed record Known(int Version, ImmutableList<CacheTier> Added, string? DefaultNames)
    {
        internal IEnumerable<CacheTier> Current => Added.Where(tier => Find(tier.Name) == tier);

        internal CacheTier? Find(string name) => Added.FindLast(tier => tier.Name == name);

        internal Known With(ImmutableList<CacheTier> added) => this with { Version = Version + 1, Added = added };
    }

    internal sealed record Choice(int Version, string Names, CacheTier[] Tiers);
}
