using System.Diagnostics.CodeAnalysis;
using Memoize.Isolation;
using Memoize.Observability;
using Memoize.Storage;

namespace Memoize;

// Generated code knows one cache, that of the process. In an isolated flow of execution, another one of the same kind takes its place:
// every public member begins with Here, and everything below works on the cache it finds itself in, whatever the flow.
public sealed partial class MethodCache<TKey, TValue>
{
    private readonly CacheDomain domain;

    // The cache of the process for which this one stands: the same in all isolations.
    private readonly MethodCache<TKey, TValue> origin;

    /// <summary>The cache of the current flow that stands for this one; outside of any isolation, this one.</summary>
    private MethodCache<TKey, TValue> Here
        => Volatile.Read(ref HitPath.EverIsolated) && domain == CacheDomain.Process ? CacheDomain.Current.Of(this) : this;

    /// <summary>The same for who only reads or empties it: null where the flow has not used it yet.</summary>
    private MethodCache<TKey, TValue>? HereIfUsed
        => Volatile.Read(ref HitPath.EverIsolated) && domain == CacheDomain.Process ? CacheDomain.Current.OfIfUsed(this) : this;

    /// <summary>The clock by which this cache lives and measures.</summary>
    internal TimeProvider Time => domain.TimeProvider;

    /// <summary>What is written about the method where this cache is.</summary>
    internal PacedLog Log => domain.LogOf(Method);

    /// <summary>Whether anything is remembered: in this domain, and of this method.</summary>
    private bool IsEnabled => domain.Enabled && Method.IsEnabled;

    /// <summary>
    /// The options of the method have changed: they hold for what is stored from now on. Loads under way bring their values here.
    /// </summary>
    void IMethodCaches.Reconfigure() => flights.InOneStep(() =>
    {
        var old = store;
        var next = NewStore();
        if (Method.IsEnabled)
            next.TakeOver(old);
        else
            old.Retire();
        store = next;
    });

    /// <summary>An empty cache like this one for another domain.</summary>
    internal MethodCache<TKey, TValue> MakeFor(CacheDomain other) => new(Method, other.Of(counters), shared: false, tasks, other, this);

    /// <summary>Looks for an entry without a lock, where the wrapper has not done so because the hit path was off.</summary>
    private bool TryGetOffTheHitPath(TKey key, [MaybeNullWhen(false)] out Entry<TValue> entry)
    {
        entry = null;
        return Volatile.Read(ref HitPath.Unusual) && Find(key, out entry);
    }

    private bool Find(TKey key, [MaybeNullWhen(false)] out Entry<TValue> entry)
    {
        entry = null;
        if (FindsNothing || !store.TryGet(key, out entry))
            return false;

        Record(CacheEventKind.Hit, key);
        return true;
    }

    /// <summary>The same, and tells of entries that a hit does not serve, or that are due for a load.</summary>
    private Answer Ask(TKey key, out Entry<TValue>? entry)
    {
        entry = null;
        if (FindsNothing)
            return Answer.None;

        var answer = store.Ask(key, out entry);
        if (answer != Answer.None)
            Record(CacheEventKind.Hit, key);
        return answer;
    }

    private bool FindsNothing => domain.AlwaysMisses?.Invoke(Method) == true;

    private void Tally(ref long counter, CacheEventKind kind, TKey key, TimeSpan? took = null, Exception? failure = null)
    {
        Interlocked.Increment(ref counter);
        Record(kind, key, took, failure);
    }

    private void Record(CacheEventKind kind, TKey key, TimeSpan? took = null, Exception? failure = null)
        => domain.Recorder?.Invoke(kind, Method, origin, key, took, failure);
}
