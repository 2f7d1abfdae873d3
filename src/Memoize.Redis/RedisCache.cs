using System.Buffers;
using Memoize.Tiers;
using StackExchange.Redis;

namespace Memoize.Redis;

/// <summary>
/// A cache in Redis, Valkey or Garnet that processes share: a distributed cache for HybridCache, FusionCache and sessions, and a tier of
/// Memoize with leases, batch reads and an invalidation bus. Safe for use by many threads; one is enough for a process.
/// </summary>
/// <remarks>
/// <para>
/// Connects when it is first used. A failure is not hidden: the methods throw <see cref="RedisException"/> (no connection, an error of the
/// server) or <see cref="TimeoutException"/>, at once while there is no connection. Memoize, HybridCache and FusionCache turn these into
/// misses.
/// </para>
/// <para>
/// Values are plain Redis strings under prefix and key. Those with a sliding expiry have a header of 40 characters before the value, so
/// that a read moves the expiry without rewriting the value. Reads ask the primary alone, because a replica may not know yet what was evicted.
/// </para>
/// </remarks>
public sealed partial class RedisCache : ILeasingCache, IBatchReads, IInvalidationBus, IPrefixedCache, IDisposable, IAsyncDisposable
{
    private const CommandFlags Primary = CommandFlags.DemandMaster;

    private readonly RedisConnection connection;
    private readonly RedisKeys keys;
    private readonly int database;
    private readonly RedisChannel channel;

    /// <summary>Makes a cache for the server that the options name.</summary>
    /// <param name="options">The options.</param>
    /// <exception cref="ArgumentException">No server is named, or an option makes no sense.</exception>
    public RedisCache(RedisCacheOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validated();
        connection = new(options);
        keys = new(options.KeyPrefix);
        KeyPrefix = options.KeyPrefix;
        database = options.Database;
        channel = RedisChannel.Literal(options.Channel ?? options.KeyPrefix + "invalidation").WithKeyRouting();
    }

    /// <summary>Makes a cache with a connection of its own and the defaults of <see cref="RedisCacheOptions"/>.</summary>
    /// <param name="configuration">The servers, in the syntax of StackExchange.Redis: <c>localhost:6379</c>.</param>
    public RedisCache(string configuration)
        : this(new RedisCacheOptions { Configuration = configuration ?? throw new ArgumentNullException(nameof(configuration)) })
    {
    }

    /// <summary>Makes a cache that shares a connection with the application, and the defaults of <see cref="RedisCacheOptions"/>.</summary>
    /// <param name="multiplexer">The connection; the caller disposes it.</param>
    public RedisCache(IConnectionMultiplexer multiplexer)
        : this(new RedisCacheOptions { Multiplexer = multiplexer ?? throw new ArgumentNullException(nameof(multiplexer)) })
    {
    }

    /// <summary>What all keys of the cache begin with (<see cref="RedisCacheOptions.KeyPrefix"/>).</summary>
    public string KeyPrefix { get; }

    /// <inheritdoc/>
    public byte[]? Get(string key)
    {
        var redis = connection.Database();
        using var read = new SingleRead(redis.StringGetLease(keys.Of(key), Primary));
        return read.IsNothing ? null : Value(redis, key, read.Stored).ToArray();
    }

    /// <inheritdoc/>
    public async Task<byte[]?> GetAsync(string key, CancellationToken token = default)
    {
        var redis = await connection.DatabaseAsync(token).ConfigureAwait(false);
        using var read = await ReadAsync(redis, key, token).ConfigureAwait(false);
        return read.IsNothing ? null : Value(redis, key, read.Stored).ToArray();
    }

    /// <inheritdoc/>
    public bool TryGet(string key, IBufferWriter<byte> destination)
    {
        ArgumentNullException.ThrowIfNull(destination);
        var redis = connection.Database();
        using var read = new SingleRead(redis.StringGetLease(keys.Of(key), Primary));
        if (read.IsNothing)
            return false;
        destination.Write(Value(redis, key, read.Stored).Span);
        return true;
    }

    /// <inheritdoc/>
    public async ValueTask<bool> TryGetAsync(string key, IBufferWriter<byte> destination, CancellationToken token = default)
    {
        ArgumentNullException.ThrowIfNull(destination);
        var redis = await connection.DatabaseAsync(token).ConfigureAwait(false);
        using var read = await ReadAsync(redis, key, token).ConfigureAwait(false);
        if (read.IsNothing)
            return false;
        destination.Write(Value(redis, key, read.Stored).Span);
        return true;
    }

    /// <inheritdoc/>
    public void Refresh(string key)
    {
        var stored = keys.Value(key);
        connection.Database().ScriptEvaluate(Scripts.Slide, [stored], [SlidingHeader.Mark], Primary);
    }

    /// <inheritdoc/>
    public async Task RefreshAsync(string key, CancellationToken token = default)
    {
        var stored = keys.Value(key);
        var redis = await connection.DatabaseAsync(token).ConfigureAwait(false);
        await redis.ScriptEvaluateAsync(Scripts.Slide, [stored], [SlidingHeader.Mark], Primary).WaitAsync(token).ConfigureAwait(false);
    }

    /// <summary>Ends the connection, unless it was given. Calls after that throw <see cref="ObjectDisposedException"/>.</summary>
    public void Dispose()
    {
        EndSubscriptions();
        connection.Dispose();
    }

    /// <summary>Ends the connection, unless it was given. Calls after that throw <see cref="ObjectDisposedException"/>.</summary>
    public ValueTask DisposeAsync()
    {
        EndSubscriptions();
        return connection.DisposeAsync();
    }

    /// <summary>The value of what was read. Its expiry, if it slides, is moved on the same connection; nobody waits for that.</summary>
    private ReadOnlyMemory<byte> Value(IDatabase redis, string key, ReadOnlyMemory<byte> stored)
    {
        var start = SlidingHeader.Skip(stored.Span, out var slides);
        if (slides)
            redis.ScriptEvaluate(Scripts.Slide, [keys.Value(key)], [SlidingHeader.Mark], Primary | CommandFlags.FireAndForget);
        return stored[start..];
    }
}
