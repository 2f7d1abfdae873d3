using Microsoft.CodeAnalysis;

namespace Memoize.Generators.Diagnostics;

// Calls, and whether they reach the cache.
internal static partial class Rules
{
    /// <summary>A call that reaches the original without the cache.</summary>
    public static readonly DiagnosticDescriptor NotIntercepted = Warning(
        "MEMO1001", "This call is not cached", "This call of '{0}' {1}: {2}");

    /// <summary>Calls from where the attribute is not known.</summary>
    public static readonly DiagnosticDescriptor OutsideCalls = Warning(
        "MEMO1003",
        "Calls from elsewhere are not cached",
        "'{0}' can be called by {1}, where nothing knows of the attribute, and no such call {2}: make the method partial");

    /// <summary>How many calls there are, for those who want to know.</summary>
    public static readonly DiagnosticDescriptor CallSummary = new(
        "MEMO1002",
        "How many calls are cached",
        "Calls of cached methods with a plain door: {0}, of them cached: {1}",
        Category,
        DiagnosticSeverity.Hidden,
        isEnabledByDefault: true,
        helpLinkUri: HelpRoot + "MEMO1002.md",
        customTags: WellKnownDiagnosticTags.CompilationEnd);
}
