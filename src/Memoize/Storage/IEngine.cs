using System.Diagnostics.CodeAnalysis;

namespace Memoize.Storage;

/// <summary>
/// What a store needs of an engine besides the lookup of a hit, which it calls directly where it can. Lookups are thread-safe; the
/// members that change something, and <see cref="Held"/>'s exactness, rely on the store's gate.
/// </summary>
internal interface IEngine<TKey, TValue>
    where TKey : notnull
{
    /// <summary>The entries held, expired ones included; at no moment more than the bound.</summary>
    int Held { get; }

    /// <summary>Finds an entry, live or not, and marks it as used.</summary>
    bool Find(TKey key, [MaybeNullWhen(false)] out Entry<TValue> entry);

    /// <summary>Finds an entry, live or not, and leaves no trace.</summary>
    bool Look(TKey key, [MaybeNullWhen(false)] out Entry<TValue> entry);

    /// <summary>Whether the entry of a key was found of late, as far as the engine knows.</summary>
    bool WasUsed(TKey key);

    /// <summary>Puts an entry into the place of the one that the key has; <see langword="false"/> if it has none.</summary>
    bool Replace(TKey key, Entry<TValue> entry, long now);

    /// <summary>Adds an entry for a key that has none, and makes room for it.</summary>
    void Add(TKey key, Entry<TValue> entry, long now);

    /// <summary>Lets the least useful entry go, or a few; at least one while there is any.</summary>
    void Shrink(long now);

    /// <summary>Removes the entry of a key, if it has one.</summary>
    bool Remove(TKey key);

    /// <summary>Gives back what removed entries still occupy, where that is worth the work.</summary>
    void Tidy();

    /// <summary>All entries, live or not, while others may come and go.</summary>
    IEnumerator<KeyValuePair<TKey, Entry<TValue>>> Walk();
}
