using Microsoft.CodeAnalysis;

namespace Memoize.Generators.Diagnostics;

// Calls, and whether they reach the cache.
internal static partial class Rules
{
    /// <summary>A call that reaches the original without the cache.</summary>
    public static readonly DiagnosticDescriptor NotIntercepted = Warning(
        "MEMO1001", "This call is not cached", "This call of '{0}' is not cached: {1}");
}
