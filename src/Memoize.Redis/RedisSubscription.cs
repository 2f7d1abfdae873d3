using System.Buffers.Binary;
using StackExchange.Redis;

namespace Memoize.Redis;

/// <summary>Listens to the channel, and finds out when messages may have been lost.</summary>
/// <remarks>
/// A connection that is back says nothing about whether the server knows of the subscription yet. So after every change of a connection
/// a probe is sent over the channel itself, again and again, until it arrives here: from then on nothing is missing. Messages that arrive
/// before it, over the new connection, come after a call of <c>interrupted</c> too.
/// </remarks>
internal sealed class RedisSubscription(
    RedisConnection connection, RedisChannel channel, Action<ReadOnlyMemory<byte>> received, Action interrupted, Action<RedisSubscription> ended) : IDisposable
{
    private const byte Message = (byte)'M';
    private const byte Probe = (byte)'P';

    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(250);

    private readonly byte[] self = Guid.NewGuid().ToByteArray();
    private readonly CancellationTokenSource stop = new();
    private readonly SemaphoreSlim news = new(0);
    private IConnectionMultiplexer? multiplexer;
    private ChannelMessageQueue? queue;
    private long changes = 1;    // the first one is the beginning
    private long confirmed;
    private int lost;

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
            used.ConnectionFailed -= OnChange;
            used.ConnectionRestored -= OnChange;
        }
        queue?.Unsubscribe(CommandFlags.FireAndForget);
        ended(this);
    }

    private async Task RunAsync()
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                if (queue is null)
                    Listen(await connection.MultiplexerAsync(stop.Token).ConfigureAwait(false));
                var wanted = Volatile.Read(ref changes);
                if (Volatile.Read(ref confirmed) >= wanted)
                {
                    await news.WaitAsync(stop.Token).ConfigureAwait(false);
                    continue;
                }
                await multiplexer!.GetSubscriber().PublishAsync(channel, MakeProbe(wanted)).WaitAsync(stop.Token).ConfigureAwait(false);
                await news.WaitAsync(Patience, stop.Token).ConfigureAwait(false);
            }
            catch (Exception exception) when (exception is not OperationCanceledException and not ObjectDisposedException)
            {
                // No connection, or a server that refuses: it is tried again for as long as somebody listens.
                await Task.Delay(Patience, stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
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
        connected.ConnectionFailed += OnChange;
        connected.ConnectionRestored += OnChange;
        // It is repeated by the connection whenever it is made anew; whether it has worked, the probe tells.
        var messages = connected.GetSubscriber().Subscribe(channel, CommandFlags.FireAndForget);
        messages.OnMessage(OnMessage);
        queue = messages;
        if (stop.IsCancellationRequested)
            messages.Unsubscribe(CommandFlags.FireAndForget);
    }

    // Any connection counts: which one carries the messages is the library's decision, and one call too many only costs a reload.
    private void OnChange(object? sender, ConnectionFailedEventArgs change)
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
        if (change <= Volatile.Read(ref confirmed))
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
}
