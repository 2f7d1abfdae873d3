using Memoize.Memcached.Protocol;
using Microsoft.Extensions.Logging;

namespace Memoize.Memcached.Connections;

/// <summary>
/// One server: its connections, and whether it is worth asking. A server that is silent or refuses to be connected to is down at once;
/// one whose connections break or whose answers are late is after some of that in a row. While it is down no call waits for it; it is
/// tried in the background until it answers, and is told what it missed before it is asked again.
/// </summary>
internal sealed partial class ServerNode : IDisposable
{
    // Enough to tell a server in trouble from one lost packet.
    private const int MostFailures = 3;

    private readonly Slot[] _slots;
    private readonly Connector _connector;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _disposed = new();
    private readonly long _timeout;
    private readonly TimeSpan _deadTime;
    private readonly int _longestValue;
    private volatile bool _down;
    private int _failures;

    public ServerNode(ServerAddress address, MemcachedCacheOptions options, ILogger logger)
    {
        Address = address;
        _connector = new Connector(address, options);
        _slots = [.. Enumerable.Range(0, options.ConnectionsPerServer).Select(_ => new Slot())];
        _timeout = (long)options.OperationTimeout.TotalMilliseconds;
        _deadTime = options.DeadTime;
        _longestValue = options.MaxValueBytes;
        _logger = logger;
    }

    public ServerAddress Address { get; }

    public bool IsDown => _down;

    /// <summary>A connection for this key: always the same one, as long as it holds.</summary>
    public ValueTask<Route> RouteAsync(byte[] key, CancellationToken token)
        => TryRoute(key, out var route) ? new(route) : ConnectAsync(SlotOf(key), route.Deadline, token);

    /// <summary>Sends one command and waits for its answer.</summary>
    /// <exception cref="OperationCanceledException">The caller does not wait any longer.</exception>
    public ValueTask<Reply> CallAsync(in Command command, CancellationToken token)
    {
        if (!TryRoute(command.Key, out var route))
            return ConnectAndCallAsync(command, route.Deadline, token);
        return route.Connection is { } connection ? connection.SendAsync(command, route.Deadline, token) : new(Reply.Failed(route.Failure));
    }

    /// <summary>Reads keys, of which there is at least one and all go to the same connection.</summary>
    /// <inheritdoc cref="CallAsync"/>
    public ValueTask<Reply[]> ReadAsync(Place[] places, CancellationToken token)
        => TryRoute(places[0].Key, out var route) && route.Connection is { } connection
            ? connection.ReadAsync(places, route.Deadline, token)
            : ConnectAndReadAsync(places, token);

    private async ValueTask<Reply> ConnectAndCallAsync(Command command, long deadline, CancellationToken token)
    {
        var route = await ConnectAsync(SlotOf(command.Key), deadline, token).ConfigureAwait(false);
        return route.Connection is { } connection
            ? await connection.SendAsync(command, route.Deadline, token).ConfigureAwait(false)
            : Reply.Failed(route.Failure);
    }

    private async ValueTask<Reply[]> ConnectAndReadAsync(Place[] places, CancellationToken token)
    {
        var route = await RouteAsync(places[0].Key, token).ConfigureAwait(false);
        if (route.Connection is { } connection)
            return await connection.ReadAsync(places, route.Deadline, token).ConfigureAwait(false);
        var replies = new Reply[places.Length];
        Array.Fill(replies, Reply.Failed(route.Failure));
        return replies;
    }

    // False where a connection has to be made first.
    private bool TryRoute(byte[] key, out Route route)
    {
        var deadline = Environment.TickCount64 + _timeout;
        if (_down)
        {
            route = new Route(null, MemcachedFailure.ServerDown, deadline);
            return true;
        }
        if (SlotOf(key).Current is { IsOpen: true } open)
        {
            route = new Route(open, default, deadline);
            return true;
        }
        route = new Route(null, MemcachedFailure.Disposed, deadline);
        return _disposed.IsCancellationRequested;
    }

    private async ValueTask<Route> ConnectAsync(Slot slot, long deadline, CancellationToken token)
    {
        try
        {
            var made = await Connecting(slot).WaitAsync(TimeSpan.FromMilliseconds(_timeout), token).ConfigureAwait(false);
            return new Route(made, MemcachedFailure.NoConnection, deadline);
        }
        catch (TimeoutException)
        {
            GoDown(MemcachedFailure.Timeout);
            return new Route(null, MemcachedFailure.Timeout, deadline);
        }
    }

    /// <summary>Which connection a key keeps to.</summary>
    public int SlotIndexOf(byte[] key) => _slots.Length == 1 ? 0 : (int)(System.IO.Hashing.XxHash32.HashToUInt32(key) % (uint)_slots.Length);

    public void Dispose()
    {
        _disposed.Cancel();
        foreach (var slot in _slots)
            slot.Current?.Dispose();
    }

    private Slot SlotOf(byte[] key) => _slots[SlotIndexOf(key)];

    // One attempt for all who wait, which goes on when they have left.
    private Task<MetaConnection?> Connecting(Slot slot)
    {
        lock (slot)
        {
            if (slot.Current is { IsOpen: true } open)
                return Task.FromResult<MetaConnection?>(open);
            if (slot.Connecting is not { IsCompleted: false })
                slot.Connecting = Task.Run(() => ConnectAsync(slot));
            return slot.Connecting;
        }
    }

    private async Task<MetaConnection?> ConnectAsync(Slot slot)
    {
        try
        {
            var (socket, stream) = await _connector.ConnectAsync(_disposed.Token).ConfigureAwait(false);
            var made = new MetaConnection(stream, socket, _longestValue, Closed, Answered);
            slot.Current = made;
            if (_disposed.IsCancellationRequested)
                made.Dispose();
            return made;
        }
#pragma warning disable CA1031 // Whatever keeps us from connecting (a name, a certificate, a network), the call goes on without.
        catch (Exception e)
#pragma warning restore CA1031
        {
            if (!_disposed.IsCancellationRequested)
                _logger.NotConnected(Address.ToString(), e);
            GoDown(MemcachedFailure.NoConnection);
            return null;
        }
    }

    private void Closed(MemcachedFailure why, bool awaited)
    {
        if (why == MemcachedFailure.Disposed)
            return;
        _logger.Closed(Address.ToString(), why);
        if (why == MemcachedFailure.Timeout)
            GoDown(why);
        else if (awaited || why == MemcachedFailure.Garbage)
            Failed(why);
    }

    private void Answered(bool inTime)
    {
        if (!inTime)
            Failed(MemcachedFailure.Timeout);
        else if (Volatile.Read(ref _failures) != 0)
            Volatile.Write(ref _failures, 0);
    }

    private void Failed(MemcachedFailure why)
    {
        if (Interlocked.Increment(ref _failures) >= MostFailures)
            GoDown(why);
    }

    /// <summary>The connection that a key goes to.</summary>
    private sealed class Slot
    {
        public volatile MetaConnection? Current;

        public Task<MetaConnection?>? Connecting;
    }
}

/// <summary>The connection to send on and until when the answer is waited for, or why there is none.</summary>
internal readonly record struct Route(MetaConnection? Connection, MemcachedFailure Failure, long Deadline);
