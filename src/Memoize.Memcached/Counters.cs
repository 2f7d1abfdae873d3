namespace Memoize.Memcached;

/// <summary>What happened, counted.</summary>
internal sealed class Counters
{
    private static readonly int s_kinds = Enum.GetValues<MemcachedFailure>().Length;

    private readonly long[] _failedReads = new long[s_kinds];
    private readonly long[] _notStored = new long[s_kinds];
    private readonly long[] _notRemoved = new long[s_kinds];
    private long _hits;
    private long _misses;
    private long _stored;

    public void Hit() => Interlocked.Increment(ref _hits);

    public void Miss() => Interlocked.Increment(ref _misses);

    public void Stored() => Interlocked.Increment(ref _stored);

    public void FailedRead(MemcachedFailure why)
    {
        Interlocked.Increment(ref _misses);
        Interlocked.Increment(ref _failedReads[(int)why]);
    }

    public void NotStored(MemcachedFailure why) => Interlocked.Increment(ref _notStored[(int)why]);

    public void NotRemoved(MemcachedFailure why) => Interlocked.Increment(ref _notRemoved[(int)why]);

    public MemcachedStatistics Read(IReadOnlyList<string> serversDown) => new()
    {
        Hits = Interlocked.Read(ref _hits),
        Misses = Interlocked.Read(ref _misses),
        Stored = Interlocked.Read(ref _stored),
        FailedReads = ByReason(_failedReads),
        NotStored = ByReason(_notStored),
        NotRemoved = ByReason(_notRemoved),
        ServersDown = serversDown,
    };

    private static Dictionary<MemcachedFailure, long> ByReason(long[] counts)
        => Enum.GetValues<MemcachedFailure>()
            .Select(why => (Why: why, Count: Interlocked.Read(ref counts[(int)why])))
            .Where(one => one.Count > 0)
            .ToDictionary(one => one.Why, one => one.Count);
}
