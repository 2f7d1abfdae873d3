namespace Memoize.Memcached.Connections;

/// <summary>
/// The keys whose values changed or were evicted while their server could not be told, or may not have been: what it holds for them is
/// removed before it is asked again. Bounded: whoever changes something that finds no room has to be told.
/// </summary>
internal sealed class MissedChanges
{
    private const int Most = 100_000;

    private readonly Dictionary<string, byte[]> _keys = new(StringComparer.Ordinal);
    private bool _overflowed;

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
    /// <param name="key">The key.</param>
    /// <param name="isFirst">Whether it is the first for which there is no room.</param>
    /// <returns>Whether it is there now.</returns>
    public bool TryAdd(byte[] key, out bool isFirst)
    {
        lock (_keys)
        {
            var text = System.Text.Encoding.UTF8.GetString(key);
            var hasRoom = _keys.Count < Most || _keys.ContainsKey(text);
            if (hasRoom)
                _keys[text] = key;
            isFirst = !hasRoom && !_overflowed;
            _overflowed |= !hasRoom;
            return hasRoom;
        }
    }

    /// <summary>Puts back keys that could not be removed. They have been promised, so there is room for them.</summary>
    public void Return(IEnumerable<byte[]> keys)
    {
        lock (_keys)
        {
            foreach (var key in keys)
                _keys[System.Text.Encoding.UTF8.GetString(key)] = key;
        }
    }

    /// <summary>Takes all of them out.</summary>
    public IReadOnlyList<byte[]> TakeAll()
    {
        lock (_keys)
        {
            byte[][] all = [.. _keys.Values];
            _keys.Clear();
            _overflowed = false;
            return all;
        }
    }
}
