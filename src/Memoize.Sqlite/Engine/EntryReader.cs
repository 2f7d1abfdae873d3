using System.IO.Hashing;

namespace Memoize.Sqlite.Engine;

/// <summary>What reading an entry came to.</summary>
internal enum Reading
{
    Missing,
    Expired,
    Damaged,
    Found,
}

/// <summary>What a reader needs to know about an entry to keep it alive.</summary>
internal readonly record struct EntryUse(long Id, long Used, Deadline Deadline);

internal static class EntryReader
{
    // A key that is written as fast as it is read is a miss in the end.
    private const int MostAttempts = 100;

    /// <summary>Reads an entry in one view of the file: what others write meanwhile is not seen.</summary>
    internal static Reading Read<TDestination>(Connection connection, in StoreKey key, long now, Touches touches, ref TDestination destination, out EntryUse use)
        where TDestination : struct, IDestination
    {
        var torn = 0L;
        for (var attempt = 1; ; attempt++)
        {
            var reading = Read(connection, key, now, touches, ref destination, out use, out var place);
            // The slots of a value that is replaced while it is read may be those of another one already. Then there is another entry by now.
            if (reading != Reading.Damaged || place == 0)
                return reading;
            if (place == torn)
                return Reading.Damaged;
            if (attempt == MostAttempts)
                return Reading.Missing;
            torn = place;
        }
    }

    private static Reading Read<TDestination>(Connection connection, in StoreKey key, long now, Touches touches, ref TDestination destination, out EntryUse use, out long place)
        where TDestination : struct, IDestination
    {
        var row = connection[Sql.Read].Bind(1, key.Id);
        use = default;
        place = 0;
        if (!row.Step())
            return Reading.Missing;
        try
        {
            if (!row.Bytes(0).SequenceEqual(key.Text))
                return Reading.Missing;
            if (row.Long(7) < 0)
                place = row.Long(6) ^ (long)XxHash3.HashToUInt64(row.Bytes(8));
            var deadline = new Deadline(row.Long(2), row.Long(3), row.Long(4));
            use = new(key.Id, row.Long(5), deadline);
            if (!IsAlive(deadline, now, key.Id, touches))
                return Reading.Expired;
            return Value(connection, row, key.Id, deadline, ref destination) ? Reading.Found : Reading.Damaged;
        }
        finally
        {
            row.Reset();
        }
    }

    /// <summary>Whether there is a live entry, without its value.</summary>
    internal static Reading Look(Connection connection, in StoreKey key, long now, Touches touches, out EntryUse use)
    {
        var row = connection[Sql.Read].Bind(1, key.Id);
        use = default;
        if (!row.Step())
            return Reading.Missing;
        try
        {
            if (!row.Bytes(0).SequenceEqual(key.Text))
                return Reading.Missing;
            use = new(key.Id, row.Long(5), new(row.Long(2), row.Long(3), row.Long(4)));
            return IsAlive(use.Deadline, now, key.Id, touches) ? Reading.Found : Reading.Expired;
        }
        finally
        {
            row.Reset();
        }
    }

    private static bool IsAlive(in Deadline deadline, long now, long id, Touches touches)
    {
        if (now >= deadline.Absolute)
            return false;
        // A use that is noted and not yet written counts too.
        return deadline.Sliding == 0 || now < deadline.Expires || touches.ExpiresOf(id, deadline) > now;
    }

    private static bool Value<TDestination>(Connection connection, Statement row, long id, in Deadline deadline, ref TDestination destination)
        where TDestination : struct, IDestination
    {
        var size = row.Long(1);
        var checksum = row.Long(6);
        var part = row.Long(7);
        if (size is < 0 or > int.MaxValue)
            return false;
        if (part == 0)
        {
            var value = row.Bytes(8);
            if (value.Length != size || Checksum.Of(value, id, deadline.Sliding, deadline.Absolute) != checksum)
                return false;
            value.CopyTo(destination.Room((int)size));
            destination.Done((int)size);
            return true;
        }

        if (part < 0)
        {
            var runs = row.Bytes(8);
            if (!connection.Large.Has(runs, size))
                return false;
            var whole = destination.Room((int)size);
            if (!connection.Large.Read(runs, whole) || Checksum.Of(whole, id, deadline.Sliding, deadline.Absolute) != checksum)
                return false;
            destination.Done((int)size);
            return true;
        }

        // A damaged size must not become an allocation of gigabytes: nothing is asked for that the parts do not fill.
        var count = Schema.Parts(size);
        var lastPart = connection.PartSize(part + count - 1);
        if (count == 0 || lastPart != size - (long)(count - 1) * Schema.PartBytes)
            return false;
        var room = destination.Room((int)size);
        if (!Parts(connection, part, count, room) || Checksum.Of(room, id, deadline.Sliding, deadline.Absolute) != checksum)
            return false;
        destination.Done((int)size);
        return true;
    }

    private static bool Parts(Connection connection, long part, int count, Span<byte> room)
    {
        var rows = connection[Sql.ReadParts].Bind(1, part).Bind(2, part + count);
        var read = 0;
        try
        {
            while (rows.Step())
            {
                var bytes = rows.Bytes(0);
                if (bytes.Length > room.Length - read)
                    return false;
                bytes.CopyTo(room[read..]);
                read += bytes.Length;
            }
            return read == room.Length;
        }
        finally
        {
            rows.Reset();
        }
    }
}
