using System.ComponentModel;
using Memoize.Batches;

namespace Memoize;

/// <summary>
/// One call of a batch method: it looks up each item that is asked for, and loads those that are missing in one go, in single flight
/// with all other calls, of one key or of several. For generated code; not safe for use by several threads.
/// </summary>
/// <typeparam name="TItem">What the call asks for: the parameter of the cached method that varies.</typeparam>
/// <typeparam name="TKey">The key of the cached method.</typeparam>
/// <typeparam name="TValue">The result of the cached method.</typeparam>
[EditorBrowsable(EditorBrowsableState.Never)]
public abstract class Batch<TItem, TKey, TValue>
    where TKey : IEquatable<TKey>
{
    private readonly MethodCache<TKey, TValue> cache;
    private List<(TItem Item, TKey Key, int Place)>? missing;
    private List<(TItem Item, int Place)>? bypassing;

    private protected Batch(MethodCache<TKey, TValue> cache, string name)
    {
        ArgumentNullException.ThrowIfNull(cache);
        this.cache = cache;
        Name = name;
    }

    /// <summary>Whether everything was found, so that nothing is to be loaded.</summary>
    public bool IsComplete => missing is null && bypassing is null;

    /// <summary>
    /// Makes the key of an item anew, where something in it can change while the load runs; null (the default) where nothing can. See
    /// <see cref="EntryRules{TValue}.KeyHolds"/>.
    /// </summary>
    public Func<TItem, TKey>? KeyOf { get; init; }

    private protected string Name { get; }

    // Whether a key can be missing in what a load returns.
    private protected abstract bool MayBeAbsent { get; }

    /// <summary>Asks for one item more: a hit is a lookup, without a lock.</summary>
    /// <param name="item">The item.</param>
    /// <param name="key">The key that the cached method has for it.</param>
    public void Add(TItem item, TKey key)
    {
        if (cache.TryGet(key, out var value))
            Accept(item, Place(), value);
        else
            (missing ??= []).Add((item, key, Place()));
    }

    /// <summary>
    /// Asks for one item that the cached method's own rule for its arguments (<c>When</c>) sends past the cache: it is loaded for this
    /// call alone.
    /// </summary>
    /// <param name="item">The item.</param>
    public void Bypass(TItem item)
    {
        cache.CountBypass();
        (bypassing ??= []).Add((item, Place()));
    }

    // The place of the next item in the result.
    private protected abstract int Place();

    private protected abstract void Accept(TItem item, int place, TValue value);

    private protected void RunLoad(
        Func<TItem[], CancellationToken, BatchAnswer<TValue>[]> load, Func<TItem, EntryRules<TValue>>? rules, CancellationToken cancellationToken)
    {
        if (bypassing is not null)
            TakeBypassing(load(ItemsPast(), cancellationToken));
        if (missing is null)
            return;

        var here = cache.OfThisFlow;
        var slots = Slots();
        if (here.IsBypassed(slots.Keys))
        {
            Take(slots, load(ItemsOf(slots), cancellationToken));
            return;
        }

        for (var open = slots.Values.ToList(); open.Count > 0;)
            open = here.TakeTurns(open, rules, KeyOf, cancellationToken).Run(Name, load, MayBeAbsent, cancellationToken);
        Take(slots);
    }

    private protected async Task RunLoadAsync(
        Func<TItem[], CancellationToken, Task<BatchAnswer<TValue>[]>> load, Func<TItem, EntryRules<TValue>>? rules, CancellationToken cancellationToken)
    {
        if (bypassing is not null)
            TakeBypassing(await load(ItemsPast(), cancellationToken).ConfigureAwait(false));
        if (missing is null)
            return;

        var here = cache.OfThisFlow;
        var slots = Slots();
        if (here.IsBypassed(slots.Keys))
        {
            Take(slots, await load(ItemsOf(slots), cancellationToken).ConfigureAwait(false));
            return;
        }

        for (var open = slots.Values.ToList(); open.Count > 0;)
            open = await here.TakeTurns(open, rules, KeyOf, cancellationToken).RunAsync(Name, load, MayBeAbsent, cancellationToken).ConfigureAwait(false);
        Take(slots);
    }

    // Items that are asked for twice, and items that differ and have one key, are loaded once.
    private Dictionary<TKey, BatchSlot<TItem, TKey, TValue>> Slots()
    {
        var slots = new Dictionary<TKey, BatchSlot<TItem, TKey, TValue>>(missing?.Count ?? 0);
        foreach (var (item, key, _) in missing ?? [])
            slots.TryAdd(key, new(item, key));
        return slots;
    }

    private TItem[] ItemsPast() => [.. bypassing!.Select(static one => one.Item)];

    private void TakeBypassing(BatchAnswer<TValue>[] answers)
    {
        var next = 0;
        foreach (var (item, place) in bypassing!)
        {
            if (answers[next++] is { IsFound: true, Value: var value })
                Accept(item, place, value);
        }

        bypassing = null;
    }

    private static TItem[] ItemsOf(Dictionary<TKey, BatchSlot<TItem, TKey, TValue>> slots) => [.. slots.Values.Select(static slot => slot.Item)];

    private void Take(Dictionary<TKey, BatchSlot<TItem, TKey, TValue>> slots, BatchAnswer<TValue>[] answers)
    {
        var next = 0;
        foreach (var slot in slots.Values)
            slot.Answer = answers[next++];
        Take(slots);
    }

    private void Take(Dictionary<TKey, BatchSlot<TItem, TKey, TValue>> slots)
    {
        foreach (var (item, key, place) in missing ?? [])
        {
            if (slots[key].Answer is { IsFound: true, Value: var value })
                Accept(item, place, value);
        }

        missing = null;
    }
}
