namespace Memoize.Sqlite.Engine;

/// <summary>
/// Where that lies which will have expired by when. Not entry by entry, which would cost each write a page more: for each block of places it
/// is written down which shelves (see <see cref="Deadline.Shelf"/>) its entries have, when the first one of a shelf comes into it. When the
/// time of a shelf is over, its blocks are looked through.
/// </summary>
internal sealed class Shelves(Connection connection)
{
    /// <summary>A block is so many places, as a power of two: few enough that to look through it is a matter of microseconds.</summary>
    internal const int BlockBits = 6;

    // What this connection knows to be written down for the last block, as long as nobody else has put anything there.
    private readonly HashSet<long> _known = [];
    private long _last;

    /// <summary>An entry was put behind the last one: its block has something for its shelf.</summary>
    internal void Put(long place, long shelf, long now)
    {
        if (place != _last + 1 || place >> BlockBits != _last >> BlockBits)
            _known.Clear();
        _last = place;
        if (shelf == Deadline.Never)
            return;
        // Of a shelf whose time is over, somebody may just have looked through the block.
        if (_known.Add(shelf) || shelf <= now)
            connection[Sql.PutShelf].Bind(1, shelf).Bind(2, place >> BlockBits).Run();
    }

    /// <summary>The transaction was rolled back, or nothing is written down any more.</summary>
    internal void Forget() => _known.Clear();

    /// <summary>One step of giving up what has expired.</summary>
    /// <param name="now">The time.</param>
    /// <param name="expired">The place of an entry that has expired, which the caller removes; null if a block has been looked through.</param>
    /// <returns>Whether there was something to do.</returns>
    internal bool Clear(long now, out long? expired)
    {
        expired = null;
        var first = connection[Sql.ExpiredShelf].Bind(1, now);
        if (!first.Step())
            return false;
        var (shelf, block) = (first.Long(0), first.Long(1));
        first.Reset();
        if (connection[Sql.ExpiredIn].Bind(1, block << BlockBits).Bind(2, (block + 1) << BlockBits).Bind(3, now).TryScalar(out var place))
            expired = place;
        else
            Drop(shelf, block);
        return true;
    }

    private void Drop(long shelf, long block)
    {
        connection[Sql.DropShelf].Bind(1, shelf).Bind(2, block).Run();
        // It was there a moment ago, in this transaction. To go on would be to find it again and again.
        if (connection.Changes == 0)
            throw new StoreException(SqliteFailure.Damaged, "a shelf that is there cannot be found");
    }

    /// <summary>The first entry was evicted: of the blocks before the one that is the first now, nothing need be known any more.</summary>
    internal void Evicted(long place)
    {
        if (connection[Sql.Oldest].TryScalar(out var first) && first >> BlockBits != place >> BlockBits)
            connection[Sql.DropBlocks].Bind(1, first >> BlockBits).Run();
    }
}
