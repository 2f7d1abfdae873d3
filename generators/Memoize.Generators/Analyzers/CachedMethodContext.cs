using Memoize.Generators.Diagnostics;
using Memoize.Generators.Parsing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Memoize.Generators.Analyzers;

/// <summary>One annotated method, as its analyzers look at it.</summary>
internal readonly struct CachedMethodContext(
    SymbolAnalysisContext context,
    IMethodSymbol method,
    AttributeData attribute,
    Verdict verdict,
    CompilationFacts facts)
{
    /// <summary>The method that carries the attribute; of a partial method the half that its author declared.</summary>
    public IMethodSymbol Method => method;

    public AttributeData Attribute => attribute;

    /// <summary>What the generator makes of it: a model, or the problems that its analyzers have reported already.</summary>
    public Verdict Verdict => verdict;

    public CompilationFacts Facts => facts;

    public Compilation Compilation => context.Compilation;

    public AnalyzerOptions Options => context.Options;

    public CancellationToken CancellationToken => context.CancellationToken;

    /// <summary>The method, as messages name it.</summary>
    public string Display => Names.Short(method);

    /// <summary>Where the method is named.</summary>
    public Location? Location => method.Locations.FirstOrDefault();

    /// <summary>Where the attribute stands.</summary>
    public Location? AttributeLocation => attribute.LocationOf(context.CancellationToken) ?? Location;

    public void Report(DiagnosticDescriptor rule, Location? location, params object[] arguments) =>
        Report(new Problem(rule, location, arguments));

    public void Report(Problem problem) => context.ReportDiagnostic(problem.ToDiagnostic());
}
