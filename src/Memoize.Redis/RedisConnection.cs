using StackExchange.Redis;

namespace Memoize.Redis;

/// <summary>The connection, made when it is first needed; one that is given is used as it is. Afterwards it mends itself.</summary>
internal sealed class RedisConnection(RedisCacheOptions options) : IDisposable, IAsyncDisposable
{
    private readonly object gate = new();
    private readonly bool owned = options.Multiplexer is null;
    private volatile IDatabase? database;
    private Task<IConnectionMultiplexer>? connecting;
    private bool disposed;

    internal ValueTask<IDatabase> DatabaseAsync(CancellationToken token)
    {
        return database is { } known && !token.IsCancellationRequested ? new(known) : SlowAsync(token);

        async ValueTask<IDatabase> SlowAsync(CancellationToken token)
        {
            token.ThrowIfCancellationRequested();
            await MultiplexerAsync(token).ConfigureAwait(false);
            return database ?? throw new ObjectDisposedException(nameof(RedisCache));
        }
    }

    internal IDatabase Database()
    {
        if (database is null)
            Connecting().GetAwaiter().GetResult();
        return database ?? throw new ObjectDisposedException(nameof(RedisCache));
    }

    internal Task<IConnectionMultiplexer> MultiplexerAsync(CancellationToken token) => Connecting().WaitAsync(token);

    private Task<IConnectionMultiplexer> Connecting()
    {
        lock (gate)
        {
            ObjectDisposedException.ThrowIf(disposed, typeof(RedisCache));
            // A server that is away is no failure, the connection goes on trying; a name that cannot be resolved may be one.
            if (connecting is null or { IsFaulted: true })
                connecting = Task.Run(ConnectAsync);
            return connecting;
        }
    }

    private async Task<IConnectionMultiplexer> ConnectAsync()
    {
        var multiplexer = options.Multiplexer
            ?? await ConnectionMultiplexer.ConnectAsync(options.ForConnection()).ConfigureAwait(false);
        lock (gate)
        {
            if (!disposed)
                database = multiplexer.GetDatabase(options.Database);
        }
        return multiplexer;
    }

    public void Dispose()
    {
        if (End() is { } ended)
            ended.ContinueWith(static task => task.Result.Dispose(), CancellationToken.None, TaskContinuationOptions.OnlyOnRanToCompletion, TaskScheduler.Default);
    }

    public async ValueTask DisposeAsync()
    {
        if (End() is not { } ended)
            return;
        await ((Task)ended).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (ended.IsCompletedSuccessfully)
            await (await ended.ConfigureAwait(false)).DisposeAsync().ConfigureAwait(false);
    }

    /// <summary>What is left to be disposed, once.</summary>
    private Task<IConnectionMultiplexer>? End()
    {
        lock (gate)
        {
            if (disposed)
                return null;
            disposed = true;
            database = null;
            return owned ? connecting : null;
        }
    }
}
