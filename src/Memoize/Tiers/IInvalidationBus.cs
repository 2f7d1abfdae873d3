namespace Memoize.Tiers;

/// <summary>
/// A store, or something beside it, that tells all processes what one of them has evicted, so that none serves it from its memory any
/// longer. Safe for use by many threads.
/// </summary>
public interface IInvalidationBus
{
    /// <summary>Sends a message to all processes, this one included or not.</summary>
    /// <param name="message">The message, of a few hundred bytes at most.</param>
    /// <param name="token">Cancels the wait.</param>
    ValueTask PublishAsync(ReadOnlyMemory<byte> message, CancellationToken token = default);

    /// <summary>Listens from now on.</summary>
    /// <param name="received">Called for each message, in the order in which they were sent. One may come again later: that it is said twice does no harm.</param>
    /// <param name="interrupted">
    /// Called when messages may have been lost, after the connection is back and before the first message that follows: whatever is
    /// remembered of this store is then to be forgotten.
    /// </param>
    /// <returns>Ends the listening when it is disposed.</returns>
    IDisposable Subscribe(Action<ReadOnlyMemory<byte>> received, Action interrupted);
}
