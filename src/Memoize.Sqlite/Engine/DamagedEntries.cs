namespace Memoize.Sqlite.Engine;

/// <summary>Entries that readers found damaged, until they are removed.</summary>
internal sealed class DamagedEntries
{
    // Further ones are found again by those who read them again.
    private const int Most = 256;
    private const int Batch = 16;

    private readonly object _gate = new();
    private readonly HashSet<string> _keys = new(StringComparer.Ordinal);
    private volatile bool _any;

    internal bool Any => _any;

    /// <returns>Whether it was not known, and there is room for it.</returns>
    internal bool Add(string key)
    {
        lock (_gate)
        {
            var isNew = _keys.Count < Most && _keys.Add(key);
            _any = true;
            return isNew;
        }
    }

    /// <summary>
    /// Removes some in the transaction of the caller, if they are damaged still: somebody may have stored them anew. Their leases go on: who
    /// missed the entry has taken one since, to load it.
    /// </summary>
    internal void Remove(Connection connection, long now, Touches touches)
    {
        if (!_any)
            return;
        var destination = new RentedDestination();
        try
        {
            foreach (var key in Take())
                Remove(connection, key, now, touches, ref destination);
        }
        finally
        {
            destination.Dispose();
        }
    }

    private static void Remove(Connection connection, string text, long now, Touches touches, ref RentedDestination destination)
    {
        using var key = new StoreKey(text, stackalloc byte[StoreKey.ScratchBytes]);
        if (EntryReader.Read(connection, key, now, touches, ref destination, out _) == Reading.Damaged)
            EntryWriter.Remove(connection, key.Id);
    }

    private string[] Take()
    {
        lock (_gate)
        {
            var some = _keys.Take(Batch).ToArray();
            _keys.ExceptWith(some);
            _any = _keys.Count > 0;
            return some;
        }
    }
}
