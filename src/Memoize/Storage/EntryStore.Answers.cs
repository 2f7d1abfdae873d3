using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace Memoize.Storage;

// What an entry is good for when a hit does not find it live.
internal sealed partial class EntryStore<TKey, TValue>
{
    /// <summary>
    /// What a call gets that a hit could not answer: more than <see cref="TryGet"/> tells, at the price of the exact clock. Every answer
    /// but <see cref="Answer.None"/> is counted as a hit.
    /// </summary>
    public Answer Ask(TKey key, out Entry<TValue>? entry)
    {
        if (this.TryGet(key, out entry))
            return Answer.Fresh;
        if (entry is null || !this.lifetimes.IsSoft)
            return Answer.None;

        var now = this.clock.PreciseNow;
        if (entry is SoftEntry<TValue> soft)
            return this.Counted(soft, this.At(soft, now), now);
        if (entry is not FailedEntry<TValue> || !entry.IsHeld(now))
            return Answer.None;
        this.counters.Hit();
        this.counters.ErrorHit();
        return Answer.Failure;
    }

    /// <summary>
    /// Finds an entry that a call would be given at once, without counting a hit and without prolonging its life. It is no use: what is
    /// evicted does not change.
    /// </summary>
    public bool Peek(TKey key, [MaybeNullWhen(false)] out Entry<TValue> entry)
    {
        entry = null;
        return Volatile.Read(ref this.engine) is { } engine && engine.Look(key, out entry) && IsServed(entry, this.clock.PreciseNow);
    }

    /// <summary>The entry of a key if a load in the background is due; no use, and no hit.</summary>
    public SoftEntry<TValue>? FindDue(TKey key)
        => Volatile.Read(ref this.engine) is { } engine && engine.Look(key, out var entry) && entry is SoftEntry<TValue> soft
            && this.At(soft, this.clock.PreciseNow) is Answer.FreshAndDue or Answer.StaleAndDue ? soft : null;

    /// <summary>The entries that a call would be given at once, collected while others may come and go.</summary>
    public IEnumerable<(TKey Key, Entry<TValue> Entry)> Snapshot()
    {
        if (Volatile.Read(ref this.engine) is not { } engine)
            yield break;
        var now = this.clock.PreciseNow;
        using var all = engine.Walk();
        while (all.MoveNext())
        {
            if (IsServed(all.Current.Value, now))
                yield return (all.Current.Key, all.Current.Value);
        }
    }

    /// <summary>How long the entry will be served if nobody reads it; null for ever.</summary>
    public TimeSpan? RemainingOf(Entry<TValue> entry)
    {
        var until = entry is SoftEntry<TValue> soft ? soft.ServedUntil : entry.Deadline;
        return until == Storage.Lifetime.Infinite ? null : TimeSpan.FromMilliseconds(Math.Max(0, until - this.clock.PreciseNow));
    }

    /// <summary>How long ago the entry was stored.</summary>
    public TimeSpan AgeOf(Entry<TValue> entry) => TimeSpan.FromMilliseconds(Math.Max(0, this.clock.PreciseNow - this.StoredAt(entry)));

    private long StoredAt(Entry<TValue> entry) => entry.Stored ?? entry.Deadline - this.lifetimes.Usual(entry.Value is null);

    private bool IsServed(Entry<TValue> entry, long now)
        => entry.IsLive(now) || (entry is SoftEntry<TValue> soft && this.At(soft, now) != Answer.None);

    // Of the times when the options said otherwise, an entry has its lifetime, and nothing that comes after it.
    private Answer At(SoftEntry<TValue> entry, long now)
        => entry.At(now) switch
        {
            Answer.FreshAndDue when !this.lifetimes.IsSoft => Answer.Fresh,
            Answer.Stale or Answer.StaleAndDue when !this.lifetimes.IsSoft => Answer.None,
            var answer => answer,
        };

    // The hit of an entry that is past its first end. No load is due, or one is under way: no lock, and nothing is allocated. When a
    // load is due, the hit fails, and the caller comes back with the load in its hands to Ask.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool IsServedLate(Entry<TValue> entry, long now)
    {
        if (entry is not SoftEntry<TValue> soft)
            return false;
        var answer = this.At(soft, now);
        return answer is Answer.Fresh or Answer.Stale && this.Counted(soft, answer, now) == answer;
    }

    private Answer Counted(SoftEntry<TValue> entry, Answer answer, long now)
    {
        if (answer == Answer.None)
            return answer;

        if (this.sliding != Storage.Lifetime.Infinite)
            entry.Touch(now, this.sliding);
        this.counters.Hit();
        if (answer is Answer.Stale or Answer.StaleAndDue)
            this.counters.StaleHit();
        return answer;
    }
}
