namespace Memoize.Tiers;

/// <summary>
/// Lets no load store in a tier what it began to load before its key was evicted or set. Loads enter when they begin, and leave when
/// their last write has ended.
/// </summary>
internal sealed class WriteFence<TKey>
    where TKey : IEquatable<TKey>
{
    private readonly object gate = new();
    private readonly HashSet<Entrant> inside = [];
    private readonly List<TKey> changing = [];

    /// <summary>A load begins. One that begins while its key is being changed may read what was there before.</summary>
    internal Entrant Enter(TKey key)
    {
        var entrant = new Entrant(key);
        lock (gate)
        {
            foreach (var one in changing)
                entrant.IsFenced |= one.Equals(key);
            inside.Add(entrant);
        }

        return entrant;
    }

    /// <summary>The load has ended, and its writes.</summary>
    internal void Leave(Entrant entrant)
    {
        lock (gate)
            inside.Remove(entrant);
        entrant.Leave();
    }

    /// <summary>The load is about to write.</summary>
    /// <returns>Whether it may.</returns>
    internal bool MayWrite(Entrant entrant)
    {
        lock (gate)
            return entrant.IsWriting = !entrant.IsFenced;
    }

    /// <summary>
    /// A key is about to be changed: loads of it write no more. The task ends when those that were writing have finished.
    /// </summary>
    internal Task BeginChange(TKey key)
    {
        List<Task>? writing = null;
        lock (gate)
        {
            changing.Add(key);
            foreach (var entrant in inside)
            {
                if (!entrant.Key.Equals(key))
                    continue;
                entrant.IsFenced = true;
                if (entrant.IsWriting)
                    (writing ??= []).Add(entrant.Written);
            }
        }

        return writing is null ? Task.CompletedTask : Task.WhenAll(writing);
    }

    /// <summary>The key has been changed in all tiers.</summary>
    internal void EndChange(TKey key)
    {
        lock (gate)
            changing.Remove(key);
    }

    /// <summary>Ends when all that is being written now has been.</summary>
    internal Task Drain()
    {
        lock (gate)
            return Task.WhenAll(inside.Where(static entrant => entrant.IsWriting).Select(static entrant => entrant.Written));
    }

    /// <summary>One load.</summary>
    internal sealed class Entrant(TKey key)
    {
        private TaskCompletionSource? written;

        /// <summary>Ends when the load has left. Needs the lock, and the load to be inside.</summary>
        internal Task Written => (written ??= new(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

        internal TKey Key => key;

        internal bool IsFenced { get; set; }

        internal bool IsWriting { get; set; }

        /// <summary>The load is no longer inside.</summary>
        internal void Leave() => written?.TrySetResult();
    }
}
