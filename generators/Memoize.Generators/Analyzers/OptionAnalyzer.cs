using System.Collections.Immutable;
using Memoize.Generators.Diagnostics;
using Memoize.Generators.Parsing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Memoize.Generators.Analyzers;

/// <summary>Options without meaning, and those that are surely not meant.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class OptionAnalyzer : CachedMethodAnalyzer
{
    private const double TenYears = 10 * 365.25 * 24 * 3600;

    // The clock of the caches goes in steps of 16 ms.
    private const double ShortestTime = 0.016;

    private const int ManyEntries = 100_000_000;

    private static readonly string[] Times = ["Ttl", "Sliding", "StaleWhileRevalidate", "StaleIfError", "Timeout", "ErrorTtl", "NullTtl"];

    /// <inheritdoc />
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } =
        [Rules.Option, Rules.RuleMethod, Rules.UnlikelyOption, Rules.DuplicateName];

    private protected override void Advise(CachedMethodContext method)
    {
        if (method.Verdict.Model is not { Options: var options })
        {
            return;
        }

        foreach (var option in Times)
        {
            Time(method, option);
        }

        Longer(method, "NullTtl", "null would be remembered for longer than what is there");
        Longer(method, "ErrorTtl", "an error would be remembered for longer than a result");
        if (options.MaxSize > ManyEntries)
        {
            Report(method, "MaxSize", Literals.Of(options.MaxSize), "that many entries take 20 GB of memory or more; it is a number of entries, not of bytes");
        }

        if (method.Attribute.HasNamed("Name") && method.Facts.OthersNamed(options.Name, method.Method, method.CancellationToken).FirstOrDefault() is { } other)
        {
            method.Report(Rules.DuplicateName, method.AttributeLocation, method.Display, options.Name, Names.Short(other));
        }
    }

    private static void Time(CachedMethodContext method, string option)
    {
        var seconds = method.Attribute.Named(option, 0d);
        if (seconds > TenYears && !double.IsInfinity(seconds))
        {
            Report(method, option, Literals.Of(seconds), "it is more than ten years; times are in seconds, not in milliseconds or ticks, and without the option values do not expire");
        }
        else if (seconds is > 0 and < ShortestTime)
        {
            Report(method, option, Literals.Of(seconds), "times are in seconds, and the clock of a cache goes in steps of 16 ms, so hardly any value would be found again");
        }
    }

    private static void Longer(CachedMethodContext method, string option, string reason)
    {
        var seconds = method.Attribute.Named(option, 0d);
        var ttl = method.Attribute.Named("Ttl", 0d);
        if (ttl > 0 && seconds > ttl)
        {
            Report(method, option, Literals.Of(seconds), $"{reason} (Ttl = {Literals.Of(ttl)})");
        }
    }

    private static void Report(CachedMethodContext method, string option, string value, string reason) =>
        method.Report(new Problem(Rules.UnlikelyOption, method.AttributeLocation, $"{option} = {value}", method.Display, reason) { Fix = option });
}
