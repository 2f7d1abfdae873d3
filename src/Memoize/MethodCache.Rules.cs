using Memoize.Flights;
using Memoize.Isolation;

namespace Memoize;

#pragma warning disable RS0026   // two overloads with an optional token each: rules are never left out of these, so no call is ambiguous

public sealed partial class MethodCache<TKey, TValue>
{
    /// <summary>The same as <see cref="Load(TKey, Func{CancellationToken, TValue}, CancellationToken)"/> with rules for the value.</summary>
    /// <param name="key">The key.</param>
    /// <param name="load">Runs the original.</param>
    /// <param name="rules">Whether and how the value is remembered. Of callers that share a load, the rules of the one who started it count.</param>
    /// <param name="cancellationToken">The caller's own token.</param>
    /// <returns>The value, remembered or not.</returns>
    /// <inheritdoc cref="Load(TKey, Func{CancellationToken, TValue}, CancellationToken)" path="/exception"/>
    public TValue Load(TKey key, Func<CancellationToken, TValue> load, EntryRules<TValue> rules, CancellationToken cancellationToken = default)
        => Here.Run(key, load, rules, Purpose.Call, cancellationToken);

    /// <summary>The same as <see cref="LoadAsync(TKey, Func{CancellationToken, Task{TValue}}, CancellationToken)"/> with rules for the value.</summary>
    /// <param name="key">The key.</param>
    /// <param name="load">Starts the original.</param>
    /// <param name="rules">Whether and how the value is remembered. Of callers that share a load, the rules of the one who started it count.</param>
    /// <param name="cancellationToken">The caller's own token.</param>
    /// <returns>The value, remembered or not.</returns>
    /// <inheritdoc cref="Load(TKey, Func{CancellationToken, TValue}, CancellationToken)" path="/exception"/>
    public Task<TValue> LoadAsync(TKey key, Func<CancellationToken, Task<TValue>> load, EntryRules<TValue> rules, CancellationToken cancellationToken = default)
        => Here.RunAsync(key, load, rules, Purpose.Call, cancellationToken);

    /// <summary>The same as <see cref="Refresh(TKey, Func{CancellationToken, TValue}, CancellationToken)"/> with rules for the value.</summary>
    /// <param name="key">The key.</param>
    /// <param name="load">Runs the original.</param>
    /// <param name="rules">Whether and how the value is remembered. Of callers that share a load, the rules of the one who started it count.</param>
    /// <param name="cancellationToken">The caller's own token.</param>
    /// <returns>The value, remembered or not.</returns>
    /// <inheritdoc cref="Load(TKey, Func{CancellationToken, TValue}, CancellationToken)" path="/exception"/>
    public TValue Refresh(TKey key, Func<CancellationToken, TValue> load, EntryRules<TValue> rules, CancellationToken cancellationToken = default)
        => Here.Run(key, load, rules, Purpose.Refresh, cancellationToken);

    /// <summary>The same as <see cref="RefreshAsync(TKey, Func{CancellationToken, Task{TValue}}, CancellationToken)"/> with rules for the value.</summary>
    /// <param name="key">The key.</param>
    /// <param name="load">Starts the original.</param>
    /// <param name="rules">Whether and how the value is remembered. Of callers that share a load, the rules of the one who started it count.</param>
    /// <param name="cancellationToken">The caller's own token.</param>
    /// <returns>The value, remembered or not.</returns>
    /// <inheritdoc cref="Load(TKey, Func{CancellationToken, TValue}, CancellationToken)" path="/exception"/>
    public Task<TValue> RefreshAsync(TKey key, Func<CancellationToken, Task<TValue>> load, EntryRules<TValue> rules, CancellationToken cancellationToken = default)
        => Here.RunAsync(key, load, rules, Purpose.Refresh, cancellationToken);

    /// <summary>The same as <see cref="Set(TKey, TValue)"/> with rules for the value.</summary>
    /// <remarks>
    /// If the rules say that the value is not to be remembered, or throw, the entry that the key had is removed: it is out of date
    /// either way.
    /// </remarks>
    /// <param name="key">The key.</param>
    /// <param name="value">The value; its lifetime begins now.</param>
    /// <param name="rules">Whether and how the value is remembered.</param>
    /// <exception cref="Exception">Whatever <see cref="EntryRules{TValue}.Terms"/> throws.</exception>
    public void Set(TKey key, TValue value, EntryRules<TValue> rules) => Set(key, value, rules, update: null);

    /// <summary>The same as <see cref="Set(TKey, TValue, EntryRules{TValue})"/> for the result of a write.</summary>
    /// <remarks>If something else was done to the entry since the update began, the value is not remembered and the entry is evicted.</remarks>
    /// <param name="key">The key.</param>
    /// <param name="value">The value; its lifetime begins now.</param>
    /// <param name="rules">Whether and how the value is remembered.</param>
    /// <param name="update">The update that was begun before the write; null for none.</param>
    /// <exception cref="Exception">Whatever <see cref="EntryRules{TValue}.Terms"/> throws.</exception>
    public void Set(TKey key, TValue value, EntryRules<TValue> rules, CacheUpdate? update)
    {
        var terms = TermsOf(key, value, rules);
        var here = Here;
        var kept = here.Put(key, value, terms, rules.Tags, update);
        here.tiers?.Set(key, value, terms, rules.Tags, update is null ? kept : Storage.Kept.RefusedByRule);
    }

    /// <summary>Counts a call that went past the cache because the method's rule for its arguments (<c>When</c>) said so.</summary>
    public void CountBypass()
    {
        var here = Here;
        Interlocked.Increment(ref here.counters.Bypassed);
        here.domain.Recorder?.Invoke(CacheEventKind.Bypass, Method, origin, null, null, null);
    }
}
