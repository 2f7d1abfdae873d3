using Memoize.Storage;

namespace Memoize;

public sealed partial class MethodCache<TKey, TValue>
{
    IEnumerable<CacheEntry> IMethodCaches.Entries() => EntriesOf(null);

    /// <summary>The live entries.</summary>
    /// <param name="instance">Whose cache this is, if it is an instance's.</param>
    internal IEnumerable<CacheEntry> EntriesOf(string? instance)
    {
        if (HereIfUsed is not { } here)
            yield break;

        foreach (var (key, entry) in here.store.Snapshot())
            yield return new CacheEntry<TKey, TValue>(here, key, entry, instance, here.store.AgeOf(entry), here.store.RemainingOf(entry));
    }

    /// <summary>Whether the entry is in this cache, and live.</summary>
    internal bool Holds(TKey key, Entry<TValue> entry) => store.Peek(key, out var current) && ReferenceEquals(current, entry);
}
