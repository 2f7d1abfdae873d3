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

        var places = new Place[keys.Count];
        var isOne = places.Length <= ReadsAtOnce;
        for (var i = 0; i < places.Length; i++)
        {
            places[i] = Locate(keys[i]);
            isOne = isOne && ConnectionOf(places[i]) == ConnectionOf(places[0]);
        }

        // A few keys of one server, as a value and what vouches for it.
        if (isOne)
        {
            var replies = await places[0].Node.ReadAsync(places, token).ConfigureAwait(false);
            for (var i = 0; i < places.Length; i++)
                TakeOne(places[i], replies[i], i, found);
            return;
        }

        var parts = places.Select(static (place, index) => (Place: place, Index: index))
            .GroupBy(static one => ConnectionOf(one.Place))
            .SelectMany(static group => group.Chunk(ReadsAtOnce));
        var reads = parts.Select(part => (Part: part, Replies: part[0].Place.Node.ReadAsync([.. part.Select(static one => one.Place)], token).AsTask())).ToList();
        foreach (var (part, reading) in reads)
        {
            var replies = await reading.ConfigureAwait(false);
            for (var i = 0; i < part.Length; i++)
                TakeOne(part[i].Place, replies[i], part[i].Index, found);
        }
    }

    private static (ServerNode, int) ConnectionOf(in Place place) => (place.Node, place.Node.SlotIndexOf(place.Key));

    private void TakeOne(in Place place, in Reply reply, int index, Action<int, ReadOnlySequence<byte>> found)
    {
        byte[]? rented = null;
        try
        {
            if (Open(place, reply, out var value) && Counted(value.TryOpen(reply, out var bytes, out rented)))
                found(index, new ReadOnlySequence<byte>(bytes));
        }
        finally
        {
            reply.Recycle();
            if (rented is not null)
                ArrayPool<byte>.Shared.Return(rented);
        }
    }
}
