using StackExchange.Redis;

namespace Memoize.Redis;

/// <summary>Where the Redis server of a <see cref="RedisCache"/> is, and what its keys look like. Read once, when the cache is made.</summary>
public sealed class RedisCacheOptions
{
    /// <summary>
    /// The servers and how to reach them, in the syntax of StackExchange.Redis: <c>localhost:6379</c>,
    /// <c>a:6379,b:6379,ssl=true,user=shop,password=…</c>, <c>sentinel:26379,serviceName=main</c>. Ignored where
    /// <see cref="ConfigurationOptions"/> or <see cref="Multiplexer"/> is given. Default: null.
    /// </summary>
    public string? Configuration { get; set; }

    /// <summary>
    /// The same as an object, for what the text cannot say. It is copied, and changed in four points: a failed first connection is tried
    /// again (<c>AbortOnConnectFail</c>), commands fail at once while there is no connection (<c>BacklogPolicy</c>), it is retried every half
    /// second (<c>ReconnectRetryPolicy</c>), and <see cref="Timeout"/> holds. Who wants other rules gives a <see cref="Multiplexer"/>. Default: null.
    /// </summary>
    public ConfigurationOptions? ConfigurationOptions { get; set; }

    /// <summary>A connection of the application's own, used as it is, with its own timeouts, and not disposed by the cache. Default: null.</summary>
    public IConnectionMultiplexer? Multiplexer { get; set; }

    /// <summary>
    /// What all keys of the cache begin with, and no key of another application on the same server does. The value of <c>user:42</c> is found
    /// with <c>GET memoize:user:42</c>. At least one character, without braces, because these decide about the slot of a key in a cluster.
    /// Default: <c>memoize:</c>.
    /// </summary>
    public string KeyPrefix { get; set; } = "memoize:";

    /// <summary>The number of the database; -1 for the one that the connection names, which is 0 unless told otherwise. Default: -1.</summary>
    public int Database { get; set; } = -1;

    /// <summary>The channel of the invalidation bus; null for the key prefix followed by <c>invalidation</c>. Channels are shared by all databases of a server. Default: null.</summary>
    public string? Channel { get; set; }

    /// <summary>
    /// How long a command may take, and how long the first one waits for the connection, exact to a quarter of a second; at least one
    /// millisecond. Cancel the token of a call for a shorter wait. Default: 5 seconds.
    /// </summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(5);

    internal RedisCacheOptions Validated()
    {
        if (Configuration is null && ConfigurationOptions is null && Multiplexer is null)
            throw new ArgumentException($"The Redis cache does not know its server: set {nameof(Configuration)}, {nameof(ConfigurationOptions)} or {nameof(Multiplexer)}.");
        if (string.IsNullOrEmpty(KeyPrefix) || KeyPrefix.AsSpan().IndexOfAny('{', '}') >= 0)
            throw new ArgumentException($"{nameof(KeyPrefix)} is \"{KeyPrefix}\"; it needs at least one character and no braces.");
        if (Database < -1)
            throw new ArgumentException($"{nameof(Database)} is {Database}; it is -1 or the number of a database.");
        if (Channel is "")
            throw new ArgumentException($"{nameof(Channel)} is empty; it is a name, or null.");
        if (Timeout < TimeSpan.FromMilliseconds(1) || Timeout.TotalMilliseconds > int.MaxValue)
            throw new ArgumentException($"{nameof(Timeout)} is {Timeout}; it is between 1 millisecond and 24 days.");
        return this;
    }

    internal ConfigurationOptions ForConnection()
    {
        var copy = ConfigurationOptions?.Clone() ?? StackExchange.Redis.ConfigurationOptions.Parse(Configuration!);
        var milliseconds = (int)Timeout.TotalMilliseconds;
        copy.AbortOnConnectFail = false;
        copy.BacklogPolicy = BacklogPolicy.FailFast;
        copy.ReconnectRetryPolicy = new LinearRetry(500);
        copy.ConnectTimeout = milliseconds;
        copy.SyncTimeout = milliseconds;
        copy.AsyncTimeout = milliseconds;
        // A primary that became a replica, or the other way round, is noticed in time.
        copy.ConfigCheckSeconds = Math.Min(copy.ConfigCheckSeconds, 2);
        copy.HeartbeatInterval = TimeSpan.FromMilliseconds(250);
        return copy;
    }
}
