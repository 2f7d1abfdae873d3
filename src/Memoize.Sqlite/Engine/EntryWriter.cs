using System.Buffers;

namespace Memoize.Sqlite.Engine;

/// <summary>Changes of entries, inside the transaction of the caller.</summary>
internal static class EntryWriter
{
    internal static void Write(Connection connection, in StoreKey key, in ReadOnlySequence<byte> value, in Deadline deadline, long now, Touches touches, long maxBytes)
    {
        var shelf = Deadline.Shelf(deadline.Expires, now);
        // Where the entry is to stay in its place in the order, its row is written and nothing else.
        var stays = false;
        var place = 0L;
        var old = connection[Sql.Find].Bind(1, key.Id);
        if (old.Step())
        {
            place = old.Long(0);
            // Not where another key lies: it goes with its row, and where the index was wrong about that, it is found out now.
            stays = old.Long(4) == shelf && touches.IsRecent(old.Long(5)) && old.Bytes(6).SequenceEqual(key.Text);
            Discard(connection, old);
            if (!stays)
                connection[Sql.Delete].Bind(1, place).Run();
        }
        var size = value.Length;
        var (part, slots) = (0L, (byte[]?)null);
        if (size > Schema.LargeBytes)
            (part, slots) = (Schema.InSlots, WriteSlots(connection, value, maxBytes));
        else if (size > Schema.InlineBytes)
            part = WriteParts(connection, value);
        var row = connection[stays ? Sql.Rewrite : Sql.Write]
            .Bind(1, stays ? place : key.Id).BindText(2, key.Text).Bind(3, size)
            .Bind(4, deadline.Expires).Bind(5, deadline.Sliding).Bind(6, deadline.Absolute)
            .Bind(7, Checksum.Of(value, key.Id, deadline.Sliding, deadline.Absolute)).Bind(8, part);
        if (!stays)
            row.Bind(10, shelf).Bind(11, touches.Now());
        if (slots is not null)
            row.BindBlob(9, slots).Run();
        else if (part != 0)
            row.BindNull(9).Run();
        else if (value.IsSingleSegment)
            row.BindBlob(9, value.FirstSpan).Run();
        else
            BindJoined(row, value).Run();
        if (!stays)
            connection.Shelves.Put(connection.LastId, shelf, now);
    }

    /// <summary>Removes an entry at once; its parts are given up later, in small steps.</summary>
    /// <returns>Whether there was one.</returns>
    internal static bool Remove(Connection connection, long id) => Remove(connection, connection[Sql.Find].Bind(1, id));

    /// <summary>Removes the entry that lies there, whether or not the index knows of it: if it does not, SQLite says that the file is damaged.</summary>
    internal static bool RemoveAt(Connection connection, long place) => Remove(connection, connection[Sql.At].Bind(1, place));

    private static bool Remove(Connection connection, Statement old)
    {
        if (!old.Step())
            return false;
        var place = old.Long(0);
        Discard(connection, old);
        connection[Sql.Delete].Bind(1, place).Run();
        return true;
    }

    private static void Discard(Connection connection, Statement old)
    {
        var (part, size) = (old.Long(1), old.Long(2));
        if (part < 0)
            connection.Slots.Return(Run.ReadAll(old.Bytes(3)));
        old.Reset();
        if (part <= 0)
            return;
        connection.HasDiscarded = true;
        connection[Sql.Discard].Bind(1, part).Bind(2, Schema.Parts(size)).Run();
    }

    private static byte[] WriteSlots(Connection connection, in ReadOnlySequence<byte> value, long maxBytes)
    {
        var runs = connection.Slots.Take(Schema.Slots(value.Length), maxBytes / Schema.SlotBytes);
        connection.Large.Write(runs, value);
        return Run.Write(runs);
    }

    private static long WriteParts(Connection connection, ReadOnlySequence<byte> value)
    {
        var first = 0L;
        var joined = value.IsSingleSegment ? null : ArrayPool<byte>.Shared.Rent(Schema.PartBytes);
        try
        {
            while (value.Length > 0)
            {
                var part = value.Slice(0, Math.Min(value.Length, Schema.PartBytes));
                if (joined is not null && !part.IsSingleSegment)
                {
                    part.CopyTo(joined);
                    connection[Sql.WritePart].BindBlob(1, joined.AsSpan(0, (int)part.Length)).Run();
                }
                else
                {
                    connection[Sql.WritePart].BindBlob(1, part.FirstSpan).Run();
                }
                // The ids of a value follow each other: there is one writer at a time, and a new id is the highest one plus one.
                if (first == 0)
                    first = connection.LastId;
                value = value.Slice(part.End);
            }
        }
        finally
        {
            if (joined is not null)
                ArrayPool<byte>.Shared.Return(joined);
        }
        return first;
    }

    private static Statement BindJoined(Statement row, in ReadOnlySequence<byte> value)
    {
        Span<byte> joined = stackalloc byte[Schema.InlineBytes];
        value.CopyTo(joined);
        return row.BindBlob(9, joined[..(int)value.Length]);
    }
}
