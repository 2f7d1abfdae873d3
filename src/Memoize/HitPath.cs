namespace Memoize;

/// <summary>
/// The one static that a hit reads. It has neither an initializer nor a static constructor, so that reading it is one
/// comparison with memory, under the JIT and ahead of time.
/// </summary>
internal static class HitPath
{
    /// <summary>Whether a call must take the slow path, because memoization is switched off.</summary>
    internal static bool Unusual;
}
