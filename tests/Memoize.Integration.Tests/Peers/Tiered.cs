using System.Collections.Concurrent;
using Memoize.Integration.Library;
using Memoize.Tests.Tiers;
using Memoize.Tiers;
using Microsoft.Extensions.Caching.Distributed;

namespace Memoize.Integration.Tests.Peers;

/// <summary>A tier named <c>shared</c> for the time of a test. Tiers are the process's, so these tests run by themselves and isolate nothing.</summary>
internal sealed class Tiered : IDisposable
{
    public Tiered(IDistributedCache store, CacheTierOptions? options = null)
    {
        Restart();
        Tier = Memo.AddTier("shared", store, options ?? new() { Timeout = 30 });
    }

    public CacheTier Tier { get; }

    public Stock Source { get; } = new();

    /// <summary>What a new process would have: nothing in memory.</summary>
    public static void Restart() => Memo.TimeProvider = Memo.TimeProvider;

    /// <summary>The same after everything has been written.</summary>
    public static async Task FlushAndRestart()
    {
        await Memo.FlushTiersAsync(TestContext.Current.CancellationToken);
        Restart();
    }

    public void Dispose()
    {
        Memo.FlushTiersAsync().GetAwaiter().GetResult();
        Memo.RemoveTier("shared");
        Restart();
    }
}

/// <summary>A store that tells other processes what was evicted; here the test plays these.</summary>
internal sealed class BusStore : TestStore, IInvalidationBus, IDisposable
{
    // Behind the version and before the kind of message stands who has sent it.
    private const int Sender = 1;

    private Action<ReadOnlyMemory<byte>> received = static _ => { };

    public ConcurrentQueue<byte[]> Sent { get; } = [];

    /// <summary>Says that messages may have been lost.</summary>
    public Action Interrupt { get; private set; } = static () => { };

    public ValueTask PublishAsync(ReadOnlyMemory<byte> message, CancellationToken token = default)
    {
        Sent.Enqueue(message.ToArray());
        return default;
    }

    public IDisposable Subscribe(Action<ReadOnlyMemory<byte>> received, Action interrupted)
    {
        (this.received, Interrupt) = (received, interrupted);
        return this;
    }

    /// <summary>Delivers what this process has sent as if another had.</summary>
    public void FromElsewhere(byte[] message)
    {
        var other = message.ToArray();
        other[Sender] ^= 0xFF;
        received(other);
    }

    public void Dispose()
    {
    }
}
