using System.Collections.Concurrent;
using Memoize.Isolation;
using Memoize.Observability;
using Microsoft.Extensions.Caching.Distributed;
using Microsoft.Extensions.Caching.Hybrid;

namespace Memoize.Tiers;

/// <summary>
/// A store behind the memory of cached methods that name it in <c>Tiers</c>. Whatever happens to it, a call gets its answer: a failure
/// is a miss that costs a bounded time once, and after that nothing until the store is back. Safe for use by many threads.
/// </summary>
public sealed partial class CacheTier
{
    private readonly ConcurrentDictionary<Type, object> serializers = new();
    private readonly ConcurrentDictionary<Type, object> made = new();
    private volatile IHybridCacheSerializerFactory[] factories = [];
    private readonly TierCounters counters = new();
    private readonly Breaker breaker;
    private readonly IBatchReads? batchReads;
    private readonly TimeSpan patience;
    private readonly WaitingRoom room;
    private readonly PacedLog log = new(CacheDomain.Process);
    private IDisposable? listening;
    private long goneSince;

    internal CacheTier(string name, IDistributedCache store, CacheTierOptions options)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(options);
        if (name.Contains(',') || name.Trim() != name || name == TierRegistry.Default)
            throw new ArgumentException($"'{name}' cannot be named in a list: a tier's name has no commas and no blanks around it, and '*' stands for all.", nameof(name));
        options.Validate();
        Name = name;
        Store = store;
        Options = options;
        Leases = store as ILeasingCache;
        Bus = store as IInvalidationBus;
        batchReads = store as IBatchReads;
        patience = options.Budget;
        Prefix = options.Prefix ?? (store is IPrefixedCache { KeyPrefix.Length: > 0 } ? "" : "memoize:");
        breaker = new(options, ProbeAsync, IsBack);
        room = new(patience, () => breaker.IsOpen);
        keeper = Leases is null ? null : new(options, RenewAsync, GiveBack);
    }

    /// <summary>The name by which <c>Tiers</c> calls it.</summary>
    public string Name { get; }

    /// <summary>The store.</summary>
    public IDistributedCache Store { get; }

    /// <summary>How it is treated.</summary>
    public CacheTierOptions Options { get; }

    /// <summary>
    /// What stands before every key that the store is given: that of the options, or else <c>memoize:</c>, or nothing where the store has a prefix
    /// of its own (<see cref="IPrefixedCache"/>).
    /// </summary>
    public string Prefix { get; }

    /// <summary>Whether the store answers, as far as is known: no operation has failed since the last one that succeeded.</summary>
    public bool IsAvailable => !breaker.IsOpen;

    /// <summary>What it has done.</summary>
    public CacheTierStatistics Statistics => counters.Snapshot(owed.Count);

    internal ILeasingCache? Leases { get; }

    internal IInvalidationBus? Bus { get; }

    internal TierCounters Counters => counters;

    /// <summary>Sets the serializer for one type of result, in place of JSON.</summary>
    /// <typeparam name="T">The result of the method, without its task.</typeparam>
    /// <param name="serializer">The serializer; safe for use by many threads.</param>
    /// <returns>This tier.</returns>
    public CacheTier Use<T>(IHybridCacheSerializer<T> serializer)
    {
        ArgumentNullException.ThrowIfNull(serializer);
        serializers[typeof(T)] = serializer;
        return this;
    }

    /// <summary>
    /// Adds a maker of serializers, which is asked for types without one of their own; those that were added first are asked first. Text
    /// and bytes are always stored as they are.
    /// </summary>
    /// <param name="factory">The factory; safe for use by many threads.</param>
    /// <returns>This tier.</returns>
    public CacheTier Use(IHybridCacheSerializerFactory factory)
    {
        ArgumentNullException.ThrowIfNull(factory);
        lock (serializers)
            factories = [.. factories, factory];
        made.Clear();
        return this;
    }

    internal IHybridCacheSerializer<T> SerializerOf<T>()
        => (IHybridCacheSerializer<T>)(serializers.TryGetValue(typeof(T), out var own) || made.TryGetValue(typeof(T), out own) ? own
            : made.GetOrAdd(typeof(T), Make<T>()));

    private IHybridCacheSerializer<T> Make<T>()
    {
        if (typeof(T) != typeof(string) && typeof(T) != typeof(byte[]))
        {
            foreach (var factory in factories)
            {
                if (factory.TryCreateSerializer<T>(out var serializer))
                    return serializer;
            }
        }

        return BuiltInSerializers.Of<T>(Options.Json);
    }

    /// <summary>Hears from now on what other processes evict.</summary>
    internal void Listen() => listening = Bus is null ? null : BusListener.Listen(this);

    /// <summary>No method uses it any longer.</summary>
    internal void Stop()
    {
        listening?.Dispose();
        breaker.Stop();
        keeper?.Stop();
    }

    /// <inheritdoc/>
    public override string ToString() => Name;
}
