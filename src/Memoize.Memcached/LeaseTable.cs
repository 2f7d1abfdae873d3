using System.Collections.Concurrent;
using Memoize.Memcached.Connections;

namespace Memoize.Memcached;

/// <summary>What a lease stands for.</summary>
/// <param name="Key">The key on the server.</param>
/// <param name="Connection">The connection that it was given on, and ends with: a server that restarts counts its versions anew.</param>
/// <param name="Cas">The version of the placeholder, or of the value that is to be renewed, which must still be there.</param>
/// <param name="LockCas">The version of the lock beside a value that is to be renewed; null where there is a placeholder.</param>
/// <param name="End">When it ends, on the clock of <see cref="Environment.TickCount64"/>.</param>
internal sealed record Lease(byte[] Key, MetaConnection Connection, ulong Cas, ulong? LockCas, long End)
{
    public bool IsGood => Connection.IsOpen && Environment.TickCount64 < End;
}

/// <summary>The leases that this process holds, by number. Those that were never used go when others come.</summary>
internal sealed class LeaseTable
{
    private const int SweepEvery = 256;

    /// <summary>The lease of somebody whom the server did not answer: he is not to wait for anybody, and cannot store.</summary>
    public static Tiers.CacheLease Useless => default;

    private readonly ConcurrentDictionary<long, Lease> _leases = new();
    private long _last;

    public Tiers.CacheLease Add(Lease lease)
    {
        var id = Interlocked.Increment(ref _last);
        _leases[id] = lease;
        if (id % SweepEvery == 0)
        {
            foreach (var (old, other) in _leases)
            {
                if (!other.IsGood)
                    _leases.TryRemove(old, out _);
            }
        }
        return new Tiers.CacheLease(id);
    }

    /// <summary>Takes a lease out, for the one use that it has.</summary>
    public Lease? Take(Tiers.CacheLease lease, byte[] key)
        => _leases.TryRemove(lease.Id, out var found) && found.Key.AsSpan().SequenceEqual(key) ? found : null;
}
