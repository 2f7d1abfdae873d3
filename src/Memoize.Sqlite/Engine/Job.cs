using System.Buffers;
using Memoize.Tiers;

namespace Memoize.Sqlite.Engine;

/// <summary>What a change of the file needs to know. Made on the stack: a write allocates nothing for it.</summary>
internal readonly record struct Job(string Key, ReadOnlySequence<byte> Value = default, Deadline Deadline = default, CacheLease Lease = default, TimeSpan Duration = default);

/// <summary>A change, inside the transaction.</summary>
internal delegate TResult Change<TResult>(Connection connection, in Job job, long now);
