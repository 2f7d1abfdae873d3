using System.Runtime.CompilerServices;

namespace Memoize.Storage;

/// <summary>An entry that lives on while it is read.</summary>
internal abstract class SlidingEntry<TValue>(TValue value, long idle, long limit, long stored)
    : StampedTaskEntry<TValue>(value, Math.Min(idle, limit), stored)
{
    private long idle = idle;

    /// <summary>When the entry ends if nobody reads it any more; unlike the deadline it may be beyond the limit.</summary>
    protected long Idle => Volatile.Read(ref this.idle);

    /// <summary>What the deadline does not pass, however often the entry is read.</summary>
    protected abstract long Limit { get; }

    /// <summary>
    /// Moves the deadline, at most to the limit that the absolute lifetime sets. It is written only when it moved by more than
    /// 1/64 of the window: readers on several cores would otherwise fight for the cache line on every hit.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
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
        this.Deadline = Math.Min(next, this.Limit);
        if (EighthOf(next) > EighthOf(last))
            this.GoesOn();

        long EighthOf(long end) => (end - window - this.Stored!.Value) / Math.Max(1, window >> 3);
    }
}

/// <summary>An entry that lives on while it is read, and has one end.</summary>
internal class CappedEntry<TValue>(TValue value, long idle, long limit, long stored) : SlidingEntry<TValue>(value, idle, limit, stored)
{
    private readonly long limit = limit;

    protected override long Limit => this.limit;

    /// <summary>One with the weight, which is 0 in a store that weighs nothing, and then takes no room.</summary>
    public static CappedEntry<TValue> Of(TValue value, long idle, long limit, long stored, long weight)
        => weight == 0 ? new CappedEntry<TValue>(value, idle, limit, stored) : new WeighedCappedEntry<TValue>(value, idle, limit, stored, weight);
}

/// <summary>The same in a store that is bounded by weight.</summary>
internal sealed class WeighedCappedEntry<TValue>(TValue value, long idle, long limit, long stored, long weight)
    : CappedEntry<TValue>(value, idle, limit, stored)
{
    public override long Weight => weight;
}
