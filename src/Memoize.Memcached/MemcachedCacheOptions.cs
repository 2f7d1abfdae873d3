using System.Net.Security;

namespace Memoize.Memcached;

/// <summary>How a <see cref="MemcachedCache"/> reaches its servers. Read once, when the cache is created.</summary>
public sealed class MemcachedCacheOptions
{
    /// <summary>
    /// The servers, as <c>host</c>, <c>host:port</c> or <c>[address]:port</c>; the port is 11211 unless it is given. Processes that
    /// share a cache name their servers alike, since a key's server follows from the names; their order does not matter. At least one.
    /// </summary>
    public IList<string> Servers { get; } = new List<string>();

    /// <summary>TLS, where it is set. The name to check is the server's unless <see cref="SslClientAuthenticationOptions.TargetHost"/> is set.</summary>
    public SslClientAuthenticationOptions? Tls { get; set; }

    /// <summary>What goes before every key, so that applications can share servers; best ended with a colon. Empty unless it is set.</summary>
    public string KeyPrefix { get; set; } = "";

    /// <summary>How long a connection may take to be made, TLS included. No call waits that long. One second unless it is set.</summary>
    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// How long a call may take; after that it is a miss. 35 milliseconds unless it is set: a little less than a tier of Memoize waits, which
    /// hears so that one server of several is out of reach before it takes all of them for that.
    /// </summary>
    public TimeSpan OperationTimeout { get; set; } = TimeSpan.FromMilliseconds(35);

    /// <summary>For how long a server that is out of reach is not asked before it is tried again. Two seconds unless it is set.</summary>
    public TimeSpan DeadTime { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>The connections to each server. A key keeps to one of them, so that what happens to it happens in order. One unless it is set; at most 64.</summary>
    public int ConnectionsPerServer { get; set; } = 1;

    /// <summary>The server's limit for one item (its option <c>-I</c>), with key and bookkeeping. 1 MiB unless it is set.</summary>
    public int MaxValueBytes { get; set; } = 1 << 20;

    /// <summary>The size in bytes from which values are compressed, if that makes them smaller; <see cref="int.MaxValue"/> for never. 2048 unless it is set.</summary>
    public int CompressionThreshold { get; set; } = 2048;

    /// <summary>The clock that absolute expirations are measured on. The system's unless it is set.</summary>
    public TimeProvider TimeProvider { get; set; } = TimeProvider.System;

    internal void Validate()
    {
        if (Servers.Count == 0)
            throw new ArgumentException($"{nameof(Servers)} names no server.");
        if (Servers.Select(server => Connections.ServerAddress.Parse(server)).Distinct().Count() != Servers.Count)
            throw new ArgumentException($"{nameof(Servers)} names a server twice.");
        RequirePositive(ConnectTimeout, nameof(ConnectTimeout));
        RequirePositive(OperationTimeout, nameof(OperationTimeout));
        RequirePositive(DeadTime, nameof(DeadTime));
        if (ConnectionsPerServer is < 1 or > 64)
            throw new ArgumentException($"{nameof(ConnectionsPerServer)} is {ConnectionsPerServer}; it may be 1 to 64.");
        if (MaxValueBytes is < 1024 or > 1 << 30)
            throw new ArgumentException($"{nameof(MaxValueBytes)} is {MaxValueBytes}; it may be 1024 to {1 << 30}.");
        if (CompressionThreshold < 0)
            throw new ArgumentException($"{nameof(CompressionThreshold)} is {CompressionThreshold}; it may not be negative.");
        ArgumentNullException.ThrowIfNull(KeyPrefix);
        ArgumentNullException.ThrowIfNull(TimeProvider);
    }

    private static void RequirePositive(TimeSpan time, string name)
    {
        if (time < TimeSpan.FromMilliseconds(1) || time > TimeSpan.FromDays(1))
            throw new ArgumentException($"{name} is {time}; it may be a millisecond to a day.");
    }
}
