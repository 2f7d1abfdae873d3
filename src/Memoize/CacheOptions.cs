namespace Memoize;

/// <summary>What the attribute of a cached method asks for, as the runtime sees it. Immutable and safe to share.</summary>
/// <remarks>The values are checked when a <see cref="CachedMethod"/> is made of them, because only then is there a method to name.</remarks>
public sealed class CacheOptions
{
    /// <summary>
    /// Seconds for which a value is served, counted from the moment it is ready; 0 (the default) for no limit. Otherwise at
    /// least a millisecond.
    /// </summary>
    public double Ttl { get; init; }

    /// <summary>
    /// Seconds after the last read at which a value expires; 0 (the default) for never. Otherwise at least a millisecond.
    /// Where <see cref="Ttl"/> is given too, no amount of reading keeps a value beyond it.
    /// </summary>
    public double Sliding { get; init; }

    /// <summary>The most entries that one cache keeps, a hard bound; at least 3, by default 1024.</summary>
    public int MaxSize { get; init; } = 1024;

    /// <summary>What makes room when the cache is full; the default is <see cref="Eviction.Lru"/>.</summary>
    public Eviction Eviction { get; init; }

    /// <summary>
    /// Seconds after the end of its lifetime during which a value is still served, at once, while one load in the background brings a
    /// new one; 0 (the default) for none. Otherwise at least a millisecond.
    /// </summary>
    /// <remarks>
    /// <para>
    /// The load runs on the thread pool, in the <see cref="ExecutionContext"/> of the caller whose hit has started it, and that caller's
    /// token does not cancel it. If it fails, the next one begins after <see cref="ErrorTtl"/>, or a second where that is not given;
    /// until then the old value is served. An eviction, a <c>Set</c> and a clear win over it.
    /// </para>
    /// <para>
    /// It counts from the end of the lifetime that this value has: by <see cref="Ttl"/>, <see cref="NullTtl"/> or
    /// <see cref="EntryTerms.Lifetime"/>, after <see cref="Jitter"/>. A value without a lifetime is never stale. <see cref="Sliding"/>
    /// goes on counting: unread for that long, a value is gone, stale or not.
    /// </para>
    /// </remarks>
    public double StaleWhileRevalidate { get; init; }

    /// <summary>
    /// Seconds after the end of its lifetime during which a value is kept for those whose load fails or takes longer than
    /// <see cref="Timeout"/>; 0 (the default) for none. Otherwise at least a millisecond.
    /// </summary>
    /// <remarks>
    /// Both this and <see cref="StaleWhileRevalidate"/> count from the end of the lifetime. What counts is the moment of the failure.
    /// After it, the old value is served at once for <see cref="ErrorTtl"/>, or for a second where that is not given; then the next call
    /// loads again. An <see cref="OperationCanceledException"/> is no failure, unless its inner exception is a
    /// <see cref="TimeoutException"/>. Who calls <c>Refresh</c> gets the exception. What was evicted is given to nobody.
    /// </remarks>
    public double StaleIfError { get; init; }

    /// <summary>
    /// The part of its lifetime, from 0 to 1, after which a hit starts a load in the background, once; 0 (the default) and 1 for no early
    /// load. The hit gets the value, which is still fresh.
    /// </summary>
    /// <remarks>
    /// It is a part of the lifetime that the value really has, after <see cref="Jitter"/>. All else is as with
    /// <see cref="StaleWhileRevalidate"/>. Without that, callers wait for the load if it is still running when the lifetime ends.
    /// </remarks>
    public double RefreshAhead { get; init; }

    /// <summary>
    /// The part of its lifetime, from 0 to 1, by which a value may live shorter, at random and evenly spread, so that values that were
    /// loaded together do not expire together; 0 (the default) for none. No value ever lives longer.
    /// </summary>
    /// <remarks>
    /// It shortens <see cref="Ttl"/>, <see cref="NullTtl"/> and <see cref="EntryTerms.Lifetime"/>, to a millisecond at the least;
    /// neither <see cref="Sliding"/>, nor <see cref="ErrorTtl"/>, nor the times of stale values.
    /// </remarks>
    public double Jitter { get; init; }

    /// <summary>
    /// Seconds after which the callers of a load no longer wait for it; 0 (the default), and more than 49 days, for no limit. Otherwise
    /// at least a millisecond.
    /// </summary>
    /// <remarks>
    /// <para>
    /// They get a <see cref="TimeoutException"/>, or the old value where <see cref="StaleIfError"/> has one. The load's token is
    /// cancelled, the next call starts another load, and what the late one brings is not kept.
    /// </para>
    /// <para>
    /// A synchronous load runs on a thread of its own, in the context of its caller; within a load of that kind whose callers leave
    /// earlier, it stays on that thread, and the caller that runs it cannot leave. The part of an asynchronous method before its first
    /// <c>await</c> runs on the caller's thread and cannot be interrupted.
    /// </para>
    /// </remarks>
    public double Timeout { get; init; }

    /// <summary>
    /// Seconds for which the exception of a load is remembered: calls get it, with the stack of the first, and nothing is loaded; 0 (the
    /// default) for not at all. Otherwise at least a millisecond.
    /// </summary>
    /// <remarks>
    /// It takes the place of a value, counts against <see cref="MaxSize"/>, and goes by an eviction, a <c>Set</c>, a refresh or a clear. A
    /// cancellation is not remembered; see <see cref="StaleIfError"/> for what that is. Where there is still a value of use, the value
    /// stays, and this is how long no other load is tried.
    /// </remarks>
    public double ErrorTtl { get; init; }

    /// <summary>
    /// The lifetime in seconds of a result that is null, in place of <see cref="Ttl"/> and of <see cref="EntryTerms.Lifetime"/>; 0 (the
    /// default) for no difference. Otherwise at least a millisecond.
    /// </summary>
    public double NullTtl { get; init; }

    /// <summary>
    /// Whether a result that is null is remembered; the default is <see langword="true"/>. If not, rules are not asked about it, and the
    /// value that the key had is removed.
    /// </summary>
    public bool CacheNull { get; init; } = true;

    /// <summary>
    /// The most that the entries of one cache may weigh together, a hard bound beside <see cref="MaxSize"/>; 0 (the default) for no
    /// bound by weight. What an entry weighs says <see cref="EntryTerms.Weight"/>; a remembered exception weighs 1.
    /// </summary>
    /// <remarks>
    /// A value that alone weighs more is returned and not kept (<see cref="CacheStatistics.NotStoredTooHeavy"/>), and the value that the
    /// key had is removed.
    /// </remarks>
    public long MaxBytes { get; init; }

    /// <summary>
    /// The tiers behind memory, nearest first, separated by commas: names that <see cref="Memo.AddTier"/> was given. Empty (the
    /// default) for memory alone; a name that there is no tier for is passed over. <c>*</c> stands for the default of the program:
    /// all tiers in the order in which they were added, unless its configuration says otherwise.
    /// </summary>
    public string Tiers { get; init; } = "";

    internal bool IsLike(CacheOptions other)
        => (Ttl, Sliding, MaxSize, Eviction, StaleWhileRevalidate, StaleIfError, RefreshAhead)
                == (other.Ttl, other.Sliding, other.MaxSize, other.Eviction, other.StaleWhileRevalidate, other.StaleIfError, other.RefreshAhead)
            && (Jitter, Timeout, ErrorTtl, NullTtl, CacheNull, MaxBytes, Tiers)
                == (other.Jitter, other.Timeout, other.ErrorTtl, other.NullTtl, other.CacheNull, other.MaxBytes, other.Tiers);

    /// <summary>What <see cref="Jitter"/> draws from, 0 to 1; for tests.</summary>
    internal Func<double> Chance { get; init; } = Random.Shared.NextDouble;
}
