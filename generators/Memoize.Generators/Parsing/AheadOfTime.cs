using Microsoft.CodeAnalysis.Diagnostics;

namespace Memoize.Generators.Parsing;

/// <summary>Whether a project is compiled ahead of time or trimmed, as its properties say.</summary>
internal static class AheadOfTime
{
    private static readonly string[] Properties = ["PublishAot", "PublishTrimmed", "IsAotCompatible"];

    /// <summary>The property that says so, with its value; null where none does.</summary>
    public static string? SaidBy(AnalyzerConfigOptions options) =>
        Properties.Where(property => options.TryGetValue("build_property." + property, out var value) && string.Equals(value, "true", StringComparison.OrdinalIgnoreCase))
            .Select(static property => property + "=true")
            .FirstOrDefault();
}
