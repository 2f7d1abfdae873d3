using System.Diagnostics;

namespace Memoize.Sqlite.Engine;

/// <summary>Keeps the file within its bound, in steps that hold the writers up for a moment and the readers not at all.</summary>
internal sealed class Culling(long maxBytes, Touches touches)
{
    private const int StepMilliseconds = 2;

    // How much may be written between two looks at the size of the file.
    private readonly long _stride = Math.Clamp(maxBytes / 1024, 16 * 1024, 256 * 1024);
    private long _sinceLook = long.MaxValue / 2;
    private long _evicted;
    private long _expired;

    internal long Evicted => Volatile.Read(ref _evicted);

    internal long Expired => Volatile.Read(ref _expired);

    /// <summary>Counts what is written, and notes whether there is something to sweep.</summary>
    internal void Wrote(Connection connection, long bytes)
    {
        _sinceLook += bytes + 256;
        if (connection.HasDiscarded)
            _sinceLook = long.MaxValue / 2;
        connection.HasDiscarded = false;
    }

    internal bool IsDue => _sinceLook >= _stride;

    /// <summary>The bytes of the file that are in use.</summary>
    internal static long UsedBytes(Connection connection)
        => (connection[Sql.PageCount].Scalar() - connection[Sql.FreePages].Scalar()) * PageBytes;

    private const int PageBytes = 4096;

    /// <summary>One step, inside the transaction of the caller.</summary>
    /// <returns>Whether nothing is left to do.</returns>
    internal bool Step(Connection connection, long now)
    {
        var began = Stopwatch.GetTimestamp();
        bool InTime() => Stopwatch.GetElapsedTime(began).TotalMilliseconds < StepMilliseconds;

        touches.Write(connection);
        connection[Sql.DeadLeases].Bind(1, now).Run();
        do
        {
            if (Sweep(connection))
                continue;
            if (Remove(connection, connection[Sql.Expired].Bind(1, now), ref _expired))
                continue;
            // An entry that is gone leaves pages behind only when their neighbours are gone too, so the size is looked at anew each time.
            if (UsedBytes(connection) > maxBytes && Remove(connection, connection[Sql.Oldest], ref _evicted))
                continue;
            LookBack(connection);
            _sinceLook = 0;
            return true;
        }
        while (InTime());
        return false;
    }

    /// <summary>Learns how far back the store remembers, by which a hit knows whether it is worth noting.</summary>
    internal void LookBack(Connection connection)
        => touches.SetOldest(UsedBytes(connection) > maxBytes / 2 ? connection[Sql.FirstUse].Scalar() : null);

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

    private static bool Remove(Connection connection, Statement find, ref long counter)
    {
        if (!find.Step())
            return false;
        var id = find.Long(0);
        find.Reset();
        EntryWriter.Remove(connection, id);
        Interlocked.Increment(ref counter);
        return true;
    }
}
