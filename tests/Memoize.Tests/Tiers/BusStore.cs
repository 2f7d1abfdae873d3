using System.Collections.Concurrent;
using Memoize.Tiers;

namespace Memoize.Tests.Tiers;

/// <summary>A store with a bus that notes what was sent, and says what a test wants.</summary>
internal sealed class BusStore : TestStore, IInvalidationBus, IDisposable
{
    private Action<ReadOnlyMemory<byte>> received = static _ => { };

    internal Action OnSubscribe { get; set; } = static () => { };

    internal Action Interrupt { get; private set; } = static () => { };

    internal Action<ReadOnlyMemory<byte>> OnPublish { get; set; } = static _ => { };

    internal ConcurrentQueue<byte[]> Sent { get; } = [];

    public ValueTask PublishAsync(ReadOnlyMemory<byte> message, CancellationToken token = default)
    {
        OnPublish(message);
        Sent.Enqueue(message.ToArray());
        return default;
    }

    public IDisposable Subscribe(Action<ReadOnlyMemory<byte>> received, Action interrupted)
    {
        (this.received, Interrupt) = (received, interrupted);
        OnSubscribe();
        return this;
    }

    public void Dispose()
    {
    }

    /// <summary>Delivers a message as another process would have sent it.</summary>
    internal void FromElsewhere(byte[] message, string text)
    {
        received(message);      // our own: ignored
        var other = (byte[])[.. message.AsSpan(0, 18), .. System.Text.Encoding.UTF8.GetBytes(text)];
        other[1] ^= 0xFF;
        received(other);
    }
}
