using System.Buffers;
using Memoize.Memcached.Connections;
using Memoize.Memcached.Protocol;

namespace Memoize.Memcached;

/// <summary>Many keys in one go: quiet reads, one write for each connection, and answers for the hits alone.</summary>
public sealed partial class MemcachedCache
{
    // What one write holds: enough to make the round trip cheap, and little enough that others on the connection are not held up.
    private const int ReadsAtOnce = 500;

    /// <inheritdoc/>
    public async ValueTask GetManyAsync(IReadOnlyList<string> keys, Action<int, ReadOnlySequence<byte>> found, CancellationToken token = default)
    {
        ArgumentNullException.ThrowIfNull(keys);
        ArgumentNullException.ThrowIfNull(found);
        var groups = new Dictionary<(ServerNode, int), List<(int Index, Place Place)>>();
        for (var i = 0; i < keys.Count; i++)
        {
            var place = Locate(keys[i]);
            var connection = (place.Node, place.Node.SlotIndexOf(place.Key));
            if (!groups.TryGetValue(connection, out var group))
                groups[connection] = group = [];
            group.Add((i, place));
        }

        var reads = groups.Values.SelectMany(group => group.Chunk(ReadsAtOnce)).Select(places => (Places: places, Reply: ReadManyAsync(places, token))).ToList();
        foreach (var (places, reply) in reads)
        {
            var batch = await reply.ConfigureAwait(false);
            TakeMany(places, batch, found);
        }
    }

    private static Task<BatchReply> ReadManyAsync((int Index, Place Place)[] places, CancellationToken token)
    {
        Command[] commands = [.. places.Select(one => new Command(Verb.Get, one.Place.Key) { WithValue = true, Quiet = true })];
        return places[0].Place.Node.CallAsync(commands, token).AsTask();
    }

    private void TakeMany((int Index, Place Place)[] places, in BatchReply batch, Action<int, ReadOnlySequence<byte>> found)
    {
        var buffer = new ArrayBufferWriter<byte>();
        foreach (var (index, reply) in batch.Replies)
        {
            var (position, place) = places[index];
            buffer.ResetWrittenCount();
            if (Take(place, reply, buffer))
                found(position, new ReadOnlySequence<byte>(buffer.WrittenMemory));
        }

        var silent = places.Length - batch.Replies.Count;
        for (var i = 0; i < silent; i++)
        {
            if (batch.Failure is { } why)
                _counters.FailedRead(why);
            else if (i < batch.Errors)
                _counters.FailedRead(MemcachedFailure.ServerError);
            else
                _counters.Miss();
        }
    }
}
