using System.ComponentModel;

namespace Memoize.Isolation;

/// <summary>
/// Caches of its own for a flow of execution: what the package <c>Memoize.Testing</c> is made of. From <see cref="Begin"/> on, the
/// current flow, and every task and thread that it starts, has its own entries, loads, statistics and clock for all cached methods.
/// </summary>
/// <remarks>
/// While there is an isolated flow in the process, calls everywhere take a slower path, and give the same answers. Safe for use by many
/// threads.
/// </remarks>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class CacheIsolation : IDisposable
{
    private readonly CacheDomain domain;
    private readonly CacheDomain outer;

    private CacheIsolation(CacheDomain domain, CacheDomain outer)
    {
        this.domain = domain;
        this.outer = outer;
    }

    /// <summary>Whether results are remembered in this flow; what <see cref="Memo.Enabled"/> is there. The process's own switch has no effect.</summary>
    public bool Enabled
    {
        get => domain.Enabled;
        set => domain.Enabled = value;
    }

    /// <summary>The clock of this flow; what <see cref="Memo.TimeProvider"/> is there.</summary>
    public TimeProvider TimeProvider => domain.TimeProvider;

    /// <summary>Isolates the current flow of execution. Inside of one that is isolated already, the inner one hides the outer.</summary>
    /// <param name="timeProvider">The clock of the flow.</param>
    /// <param name="record">
    /// Is told what happens. It runs inside the operation, sometimes under a lock: it must be quick, and must not call a cached method.
    /// </param>
    /// <param name="alwaysMisses">Says of which methods every call is to be a miss; it is asked at each call, under the same conditions.</param>
    /// <returns>Ends the isolation when disposed.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="timeProvider"/> is null.</exception>
    public static CacheIsolation Begin(TimeProvider timeProvider, Action<CacheEvent>? record = null, Func<CachedMethod, bool>? alwaysMisses = null)
    {
        ArgumentNullException.ThrowIfNull(timeProvider);
        var domain = new CacheDomain(timeProvider)
        {
            Recorder = record is null
                ? null
                : (kind, method, cache, key, took, failure) => record(new(kind, method, cache, key, timeProvider.GetUtcNow(), took, failure)),
            AlwaysMisses = alwaysMisses,
        };
        var isolation = new CacheIsolation(domain, CacheDomain.Current);
        CacheDomain.Open();
        CacheDomain.Current = domain;
        return isolation;
    }

    /// <summary>
    /// Brings another flow into this isolation, such as a thread that was there before it, or a request that a server handles.
    /// </summary>
    /// <returns>Takes the flow out again when disposed, on the same flow.</returns>
    public IDisposable Enter()
    {
        var before = CacheDomain.Current;
        CacheDomain.Current = domain;
        return new Way(before);
    }

    /// <summary>
    /// Ends the isolation and throws its caches away. A flow that still belongs to it, such as a task that a test has left running,
    /// runs the originals from now on, and remembers nothing.
    /// </summary>
    public void Dispose()
    {
        domain.Close();
        if (CacheDomain.Current == domain)
            CacheDomain.Current = outer;
    }

    private sealed class Way(CacheDomain back) : IDisposable
    {
        public void Dispose() => CacheDomain.Current = back;
    }
}
