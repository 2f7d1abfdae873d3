using System.Collections.Concurrent;

namespace Memoize.Redis;

// Publish and subscribe on one channel.
public sealed partial class RedisCache
{
    private readonly ConcurrentDictionary<RedisSubscription, bool> subscriptions = new();

    /// <inheritdoc/>
    public async ValueTask PublishAsync(ReadOnlyMemory<byte> message, CancellationToken token = default)
    {
        var redis = await connection.DatabaseAsync(token).ConfigureAwait(false);
        await redis.Multiplexer.GetSubscriber().PublishAsync(channel, RedisSubscription.Wrap(message.Span)).WaitAsync(token).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    /// <remarks>
    /// Returns at once and listens from the moment at which the server knows; <paramref name="interrupted"/> is called then for the first
    /// time, because of the messages in between.
    /// </remarks>
    public IDisposable Subscribe(Action<ReadOnlyMemory<byte>> received, Action interrupted)
    {
        ArgumentNullException.ThrowIfNull(received);
        ArgumentNullException.ThrowIfNull(interrupted);
        var subscription = new RedisSubscription(connection, channel, received, interrupted, ended => subscriptions.TryRemove(ended, out _));
        subscriptions.TryAdd(subscription, true);
        subscription.Start();
        return subscription;
    }

    /// <summary>Whether all who have subscribed hear everything from here on; for tests, which would else race with the beginning.</summary>
    internal bool IsListening => subscriptions.Keys.All(static subscription => subscription.IsComplete);

    private void EndSubscriptions()
    {
        foreach (var subscription in subscriptions.Keys)
            subscription.Dispose();
    }
}
