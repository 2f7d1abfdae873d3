using System.Buffers;

namespace Memoize.Tiers;

/// <summary>A store that reads many values in one go. Safe for use by many threads.</summary>
public interface IBatchReads
{
    /// <summary>Reads all keys.</summary>
    /// <param name="keys">The keys.</param>
    /// <param name="found">
    /// Called for each key that has a value, in any order and never twice at once, with its index in <paramref name="keys"/>. The bytes
    /// are good for the duration of the call only.
    /// </param>
    /// <param name="token">Cancels the wait.</param>
    ValueTask GetManyAsync(IReadOnlyList<string> keys, Action<int, ReadOnlySequence<byte>> found, CancellationToken token = default);
}
