using System.Collections.Concurrent;
using Memoize.Memcached.Connections;
using Memoize.Memcached.Protocol;

namespace Memoize.Memcached;

/// <summary>What a lease stands for. It is renewed until it is taken for the one use that it has, and never both at once: a renewal changes the version.</summary>
/// <param name="key">The key on the server.</param>
/// <param name="connection">The connection that it was given on, and ends with: a server that restarts counts its versions anew.</param>
/// <param name="cas">The version of the placeholder, or of the value that is to be renewed, which must still be there.</param>
/// <param name="lockCas">The version of the lock beside a value that is to be renewed; null where there is a placeholder.</param>
/// <param name="end">When it ends, on the clock of <see cref="Environment.TickCount64"/>.</param>
internal sealed class Lease(byte[] key, MetaConnection connection, ulong cas, ulong? lockCas, long end)
{
    private readonly object _gate = new();
    private TaskCompletionSource? _renewal;
    private bool _isTaken;
    private long _end = end;

    public byte[] Key => key;

    public MetaConnection Connection => connection;

    public ulong Cas { get; private set; } = cas;

    public ulong? LockCas { get; private set; } = lockCas;

    /// <summary>What stands in the flags of the placeholder or lock when it has been renewed.</summary>
    public uint Flags { get; } = LeaseNumber.FlagsOf(lockCas ?? cas);

    public bool IsGood => Connection.IsOpen && Environment.TickCount64 < Volatile.Read(ref _end);

    /// <summary>It is about to be renewed.</summary>
    /// <returns>Whether it may be; then <see cref="EndRenewal"/> is due.</returns>
    public bool BeginRenewal()
    {
        lock (_gate)
        {
            if (_isTaken || _renewal is not null)
                return false;
            _renewal = new(TaskCreationOptions.RunContinuationsAsynchronously);
            return true;
        }
    }

    /// <summary>The placeholder, or the lock, has another version, and lasts for longer.</summary>
    public void Renewed(ulong version, long until)
    {
        if (LockCas is null)
            Cas = version;
        else
            LockCas = version;
        Volatile.Write(ref _end, until);
    }

    /// <summary>Nobody knows which version there is.</summary>
    public void Lost() => Volatile.Write(ref _end, long.MinValue);

    public void EndRenewal()
    {
        lock (_gate)
        {
            _renewal!.SetResult();
            _renewal = null;
        }
    }

    /// <summary>It is renewed no longer.</summary>
    /// <returns>Ends when what is under way has ended.</returns>
    public Task Take()
    {
        lock (_gate)
        {
            _isTaken = true;
            return _renewal?.Task ?? Task.CompletedTask;
        }
    }
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
    public async ValueTask<Lease?> TakeAsync(Tiers.CacheLease lease, byte[] key, CancellationToken token)
    {
        if (!_leases.TryRemove(lease.Id, out var found) || !found.Key.AsSpan().SequenceEqual(key))
            return null;
        await found.Take().WaitAsync(token).ConfigureAwait(false);
        return found;
    }

    /// <summary>Leaves a lease where it is.</summary>
    public Lease? Find(Tiers.CacheLease lease, byte[] key)
        => _leases.TryGetValue(lease.Id, out var found) && found.Key.AsSpan().SequenceEqual(key) ? found : null;
}
