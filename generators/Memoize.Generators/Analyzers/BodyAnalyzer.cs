using System.Collections.Immutable;
using Memoize.Generators.Diagnostics;
using Memoize.Generators.Model;
using Memoize.Generators.Parsing;
using Memoize.Generators.Parsing.Ambient;
using Memoize.Generators.Parsing.Bodies;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Memoize.Generators.Analyzers;

/// <summary>What a body reads that is not in the key, and what it does that a hit does not repeat.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class BodyAnalyzer : CachedMethodAnalyzer
{
    // The first few are enough to see what is meant; the others show up when these are mended.
    private const int MaxPerRule = 3;

    /// <inheritdoc />
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } =
        [Rules.ClockOrChance, Rules.Caller, Rules.Culture, Rules.StaticState, Rules.LostWrite, Rules.CheapWork, Rules.ImplicitCulture, Rules.AmbientRead];

    private protected override void Advise(CachedMethodContext method)
    {
        // Code that does not compile yet: the compiler speaks first.
        if (method.Verdict is { Model: null, Problems.IsEmpty: true })
        {
            return;
        }

        var body = Body.Of(method.Method, method.Compilation, method.CancellationToken);
        var sources = method.Facts.AmbientSources;
        var ambient = new AmbientReads(sources, Variation.Of(method.Attribute, sources, out var problem), method.Facts, method.CancellationToken);

        // Of a misspelled VaryBy that is said, and not that the right one is missing.
        var found = problem is null ? Ambient(method, body, ambient) : 0;
        found += Report(method.Report, method.Display, body, Rules.Caller, ambient.WithoutDeclared(Callers.In(body)));
        if (method.Verdict.Model is null)
        {
            // It is not cached, so nothing goes stale; whose data it would share is worth knowing before the first error is mended.
            return;
        }

        found += Report(method.Report, method.Display, body, ambient, method.Compilation, method.CancellationToken);
        if (found == 0 && CheapWork.IsAll(body))
        {
            method.Report(Rules.CheapWork, method.Location, method.Display);
        }
    }

    private static int Ambient(CachedMethodContext method, Body body, AmbientReads ambient)
    {
        var reported = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (finding, source) in ambient.In(body))
        {
            if (reported.Add(source.Name))
            {
                var already = method.Attribute.Named("VaryBy", "");
                method.Report(new Problem(Rules.AmbientRead, finding.Location, method.Display, finding.Text + finding.Where(body), source.Name, already.Length == 0 ? source.Name : already + "," + source.Name)
                {
                    Fix = FixProperties.VaryBy,
                    Subject = source.Name,
                    Elsewhere = method.AttributeLocation,
                });
            }
        }

        return reported.Count;
    }

    // What a batch loads is remembered as well.
    private protected override void AdviseWrapper(SymbolAnalysisContext context, IMethodSymbol method, WrappedMethodModel wrapper)
    {
        if (wrapper is not BatchMethodModel)
        {
            return;
        }

        var body = Body.Of(method, context.Compilation, context.CancellationToken);
        Report(Say, Names.Short(method), body, Rules.Caller, Callers.In(body));
        Report(Say, Names.Short(method), body, null, context.Compilation, context.CancellationToken);

        void Say(Problem problem) => context.ReportDiagnostic(problem.ToDiagnostic());
    }

    private static int Report(Action<Problem> say, string display, Body body, AmbientReads? ambient, Compilation compilation, CancellationToken cancellation)
    {
        var cultures = Cultures.In(body);
        var implicitly = ImplicitCulture.In(body);
        var state = new StaticState(body, compilation, cancellation);
        var read = state.Find();
        var found = Report(say, display, body, Rules.ClockOrChance, ClockAndChance.In(body));
        found += Report(say, display, body, Rules.Culture, ambient?.WithoutDeclaredCulture(cultures) ?? cultures);
        found += Report(say, display, body, Rules.StaticState, ambient?.WithoutDeclared(read) ?? read);
        found += Report(say, display, body, Rules.LostWrite, LostWrites.In(body, state.Settled));
        return found + Report(say, display, body, Rules.ImplicitCulture, ambient?.WithoutDeclaredCulture(implicitly) ?? implicitly);
    }

    private static int Report(Action<Problem> say, string display, Body body, DiagnosticDescriptor rule, IEnumerable<Finding> findings)
    {
        var sources = new HashSet<ISymbol>(SymbolEqualityComparer.Default);
        foreach (var finding in findings)
        {
            if (sources.Add(finding.Source))
            {
                say(new Problem(rule, finding.Location, display, finding.Text + finding.Where(body), finding.Advice) { Fix = finding.Fix });
                if (sources.Count == MaxPerRule)
                {
                    break;
                }
            }
        }

        return sources.Count;
    }
}
