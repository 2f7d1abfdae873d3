using System.Buffers;
using System.Collections.Concurrent;
using Memoize.Tiers;
using Microsoft.Extensions.Caching.Distributed;

namespace Memoize.Tests.Tiers;

/// <summary>A store in memory that can be made to fail, to hang, and to be looked into; without leases.</summary>
internal class TestStore : IDistributedCache
{
    internal readonly ConcurrentDictionary<string, byte[]> Values = new(StringComparer.Ordinal);

    internal Exception? Failure { get; set; }

    /// <summary>What every operation waits for before it begins.</summary>
    internal virtual Task Gate { get; set; } = Task.CompletedTask;

    /// <summary>What every operation does on the thread of whoever asks.</summary>
    internal Action? Work { get; set; }

    internal int Operations;

    internal DistributedCacheEntryOptions? LastExpiry { get; private set; }

    internal IEnumerable<string> ValueKeys => Values.Keys.Where(static key => !key.Contains("#stamp:", StringComparison.Ordinal) && !key.Contains("#tag", StringComparison.Ordinal));

    public byte[]? Get(string key) => Values.GetValueOrDefault(key);

    public async Task<byte[]?> GetAsync(string key, CancellationToken token = default)
    {
        await Enter();
        return Get(key);
    }

    public void Refresh(string key)
    {
    }

    public Task RefreshAsync(string key, CancellationToken token = default) => Task.CompletedTask;

    public virtual void Remove(string key) => Values.TryRemove(key, out _);

    public async Task RemoveAsync(string key, CancellationToken token = default)
    {
        await Enter();
        Remove(key);
    }

    public virtual void Set(string key, byte[] value, DistributedCacheEntryOptions options)
    {
        LastExpiry = options;
        Values[key] = value;
    }

    public async Task SetAsync(string key, byte[] value, DistributedCacheEntryOptions options, CancellationToken token = default)
    {
        await Enter();
        Set(key, value, options);
    }

    protected async Task Enter()
    {
        Interlocked.Increment(ref Operations);
        Work?.Invoke();
        await Gate;
        if (Failure is not null)
            throw Failure;
    }
}

/// <summary>The same with leases and a bus, for several caches that stand for several processes.</summary>
internal class LeasingStore : TestStore, ILeasingCache
{
    private readonly object gate = new();
    private readonly Dictionary<string, (long Id, DateTimeOffset End)> leases = new(StringComparer.Ordinal);
    private long last;

    /// <summary>Whether it says which lease somebody else has.</summary>
    internal bool SaysWho { get; init; } = true;

    /// <summary>By which leases end; null for never.</summary>
    internal TimeProvider? Clock { get; init; }

    /// <summary>How often a lease was to be renewed, and what becomes of that.</summary>
    internal int Renewals;

    internal Func<Task>? Renewing { get; set; }

    /// <summary>What happens once, right after somebody was told that another has the lease, and before he can look again.</summary>
    internal Action? AfterBusy { get; set; }

    /// <summary>What happens once, before somebody who has seen a value that is of no use to him is given its lease.</summary>
    internal Func<Task>? BeforeLease { get; set; }

    /// <summary>What happens each time when he has been answered.</summary>
    internal Action? AfterLease { get; set; }

    internal int Given => (int)Volatile.Read(ref last);

    internal int Leases
    {
        get
        {
            lock (gate)
                return leases.Count;
        }
    }

    public override void Remove(string key)
    {
        lock (gate)
        {
            leases.Remove(key);
            base.Remove(key);
        }
    }

    public override void Set(string key, byte[] value, DistributedCacheEntryOptions options)
    {
        lock (gate)
        {
            leases.Remove(key);
            base.Set(key, value, options);
        }
    }

    public bool TryGet(string key, IBufferWriter<byte> destination)
    {
        if (Get(key) is not { } value)
            return false;
        destination.Write(value);
        return true;
    }

    public async ValueTask<bool> TryGetAsync(string key, IBufferWriter<byte> destination, CancellationToken token = default)
    {
        await Enter();
        return TryGet(key, destination);
    }

    public void Set(string key, ReadOnlySequence<byte> value, DistributedCacheEntryOptions options) => Set(key, value.ToArray(), options);

    public async ValueTask SetAsync(string key, ReadOnlySequence<byte> value, DistributedCacheEntryOptions options, CancellationToken token = default)
    {
        await Enter();
        Set(key, value, options);
    }

    public async ValueTask<LeasedRead> GetOrLeaseAsync(string key, IBufferWriter<byte> destination, TimeSpan duration, CancellationToken token = default)
    {
        await Enter();
        lock (gate)
        {
            if (TryGet(key, destination))
                return LeasedRead.Value;
            return Lease(key, duration);
        }
    }

    public async ValueTask<LeasedRead> LeaseAsync(string key, TimeSpan duration, CancellationToken token = default)
    {
        await Enter();
        var before = BeforeLease;
        BeforeLease = null;
        await (before?.Invoke() ?? Task.CompletedTask);
        LeasedRead read;
        lock (gate)
            read = Lease(key, duration);
        AfterLease?.Invoke();
        return read;
    }

    private LeasedRead Lease(string key, TimeSpan duration)
    {
        if (HolderOf(key) is { } holder)
        {
            var then = AfterBusy;
            AfterBusy = null;
            then?.Invoke();
            return SaysWho ? LeasedRead.BusyWith(holder) : LeasedRead.Busy;
        }

        leases[key] = (++last, EndOf(duration));
        return LeasedRead.Leased(new(last));
    }

    private long? HolderOf(string key) => leases.TryGetValue(key, out var held) && (Clock is null || Clock.GetUtcNow() < held.End) ? held.Id : null;

    private DateTimeOffset EndOf(TimeSpan duration) => Clock is null ? DateTimeOffset.MaxValue : Clock.GetUtcNow() + duration;

    /// <summary>The time of a lease is up, and somebody else was the first to ask.</summary>
    internal void HandOver(string key)
    {
        lock (gate)
            leases[key] = (++last, DateTimeOffset.MaxValue);
    }

    public async ValueTask<bool> SetAsync(string key, ReadOnlySequence<byte> value, DistributedCacheEntryOptions options, CacheLease lease, CancellationToken token = default)
    {
        await Enter();
        lock (gate)
        {
            if (HolderOf(key) != lease.Id)
                return false;
            Set(key, value, options);
            return true;
        }
    }

    public async ValueTask<LeaseRenewal> RenewAsync(string key, CacheLease lease, TimeSpan duration, CancellationToken token = default)
    {
        Interlocked.Increment(ref Renewals);
        await Enter();
        await (Renewing?.Invoke() ?? Task.CompletedTask);
        lock (gate)
        {
            if (HolderOf(key) != lease.Id)
                return LeaseRenewal.Ended;
            leases[key] = (lease.Id, EndOf(duration));
            return LeaseRenewal.Renewed;
        }
    }

    public async ValueTask ReleaseAsync(string key, CacheLease lease, CancellationToken token = default)
    {
        await Enter();
        lock (gate)
        {
            if (HolderOf(key) == lease.Id)
                leases.Remove(key);
        }
    }
}

/// <summary>A store that reads many values in one go.</summary>
internal sealed class BatchStore : TestStore, IBatchReads
{
    internal readonly List<string[]> Asked = [];

    public ValueTask GetManyAsync(IReadOnlyList<string> keys, Action<int, ReadOnlySequence<byte>> found, CancellationToken token = default)
    {
        Asked.Add([.. keys]);
        return Many(Enter(), this, keys, found);
    }

    internal static async ValueTask Many(Task entering, TestStore store, IReadOnlyList<string> keys, Action<int, ReadOnlySequence<byte>> found)
    {
        await entering;
        for (var i = keys.Count - 1; i >= 0; i--)
        {
            if (store.Get(keys[i]) is { } value)
                found(i, new(value));
        }
    }
}

/// <summary>The same with leases.</summary>
internal sealed class LeasingBatchStore : LeasingStore, ILeasingCache, IBatchReads
{
    /// <summary>How often somebody asked who had looked already.</summary>
    internal int Missed;

    public ValueTask<LeasedRead> GetMissedOrLeaseAsync(string key, IBufferWriter<byte> destination, TimeSpan duration, CancellationToken token = default)
    {
        Interlocked.Increment(ref Missed);
        return GetOrLeaseAsync(key, destination, duration, token);
    }

    public ValueTask GetManyAsync(IReadOnlyList<string> keys, Action<int, ReadOnlySequence<byte>> found, CancellationToken token = default)
        => BatchStore.Many(Enter(), this, keys, found);
}
