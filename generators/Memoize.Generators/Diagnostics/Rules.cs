using Microsoft.CodeAnalysis;

namespace Memoize.Generators.Diagnostics;

/// <summary>
/// Every diagnostic of Memoize. Numbers go by area and are never used twice: 0001 declarations, 0101 keys and receivers, 0201 results,
/// 0301 options, 0401 handles, 0501 bodies, 0601 recursion, 0701 invalidation, 0901 decorators, 1001 calls, 1101 tiers.
/// </summary>
internal static partial class Rules
{
    private const string Category = "Memoize";

    private const string HelpRoot = "https://github.com/memoize/memoize/blob/main/docs/rules/";

    // The result would be wrong, or there is nothing to generate.
    private static DiagnosticDescriptor Error(string id, string title, string message) => Rule(id, title, message, DiagnosticSeverity.Error);

    // Probably a mistake: the program runs, and may remember what it should not.
    private static DiagnosticDescriptor Warning(string id, string title, string message) => Rule(id, title, message, DiagnosticSeverity.Warning);

    // Advice that a reasonable author may decline.
    private static DiagnosticDescriptor Info(string id, string title, string message) => Rule(id, title, message, DiagnosticSeverity.Info);

    private static DiagnosticDescriptor Rule(string id, string title, string message, DiagnosticSeverity severity) =>
        new(id, title, message, Category, severity, isEnabledByDefault: true, helpLinkUri: HelpRoot + id + ".md");
}
