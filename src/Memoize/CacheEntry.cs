using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using Memoize.Storage;

namespace Memoize;

/// <summary>An entry of a cache, for people who look: what is remembered for which arguments, and for how long. Safe for use by many threads.</summary>
public abstract class CacheEntry
{
    private protected CacheEntry(string? instance, TimeSpan age, TimeSpan? remaining, long? weight)
    {
        Instance = instance;
        Age = age;
        Remaining = remaining;
        Weight = weight;
    }

    /// <summary>The arguments, readable: <c>id: 7</c>.</summary>
    public abstract string Key { get; }

    /// <summary>Whose entry it is, where each instance has its own cache: <c>Session#1A2B3C</c>; null elsewhere.</summary>
    public string? Instance { get; }

    /// <summary>
    /// How long ago, at the moment when it was found, its value was stored in this cache, exact to a millisecond. Of a value that came
    /// from a tier, that is when it came from there.
    /// </summary>
    public TimeSpan Age { get; }

    /// <summary>How long it would have been served, at the moment when it was found, if nobody read it; null for no limit.</summary>
    public TimeSpan? Remaining { get; }

    /// <summary>
    /// What it weighs, in the unit of <c>MaxBytes</c>; null where nothing is weighed, because the method has no <c>MaxBytes</c> or had
    /// none when it was stored: nobody knows what an object takes of the memory.
    /// </summary>
    public long? Weight { get; }

    /// <summary>The remembered value. It is the user's data: show it to nobody who has not asked for it.</summary>
    /// <param name="value">The value, as it was when the entry was found.</param>
    /// <returns>Whether the entry is still there, with this value.</returns>
    public abstract bool TryGetValue(out object? value);

    /// <summary>Removes the entry, as an eviction by a handle does.</summary>
    /// <returns>Whether there was one.</returns>
    public abstract bool Evict();

    /// <summary>The key.</summary>
    /// <returns><see cref="Key"/>.</returns>
    public override string ToString() => Key;

    internal static string NameOf(object instance) => $"{instance.GetType().Name}#{RuntimeHelpers.GetHashCode(instance):X}";

    // The text of a key is made of the user's objects, and whoever looks must see the others all the same.
    internal static string TextOf<TKey>(TKey key)
    {
        try
        {
            return key?.ToString() ?? "";
        }
        catch (Exception e)
        {
            return $"a key whose ToString throws {e.GetType().Name}";
        }
    }
}

/// <inheritdoc/>
internal sealed class CacheEntry<TKey, TValue>(
    MethodCache<TKey, TValue> cache, TKey key, Entry<TValue> entry, string? instance, TimeSpan age, TimeSpan? remaining)
    : CacheEntry(instance, age, remaining, entry.Weight > 0 ? entry.Weight : null)
    where TKey : IEquatable<TKey>
{
    private string? text;

    public override string Key => text ??= TextOf(key);

    public override bool TryGetValue([MaybeNullWhen(false)] out object? value)
    {
        value = entry.Value;
        return cache.Holds(key, entry);
    }

    public override bool Evict() => cache.Evict(key);
}
