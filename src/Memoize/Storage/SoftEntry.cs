using System.Runtime.ExceptionServices;

namespace Memoize.Storage;

/// <summary>What a <see cref="SoftEntry{TValue}"/> is good for at a moment.</summary>
internal enum Answer
{
    /// <summary>It is not served: who asks has to load.</summary>
    None,

    /// <summary>It is served, and fresh.</summary>
    Fresh,

    /// <summary>The same, and a load in the background is due.</summary>
    FreshAndDue,

    /// <summary>It is served although its lifetime is over.</summary>
    Stale,

    /// <summary>The same, and a load in the background is due.</summary>
    StaleAndDue,

    /// <summary>What is remembered is the failure of a load.</summary>
    Failure,
}

/// <summary>
/// What happens in the life of a <see cref="SoftEntry{TValue}"/>, in its order, counted from when it is stored or from when it is no
/// longer fresh. All entries of a store that follow its options have one plan in common.
/// </summary>
/// <param name="Ahead">After this part of the time in which it is fresh, a hit lets a load begin; 1 if none is to begin early.</param>
/// <param name="Stale">For so long after that time it is served all the same, while a load is under way.</param>
/// <param name="Kept">For so long after that time it is kept, for those whose load fails; not less than <paramref name="Stale"/>.</param>
internal sealed record Stages(double Ahead, long Stale, long Kept)
{
    /// <summary>From here on a hit lets a load begin.</summary>
    public long AheadOf(long stored, long fresh)
        => this.Ahead < 1 && fresh != Lifetime.Infinite ? stored + Math.Max(1, (long)((fresh - stored) * this.Ahead)) : fresh;

    /// <summary>Until here it is served.</summary>
    public long StaleOf(long fresh) => Lifetime.Deadline(fresh, this.Stale);

    /// <summary>Until here it is kept.</summary>
    public long EndOf(long fresh) => Lifetime.Deadline(fresh, this.Kept);
}

/// <summary>
/// An entry whose life has more than one end. Until the first of them, a hit treats it like any other; from there on, a hit asks it.
/// </summary>
/// <remarks>
/// <para>
/// The entry knows until when it is <em>quiet</em>: for ever while a load of its key is under way, for a while after one has failed.
/// A quiet entry is served without asking for a load, so that all hits but the first take no lock.
/// </para>
/// <para>Quietness is written under the lock of the key's stripe, and read without.</para>
/// </remarks>
internal class SoftEntry<TValue>(TValue value, long idle, long fresh, Stages stages, long stored)
    : SlidingEntry<TValue>(value, idle, stages.AheadOf(stored, fresh), stored)
{
    private const long Loud = long.MinValue;
    private const long WhileLoading = long.MaxValue;

    private long quiet = Loud;

    // Unread for too long is the end in every respect.
    public override long End => Math.Min(this.Idle, stages.EndOf(fresh));

    /// <summary>Until when it is served without waiting, if nobody reads it.</summary>
    public long ServedUntil => Math.Min(this.Idle, stages.StaleOf(fresh));

    // The first of its ends is the limit of a hit that does not ask.
    protected override long Limit => stages.AheadOf(this.Stored!.Value, fresh);

    /// <summary>What the entry is good for; <see cref="Answer.Fresh"/> for as long as a hit does not need to ask.</summary>
    public Answer At(long now)
    {
        if (!this.IsHeld(now))
            return Answer.None;

        var quiet = Volatile.Read(ref this.quiet);
        if (now < fresh)
            return now < this.Limit || now < quiet ? Answer.Fresh : Answer.FreshAndDue;
        if (now < stages.StaleOf(fresh))
            return now < quiet ? Answer.Stale : Answer.StaleAndDue;

        // Kept for those whose load fails. When one has failed just now, the next caller need not wait for the same.
        return now < quiet && quiet != WhileLoading ? Answer.Stale : Answer.None;
    }

    /// <summary>A load of the key is under way.</summary>
    public void LoadBegins() => Volatile.Write(ref this.quiet, WhileLoading);

    /// <summary>The load is over, and has not replaced the entry; the next may begin at once.</summary>
    public void LoadIsOver()
    {
        if (Volatile.Read(ref this.quiet) == WhileLoading)
            Volatile.Write(ref this.quiet, Loud);
    }

    /// <summary>The load has failed; the next may begin at the given time.</summary>
    public void LoadFails(long next) => Volatile.Write(ref this.quiet, Math.Min(next, WhileLoading - 1));
}

/// <summary>The same in a store that is bounded by weight.</summary>
internal sealed class WeighedSoftEntry<TValue>(TValue value, long idle, long fresh, Stages stages, long stored, long weight)
    : SoftEntry<TValue>(value, idle, fresh, stages, stored)
{
    public override long Weight => weight;
}

/// <summary>The failure of a load, remembered in the place of a value. It is never live, so no hit finds it.</summary>
internal sealed class FailedEntry<TValue>(ExceptionDispatchInfo failure, long end) : Entry<TValue>(default!, long.MinValue)
{
    /// <summary>The exception with the stack that it was thrown with.</summary>
    public ExceptionDispatchInfo Failure => failure;

    /// <summary>A failed task, which throws the exception with that stack at everybody who awaits it.</summary>
    public Task<TValue> Task { get; } = MakeTask(failure);

    public override long End => end;

    public override long Weight => 1;

    private static Task<TValue> MakeTask(ExceptionDispatchInfo failure)
    {
        var task = System.Threading.Tasks.Task.FromException<TValue>(failure.SourceException);
        _ = task.Exception;         // observed: nobody need ever ask for it
        return task;
    }
}
