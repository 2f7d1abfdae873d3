using System.ComponentModel;
using Memoize.Configuration;
using Memoize.Isolation;
using Memoize.Observability;
using Memoize.Tags;
using Memoize.Tiers;

namespace Memoize;

/// <summary>
/// One cached method of the process with all its caches: one for each combination of type arguments if it is generic, one for each
/// instance if it is cached per instance. Safe for use by many threads.
/// </summary>
/// <remarks>
/// Generated code makes one for each annotated method. <see cref="Memo.Caches"/> knows it for as long as it lives and does not keep
/// it alive, so that an unloadable assembly with cached methods stays unloadable.
/// </remarks>
public sealed class CachedMethod
{
    private readonly List<IMethodCaches> caches = [];
    private readonly object configuring = new();
    private volatile CacheUpdate[] updates = [];
    private volatile CacheOptions current;
    private volatile bool isEnabled = true;
    private long mostMisses;

    /// <summary>Declares a cached method and lists it in <see cref="Memo.Caches"/>.</summary>
    /// <param name="name">The stable name, by default the full name with parameter types: <c>Shop.Store.Get(int)</c>.</param>
    /// <param name="options">What its attribute asks for.</param>
    /// <exception cref="ArgumentException"><paramref name="name"/> is empty.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An option has a value that no cache can honour; the message names method and option.</exception>
    public CachedMethod(string name, CacheOptions options)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(options);
        CacheOptionsValidation.Validate(name, options);
        Name = name;
        Options = options;
        current = options;
        Memo.Register(this);
        if (MethodConfiguration.Of(name) is { } settings)
            Apply(settings);
    }

    /// <summary>The stable name of the method.</summary>
    public string Name { get; }

    /// <summary>What the attribute of the method asks for.</summary>
    public CacheOptions Options { get; }

    /// <summary>What holds now: the options of the attribute, but for what <see cref="Configure"/> or a configuration says.</summary>
    public CacheOptions CurrentOptions => current;

    /// <summary>
    /// Whether results of the method are remembered. If not, it is as with <see cref="Memo.Enabled"/> for this method alone, but that
    /// its entries are gone, and that a <c>Set</c> stores nothing.
    /// </summary>
    public bool IsEnabled => isEnabled;

    /// <summary>The entries there are now, in all caches of the method.</summary>
    public int Count => Snapshot().Sum(static caches => caches.Count);

    /// <summary>
    /// What all caches of the method have done together. What the caches of collected instances have done stays in the sums.
    /// </summary>
    public CacheStatistics Statistics
        => Snapshot().Aggregate(default(CacheStatistics), static (sum, caches) => sum + caches.Statistics);

    /// <summary>The same without what there is now.</summary>
    internal CacheStatistics Counts
        => Snapshot().Aggregate(default(CacheStatistics), static (sum, caches) => sum + caches.Counts);

    /// <summary>
    /// The misses, never fewer than the last time: a miss is taken back when the batch that a call has waited for says nothing of its
    /// key, and to those who read a meter a counter that falls has started anew.
    /// </summary>
    internal long MissesForMeter
    {
        get
        {
            var misses = Counts.Misses;
            if (CacheDomain.Current != CacheDomain.Process)
                return misses;
            lock (caches)
                return mostMisses = Math.Max(mostMisses, misses);
        }
    }

    /// <summary>
    /// The entries there are now, in no particular order, found one after the other while they are asked for: entries may come and go
    /// meanwhile. For people who look; it is no way to read a cache.
    /// </summary>
    /// <param name="max">The most to return.</param>
    /// <returns>Entries that are not expired.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="max"/> is negative.</exception>
    public IEnumerable<CacheEntry> Entries(int max)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(max);
        return Snapshot().SelectMany(static caches => caches.Entries()).Take(max);
    }

    /// <summary>
    /// Changes options of the method while the program runs. They hold at once, for what is stored and loaded from now on; the entries
    /// there are keep the lives that they have, unless a smaller bound makes some of them leave.
    /// </summary>
    /// <remarks>
    /// Costs a walk over all entries, during which misses wait and hits do not. A configuration that is loaded later, and that speaks of
    /// the method, takes the place of this.
    /// </remarks>
    /// <param name="settings">What differs from the attribute, which takes the place of what was said before; null for nothing.</param>
    /// <exception cref="ArgumentException">An option has a value that no cache can honour, or cannot be changed for this method; nothing has changed.</exception>
    public void Configure(MethodSettings? settings)
    {
        settings?.Check(Name, Options);
        Apply(settings);
    }

    /// <summary>The same without a word where it cannot be: for what was checked as far as it could be before the method was there.</summary>
    internal void Apply(MethodSettings? settings)
    {
        lock (configuring)
        {
            var next = settings?.On(Options) ?? Options;
            var enabled = settings?.Enabled ?? true;
            if (enabled == isEnabled && next.IsLike(current))
                return;
            current = next;
            isEnabled = enabled;
            foreach (var cache in Snapshot())
                cache.Reconfigure();
        }
    }

    /// <summary>
    /// Removes all entries of the method, those in its tiers included. A load that is running goes on for those who wait for it, but
    /// its value is not kept.
    /// </summary>
    /// <remarks>
    /// Where there are tiers, the caller waits for them, but no longer than their timeouts; <see cref="ClearAsync"/> does not hold its
    /// thread meanwhile.
    /// </remarks>
    public void Clear()
    {
        Empty();
        MemoLog.WasCleared(CacheDomain.Current.LogOf(this), this);
    }

    /// <summary>The same as <see cref="Clear"/> without holding the thread while the tiers work.</summary>
    public async ValueTask ClearAsync()
    {
        await EmptyAsync().ConfigureAwait(false);
        MemoLog.WasCleared(CacheDomain.Current.LogOf(this), this);
    }

    /// <summary>The same as <see cref="Clear"/> without a word in the log.</summary>
    internal void Empty()
    {
        Forget();
        if (TiersHere is { } tiers)
        {
            tiers.ClearTiers();
            Forget();
        }
    }

    /// <summary>The same without holding the thread.</summary>
    internal async ValueTask EmptyAsync()
    {
        Forget();
        if (TiersHere is { } tiers)
        {
            await tiers.ClearTiersAsync().ConfigureAwait(false);
            Forget();
        }
    }

    /// <summary>Empties memory only.</summary>
    internal void Forget()
    {
        TouchUpdates();
        foreach (var cache in Snapshot())
            cache.Clear();
    }

    /// <summary>Makes a cache of the method; for generated code.</summary>
    /// <typeparam name="TKey">The key: the arguments, compared by value.</typeparam>
    /// <typeparam name="TValue">The result.</typeparam>
    /// <param name="tasks">Whether the method returns <see cref="Task{TResult}"/>: entries then hold the task that every hit returns.</param>
    /// <param name="tiers">How keys and results are shared with other processes; null for memory alone.</param>
    /// <returns>The new, empty cache; it lives as long as this method.</returns>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public MethodCache<TKey, TValue> CreateCache<TKey, TValue>(bool tasks = false, TierCodec<TKey>? tiers = null)
        where TKey : IEquatable<TKey>
    {
        var cache = Add(() => new MethodCache<TKey, TValue>(this, new CallCounters(), shared: true, tasks, CacheDomain.Process));
        if (tiers is not null)
            Put(cache.PutBefore(tiers));
        return cache;
    }

    /// <summary>Makes the caches of a method that gives each instance its own; for generated code.</summary>
    /// <typeparam name="TReceiver">The type that declares the method.</typeparam>
    /// <typeparam name="TKey">The key: the arguments, compared by value.</typeparam>
    /// <typeparam name="TValue">The result.</typeparam>
    /// <param name="tasks">Whether the method returns <see cref="Task{TResult}"/>: entries then hold the task that every hit returns.</param>
    /// <returns>The caches, none yet.</returns>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public InstanceCaches<TReceiver, TKey, TValue> CreateInstanceCaches<TReceiver, TKey, TValue>(bool tasks = false)
        where TReceiver : class
        where TKey : IEquatable<TKey>
        => Add(() => new InstanceCaches<TReceiver, TKey, TValue>(this, tasks));

    /// <summary>Makes the caches of a method behind the decorator door; for generated code.</summary>
    /// <typeparam name="TKey">The key: the arguments, compared by value.</typeparam>
    /// <typeparam name="TValue">The result.</typeparam>
    /// <param name="tasks">Whether the method returns <see cref="Task{TResult}"/>: entries then hold the task that every hit returns.</param>
    /// <param name="tiers">How keys and results are shared with other processes; null for memory alone.</param>
    /// <returns>The caches, none yet.</returns>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public DecoratorCaches<TKey, TValue> CreateDecoratorCaches<TKey, TValue>(bool tasks = false, TierCodec<TKey>? tiers = null)
        where TKey : IEquatable<TKey>
    {
        var caches = Add(() => new DecoratorCaches<TKey, TValue>(this, tasks, tiers));
        if (caches.Tiers is { } all)
            Put(all);
        return caches;
    }

    /// <summary>The name.</summary>
    /// <returns><see cref="Name"/>.</returns>
    public override string ToString() => Name;

    // Under the lock of Memo, so that a cache is either made with the present time provider or cleared by the change of it.
    private T Add<T>(Func<T> create)
        where T : IMethodCaches
    {
        lock (Memo.Gate)
        {
            var cache = create();
            lock (caches)
                caches.Add(cache);
            return cache;
        }
    }

    // What lies behind the memory of its caches: one for each combination of type arguments. They have one name, and what clears the
    // tiers of one clears those of all.
    private volatile IMethodTiers[] pipelines = [];

    // What a test has isolated is isolated from the tiers too.
    private IMethodTiers? TiersHere => CacheDomain.Current == CacheDomain.Process && pipelines is [var first, ..] ? first : null;

    /// <summary>Whether the method looks in the tier.</summary>
    internal bool Uses(CacheTier tier) => Array.Exists(pipelines, pipeline => pipeline.Uses(tier));

    /// <summary>Ends when all that is being written to tiers now has been.</summary>
    internal Task FlushTiersAsync() => Task.WhenAll(pipelines.Select(static pipeline => pipeline.FlushAsync()));

    private void Put(IMethodTiers pipeline)
    {
        lock (caches)
            pipelines = [.. pipelines, pipeline];
    }

    /// <summary>The writes that are under way; see <see cref="CacheUpdate"/>.</summary>
    internal CacheUpdate[] Updates => updates;

    internal void AddUpdate(CacheUpdate update)
    {
        lock (caches)
            updates = [.. updates, update];
    }

    internal void RemoveUpdate(CacheUpdate update)
    {
        lock (caches)
            updates = Array.FindAll(updates, other => other != update);
    }

    internal void TouchUpdates()
    {
        foreach (var update in Updates)
            update.TouchAll();
    }

    internal void TouchTagged(EntryTag[] tags)
    {
        foreach (var update in Updates)
            update.TouchTagged(tags);
    }

    /// <summary>Removes the entries that have the tag, in all caches of the method.</summary>
    /// <returns>How many there were.</returns>
    internal int EvictTag(EntryTag tag)
    {
        TouchTagged([tag]);
        return Snapshot().Sum(caches => caches.EvictTag(tag));
    }

    private IMethodCaches[] Snapshot()
    {
        lock (caches)
            return [.. caches];
    }
}
