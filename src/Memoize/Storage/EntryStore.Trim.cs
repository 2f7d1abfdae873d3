using System.Diagnostics.CodeAnalysis;

namespace Memoize.Storage;

// What has expired leaves.
internal sealed partial class EntryStore<TKey, TValue>
{
    /// <inheritdoc/>
    public bool Tend(int budget)
    {
        this.TrimExpired(budget);
        lock (this.gate)
            return this.tended = this.Count > 0;
    }

    /// <summary>
    /// Drops expired entries; looks at no more than <paramref name="budget"/>, and the next call goes on where this one stopped.
    /// Does nothing while another thread does the same.
    /// </summary>
    /// <returns>How many were dropped.</returns>
    public int TrimExpired(int budget)
    {
        lock (this.gate)
        {
            if (this.engine is null || this.trimming)
                return 0;
            this.trimming = true;
        }

        var dropped = 0;
        try
        {
            // Walking takes no lock: stores are changed meanwhile, and the lock is taken for what has expired.
            while (budget-- > 0 && this.NextOnWalk(out var key, out var entry))
            {
                if (!entry.IsHeld(this.clock.PreciseNow) && this.Drop(key, entry))
                    dropped++;
            }
        }
        finally
        {
            lock (this.gate)
                this.EndTrim();
        }

        return dropped;
    }

    private bool NextOnWalk([MaybeNullWhen(false)] out TKey key, [MaybeNullWhen(false)] out Entry<TValue> entry)
    {
        this.walk ??= this.engine!.Walk();
        if (this.walk.MoveNext())
        {
            (key, entry) = this.walk.Current;
            return true;
        }

        this.walk = null;
        key = default;
        entry = null;
        return false;
    }

    private bool Drop(TKey key, Entry<TValue> entry)
    {
        lock (this.gate)
        {
            // It may have been replaced since the walk came by.
            if (this.retired || !this.engine!.Look(key, out var current) || !ReferenceEquals(current, entry) || !this.engine.Remove(key))
                return false;
            this.counters.EvictedByExpiry();
            return true;
        }
    }

    private void EndTrim()
    {
        this.trimming = false;
        if (this.Count > 0)
        {
            this.engine!.Tidy();
            return;
        }

        // Nothing is left: a new engine, when one is needed, is smaller than what the old one keeps.
        this.walk = null;
        Volatile.Write(ref this.lru, null);
        Volatile.Write(ref this.lruOfTasks, null);
        Volatile.Write(ref this.engine, null);
        this.index = null;
    }
}
