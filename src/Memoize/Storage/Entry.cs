namespace Memoize.Storage;

/// <summary>
/// What the engines hold in place of a bare value: BitFaster disposes values that are <see cref="IDisposable"/>, tasks included, and
/// an entry is not. Immutable but for the deadline of a <see cref="SlidingEntry{TValue}"/>.
/// </summary>
internal class Entry<TValue>
{
    /// <summary>Never live. Takes the place of an entry that is removed, so that an engine that still holds its node does not hold the value.</summary>
    public static readonly Entry<TValue> Gone = new(default!, long.MinValue);

    public readonly TValue Value;

    private Task<TValue>? task;

    public Entry(TValue value, long deadline)
    {
        this.Value = value;
        this.Deadline = deadline;
    }

    /// <summary>The first moment at which the entry is not served, or <see cref="Lifetime.Infinite"/>.</summary>
    public long Deadline { get; protected set; }

    public bool IsLive(long now) => now < this.Deadline;

    /// <summary>A completed task with the value, made once, so that a hit allocates nothing.</summary>
    public Task<TValue> AsTask() => this.task ?? this.MakeTask();

    // Two threads may both make one; either is good.
    private Task<TValue> MakeTask() => this.task = Task.FromResult(this.Value);
}

/// <summary>An entry that lives on while it is read.</summary>
internal sealed class SlidingEntry<TValue>(TValue value, long now, long window, long limit)
    : Entry<TValue>(value, Math.Min(Lifetime.Deadline(now, window), limit))
{
    /// <summary>
    /// Moves the deadline, at most to the limit that the absolute lifetime sets. It is written only when it moved by more than
    /// 1/64 of the window: readers on several cores would otherwise fight for the cache line on every hit.
    /// </summary>
    public void Touch(long now)
    {
        var next = Math.Min(Lifetime.Deadline(now, window), limit);
        if (next - this.Deadline > window >> 6)
            this.Deadline = next;
    }
}
