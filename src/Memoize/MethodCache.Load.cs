using Memoize.Flights;

namespace Memoize;

#pragma warning disable RS0026   // see MethodCache.Rules.cs

public sealed partial class MethodCache<TKey, TValue>
{
    /// <summary>
    /// What a miss of a synchronous method does: runs the load on this thread, or waits for the load of the same key that another
    /// call has started.
    /// </summary>
    /// <param name="key">The key.</param>
    /// <param name="load">
    /// Runs the original. Its token is cancelled when all callers that wait for this load have left; it is not the caller's token.
    /// </param>
    /// <param name="cancellationToken">The caller's own token; cancelling it lets this caller leave, and nobody else.</param>
    /// <returns>The value, which is now remembered unless the key was evicted, set or cleared meanwhile.</returns>
    /// <exception cref="OperationCanceledException">
    /// <paramref name="cancellationToken"/> was cancelled. A caller that runs the load itself leaves when the load has returned.
    /// </exception>
    /// <exception cref="InvalidOperationException">The load asks, perhaps through others, for the very key that it is loading.</exception>
    /// <exception cref="Exception">Whatever the load throws reaches everybody who waits for it, and is not remembered.</exception>
    public TValue Load(TKey key, Func<CancellationToken, TValue> load, CancellationToken cancellationToken = default)
        => Here.Run(key, load, default, Purpose.Call, cancellationToken);

    /// <summary>
    /// What a miss of an asynchronous method does: starts the load in the context of this caller, or waits for the load of the same
    /// key that another call has started.
    /// </summary>
    /// <remarks>
    /// Should <paramref name="load"/> throw instead of returning a task, as a method may that is not <c>async</c>, the exception
    /// leaves this method the same way, as it would have left the original; others who wait get a failed task.
    /// </remarks>
    /// <param name="key">The key.</param>
    /// <param name="load">
    /// Starts the original. Its token is cancelled when all callers that wait for this load have left; it is not the caller's token.
    /// </param>
    /// <param name="cancellationToken">The caller's own token; cancelling it lets this caller leave at once, and nobody else.</param>
    /// <returns>
    /// The value, which is then remembered unless the key was evicted, set or cleared meanwhile; or the failure of the load; or a
    /// cancelled task if <paramref name="cancellationToken"/> is cancelled first.
    /// </returns>
    public Task<TValue> LoadAsync(TKey key, Func<CancellationToken, Task<TValue>> load, CancellationToken cancellationToken = default)
        => Here.RunAsync(key, load, default, Purpose.Call, cancellationToken);

    /// <summary>
    /// Loads now, although there may be an entry, and replaces it. Who calls meanwhile gets the old value if there is one. Refreshes
    /// of one key that overlap share one load. If the load fails, the old value stays.
    /// </summary>
    /// <remarks>
    /// A refresh may join another that began a moment before. Who has changed something and must not get a value from before the
    /// change calls <see cref="Evict"/>, which fences every load under way.
    /// </remarks>
    /// <param name="key">The key.</param>
    /// <param name="load">Runs the original; see <see cref="Load(TKey, Func{CancellationToken, TValue}, CancellationToken)"/>.</param>
    /// <param name="cancellationToken">The caller's own token; see <see cref="Load(TKey, Func{CancellationToken, TValue}, CancellationToken)"/>.</param>
    /// <returns>The new value.</returns>
    /// <inheritdoc cref="Load(TKey, Func{CancellationToken, TValue}, CancellationToken)" path="/exception"/>
    public TValue Refresh(TKey key, Func<CancellationToken, TValue> load, CancellationToken cancellationToken = default)
        => Here.Run(key, load, default, Purpose.Refresh, cancellationToken);

    /// <summary>The same as <see cref="Refresh(TKey, Func{CancellationToken, TValue}, CancellationToken)"/> for an asynchronous method.</summary>
    /// <param name="key">The key.</param>
    /// <param name="load">Starts the original; see <see cref="LoadAsync(TKey, Func{CancellationToken, Task{TValue}}, CancellationToken)"/>.</param>
    /// <param name="cancellationToken">The caller's own token; see <see cref="LoadAsync(TKey, Func{CancellationToken, Task{TValue}}, CancellationToken)"/>.</param>
    /// <returns>The new value, or the failure of the load, or a cancelled task.</returns>
    public Task<TValue> RefreshAsync(TKey key, Func<CancellationToken, Task<TValue>> load, CancellationToken cancellationToken = default)
        => Here.RunAsync(key, load, default, Purpose.Refresh, cancellationToken);
}
