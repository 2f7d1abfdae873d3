namespace Memoize.Sqlite.Engine;

/// <summary>
/// Keys whose removal or replacement could not be written. What the file still holds for them is from before, so this process serves it
/// no more, and removes it as soon as the file can be written again.
/// </summary>
internal sealed class Tombstones
{
    // Beyond this, all entries are as good as removed: to forget one would be to serve what was evicted.
    private const int Most = 10_000;

    private readonly object _gate = new();
    private readonly HashSet<string> _keys = new(StringComparer.Ordinal);
    private readonly HashSet<string> _prefixes = new(StringComparer.Ordinal);
    private volatile bool _any;

    internal bool Any => _any;

    internal bool Covers(string key)
    {
        if (!_any)
            return false;
        lock (_gate)
            return _keys.Contains(key) || _prefixes.Any(prefix => key.StartsWith(prefix, StringComparison.Ordinal));
    }

    internal void Add(string key)
    {
        lock (_gate)
        {
            if (_keys.Count >= Most)
                _prefixes.Add("");
            else
                _keys.Add(key);
            _any = true;
        }
    }

    internal void AddPrefix(string prefix)
    {
        lock (_gate)
        {
            _prefixes.Add(_prefixes.Count >= Most ? "" : prefix);
            _any = true;
        }
    }

    internal (string[] Keys, string[] Prefixes) All()
    {
        lock (_gate)
            return ([.. _keys], [.. _prefixes]);
    }

    /// <summary>Their removal is written.</summary>
    internal void Clear()
    {
        lock (_gate)
        {
            _keys.Clear();
            _prefixes.Clear();
            _any = false;
        }
    }
}
