using System.IO.Hashing;

namespace Memoize.Memcached.Connections;

/// <summary>
/// Which server a key belongs to: the one with the highest score for it (rendezvous hashing). A server that leaves moves its own keys
/// and no others, and one that joins takes its share and nothing else.
/// </summary>
internal sealed class Rendezvous(IReadOnlyList<ServerAddress> servers)
{
    private readonly ulong[] _seeds = [.. servers.Select(server => (ulong)server.Seed)];

    public int Of(ReadOnlySpan<byte> key)
    {
        if (_seeds.Length == 1)
            return 0;
        var hash = XxHash3.HashToUInt64(key);
        var best = 0;
        var highest = Score(hash, _seeds[0]);
        for (var i = 1; i < _seeds.Length; i++)
        {
            var score = Score(hash, _seeds[i]);
            // Equal scores are decided by the seed, so that the order in which servers are listed does not matter.
            if (score > highest || (score == highest && _seeds[i] > _seeds[best]))
                (best, highest) = (i, score);
        }
        return best;
    }

    // The finalizer of SplitMix64: all bits of the key's hash and of the server's decide.
    private static ulong Score(ulong hash, ulong seed)
    {
        var mixed = hash ^ seed;
        mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9;
        mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
        return mixed ^ (mixed >> 31);
    }
}
