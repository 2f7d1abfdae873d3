namespace Memoize.Sqlite.Engine;

/// <summary>The least recently used entries, found shelf by shelf: of each, the file tells which was used least recently. For one transaction.</summary>
internal sealed class Shelves
{
    private readonly List<(long Shelf, long Used, long Id)> _first = [];

    internal Shelves(Connection connection)
    {
        var shelf = long.MinValue;
        var next = connection[Sql.NextShelf];
        while (next.Bind(1, shelf).Step())
        {
            shelf = next.Long(0);
            _first.Add((shelf, next.Long(1), next.Long(2)));
            next.Reset();
        }
    }

    /// <summary>When the least recently used entry was used; 0 if there is none.</summary>
    internal long FirstUse => _first.Count == 0 ? 0 : _first[Oldest()].Used;

    /// <summary>The least recently used entry, which the caller removes before he asks again.</summary>
    internal bool Take(Connection connection, out long id)
    {
        id = 0;
        while (_first.Count > 0)
        {
            var oldest = Oldest();
            var (shelf, used, _) = _first[oldest];
            // Asked anew: what was first may be gone.
            var entry = connection[Sql.Oldest].Bind(1, shelf);
            if (!entry.Step())
            {
                _first.RemoveAt(oldest);
                continue;
            }
            (id, var now) = (entry.Long(0), entry.Long(1));
            entry.Reset();
            if (now == used)
                return true;
            _first[oldest] = (shelf, now, id);
        }
        return false;
    }

    private int Oldest()
    {
        var oldest = 0;
        for (var i = 1; i < _first.Count; i++)
        {
            if (_first[i].Used < _first[oldest].Used)
                oldest = i;
        }
        return oldest;
    }
}
