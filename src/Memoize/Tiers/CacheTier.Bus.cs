namespace Memoize.Tiers;

// What other processes are to hear. A message that could not be sent is sent when the store is back: the others may have been connected
// all the time, and nothing else tells them.
public sealed partial class CacheTier
{
    // Beyond that, the message is that everything was evicted.
    private const int MostUnsent = 1000;

    private readonly Queue<ReadOnlyMemory<byte>> unsent = new();

    /// <summary>Sends a message on the bus, now or when the store is back.</summary>
    internal async ValueTask PublishAsync(ReadOnlyMemory<byte> message)
    {
        Say(message);
        if (breaker.IsOpen)
            return;

        try
        {
            await SendUnsentAsync((sending, asked) => Within(sending, asked, default)).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            Fail(e);
        }
    }

    private void Say(ReadOnlyMemory<byte> message)
    {
        lock (unsent)
        {
            if (unsent.Count >= MostUnsent)
            {
                unsent.Clear();
                message = BusListener.Everything(Name);
            }

            unsent.Enqueue(message);
        }
    }

    // Said twice does no harm; not said at all does.
    private async Task SendUnsentAsync(Func<Task, long, Task> within)
    {
        while (true)
        {
            ReadOnlyMemory<byte> message;
            lock (unsent)
            {
                if (!unsent.TryPeek(out message))
                    return;
            }

            var asked = Options.TimeProvider.GetTimestamp();
            await within(Bus!.PublishAsync(message, default).AsTask(), asked).ConfigureAwait(false);
            lock (unsent)
            {
                if (unsent.TryPeek(out var first) && first.Equals(message))
                    unsent.Dequeue();
            }
        }
    }
}
