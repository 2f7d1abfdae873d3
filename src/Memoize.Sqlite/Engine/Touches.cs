using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Memoize.Sqlite.Engine;

/// <summary>
/// Uses of entries that are not yet written. A hit writes nothing and waits for nobody who does: it notes here that the entry was used, if
/// the file does not know that well enough already. The notes are written in the background (see Store.Upkeep), some at a time: a sliding
/// deadline soon, everything else within a second, so that other processes do not evict what is in use here.
/// </summary>
internal sealed class Touches(TimeProvider clock)
{
    /// <summary>How many are written at most in one transaction, so that it is over soon; so many do not wait for more.</summary>
    internal const int Batch = 64;

    // A transaction ends at whichever comes first, as those of Culling do.
    private const int BatchMilliseconds = 2;

    // While the file cannot be written, further uses are forgotten.
    private const int Most = 4_096;
    private const long Roomy = 0;
    private static readonly TimeSpan s_longest = TimeSpan.FromSeconds(1);

    // Long enough that many are written at once.
    private static readonly TimeSpan s_soon = TimeSpan.FromMilliseconds(100);

    private readonly object _gate = new();
    private readonly Dictionary<long, Use> _notes = [];

    // Their order: an entry is in it as long as it is in the notes.
    private readonly Queue<long> _order = [];

    // What was written last, or is being written: as long as that is not committed, readers do not see it in the file.
    private readonly Dictionary<long, Use> _leaving = [];
    private readonly long _began = clock.GetTimestamp();
    private long _last;
    private long _oldest;
    private long _dueAt;
    private volatile int _count;

    /// <summary>How many there are.</summary>
    internal int Count => _count;

    internal bool IsEmpty => _count == 0;

    /// <summary>Called with the time in which the notes are due, when that is earlier than it was: zero if now.</summary>
    internal Action<TimeSpan>? Noted { get; init; }

    private TimeSpan Elapsed => clock.GetElapsedTime(_began);

    /// <summary>The stamp of a use: the time of day, and later than every stamp before it in this process.</summary>
    internal long Now()
    {
        while (true)
        {
            var last = Volatile.Read(ref _last);
            var next = Math.Max(last + 1, clock.GetUtcNow().Ticks);
            if (Interlocked.CompareExchange(ref _last, next, last) == last)
                return next;
        }
    }

    /// <summary>
    /// Tells how far back the least recently used entry lies, so that one knows what is recent; null while the file has so much room left
    /// that nothing will be evicted soon, and no use is worth writing.
    /// </summary>
    internal void SetOldest(long? used) => Volatile.Write(ref _oldest, used ?? Roomy);

    /// <summary>Whether the file knows the last use of an entry well enough: to an eighth of how far back the store remembers.</summary>
    internal bool IsRecent(long used) => IsRecent(used, out _);

    private bool IsRecent(long used, out long good)
    {
        var ticks = clock.GetUtcNow().Ticks;
        var oldest = Volatile.Read(ref _oldest);
        good = oldest == Roomy ? long.MaxValue : (ticks - oldest) / 8;
        return ticks - used <= good;
    }

    /// <summary>Notes a use now.</summary>
    internal void Note(in EntryUse use, long now)
    {
        var expires = Deadline.Next(now, use.Deadline.Sliding, use.Deadline.Absolute);
        // Written when it moved by a good part: an eighth of the sliding time.
        var slid = use.Deadline.Sliding != 0 && expires - use.Deadline.Expires >= Math.Max(1, use.Deadline.Sliding / 8);
        if (IsRecent(use.Used, out var good) && !slid)
            return;
        var due = TimeSpan.FromTicks(Math.Clamp(good, 0, s_longest.Ticks));
        if (slid && TimeSpan.FromMilliseconds(Math.Min(use.Deadline.Sliding / 8, s_soon.TotalMilliseconds)) is var soon && soon < due)
            due = soon;
        lock (_gate)
        {
            if (_notes.Count >= Most && !_notes.ContainsKey(use.Id))
                return;
            var isFirst = _notes.Count == 0;
            ref var note = ref CollectionsMarshal.GetValueRefOrAddDefault(_notes, use.Id, out var isThere);
            note = new(Now(), use.Deadline with { Expires = slid ? expires : 0 }, slid ? Deadline.Shelf(expires, now) : 0);
            if (!isThere)
                _order.Enqueue(use.Id);
            _count = _notes.Count;
            if (_count >= Batch)
                due = TimeSpan.Zero;
            var dueAt = (Elapsed + due).Ticks;
            if (!isFirst && dueAt >= _dueAt)
                return;
            _dueAt = dueAt;
        }
        Noted?.Invoke(due);
    }

    /// <summary>The next deadline that is noted for an entry; 0 if none is.</summary>
    internal long ExpiresOf(long id, in Deadline deadline)
    {
        lock (_gate)
        {
            return (_notes.TryGetValue(id, out var note) || _leaving.TryGetValue(id, out note)) && IsOf(note.Deadline, deadline)
                ? note.Deadline.Expires
                : 0;
        }
    }

    internal void ForgetAll()
    {
        lock (_gate)
        {
            _notes.Clear();
            _order.Clear();
            _leaving.Clear();
            _count = 0;
        }
    }

    /// <summary>
    /// Writes some notes, the oldest first, in the transaction of the caller. If that fails, they are lost: at worst an entry goes too early.
    /// </summary>
    /// <returns>How many.</returns>
    internal int Write(Connection connection)
    {
        if (_count == 0)
            return 0;
        lock (_gate)
            _leaving.Clear();
        var began = Stopwatch.GetTimestamp();
        var written = 0;
        for (; written < Batch && Stopwatch.GetElapsedTime(began).TotalMilliseconds < BatchMilliseconds && Take(out var id, out var note); written++)
            Write(connection, id, note.Used, note.Deadline, note.Shelf);
        return written;
    }

    private bool Take(out long id, out Use note)
    {
        lock (_gate)
        {
            note = default;
            if (!_order.TryDequeue(out id))
                return false;
            _notes.Remove(id, out note);
            _leaving[id] = note;
            _count = _notes.Count;
            return true;
        }
    }

    private void Write(Connection connection, long id, long used, in Deadline deadline, long shelf)
    {
        var entry = connection[Sql.Find].Bind(1, id);
        if (!entry.Step())
            return;
        var (place, there, known) = (entry.Long(0), entry.Long(4), entry.Long(5));
        var (expires, sliding, absolute) = (entry.Long(7), entry.Long(8), entry.Long(9));
        entry.Reset();
        // What others know to be used later stays where they have put it.
        if (!IsOf(deadline, new(expires, sliding, absolute)) || (used <= known && deadline.Expires <= expires))
            return;
        shelf = Math.Max(shelf, there);
        var last = connection[Sql.Last].Scalar();
        var next = last == place ? place : last + 1;
        connection[Sql.Touch].Bind(1, place).Bind(2, next).Bind(3, Math.Max(used, known)).Bind(4, Math.Min(absolute, Math.Max(expires, deadline.Expires))).Bind(5, shelf).Run();
        connection.Shelves.Put(next, shelf, clock.GetUtcNow().ToUnixTimeMilliseconds());
    }

    // Not if the entry was written anew meanwhile, with other deadlines.
    private static bool IsOf(in Deadline note, in Deadline entry) => note.Sliding == entry.Sliding && note.Absolute == entry.Absolute;

    private readonly record struct Use(long Used, Deadline Deadline, long Shelf);
}
