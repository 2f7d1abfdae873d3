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

    /// <summary>An entry is itself, and no other. What is asked by a <see cref="EntryProbe{TValue}"/> tells it who it is.</summary>
    public override bool Equals(object? obj)
        => obj is EntryProbe<TValue> probe ? probe.Meets(this) : ReferenceEquals(this, obj);

    public override int GetHashCode() => RuntimeHelpers.GetHashCode(this);

    public bool IsLive(long now) => now < this.Deadline;

    public bool IsHeld(long now) => now < this.End;
}

/// <summary>
/// Asks an engine that has no lookup which leaves no trace: "remove the key if its entry is equal to this one". It is equal to none, and
/// has met the one that the key has.
/// </summary>
internal sealed class EntryProbe<TValue>() : Entry<TValue>(default!, long.MinValue)
{
    public Entry<TValue>? Met { get; private set; }

    public bool Meets(Entry<TValue> entry)
    {
        this.Met = entry;
        return false;
    }

    // Whichever of the two the engine asks.
    public override bool Equals(object? obj) => obj is Entry<TValue> entry && this.Meets(entry);

    public override int GetHashCode() => RuntimeHelpers.GetHashCode(this);
}

/// <summary>The entry of a method that returns tasks: it has the task that every hit returns, so that a hit allocates nothing.</summary>
/// <remarks>
/// Other entries do without the field: there are a million of them. The task itself is larger than the entry, and made by the first hit:
/// what nobody asks for again does without it.
/// </remarks>
internal class TaskEntry<TValue>(TValue value, long deadline) : Entry<TValue>(value, deadline)
{
    private Task<TValue>? task;

    /// <summary>A completed task with the value, always the same.</summary>
    public Task<TValue> Task
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => this.task ?? this.MakeTask();
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private Task<TValue> MakeTask()
    {
        var made = System.Threading.Tasks.Task.FromResult(this.Value);
        return Interlocked.CompareExchange(ref this.task, made, null) ?? made;
    }
}

/// <summary>An entry whose lifetime is not the usual one of its store, or has no end.</summary>
internal sealed class StampedEntry<TValue>(TValue value, long deadline, long stored) : Entry<TValue>(value, deadline)
{
    public override long? Stored => stored;
}

/// <inheritdoc cref="StampedEntry{TValue}"/>
internal class StampedTaskEntry<TValue>(TValue value, long deadline, long stored) : TaskEntry<TValue>(value, deadline)
{
    public override long? Stored => stored;
}

/// <summary>An entry of a store that is bounded by weight.</summary>
internal sealed class WeighedEntry<TValue>(TValue value, long deadline, long stored, long weight)
    : StampedTaskEntry<TValue>(value, deadline, stored)
{
    public override long Weight => weight;
}
