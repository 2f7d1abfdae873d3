using System.ComponentModel;
using Memoize.Batches;

namespace Memoize;

#pragma warning disable RS0026   // two overloads with an optional token each: rules are never left out of these, so no call is ambiguous

/// <summary>A call of a batch method that returns one value for each item, in the order of the items. For generated code.</summary>
/// <typeparam name="TItem">What the call asks for: the parameter of the cached method that varies.</typeparam>
/// <typeparam name="TKey">The key of the cached method.</typeparam>
/// <typeparam name="TValue">The result of the cached method.</typeparam>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class ListBatch<TItem, TKey, TValue> : Batch<TItem, TKey, TValue>
    where TKey : IEquatable<TKey>
{
    private int places;

    /// <summary>Begins a call.</summary>
    /// <param name="cache">The cache of the method for one key.</param>
    /// <param name="name">The batch method, for messages.</param>
    public ListBatch(MethodCache<TKey, TValue> cache, string name)
        : base(cache, name)
    {
    }

    /// <summary>The values, one for each item; whole when everything is there.</summary>
    public List<TValue> Result { get; } = [];

    private protected override bool MayBeAbsent => false;

    /// <summary>Loads what is missing, on this thread.</summary>
    /// <param name="load">Runs the original for the items that it is given.</param>
    /// <param name="cancellationToken">The caller's own token; cancelling it lets this caller leave, and nobody else.</param>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    /// <exception cref="InvalidOperationException">
    /// The load has not returned one value for each item; or it asks, perhaps through others, for a key that it is loading.
    /// </exception>
    public void Load(Func<TItem[], CancellationToken, IReadOnlyList<TValue>> load, CancellationToken cancellationToken = default)
        => RunLoad((items, token) => Read(load(items, token), items), null, cancellationToken);

    /// <summary>Loads what is missing, on this thread, with rules for the values.</summary>
    /// <param name="load">Runs the original for the items that it is given.</param>
    /// <param name="rules">The rules of each value. Of callers that share a load, the rules of the one who started it count.</param>
    /// <param name="cancellationToken">The caller's own token; cancelling it lets this caller leave, and nobody else.</param>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    /// <exception cref="InvalidOperationException">
    /// The load has not returned one value for each item; or it asks, perhaps through others, for a key that it is loading.
    /// </exception>
    public void Load(Func<TItem[], CancellationToken, IReadOnlyList<TValue>> load, Func<TItem, EntryRules<TValue>> rules, CancellationToken cancellationToken = default)
        => RunLoad((items, token) => Read(load(items, token), items), rules, cancellationToken);

    /// <summary>Loads what is missing.</summary>
    /// <param name="load">Starts the original for the items that it is given.</param>
    /// <param name="cancellationToken">The caller's own token; cancelling it lets this caller leave, and nobody else.</param>
    /// <returns>A task that ends when everything that was asked for is in the result, or fails as the load did.</returns>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    /// <exception cref="InvalidOperationException">
    /// The load has not returned one value for each item; or it asks, perhaps through others, for a key that it is loading.
    /// </exception>
    public Task LoadAsync(Func<TItem[], CancellationToken, Task<IReadOnlyList<TValue>>> load, CancellationToken cancellationToken = default)
        => RunLoadAsync(async (items, token) => Read(await load(items, token).ConfigureAwait(false), items), null, cancellationToken);

    /// <summary>Loads what is missing, with rules for the values.</summary>
    /// <param name="load">Starts the original for the items that it is given.</param>
    /// <param name="rules">The rules of each value. Of callers that share a load, the rules of the one who started it count.</param>
    /// <param name="cancellationToken">The caller's own token; cancelling it lets this caller leave, and nobody else.</param>
    /// <returns>A task that ends when everything that was asked for is in the result, or fails as the load did.</returns>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    /// <exception cref="InvalidOperationException">
    /// The load has not returned one value for each item; or it asks, perhaps through others, for a key that it is loading.
    /// </exception>
    public Task LoadAsync(Func<TItem[], CancellationToken, Task<IReadOnlyList<TValue>>> load, Func<TItem, EntryRules<TValue>> rules, CancellationToken cancellationToken = default)
        => RunLoadAsync(async (items, token) => Read(await load(items, token).ConfigureAwait(false), items), rules, cancellationToken);

    private protected override int Place()
    {
        Result.Add(default!);
        return places++;
    }

    private protected override void Accept(TItem item, int place, TValue value) => Result[place] = value;

    private BatchAnswer<TValue>[] Read(IReadOnlyList<TValue>? loaded, TItem[] items)
    {
        if (loaded is null)
            throw new InvalidOperationException($"{Name} returned null in place of a list.");
        if (loaded.Count != items.Length)
        {
            throw new InvalidOperationException(
                $"{Name} was asked for {items.Length} and returned {loaded.Count}: a list must have one value for each item, in the order of the items.");
        }

        var answers = new BatchAnswer<TValue>[items.Length];
        for (var i = 0; i < answers.Length; i++)
            answers[i] = new(true, loaded[i]);
        return answers;
    }
}
