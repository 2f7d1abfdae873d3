using System.Buffers.Binary;
using System.Net;
using StackExchange.Redis;

namespace Memoize.Redis;

/// <summary>Listens to the channel, and finds out when messages may have been lost.</summary>
/// <remarks>
/// A connection that is back says nothing about whether the server knows of the subscription yet. So after every change of a connection
/// a probe is sent over the channel itself, again and again, until it arrives here: from then on nothing is missing. Messages that arrive
/// before it, over the new connection, come after a call of <c>interrupted</c> too. In a cluster the channel is at home in one primary,
/// like a key, so that nothing depends on what nodes pass on to each other; when that is another one, connections may all have been in order.
/// Should it be the same one again, the epoch of its shard is another.
/// </remarks>
internal sealed class RedisSubscription(
    RedisConnection connection, RedisChannel channel, Action<ReadOnlyMemory<byte>> received, Action interrupted, Action<RedisSubscription> ended) : IDisposable
{
    private const byte Message = (byte)'M';
    private const byte Probe = (byte)'P';

    private const int ShortestPatience = 10;
    private const int LongestPatience = 250;
    private const int LookEvery = 500;

    private readonly byte[] self = Guid.NewGuid().ToByteArray();
    private readonly CancellationTokenSource stop = new();
    private readonly SemaphoreSlim news = new(0);
    private IConnectionMultiplexer? multiplexer;
    private ChannelMessageQueue? queue;
    private long changes = 1;    // the first one is the beginning
    private long confirmed;
    private int lost;
    private volatile Place? home;
    private long? epoch;

    internal static byte[] Wrap(ReadOnlySpan<byte> message) => [Message, .. message];

    /// <summary>Whether nothing is missing from here on, unless the connection changes.</summary>
    internal bool IsComplete => Volatile.Read(ref confirmed) >= Volatile.Read(ref changes);

    internal void Start() => _ = Task.Run(RunAsync);

    public void Dispose()
    {
        if (stop.IsCancellationRequested)
            return;
        stop.Cancel();
        if (multiplexer is { } used)
        {
            used.ConnectionFailed -= OnConnection;
            used.ConnectionRestored -= OnConnection;
            used.ConfigurationChanged -= OnServers;
            used.HashSlotMoved -= OnSlot;
        }
        queue?.Unsubscribe(CommandFlags.FireAndForget);
        ended(this);
    }

    private async Task RunAsync()
    {
        for (var patience = ShortestPatience; !stop.IsCancellationRequested; patience = Math.Min(2 * patience, LongestPatience))
        {
            try
            {
                if (queue is null)
                    Listen(await connection.MultiplexerAsync(stop.Token).ConfigureAwait(false));
                var wanted = Volatile.Read(ref changes);
                if (Volatile.Read(ref confirmed) >= wanted)
                {
                    // A server that was stopped for a while goes on with its old connections, and no event tells that another has taken its place.
                    if (!await news.WaitAsync(LookEvery, stop.Token).ConfigureAwait(false))
                        LookAround(await EpochAsync().ConfigureAwait(false));
                    patience = ShortestPatience / 2;
                    continue;
                }
                if (Home.IsReplica)
                    Move();
                home = Home;
                epoch = await EpochAsync().ConfigureAwait(false);
                await multiplexer!.GetSubscriber().PublishAsync(channel, MakeProbe(wanted)).WaitAsync(stop.Token).ConfigureAwait(false);
                await news.WaitAsync(patience, stop.Token).ConfigureAwait(false);
            }
            catch (Exception exception) when (exception is not OperationCanceledException and not ObjectDisposedException)
            {
                // No connection, or a server that refuses: it is tried again for as long as somebody listens.
                await Task.Delay(LongestPatience, stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            catch (Exception)
            {
                return;
            }
        }
    }

    private void Listen(IConnectionMultiplexer connected)
    {
        multiplexer = connected;
        connected.ConnectionFailed += OnConnection;
        connected.ConnectionRestored += OnConnection;
        connected.ConfigurationChanged += OnServers;
        connected.HashSlotMoved += OnSlot;
        Subscribe();
    }

    private void Subscribe()
    {
        // It is repeated by the connection whenever it is made anew; whether it has worked, the probe tells.
        var messages = multiplexer!.GetSubscriber().Subscribe(channel, CommandFlags.FireAndForget);
        messages.OnMessage(OnMessage);
        queue = messages;
        if (stop.IsCancellationRequested)
            messages.Unsubscribe(CommandFlags.FireAndForget);
    }

    // The others listen and speak to the primary; what it says to its replicas may be lost on the way.
    private void Move()
    {
        queue!.Unsubscribe(CommandFlags.FireAndForget);
        Subscribe();
    }

    // Any connection counts: which one carries the messages is the library's decision, and one call too many only costs a reload.
    private void OnConnection(object? sender, ConnectionFailedEventArgs change) => OnChange();

    // A server has another role, and another one may have the channel.
    private void OnServers(object? sender, EndPointEventArgs change) => LookAround();

    /// <summary>Finds out whether the messages come from somewhere else now.</summary>
    internal void LookAround()
    {
        if (queue is not null && !Equals(Home, home))
            OnChange();
    }

    // Or from where they came before, when somebody else had them in between.
    private void LookAround(long? now)
    {
        if (now is not null && epoch is not null && now != epoch)
            OnChange();
        else
            LookAround();
        epoch ??= now;
    }

    // Null outside of a cluster, and where it is not to be had now.
    private async Task<long?> EpochAsync()
    {
        if (Home.Server is not { } place || multiplexer!.GetServer(place) is not { ServerType: ServerType.Cluster } server)
            return null;
        try
        {
            return (long)await server.ExecuteAsync("EVAL", Scripts.Epoch, 0).WaitAsync(stop.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is RedisException or TimeoutException)
        {
            return null;
        }
    }

    /// <summary>Where the messages come from now.</summary>
    private Place Home
        => multiplexer!.GetSubscriber().SubscribedEndpoint(channel) is { } server ? new(server, multiplexer.GetServer(server).IsReplica) : new(null, false);

    private void OnSlot(object? sender, HashSlotMovedEventArgs change)
    {
        if (change.HashSlot == multiplexer!.HashSlot((string)channel!))
            OnChange();
    }

    private void OnChange()
    {
        Interlocked.Exchange(ref lost, 1);
        Interlocked.Increment(ref changes);
        news.Release();
    }

    // One at a time, in the order of arrival.
    private void OnMessage(ChannelMessage arrived)
    {
        if (stop.IsCancellationRequested)
            return;
        var bytes = (ReadOnlyMemory<byte>)arrived.Message;
        if (bytes.IsEmpty)
            return;
        if (bytes.Span[0] == Probe)
            OnProbe(bytes.Span[1..]);
        if (bytes.Span[0] != Message)
            return;
        if (Interlocked.Exchange(ref lost, 0) == 1)
            interrupted();
        received(bytes[1..]);
    }

    private void OnProbe(ReadOnlySpan<byte> probe)
    {
        if (probe.Length != 24 || !probe[..16].SequenceEqual(self))
            return;
        var change = BinaryPrimitives.ReadInt64LittleEndian(probe[16..]);
        // Only where it comes from the place from which everything else comes too.
        if (change <= Volatile.Read(ref confirmed) || !Equals(Home, home))
            return;
        if (change == Volatile.Read(ref changes))
            Interlocked.Exchange(ref lost, 0);
        interrupted();
        Volatile.Write(ref confirmed, change);
        news.Release();
    }

    private byte[] MakeProbe(long change)
    {
        var probe = new byte[1 + 16 + 8];
        probe[0] = Probe;
        self.CopyTo(probe, 1);
        BinaryPrimitives.WriteInt64LittleEndian(probe.AsSpan(17), change);
        return probe;
    }

    private sealed record Place(EndPoint? Server, bool IsReplica);
}
