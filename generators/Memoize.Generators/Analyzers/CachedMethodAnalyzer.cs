using Memoize.Generators.Parsing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Memoize.Generators.Analyzers;

/// <summary>
/// What all analyzers of annotated methods share: nothing runs in a compilation without the attribute, and what made the generator
/// refuse a method is said by the analyzer that owns the rule. Each of them adds the advice of its own area.
/// </summary>
public abstract class CachedMethodAnalyzer : DiagnosticAnalyzer
{
    private protected CachedMethodAnalyzer()
    {
    }

    /// <inheritdoc />
    public sealed override void Initialize(AnalysisContext context)
    {
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.EnableConcurrentExecution();
        context.RegisterCompilationStartAction(Start);
    }

    /// <summary>What the area has to say about a method that the generator accepts or refuses.</summary>
    private protected virtual void Advise(CachedMethodContext method)
    {
    }

    /// <summary>The actions of the analyzer; one that looks at more than annotated methods adds its own.</summary>
    private protected virtual void Register(CompilationStartAnalysisContext start, CompilationFacts facts) =>
        start.RegisterSymbolAction(symbol => Method(symbol, facts), SymbolKind.Method);

    private void Start(CompilationStartAnalysisContext context)
    {
        if (context.Compilation.GetTypeByMetadataName(Names.CachedAttribute) is not null)
        {
            Register(context, CompilationFacts.Of(context.Compilation));
        }
    }

    private void Method(SymbolAnalysisContext context, CompilationFacts facts)
    {
        var method = (IMethodSymbol)context.Symbol;
        if (method.IsPartialImplementation()
            || method.IsImplicitlyDeclared
            || Attributes.Cached(method) is not { } attribute
            || facts.VerdictOf(method, context.CancellationToken) is not { } verdict)
        {
            return;
        }

        foreach (var problem in verdict.Problems)
        {
            if (SupportedDiagnostics.Contains(problem.Rule))
            {
                context.ReportDiagnostic(problem.ToDiagnostic());
            }
        }

        Advise(new CachedMethodContext(context, method, attribute, verdict, facts));
    }
}
