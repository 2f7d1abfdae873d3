using System.ComponentModel;
using Memoize.Batches;

namespace Memoize;

#pragma warning disable RS0026   // two overloads with an optional token each: rules are never left out of these, so no call is ambiguous

/// <summary>A call of a batch method that returns a dictionary, in which what was not found is missing. For generated code.</summary>
/// <typeparam name="TItem">What the call asks for: the parameter of the cached method that varies.</typeparam>
/// <typeparam name="TKey">The key of the cached method.</typeparam>
/// <typeparam name="TValue">The result of the cached method.</typeparam>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class DictionaryBatch<TItem, TKey, TValue> : Batch<TItem, TKey, TValue>
    where TItem : notnull
    where TKey : IEquatable<TKey>
{
    private readonly bool nullIsAbsent;

    /// <summary>Begins a call.</summary>
    /// <param name="cache">The cache of the method for one key.</param>
    /// <param name="name">The batch method, for messages.</param>
    /// <param name="nullIsAbsent">
    /// Whether the method for one key returns null for what the batch leaves out: then each means the other, and is remembered so.
    /// </param>
    /// <param name="comparer">How the items are compared in the result; null for the default.</param>
    public DictionaryBatch(MethodCache<TKey, TValue> cache, string name, bool nullIsAbsent = false, IEqualityComparer<TItem>? comparer = null)
        : base(cache, name)
    {
        this.nullIsAbsent = nullIsAbsent;
        Result = new(comparer);
    }

    /// <summary>What was found, by item.</summary>
    public Dictionary<TItem, TValue> Result { get; }

    private protected override bool MayBeAbsent => true;

    /// <summary>Loads what is missing, on this thread.</summary>
    /// <param name="load">Runs the original for the items that it is given.</param>
    /// <param name="cancellationToken">The caller's own token; cancelling it lets this caller leave, and nobody else.</param>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    /// <exception cref="InvalidOperationException">The load asks, perhaps through others, for a key that it is loading.</exception>
    public void Load(Func<TItem[], CancellationToken, IReadOnlyDictionary<TItem, TValue>> load, CancellationToken cancellationToken = default)
        => RunLoad((items, token) => Read(load(items, token), items), null, cancellationToken);

    /// <summary>Loads what is missing, on this thread, with rules for the values.</summary>
    /// <param name="load">Runs the original for the items that it is given.</param>
    /// <param name="rules">The rules of each value. Of callers that share a load, the rules of the one who started it count.</param>
    /// <param name="cancellationToken">The caller's own token; cancelling it lets this caller leave, and nobody else.</param>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    /// <exception cref="InvalidOperationException">The load asks, perhaps through others, for a key that it is loading.</exception>
    public void Load(Func<TItem[], CancellationToken, IReadOnlyDictionary<TItem, TValue>> load, Func<TItem, EntryRules<TValue>> rules, CancellationToken cancellationToken = default)
        => RunLoad((items, token) => Read(load(items, token), items), rules, cancellationToken);

    /// <summary>Loads what is missing.</summary>
    /// <param name="load">Starts the original for the items that it is given.</param>
    /// <param name="cancellationToken">The caller's own token; cancelling it lets this caller leave, and nobody else.</param>
    /// <returns>A task that ends when everything that was asked for is in the result, or fails as the load did.</returns>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    /// <exception cref="InvalidOperationException">The load asks, perhaps through others, for a key that it is loading.</exception>
    public Task LoadAsync(Func<TItem[], CancellationToken, Task<IReadOnlyDictionary<TItem, TValue>>> load, CancellationToken cancellationToken = default)
        => RunLoadAsync(async (items, token) => Read(await load(items, token).ConfigureAwait(false), items), null, cancellationToken);

    /// <summary>Loads what is missing, with rules for the values.</summary>
    /// <param name="load">Starts the original for the items that it is given.</param>
    /// <param name="rules">The rules of each value. Of callers that share a load, the rules of the one who started it count.</param>
    /// <param name="cancellationToken">The caller's own token; cancelling it lets this caller leave, and nobody else.</param>
    /// <returns>A task that ends when everything that was asked for is in the result, or fails as the load did.</returns>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    /// <exception cref="InvalidOperationException">The load asks, perhaps through others, for a key that it is loading.</exception>
    public Task LoadAsync(Func<TItem[], CancellationToken, Task<IReadOnlyDictionary<TItem, TValue>>> load, Func<TItem, EntryRules<TValue>> rules, CancellationToken cancellationToken = default)
        => RunLoadAsync(async (items, token) => Read(await load(items, token).ConfigureAwait(false), items), rules, cancellationToken);

    private protected override int Place() => 0;

    private protected override void Accept(TItem item, int place, TValue value)
    {
        if (value is not null || !nullIsAbsent)
            Result[item] = value;
    }

    // What nobody has asked for is passed over: whether it is whole, only the batch knows.
    private BatchAnswer<TValue>[] Read(IReadOnlyDictionary<TItem, TValue>? loaded, TItem[] items)
    {
        if (loaded is null)
            throw new InvalidOperationException($"{Name} returned null in place of a dictionary.");

        return Array.ConvertAll(items, item =>
            loaded.TryGetValue(item, out var value) ? new BatchAnswer<TValue>(true, value) : new BatchAnswer<TValue>(nullIsAbsent, default!));
    }
}
