using System.Buffers;

namespace Memoize.Sqlite.Engine;

/// <summary>Changes of entries, inside the transaction of the caller.</summary>
internal static class EntryWriter
{
    internal static void Write(Connection connection, in StoreKey key, in ReadOnlySequence<byte> value, in Deadline deadline)
    {
        DiscardParts(connection, key.Id);
        var size = value.Length;
        var part = size > Schema.InlineBytes ? WriteParts(connection, value) : 0;
        var row = connection[Sql.Write]
            .Bind(1, key.Id).BindText(2, key.Text).Bind(3, size)
            .Bind(4, deadline.Expires).Bind(5, deadline.Sliding).Bind(6, deadline.Absolute)
            .Bind(7, Touches.Now()).Bind(8, Checksum.Of(value, key.Id, deadline.Sliding, deadline.Absolute)).Bind(9, part);
        if (part != 0)
            row.BindNull(10).Run();
        else if (value.IsSingleSegment)
            row.BindBlob(10, value.FirstSpan).Run();
        else
            BindJoined(row, value).Run();
    }

    /// <summary>Removes an entry at once; its parts are given up later, in small steps.</summary>
    /// <returns>Whether there was one.</returns>
    internal static bool Remove(Connection connection, long id)
    {
        DiscardParts(connection, id);
        connection[Sql.Delete].Bind(1, id).Run();
        return connection.Changes > 0;
    }

    private static void DiscardParts(Connection connection, long id)
    {
        var place = connection[Sql.Place].Bind(1, id);
        if (!place.Step())
            return;
        var (part, size) = (place.Long(0), place.Long(1));
        place.Reset();
        if (part == 0)
            return;
        connection.HasDiscarded = true;
        connection[Sql.Discard].Bind(1, part).Bind(2, Schema.Parts(size)).Run();
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
        return row.BindBlob(10, joined[..(int)value.Length]);
    }
}
