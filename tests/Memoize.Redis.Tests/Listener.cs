using System.Collections.Concurrent;
using System.Text;
using static Memoize.Redis.Tests.TestHelp;

namespace Memoize.Redis.Tests;

/// <summary>Who subscribes, and notes what came.</summary>
internal sealed class Listener : IDisposable
{
    internal const string Interrupted = "(interrupted)";

    private readonly IDisposable subscription;

    internal Listener(RedisCache cache)
        => subscription = cache.Subscribe(message => Events.Enqueue(Encoding.UTF8.GetString(message.Span)), () => Events.Enqueue(Interrupted));

    internal ConcurrentQueue<string> Events { get; } = new();

    /// <summary>Listens, and waits until the server knows: the first interruption says so.</summary>
    internal static async Task<Listener> Start(RedisCache cache)
    {
        var listener = new Listener(cache);
        await listener.Has(1);
        Assert.True(listener.Events.TryDequeue(out var first));
        Assert.Equal(Interrupted, first);
        return listener;
    }

    internal Task Has(int events) => Until(() => Task.FromResult(Events.Count >= events));

    internal void Forget() => Events.Clear();

    public void Dispose() => subscription.Dispose();
}
