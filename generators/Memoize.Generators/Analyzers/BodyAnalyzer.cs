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

    private protected override void Register(CompilationStartAnalysisContext start, CompilationFacts facts)
    {
        base.Register(start, facts);
        start.RegisterSymbolAction(symbol => Behind(symbol, facts), SymbolKind.Method);
    }

    private protected override void Advise(CachedMethodContext method)
    {
        // Code that does not compile yet: the compiler speaks first.
        if (method.Verdict is { Model: null, Problems.IsEmpty: true })
        {
            return;
        }

        var body = Body.Of(method.Method, method.Compilation, method.CancellationToken);
        var ambient = AmbientOf(method.Attribute, method.Facts, method.CancellationToken, out var isMisspelled);
        var found = OfCallers(method.Report, method.Display, body, method.Attribute, ambient, isMisspelled, method.CancellationToken);
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

    // What a batch loads is remembered as well, under the keys of its cached method.
    private protected override void AdviseWrapper(SymbolAnalysisContext context, IMethodSymbol method, WrappedMethodModel wrapper)
    {
        var facts = CompilationFacts.Of(context.Compilation);
        if (wrapper is BatchMethodModel && facts.BatchOf(method, context.CancellationToken) is { Single: { } single })
        {
            All(context, method, single, Names.Short(method), isAnnotated: true, facts);
        }
    }

    // And so is what an override or an implementation returns.
    private static void Behind(SymbolAnalysisContext context, CompilationFacts facts)
    {
        var method = (IMethodSymbol)context.Symbol;
        if (method.IsPartialImplementation() || BehindCache.FrontOf(method, facts) is not { } front)
        {
            return;
        }

        var relation = front.ContainingType.TypeKind == TypeKind.Interface ? "implementation" : "override";
        All(context, method, front, $"{Names.Short(front)}' in its {relation} '{Names.Short(method)}", isAnnotated: false, facts);
    }

    private static void All(SymbolAnalysisContext context, IMethodSymbol method, IMethodSymbol cached, string display, bool isAnnotated, CompilationFacts facts)
    {
        var attribute = Attributes.Cached(cached)!;
        var body = Body.Of(method, context.Compilation, context.CancellationToken);
        AmbientReads? ambient = null;
        if (SymbolEqualityComparer.Default.Equals(cached.ContainingAssembly, context.Compilation.Assembly))
        {
            ambient = AmbientOf(attribute, facts, context.CancellationToken, out var isMisspelled);
            OfCallers(Say, display, body, attribute, ambient, isMisspelled, context.CancellationToken);
        }
        else if (!attribute.HasNamed("VaryBy"))
        {
            // By what the names of another assembly are declared with cannot be seen from here.
            Report(Say, display, body, Rules.Caller, Callers.In(body));
        }

        Report(Say, display, body, ambient, context.Compilation, context.CancellationToken);

        // Who implements or overrides has not asked for a cache: one that counts its calls, as fakes do, counts what reaches it.
        void Say(Problem problem)
        {
            if (problem.Rule != Rules.LostWrite || isAnnotated)
            {
                context.ReportDiagnostic(problem.ToDiagnostic());
            }
        }
    }

    private static AmbientReads AmbientOf(AttributeData attribute, CompilationFacts facts, CancellationToken cancellation, out bool isMisspelled)
    {
        var variation = Variation.Of(attribute, facts.AmbientSources, out var problem);
        isMisspelled = problem is not null;
        return new AmbientReads(facts.AmbientSources, variation, facts, cancellation);
    }

    private static int OfCallers(Action<Problem> say, string display, Body body, AttributeData attribute, AmbientReads ambient, bool isMisspelled, CancellationToken cancellation)
    {
        // Of a misspelled VaryBy that is said, and not that the right one is missing.
        var found = isMisspelled ? 0 : Ambient(say, display, body, attribute, ambient, cancellation);
        return found + Report(say, display, body, Rules.Caller, ambient.WithoutDeclared(Callers.In(body)));
    }

    private static int Ambient(Action<Problem> say, string display, Body body, AttributeData attribute, AmbientReads ambient, CancellationToken cancellation)
    {
        var reported = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (finding, source) in ambient.In(body))
        {
            if (reported.Add(source.Name))
            {
                var already = attribute.Named("VaryBy", "");
                say(new Problem(Rules.AmbientRead, finding.Location, display, finding.Text + finding.Where(body), source.Name, already.Length == 0 ? source.Name : already + "," + source.Name)
                {
                    Fix = FixProperties.VaryBy,
                    Subject = source.Name,
                    Elsewhere = attribute.LocationOf(cancellation),
                });
            }
        }

        return reported.Count;
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
