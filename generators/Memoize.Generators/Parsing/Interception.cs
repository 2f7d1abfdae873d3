using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Memoize.Generators.Parsing;

/// <summary>What a project says in its properties: whether calls can be intercepted, and whether it wants a report.</summary>
internal static class Interception
{
    /// <summary>True where the project has said no by <c>MemoizeInterception=false</c>.</summary>
    public static bool IsTurnedOff(AnalyzerConfigOptions options) => Is(options, "MemoizeInterception", "false");

    /// <summary>True where the project asks for a list of everything that is cached, by <c>MemoizeReport=true</c>.</summary>
    public static bool WantsReport(AnalyzerConfigOptions options) => Is(options, "MemoizeReport", "true");

    private static bool Is(AnalyzerConfigOptions options, string property, string wanted) =>
        options.TryGetValue("build_property." + property, out var value) && string.Equals(value, wanted, StringComparison.OrdinalIgnoreCase);

    /// <summary>Why not, as the end of a sentence; null where they can.</summary>
    public static string? WhyDisabled(ParseOptions parse, AnalyzerConfigOptions options)
    {
        if (IsTurnedOff(options))
        {
            return "MemoizeInterception is false";
        }

        var namespaces = parse.Features.TryGetValue("InterceptorsNamespaces", out var list) ? list.Split(';') : [];
        return namespaces.Any(Covers)
            ? null
            : "the namespace of the interceptors is not enabled; reference the package Memoize directly, or add <InterceptorsNamespaces>$(InterceptorsNamespaces);Memoize.Generated</InterceptorsNamespaces> to the project file";
    }

    private static bool Covers(string enabled) => enabled.Trim() is "Memoize" or Names.GeneratedNamespace or "global";
}
