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
        if (keys.Count == 0)
            return;

        var all = new (int Index, Place Place)[keys.Count];
        var isOne = keys.Count <= ReadsAtOnce;
        for (var i = 0; i < all.Length; i++)
        {
            all[i] = (i, Locate(keys[i]));
            isOne = isOne && ConnectionOf(all[i].Place) == ConnectionOf(all[0].Place);
        }

        // A few keys of one server, as a value and what vouches for it.
        if (isOne)
        {
            TakeMany(all, await ReadManyAsync(all, token).ConfigureAwait(false), found);
            return;
        }

        var groups = new Dictionary<(ServerNode, int), List<(int Index, Place Place)>>();
        foreach (var one in all)
        {
            var connection = ConnectionOf(one.Place);
            if (!groups.TryGetValue(connection, out var group))
                groups[connection] = group = [];
            group.Add(one);
        }

        var reads = groups.Values.SelectMany(group => group.Chunk(ReadsAtOnce)).Select(places => (Places: places, Reply: ReadManyAsync(places, token))).ToList();
        foreach (var (places, reply) in reads)
        {
            var batch = await reply.ConfigureAwait(false);
            TakeMany(places, batch, found);
        }
    }

    private static (ServerNode, int) ConnectionOf(in Place place) => (place.Node, place.Node.SlotIndexOf(place.Key));

    private static Task<BatchReply> ReadManyAsync((int Index, Place Place)[] places, CancellationToken token)
    {
        var commands = Array.ConvertAll(places, static one => new Command(Verb.Get, one.Place.Key) { WithValue = true, Quiet = true });
        return places[0].Place.Node.CallAsync(commands, token).AsTask();
    }

    private void TakeMany((int Index, Place Place)[] places, in BatchReply batch, Action<int, ReadOnlySequence<byte>> found)
    {
        var longest = 0;
        foreach (var (_, reply) in batch.Replies)
            longest = Math.Max(longest, reply.Length);
        var buffer = new ArrayBufferWriter<byte>(longest + 1);
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
