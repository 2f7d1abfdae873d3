using System.Runtime.CompilerServices;

namespace Memoize.Storage;

/// <summary>
/// What the engines hold in place of a bare value: BitFaster disposes values that are <see cref="IDisposable"/>, tasks included, and
/// an entry is not. Immutable but for the deadline of a <see cref="SlidingEntry{TValue}"/> and what a <see cref="SoftEntry{TValue}"/>
/// knows of loads.
/// </summary>
internal class Entry<TValue>
{
    /// <summary>Never live. Takes the place of an entry that is removed, so that an engine that still holds its node does not hold the value.</summary>
    public static readonly Entry<TValue> Gone = new(default!, long.MinValue);

    public readonly TValue Value;

    private long deadline;

    public Entry(TValue value, long deadline)
    {
        this.Value = value;
        this.deadline = deadline;
    }

    /// <summary>
    /// The first moment at which a hit must not serve the entry without further thought, or <see cref="Lifetime.Infinite"/>. For most
    /// entries, that is the end.
    /// </summary>
    /// <remarks>Never half of one deadline and half of another: only where a long is two words does that need more than a field.</remarks>
    public long Deadline
    {
        get => nint.Size == sizeof(long) ? this.deadline : Volatile.Read(ref this.deadline);
        protected set => Volatile.Write(ref this.deadline, value);
    }

    /// <summary>The first moment at which the entry is of no use to anybody.</summary>
    public virtual long End => this.Deadline;

    /// <summary>What the entry takes of the bound by weight, where there is one; 0 where nothing is weighed.</summary>
    public virtual long Weight => 0;

    /// <summary>
    /// When the entry was stored. Null where its deadline tells, because it has the usual lifetime of its store: there are a million of
    /// these, and they do without the field.
    /// </summary>
    public virtual long? Stored => null;

    public bool IsLive(long now) => now < this.Deadline;

    public bool IsHeld(long now) => now < this.End;
}

/// <summary>The entry of a method that returns tasks: it has the task that every hit returns, so that a hit allocates nothing.</summary>
/// <remarks>Other entries do without the field: there are a million of them.</remarks>
internal class TaskEntry<TValue>(TValue value, long deadline, Task<TValue>? task) : Entry<TValue>(value, deadline)
{
    /// <summary>A completed task with the value; there is always one in a store that serves tasks, and never one elsewhere.</summary>
    public readonly Task<TValue>? Task = task;
}

/// <summary>An entry whose lifetime is not the usual one of its store, or has no end.</summary>
internal sealed class StampedEntry<TValue>(TValue value, long deadline, long stored) : Entry<TValue>(value, deadline)
{
    public override long? Stored => stored;
}

/// <inheritdoc cref="StampedEntry{TValue}"/>
internal sealed class StampedTaskEntry<TValue>(TValue value, long deadline, Task<TValue>? task, long stored)
    : TaskEntry<TValue>(value, deadline, task)
{
    public override long? Stored => stored;
}

/// <summary>An entry that lives on while it is read.</summary>
internal class SlidingEntry<TValue>(TValue value, long idle, long limit, Task<TValue>? task, long stored)
    : TaskEntry<TValue>(value, Math.Min(idle, limit), task)
{
    private long idle = idle;

    public override long? Stored => stored;

    /// <summary>When the entry ends if nobody reads it any more; unlike the deadline it may be beyond the limit.</summary>
    protected long Idle => Volatile.Read(ref this.idle);

    /// <summary>What the deadline does not pass, however often the entry is read.</summary>
    protected long Limit => limit;

    /// <summary>
    /// Moves the deadline, at most to the limit that the absolute lifetime sets. It is written only when it moved by more than
    /// 1/64 of the window: readers on several cores would otherwise fight for the cache line on every hit.
    /// </summary>
    public void Touch(long now, long window)
    {
        var next = Lifetime.Deadline(now, window);
        var last = this.Idle;
        if (next - last > window >> 6)
            this.Slide(last, next, window);
    }

    /// <summary>It is in use, and was not yet in this eighth of its window, counted from when it was stored.</summary>
    protected virtual void GoesOn()
    {
    }

    // Of those who come here at once, one does it.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Slide(long last, long next, long window)
    {
        if (Interlocked.CompareExchange(ref this.idle, next, last) != last)
            return;
        this.Deadline = Math.Min(next, limit);
        if (EighthOf(next) > EighthOf(last))
            this.GoesOn();

        long EighthOf(long end) => (end - window - stored) / Math.Max(1, window >> 3);
    }
}

/// <summary>An entry that lives on while it is read, and so does what others keep for it.</summary>
internal sealed class KeptUpEntry<TKey, TValue>(TValue value, long idle, long limit, Task<TValue>? task, long stored, TKey key, IKeepUp<TKey> others)
    : SlidingEntry<TValue>(value, idle, limit, task, stored)
{
    protected override void GoesOn() => others.KeepUp(key);
}
