namespace Memoize.Memcached.Connections;

/// <summary>
/// The keys whose values changed or were evicted while their server could not be told, or may not have been: what it holds for them is
/// removed before it is asked again. Bounded.
/// </summary>
internal sealed class MissedChanges
{
    private const int Most = 100_000;

    private readonly Dictionary<string, byte[]> _keys = new(StringComparer.Ordinal);

    /// <summary>Whether there have been more than can be held.</summary>
    public bool Overflowed { get; private set; }

    /// <summary>Whether there are none.</summary>
    public bool IsEmpty
    {
        get
        {
            lock (_keys)
                return _keys.Count == 0;
        }
    }

    /// <summary>Adds a key.</summary>
    /// <returns>Whether this one, as the first, was too many.</returns>
    public bool Add(byte[] key)
    {
        lock (_keys)
        {
            if (_keys.Count < Most)
            {
                _keys[System.Text.Encoding.UTF8.GetString(key)] = key;
                return false;
            }
            var first = !Overflowed;
            Overflowed = true;
            return first;
        }
    }

    /// <summary>Takes all of them out.</summary>
    public IReadOnlyList<byte[]> TakeAll()
    {
        lock (_keys)
        {
            byte[][] all = [.. _keys.Values];
            _keys.Clear();
            Overflowed = false;
            return all;
        }
    }
}
