using System.Runtime.CompilerServices;
using Memoize.Observability;
using Memoize.Storage;

namespace Memoize.Isolation;

/// <summary>
/// What caches live in: the process, or an isolated flow of execution. Each has its own entries, loads, statistics and clock. Generated
/// code refers to the caches of the process; <see cref="Of{TKey, TValue}"/> is the only way from one of these to that of the flow.
/// </summary>
internal sealed class CacheDomain
{
    /// <summary>Where everybody is who is not isolated.</summary>
    internal static readonly CacheDomain Process = new(TimeProvider.System);

    private static readonly AsyncLocal<CacheDomain?> Flow = new();
    private static int isolated;

    // From the caches and counters of the process to those of this domain. Weakly, because a cache of an instance lives as long as that.
    private readonly ConditionalWeakTable<object, IMethodCaches> caches = new();
    private readonly ConditionalWeakTable<CallCounters, CallCounters> counters = new();
    private readonly ConditionalWeakTable<CachedMethod, PacedLog> logs = new();

    private volatile Clock clock;
    private volatile TimeProvider timeProvider;
    private volatile bool enabled = true;
    private volatile bool closed;

    internal CacheDomain(TimeProvider timeProvider)
    {
        this.timeProvider = timeProvider;
        clock = Clock.From(timeProvider);
    }

    /// <summary>The domain of the current flow. It may be closed: then everything runs uncached.</summary>
    internal static CacheDomain Current
    {
        get => Volatile.Read(ref HitPath.EverIsolated) && Flow.Value is { } flow ? flow : Process;
        set => Flow.Value = value == Process ? null : value;
    }

    internal Clock Clock => clock;

    internal TimeProvider TimeProvider => timeProvider;

    /// <summary>Whether results are remembered here.</summary>
    internal bool Enabled
    {
        get => enabled && !closed;
        set
        {
            enabled = value;
            if (this == Process)
                ChooseHitPath(0);
        }
    }

    /// <summary>Where messages go; what is not set here is as in the process.</summary>
    internal Loggers Loggers { get; } = new(Process?.Loggers);

    /// <summary>Whether calls find no entry; what they load is stored all the same.</summary>
    internal Func<CachedMethod, bool>? AlwaysMisses { get; set; }

    /// <summary>Is told what happens, if anybody listens; the keys as they are.</summary>
    internal Action<CacheEventKind, CachedMethod, object, object?, TimeSpan?, Exception?>? Recorder { get; init; }

    /// <summary>Another domain is there: from now on, calls go where they find theirs.</summary>
    internal static void Open()
    {
        Volatile.Write(ref HitPath.EverIsolated, true);
        ChooseHitPath(+1);
    }

    /// <summary>
    /// Throws everything away. A flow that still belongs here runs uncached from now on: what a finished test has started must not
    /// bring its values to the caches of others.
    /// </summary>
    internal void Close()
    {
        lock (Memo.Gate)
        {
            if (closed)
                return;
            closed = true;
        }

        ChooseHitPath(-1);
        caches.Clear();
    }

    /// <summary>Takes another clock; who asks for it must then clear the caches, because the deadlines of two clocks must not mix.</summary>
    internal void Use(TimeProvider provider)
    {
        lock (Memo.Gate)
        {
            timeProvider = provider;
            clock = Clock.From(provider);
        }
    }

    /// <summary>This domain's own cache in the place of one of the process; made at the first use.</summary>
    internal MethodCache<TKey, TValue> Of<TKey, TValue>(MethodCache<TKey, TValue> cache)
        where TKey : IEquatable<TKey>
    {
        if (this == Process)
            return cache;
        if (OfIfUsed(cache) is { } known)
            return known;

        // Under the lock, so that a cache is either made with the present time provider or cleared by the change of it.
        lock (Memo.Gate)
            return (MethodCache<TKey, TValue>)caches.GetValue(cache, _ => cache.MakeFor(this));
    }

    /// <summary>The same, but null where the flow has not used the cache yet.</summary>
    internal MethodCache<TKey, TValue>? OfIfUsed<TKey, TValue>(MethodCache<TKey, TValue> cache)
        where TKey : IEquatable<TKey>
        => this == Process ? cache : caches.TryGetValue(cache, out var known) ? (MethodCache<TKey, TValue>)known : null;

    /// <summary>This domain's own counters in the place of those of the process: caches that count together there do so here.</summary>
    internal CallCounters Of(CallCounters process)
        => this == Process ? process : counters.GetValue(process, static _ => new CallCounters());

    /// <summary>What is written about a method here.</summary>
    internal PacedLog LogOf(CachedMethod method) => logs.GetValue(method, _ => new PacedLog(this));

    private static void ChooseHitPath(int opened)
    {
        lock (Memo.Gate)
        {
            isolated += opened;
            Volatile.Write(ref HitPath.Unusual, isolated > 0 || !Process.enabled);
        }
    }
}
