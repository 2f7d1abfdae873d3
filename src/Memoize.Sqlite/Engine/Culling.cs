using System.Diagnostics;

namespace Memoize.Sqlite.Engine;

/// <summary>Keeps the file within its bound, in steps that hold the writers up for a moment and the readers not at all.</summary>
internal sealed class Culling(long maxBytes, Touches touches)
{
    // A step ends at whichever comes first, so that neither a slow disk nor a fast one makes a long transaction.
    private const int StepMilliseconds = 2;

    /// <summary>What one step may do at most: giving up an entry counts as one, giving up a part of a large value as <see cref="PartWork"/>.</summary>
    internal const int StepWork = 64;

    internal const int PartWork = 4;

    // How much may be written between two looks at the size of the file.
    private readonly long _stride = Math.Clamp(maxBytes / 1024, 16 * 1024, 256 * 1024);
    private long _sinceLook = long.MaxValue / 2;

    // How many uses are still to be written before anything is removed: those that were noted when it began. Negative if it has not begun.
    private int _notesFirst = -1;
    private long _evicted;
    private long _expired;

    internal long Evicted => Volatile.Read(ref _evicted);

    internal long Expired => Volatile.Read(ref _expired);

    /// <summary>Counts what is written, and notes whether there is something to sweep.</summary>
    internal void Wrote(Connection connection, long bytes)
    {
        _sinceLook += bytes + 256;
        if (connection.HasDiscarded)
            Ask();
        connection.HasDiscarded = false;
    }

    internal bool IsDue => _sinceLook >= _stride;

    /// <summary>Makes a step due.</summary>
    internal void Ask() => _sinceLook = long.MaxValue / 2;

    /// <summary>The bytes of the file that are in use.</summary>
    internal static long UsedBytes(Connection connection)
        => (connection[Sql.PageCount].Scalar() - connection[Sql.FreePages].Scalar()) * PageBytes + connection.Slots.Taken * Schema.SlotBytes;

    private const int PageBytes = 4096;

    /// <summary>
    /// One step, inside the transaction of the caller: some notes of uses are written, and when that is done for all that there were at the
    /// beginning, what has expired and what was used least recently goes.
    /// </summary>
    /// <returns>Whether nothing is left to do.</returns>
    internal bool Step(Connection connection, long now)
    {
        if (_notesFirst < 0)
            _notesFirst = touches.Count;
        _notesFirst = Math.Max(0, _notesFirst - touches.Write(connection));
        if (_notesFirst > 0 && !touches.IsEmpty)
            return false;
        _notesFirst = 0;
        var began = Stopwatch.GetTimestamp();
        connection[Sql.DeadLeases].Bind(1, now).Run();
        for (var work = 0; work < StepWork && Stopwatch.GetElapsedTime(began).TotalMilliseconds < StepMilliseconds;)
        {
            if (Sweep(connection))
            {
                work += PartWork;
                continue;
            }
            work++;
            if (connection.Shelves.Clear(now, out var expired))
            {
                if (expired is { } gone)
                    Remove(connection, gone, ref _expired);
                continue;
            }
            // An entry that is gone leaves pages behind only when their neighbours are gone too, so the size is looked at anew each time.
            if (UsedBytes(connection) > maxBytes && connection[Sql.Oldest].TryScalar(out var oldest))
            {
                Remove(connection, oldest, ref _evicted);
                connection.Shelves.Evicted(oldest);
                continue;
            }
            LookBack(connection);
            _sinceLook = 0;
            _notesFirst = -1;
            return true;
        }
        return false;
    }

    /// <summary>Learns how far back the store remembers, by which a hit knows whether it is worth noting.</summary>
    internal void LookBack(Connection connection)
        => touches.SetOldest(UsedBytes(connection) > maxBytes / 2 ? FirstUse(connection) : null);

    private static long FirstUse(Connection connection)
    {
        var first = connection[Sql.Oldest];
        if (!first.Step())
            return 0;
        var used = first.Long(1);
        first.Reset();
        return used;
    }

    /// <summary>Gives up one part of a value that was removed or replaced.</summary>
    private static bool Sweep(Connection connection)
    {
        var trash = connection[Sql.Trash];
        if (!trash.Step())
            return false;
        var (part, parts) = (trash.Long(0), trash.Long(1));
        trash.Reset();
        if (parts > 0)
            connection[Sql.DeletePart].Bind(1, part + parts - 1).Run();
        if (parts > 1)
            connection[Sql.KeepTrash].Bind(1, part).Bind(2, parts - 1).Run();
        else
            connection[Sql.DropTrash].Bind(1, part).Run();
        return true;
    }

    private static void Remove(Connection connection, long place, ref long counter)
    {
        // It was there a moment ago, in this transaction. To go on would be to find it again and again.
        if (!EntryWriter.RemoveAt(connection, place))
            throw new StoreException(SqliteFailure.Damaged, "an entry that is there cannot be found");
        Interlocked.Increment(ref counter);
    }
}
