namespace Memoize;

/// <summary>
/// The statics of the hot paths. They have neither an initializer nor a static constructor, so that reading one is one
/// comparison with memory, under the JIT and ahead of time.
/// </summary>
internal static class HitPath
{
    /// <summary>
    /// Whether a call must take the slow path: memoization is switched off, or there are isolated flows and the call may belong to
    /// one. The one static that a hit reads.
    /// </summary>
    internal static bool Unusual;

    /// <summary>Whether a flow has ever been isolated: who is beyond the hit asks from then on which caches its flow uses.</summary>
    internal static bool EverIsolated;
}
