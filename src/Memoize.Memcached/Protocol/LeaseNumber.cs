namespace Memoize.Memcached.Protocol;

/// <summary>
/// What tells a lease from the others of its key: the version that its placeholder or lock had first. Each renewal gives it another version,
/// so the number then stands in the client flags, where a bit says that it is one.
/// </summary>
internal static class LeaseNumber
{
    private const uint Mark = 0x8000_0000;

    /// <summary>The flags that say it.</summary>
    public static uint FlagsOf(ulong version) => Mark | (uint)version;

    public static bool Is(uint flags) => (flags & Mark) != 0;

    /// <summary>The number of the lease whose placeholder or lock that is.</summary>
    public static long Of(in Reply reply) => Is(reply.ClientFlags) ? reply.ClientFlags : FlagsOf(reply.Cas);
}
