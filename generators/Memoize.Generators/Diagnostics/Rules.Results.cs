using Microsoft.CodeAnalysis;

namespace Memoize.Generators.Diagnostics;

// What is handed out again.
internal static partial class Rules
{
    /// <summary>A result that cannot be handed out twice.</summary>
    public static readonly DiagnosticDescriptor Result = Error(
        "MEMO0201", "This result cannot be remembered", "The result of '{0}' cannot be remembered: {1}");
}
