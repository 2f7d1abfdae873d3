namespace Memoize;

/// <summary>
/// What can be done to the cache of a method from outside, with all its overloads. Generated code derives one handle per method
/// name, which adds <c>Evict</c>, <c>TryGet</c>, <c>Set</c> and <c>Refresh</c> with the parameters of the method.
/// </summary>
public abstract class CacheHandle
{
    private readonly CachedMethod[] methods;

    /// <summary>Makes a handle on a method.</summary>
    /// <param name="methods">The method; more than one if it is overloaded.</param>
    /// <exception cref="ArgumentException"><paramref name="methods"/> is empty.</exception>
    protected CacheHandle(params CachedMethod[] methods)
    {
        ArgumentNullException.ThrowIfNull(methods);
        if (methods.Length == 0)
            throw new ArgumentException("A handle needs a method.", nameof(methods));

        this.methods = [.. methods];
    }

    /// <summary>The method; all overloads, if there are several.</summary>
    public IReadOnlyList<CachedMethod> Methods => methods;

    /// <summary>The name of the method; of all overloads, separated by commas, if there are several.</summary>
    public string Name => string.Join(", ", methods.Select(static method => method.Name));

    /// <summary>What the caches behind the handle have done together.</summary>
    public CacheStatistics Statistics
        => methods.Aggregate(default(CacheStatistics), static (sum, method) => sum + method.Statistics);

    /// <summary>
    /// Changes options while the program runs, as <see cref="CachedMethod.Configure"/> does; of all overloads.
    /// </summary>
    /// <param name="settings">What differs from the attribute; null for nothing.</param>
    /// <exception cref="ArgumentException">An option has a value that no cache can honour, or cannot be changed for the method; nothing has changed.</exception>
    public void Configure(MethodSettings? settings)
    {
        foreach (var method in methods)
            settings?.Check(method.Name, method.Options);
        foreach (var method in methods)
            method.Configure(settings);
    }

    /// <summary>
    /// Removes all entries of the method, overloads included. A load that is running goes on for those who wait for it, but its
    /// value is not kept.
    /// </summary>
    public void Clear()
    {
        foreach (var method in methods)
            method.Clear();
    }

    /// <summary>The same as <see cref="Clear"/>, without holding the thread while tiers work.</summary>
    public async ValueTask ClearAsync()
    {
        foreach (var method in methods)
            await method.ClearAsync().ConfigureAwait(false);
    }

    /// <summary>
    /// Says that something is about to be written whose result is to be remembered with <c>Set</c>, and gives what that
    /// <c>Set</c> needs to know. Where another write, an eviction or a <c>Set</c> of the same entry comes in between, nothing is
    /// remembered and the entry is evicted: nobody could tell which of the two values is current.
    /// </summary>
    /// <example><code>
    /// using var update = UserServiceCache.GetUser.BeginUpdate();
    /// var user = database.Rename(id, name);
    /// UserServiceCache.GetUser.Set(id, user, update);
    /// </code></example>
    /// <returns>The update; dispose it when the write is over.</returns>
    public CacheUpdate BeginUpdate() => new(methods);

    /// <summary>The name.</summary>
    /// <returns><see cref="Name"/>.</returns>
    public override string ToString() => Name;
}
