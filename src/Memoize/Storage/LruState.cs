namespace Memoize.Storage;

/// <summary>
/// What the policies of an LRU engine know. The engine copies the policies, which are structs, so that their state is here. All of
/// it is used under the store's gate, but for <see cref="Held"/>, which anyone may read.
/// </summary>
internal sealed class LruState(long length, int maxSize, StoreCounters counters, Scale? scale)
{
    // Below this part of a full lifetime, what is at the end of the warm queue is worth less than what has just come in.
    private const double OldTail = 0.5;

    // Below this one, so much of the cache has expired that it pays to look for it.
    private const double DeadTail = 0.3;

    // So many times the size of the cache: where fewer entries are added in a lifetime, more expires than comes to the end of a queue
    // meanwhile, and live entries would leave instead of it. Where more are added, it leaves by itself, and an expired entry that is still
    // there is more likely to be asked for again than a newcomer is.
    private const double FewAdditions = 2.5;

    // Caches up to this size look often: to look through one of them takes less than a millisecond.
    private const int Small = 32_768;

    private double tailDeadline = double.MaxValue;
    private long askedAt;
    private int addedSinceAsked;
    private int pause = maxSize / 4;
    private int held;

    /// <summary>The time of the operation that is under way.</summary>
    public long Now;

    /// <summary>Nodes that were removed and still occupy a place in a queue.</summary>
    public int Husks;

    /// <summary>Null where weight does not matter.</summary>
    public Scale? Scale => scale;

    public int Held => Volatile.Read(ref this.held);

    /// <summary>Whether entries expire.</summary>
    public bool Timed => length != Lifetime.Infinite;

    /// <summary>
    /// Whether an unread newcomer should stay at the cost of the oldest entry. Where lifetimes are short for the size of the cache,
    /// the oldest is about to expire, and the order of arrival is the best order of eviction there is; where they are long, it
    /// would let a scan flush what is popular.
    /// </summary>
    public bool TailIsOld => this.Timed && this.tailDeadline - this.Now < OldTail * length;

    public void Added()
    {
        this.addedSinceAsked++;
        Volatile.Write(ref this.held, this.held + 1);
    }

    public void Removed() => Volatile.Write(ref this.held, this.held - 1);

    public void Evicted(long deadline)
    {
        this.Removed();
        if (deadline > this.Now)
            counters.EvictedByCapacity();
        else
            counters.EvictedByExpiry();
    }

    public void EvictedByCapacity() => counters.EvictedByCapacity();

    public void Expired() => counters.EvictedByExpiry();

    public void Replaced(long deadline)
    {
        if (deadline <= this.Now && deadline != long.MinValue)
            counters.EvictedByExpiry();
    }

    /// <summary>An entry came to the end of the warm queue: a moving average tells how long such entries still have to live.</summary>
    public void SawTail(long deadline)
    {
        if (!this.Timed)
            return;
        var expired = (double)this.Now - length;
        var average = Math.Clamp(this.tailDeadline, expired, (double)this.Now + length);
        this.tailDeadline = average + ((Math.Max(expired, deadline) - average) / 64);
    }

    /// <summary>
    /// Whether to look for expired entries before the next one is added: once in a quarter of the cache's size, or more often where it
    /// pays, so that the work for all is a small constant for each.
    /// </summary>
    public bool ShouldTrim()
    {
        if (!this.Timed || this.held < maxSize || this.addedSinceAsked < this.pause)
            return false;
        var few = (double)length * this.addedSinceAsked < FewAdditions * maxSize * (this.Now - this.askedAt);
        this.askedAt = this.Now;
        this.addedSinceAsked = 0;
        this.pause = maxSize / 4;
        return few || this.tailDeadline - this.Now < DeadTail * length;
    }

    /// <summary>Expired entries were looked for, and so many found.</summary>
    public void Trimmed(int dropped)
    {
        if (maxSize <= Small && dropped >= maxSize / 64)
            this.pause = maxSize / 32;
    }

    /// <summary>The first entry starts the expectation of when entries begin to expire.</summary>
    public void Began(long now)
    {
        if (this.tailDeadline != double.MaxValue)
            return;
        this.tailDeadline = (double)now + length;
        this.askedAt = now;
    }
}
