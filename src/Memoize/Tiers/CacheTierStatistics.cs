namespace Memoize.Tiers;

/// <summary>What one tier has done for all methods since it was added.</summary>
public readonly record struct CacheTierStatistics
{
    /// <summary>Values that were found and handed out.</summary>
    public long Hits { get; init; }

    /// <summary>Reads that found nothing of use: no value, or one whose time is over or whose tags were evicted.</summary>
    public long Misses { get; init; }

    /// <summary>Values that were written.</summary>
    public long Stores { get; init; }

    /// <summary>
    /// Sliding lifetimes (<see cref="CacheOptions.Sliding"/>) that were begun anew because the entry was used in memory, or in a nearer
    /// tier: eight at most for each entry in the time that it lives unread. Entries that the tier no longer had are among them.
    /// </summary>
    public long Touches { get; init; }

    /// <summary>
    /// Of these, the ones that did not take place, because the tier failed, or has failed a moment ago, the key was being evicted, or too
    /// many were waiting. An entry that goes on being used is touched again after an eighth of that time.
    /// </summary>
    public long NotTouched { get; init; }

    /// <summary>Operations that failed, those that took too long included.</summary>
    public long Failures { get; init; }

    /// <summary>Operations that nobody waited for any longer.</summary>
    public long Timeouts { get; init; }

    /// <summary>Reads that did not take place, because the tier has failed a moment ago.</summary>
    public long Skipped { get; init; }

    /// <summary>
    /// Reads that did not take place, because the entries belong to a decorator whose registration other processes could not tell from
    /// another one.
    /// </summary>
    public long NotShared { get; init; }

    /// <summary>
    /// Reads of synchronous callers that did not take place, or whose answer was not waited for, because as many threads of the pool were waiting
    /// for tiers as may, or because the pool had no thread for the answer. They are no failures of the tier.
    /// </summary>
    public long NotAwaited { get; init; }

    /// <summary>Payloads that are damaged, of another version, of another shape of the result, of another key, or not ours at all: each a miss.</summary>
    public long Unreadable { get; init; }

    /// <summary>Values that were not written because the key was evicted, or loaded by somebody else, since their load began.</summary>
    public long NotStoredEvicted { get; init; }

    /// <summary>
    /// Values that were not written because the lease of their load had expired, or was lost with the connection to the store: the load took
    /// longer than <see cref="CacheTierOptions.LongestLoad"/>, or the lease could not be renewed in time. Whether the key was evicted as well
    /// is not known.
    /// </summary>
    public long NotStoredLeaseLost { get; init; }

    /// <summary>Values that were not written because the store failed or cannot store now, had failed a moment ago, was not waited for (<see cref="NotAwaited"/>), or was waiting for another process that took too long.</summary>
    public long NotStoredFailed { get; init; }

    /// <summary>Values that were not written because the serializer failed.</summary>
    public long NotStoredUnserializable { get; init; }

    /// <summary>Values that were not written because they are larger than the store takes.</summary>
    public long NotStoredTooLarge { get; init; }

    /// <summary>
    /// Evictions that the store has not confirmed yet. Until it has, the keys are misses in this tier. Of more than 10,000 keys, those of the
    /// method with most of them count as one, the whole method, and so does the miss.
    /// </summary>
    public int Owed { get; init; }
}
