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
    public async ValueTask<Route> RouteAsync(byte[] key, CancellationToken token)
    {
        var deadline = Environment.TickCount64 + _timeout;
        if (_down)
            return new Route(null, MemcachedFailure.ServerDown, deadline);

        var slot = SlotOf(key);
        if (slot.Current is { IsOpen: true } open)
            return new Route(open, default, deadline);
        if (_disposed.IsCancellationRequested)
            return new Route(null, MemcachedFailure.Disposed, deadline);

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

    /// <summary>Sends one command and waits for its answer.</summary>
    /// <exception cref="OperationCanceledException">The caller does not wait any longer.</exception>
    public async ValueTask<Reply> CallAsync(Command command, CancellationToken token)
    {
        var route = await RouteAsync(command.Key, token).ConfigureAwait(false);
        if (route.Connection is not { } connection)
            return Reply.Failed(route.Failure);
        var answer = connection.SendAsync(command, route.Deadline);
        return Noted(await (token.CanBeCanceled ? answer.WaitAsync(token) : answer).ConfigureAwait(false));
    }

    /// <summary>Sends quiet commands, which may be none, in one go to the connection of the first key.</summary>
    public async ValueTask<BatchReply> CallAsync(IReadOnlyList<Command> commands, CancellationToken token)
    {
        var route = await RouteAsync(commands[0].Key, token).ConfigureAwait(false);
        if (route.Connection is not { } connection)
            return new BatchReply([], route.Failure, 0);
        var answer = connection.SendAsync(commands, route.Deadline);
        return await (token.CanBeCanceled ? answer.WaitAsync(token) : answer).ConfigureAwait(false);
    }

    /// <summary>Which connection a key keeps to.</summary>
    public int SlotIndexOf(byte[] key) => _slots.Length == 1 ? 0 : (int)(System.IO.Hashing.XxHash32.HashToUInt32(key) % (uint)_slots.Length);

    /// <summary>An answer that came means that the server is well.</summary>
    public Reply Noted(Reply reply)
    {
        if (reply.Code != ReplyCode.Failed && Volatile.Read(ref _failures) != 0)
            Volatile.Write(ref _failures, 0);
        return reply;
    }

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
            var made = new MetaConnection(stream, socket, _longestValue, Closed, () => Failed(MemcachedFailure.Timeout));
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
