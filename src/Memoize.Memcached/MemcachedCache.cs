using System.Buffers;
using Memoize.Memcached.Connections;
using Memoize.Tiers;
using Microsoft.Extensions.Caching.Distributed;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Memoize.Memcached;

/// <summary>
/// Values in memcached servers, over the meta protocol (memcached 1.6.12 or newer). Safe for use by many threads; one instance serves a
/// whole process. No call throws because of a server: what fails or takes longer than
/// <see cref="MemcachedCacheOptions.OperationTimeout"/> is a miss, or a value that is not stored, and is counted in
/// <see cref="Statistics"/>. Calls throw for a null argument and for the caller's own cancellation only, with one exception: a server that has
/// missed 100,000 changes is told of these when it is back, and what is to be set or removed there beyond that fails with an
/// <see cref="IOException"/>, so that nobody takes it for done. A tier of Memoize then owes it.
/// </summary>
/// <remarks>
/// Lifetimes are exact to the clocks of the processes where they are absolute, and rounded up to seconds where they slide. A value that
/// is larger than the server takes, also when compressed, is not stored, and what was stored under its key is removed.
/// </remarks>
public sealed partial class MemcachedCache : ILeasingCache, IBatchReads, IPrefixedCache, IAsyncDisposable, IDisposable
{
    private readonly MemcachedCacheOptions _options;
    private readonly ServerNode[] _nodes;
    private readonly Rendezvous _rendezvous;
    private readonly Counters _counters = new();
    private readonly TimeProvider _clock;
    private readonly string _prefix;
    private readonly TimeSpan _patience;

    /// <summary>Creates the cache. Connections are made when they are needed.</summary>
    /// <param name="options">The options, which are read now.</param>
    /// <param name="logger">Is told when a server goes out of reach and when it comes back.</param>
    /// <exception cref="ArgumentException">An option makes no sense.</exception>
    public MemcachedCache(MemcachedCacheOptions options, ILogger<MemcachedCache>? logger = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        _options = options;
        _clock = options.TimeProvider;
        _prefix = options.KeyPrefix;
        // For a thread that blocks: timers may be late when the thread pool is exhausted, and the thread's own wait is not.
        _patience = options.OperationTimeout + TimeSpan.FromMilliseconds(5);
        ServerAddress[] addresses = [.. options.Servers.Select(ServerAddress.Parse)];
        _rendezvous = new Rendezvous(addresses);
        _nodes = [.. addresses.Select(address => new ServerNode(address, options, logger ?? (ILogger)NullLogger.Instance))];
    }

    /// <summary>What goes before every key (<see cref="MemcachedCacheOptions.KeyPrefix"/>).</summary>
    public string KeyPrefix => _prefix;

    /// <summary>What has happened so far.</summary>
    public MemcachedStatistics Statistics
        => _counters.Read([.. _nodes.Where(node => node.IsDown).Select(node => node.Address.ToString())]);

    /// <inheritdoc/>
    public byte[]? Get(string key)
    {
        var place = Locate(key);
        return TakeArray(place, Wait(ReadAsync(place, 0, default)));
    }

    /// <inheritdoc/>
    public async Task<byte[]?> GetAsync(string key, CancellationToken token = default)
    {
        var place = Locate(key);
        return TakeArray(place, await ReadAsync(place, 0, token).ConfigureAwait(false));
    }

    /// <inheritdoc/>
    public bool TryGet(string key, IBufferWriter<byte> destination)
    {
        ArgumentNullException.ThrowIfNull(destination);
        var place = Locate(key);
        return Take(place, Wait(ReadAsync(place, 0, default)), destination);
    }

    /// <inheritdoc/>
    public async ValueTask<bool> TryGetAsync(string key, IBufferWriter<byte> destination, CancellationToken token = default)
    {
        ArgumentNullException.ThrowIfNull(destination);
        var place = Locate(key);
        return Take(place, await ReadAsync(place, 0, token).ConfigureAwait(false), destination);
    }

    /// <inheritdoc/>
    public void Set(string key, byte[] value, DistributedCacheEntryOptions options)
    {
        ArgumentNullException.ThrowIfNull(value);
        Set(key, new ReadOnlySequence<byte>(value), options);
    }

    /// <inheritdoc/>
    public Task SetAsync(string key, byte[] value, DistributedCacheEntryOptions options, CancellationToken token = default)
    {
        ArgumentNullException.ThrowIfNull(value);
        return SetAsync(key, new ReadOnlySequence<byte>(value), options, token).AsTask();
    }

    /// <inheritdoc/>
    public void Set(string key, ReadOnlySequence<byte> value, DistributedCacheEntryOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var place = Locate(key);
        if (Prepare(place, value, options, out var command) is { } why)
        {
            _counters.NotStored(why);
            Forget(place, Wait(RemoveAsync(place, default)));
            return;
        }
        var reply = Wait(place.Node.CallAsync(command, default), out var isOver);
        // A call that goes on without us may still send the bytes: they are left to it.
        if (isOver)
            Return(command);
        if (Conclude(place, reply))
            Forget(place, Wait(RemoveAsync(place, default)));
    }

    /// <inheritdoc/>
    public async ValueTask SetAsync(string key, ReadOnlySequence<byte> value, DistributedCacheEntryOptions options, CancellationToken token = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        await StoreAsync(Locate(key), value, options, token).ConfigureAwait(false);
    }

    private async ValueTask<StoreOutcome> StoreAsync(Place place, ReadOnlySequence<byte> value, DistributedCacheEntryOptions options, CancellationToken token)
    {
        if (Prepare(place, value, options, out var command) is { } why)
        {
            _counters.NotStored(why);
            Forget(place, await RemoveAsync(place, token).ConfigureAwait(false));
            return OutcomeOf(why);
        }
        try
        {
            var reply = await place.Node.CallAsync(command, token).ConfigureAwait(false);
            if (Conclude(place, reply))
                Forget(place, await RemoveAsync(place, token).ConfigureAwait(false));
            return OutcomeOf(reply);
        }
        finally
        {
            Return(command);
        }
    }

    /// <summary>Starts the sliding window of a value anew, if it has one. The value is not written again.</summary>
    /// <param name="key">The key.</param>
    public void Refresh(string key)
    {
        var place = Locate(key);
        Discard(place, Wait(ReadAsync(place, 0, default)));
    }

    /// <inheritdoc cref="Refresh"/>
    /// <param name="key">The key.</param>
    /// <param name="token">Cancels the wait.</param>
    public async Task RefreshAsync(string key, CancellationToken token = default)
    {
        var place = Locate(key);
        Discard(place, await ReadAsync(place, 0, token).ConfigureAwait(false));
    }

    /// <inheritdoc/>
    public void Remove(string key)
    {
        var place = Locate(key);
        Forget(place, Wait(RemoveAsync(place, default)));
    }

    /// <inheritdoc/>
    public async Task RemoveAsync(string key, CancellationToken token = default)
    {
        var place = Locate(key);
        Forget(place, await RemoveAsync(place, token).ConfigureAwait(false));
    }

    /// <summary>Ends all connections. Calls from then on are misses.</summary>
    public void Dispose()
    {
        foreach (var node in _nodes)
            node.Dispose();
    }

    /// <inheritdoc cref="Dispose"/>
    public ValueTask DisposeAsync()
    {
        Dispose();
        return ValueTask.CompletedTask;
    }
}
