using Memoize.Isolation;
using Memoize.Observability;
using Memoize.Tags;
using Memoize.Tiers;
using Microsoft.Extensions.Caching.Distributed;

namespace Memoize;

// What lies behind memory.
public static partial class Memo
{
    /// <summary>The tiers that cached methods can name in <c>Tiers</c>: a snapshot, in the order of their names.</summary>
    public static IReadOnlyList<CacheTier> Tiers => TierRegistry.All;

    private static bool HasTiersHere => CacheDomain.Current == CacheDomain.Process && TierRegistry.All.Count > 0;

    /// <summary>
    /// Adds a tier. From now on, methods that name it look in the store before they run, and store in it what they return. Usually done
    /// once, when the program starts; a method that names a tier that is not there remembers in memory alone.
    /// </summary>
    /// <param name="name">The name, as in <c>[Cached(Tiers = "redis,disk")]</c>.</param>
    /// <param name="store">The store; the caller disposes it. Any implementation will do, and may do more by implementing <see cref="ILeasingCache"/> or <see cref="IInvalidationBus"/>.</param>
    /// <param name="options">How it is treated; null for the defaults.</param>
    /// <returns>The tier.</returns>
    /// <exception cref="InvalidOperationException">There is a tier of this name.</exception>
    /// <exception cref="ArgumentException">The name cannot be named in a list, or an option makes no sense.</exception>
    public static CacheTier AddTier(string name, IDistributedCache store, CacheTierOptions? options = null)
        => TierRegistry.Add(name, store, options ?? new());

    /// <summary>Removes a tier; what is stored in it stays there.</summary>
    /// <param name="name">The name.</param>
    /// <returns>Whether there was one.</returns>
    public static bool RemoveTier(string name) => TierRegistry.Remove(name);

    /// <summary>Waits until everything that is being written to tiers in the background has been, or has failed. For the end of a program.</summary>
    /// <param name="cancellationToken">Ends the wait; the writes go on.</param>
    /// <exception cref="OperationCanceledException">The wait was cancelled.</exception>
    public static Task FlushTiersAsync(CancellationToken cancellationToken = default)
        => Task.WhenAll(Caches.Select(static method => method.FlushTiersAsync())).WaitAsync(cancellationToken);

    /// <summary>The same as <see cref="ClearAll"/> without holding the thread while the tiers work.</summary>
    public static async ValueTask ClearAllAsync()
    {
        foreach (var method in Caches)
            await method.EmptyAsync().ConfigureAwait(false);
        MemoLog.WereCleared(CacheDomain.Current);
    }

    /// <summary>The same as <see cref="EvictTag(string)"/> without holding the thread while the tiers work.</summary>
    /// <param name="tag">The whole text of the tag, such as <c>"user:42"</c>.</param>
    /// <returns>How many entries there were in memory.</returns>
    /// <exception cref="ArgumentException"><paramref name="tag"/> is empty or null.</exception>
    public static ValueTask<int> EvictTagAsync(string tag) => EvictTagAsync(EntryTag.Of(tag));

    /// <summary>The same with values in the text, which are written as in the tags of a method.</summary>
    /// <param name="tag">An interpolated string, such as <c>$"user:{id}"</c>; see <see cref="TagText"/>.</param>
    /// <returns>How many entries there were in memory.</returns>
    /// <exception cref="ArgumentException"><paramref name="tag"/> is empty.</exception>
    public static ValueTask<int> EvictTagAsync(ref TagText tag) => EvictTagAsync(EntryTag.Of(ref tag));

    private static async ValueTask<int> EvictTagAsync(EntryTag label)
    {
        var evicted = ForgetTagged(label);
        if (!HasTiersHere)
            return evicted;

        await EvictTagFromTiersAsync(label).ConfigureAwait(false);
        return evicted + ForgetTagged(label);
    }

    // A stamp in each, and a message.
    private static void EvictTagFromTiers(EntryTag tag)
        => BlockedCaller.Stay(EvictTagFromTiersAsync(tag).AsTask(), 2 * CacheTier.PatienceWith([.. TierRegistry.All]));

    // Of a tag only the stamp changes: what carries the old one is of no use to anybody any longer.
    private static async ValueTask EvictTagFromTiersAsync(EntryTag tag)
    {
        CacheTier[] tiers = [.. TierRegistry.All];
        foreach (var tier in tiers)
            await tier.RenewTagAsync(tag.Text!).ConfigureAwait(false);
        await BusListener.PublishAsync(tiers, BusMessage.Tag, tag.Text!).ConfigureAwait(false);
    }
}
