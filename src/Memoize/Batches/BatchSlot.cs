using Memoize.Flights;

namespace Memoize.Batches;

/// <summary>One key that a call of a batch method did not find at once, and what becomes of it.</summary>
internal sealed class BatchSlot<TItem, TKey, TValue>(TItem item, TKey key)
    where TKey : IEquatable<TKey>
{
    internal readonly TItem Item = item;

    internal readonly TKey Key = key;

    /// <summary>The flight that this call has started for the key, if it is the one who loads it.</summary>
    internal KeyedFlight<TKey, TValue>? Lead;

    /// <summary>Its place among those who wait for the key.</summary>
    internal Waiter<TKey, TValue>? Waiter;

    internal BatchAnswer<TValue> Answer;

    internal void Found(TValue value) => Answer = new(true, value);
}

/// <summary>What a batch says about one key: its value, or that there is none.</summary>
internal readonly record struct BatchAnswer<TValue>(bool IsFound, TValue Value);
