using System.Collections.Immutable;
using Memoize.Generators.Diagnostics;
using Memoize.Generators.Parsing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
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

    /// <inheritdoc />
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } =
        [Rules.Option, Rules.RuleMethod, Rules.UnlikelyOption, Rules.DuplicateName];

    private protected override void Register(CompilationStartAnalysisContext start, CompilationFacts facts)
    {
        base.Register(start, facts);
        start.RegisterSymbolAction(context => Defaults(context.Symbol, Names.Short, context.ReportDiagnostic, context.CancellationToken), SymbolKind.NamedType);
        RegisterAssemblyAttributes(start, (list, report, cancellation) => OfAssembly(start.Compilation.Assembly, list, report, cancellation));
    }

    private protected override void Advise(CachedMethodContext method)
    {
        if (method.Verdict.Model is not { Options: var options })
        {
            return;
        }

        Unlikely(method.Attribute, method.Display, method.Report, method.CancellationToken);
        if (method.Attribute.HasNamed("Name") && method.Facts.OthersNamed(options.Name, method.Method).FirstOrDefault() is { } other)
        {
            method.Report(new Problem(Rules.DuplicateName, method.AttributeLocation, method.Display, options.Name, Names.Short(other)) { Fix = "Name" });
        }
    }

    private static void OfAssembly(IAssemblySymbol assembly, AttributeListSyntax list, Action<Diagnostic> report, CancellationToken cancellation)
    {
        if (Attributes.CacheDefaults(assembly)?.ApplicationSyntaxReference is { } reference
            && reference.SyntaxTree == list.SyntaxTree
            && list.Span.Contains(reference.Span))
        {
            Defaults(assembly, static owner => owner.Name, report, cancellation);
        }
    }

    // What no method could take is said once, where it stands, and not at every method that takes it.
    private static void Defaults(ISymbol owner, Func<ISymbol, string> displayed, Action<Diagnostic> report, CancellationToken cancellation)
    {
        if (Attributes.CacheDefaults(owner) is not { } defaults)
        {
            return;
        }

        var display = displayed(owner);
        foreach (var (option, value, reason) in OptionRange.FaultsOf(owner, defaults))
        {
            report(new Problem(Rules.Option, defaults.LocationOf(option, cancellation), Literals.Assignment(option, value), display, reason) { Fix = option }.ToDiagnostic());
        }

        Unlikely(defaults, display, problem => report(problem.ToDiagnostic()), cancellation);
    }

    private static void Unlikely(AttributeData attribute, string display, Action<Problem> report, CancellationToken cancellation)
    {
        foreach (var option in OptionRange.Times)
        {
            Time(option, attribute.Named(option, 0d));
        }

        Longer("NullTtl", "null would be remembered for longer than what is there");
        Longer("ErrorTtl", "an error would be remembered for longer than a result");
        if (attribute.Named("MaxSize", 0) is > ManyEntries and var size)
        {
            Report("MaxSize", size, "that many entries take 20 GB of memory or more; it is a number of entries, not of bytes");
        }

        void Time(string option, double seconds)
        {
            if (seconds > TenYears && !double.IsInfinity(seconds))
            {
                Report(option, seconds, $"it is more than ten years; times are in seconds, not in milliseconds or ticks; give a shorter one, or {OptionRange.Without(option)}");
            }
            else if (seconds is > 0 and < ShortestTime)
            {
                Report(option, seconds, $"times are in seconds, and the clock of a cache goes in steps of 16 ms, so it would be over at once; give a longer one, or {OptionRange.Without(option)}");
            }
        }

        void Longer(string option, string reason)
        {
            var seconds = attribute.Named(option, 0d);
            var ttl = attribute.Named("Ttl", 0d);
            if (ttl > 0 && seconds > ttl)
            {
                Report(option, seconds, $"{reason} (Ttl = {Literals.Of(ttl)})");
            }
        }

        void Report(string option, double value, string reason) =>
            report(new Problem(Rules.UnlikelyOption, attribute.LocationOf(option, cancellation), $"{option} = {Literals.Of(value)}", display, reason) { Fix = option });
    }
}
