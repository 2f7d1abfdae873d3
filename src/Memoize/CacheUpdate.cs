using Memoize.Isolation;
using Memoize.Tags;

namespace Memoize;

/// <summary>
/// A write that is under way, and whose result is to be remembered: see <see cref="CacheHandle.BeginUpdate"/>. Dispose it when the
/// write is over, whether it succeeded or not. Safe for use by many threads.
/// </summary>
/// <remarks>
/// Two writes of one entry may end in another order than they were carried out in. So the result of a write is remembered only if
/// nothing else was done to its entry since the write began; otherwise the entry is evicted, and the next call loads it.
/// </remarks>
public sealed class CacheUpdate : IDisposable
{
    private readonly CachedMethod[] methods;
    private readonly CacheDomain domain = CacheDomain.Current;
    private readonly HashSet<(object Cache, object Key)> touched = [];
    private readonly List<EntryTag[]> tags = [];
    private bool all;

    internal CacheUpdate(CachedMethod[] methods)
    {
        this.methods = methods;
        foreach (var method in methods)
            method.AddUpdate(this);
    }

    /// <summary>Ends the update. What is set with it afterwards is set as without it.</summary>
    public void Dispose()
    {
        foreach (var method in methods)
            method.RemoveUpdate(this);
    }

    /// <summary>Something was done to an entry.</summary>
    internal void Touch(object cache, object key)
    {
        lock (touched)
            touched.Add((cache, key));
    }

    /// <summary>Something was done to many entries, by the current flow: to nobody's in another isolation.</summary>
    internal void TouchAll()
    {
        if (domain != CacheDomain.Current)
            return;
        lock (touched)
            all = true;
    }

    /// <summary>Something was done to the entries that have all of the tags.</summary>
    internal void TouchTagged(EntryTag[] evicted)
    {
        if (domain != CacheDomain.Current)
            return;
        lock (touched)
            tags.Add(evicted);
    }

    /// <summary>Whether something was done to an entry of the key and the tags.</summary>
    internal bool IsTouched(object cache, object key, EntryTag[]? own)
    {
        lock (touched)
            return all || touched.Contains((cache, key)) || (own is not null && tags.Exists(evicted => Array.TrueForAll(evicted, tag => Array.IndexOf(own, tag) >= 0)));
    }
}
