using Memoize.Generators.Model;
using Memoize.Generators.Parsing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
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

    /// <summary>What the area has to say about a cached method, which the generator accepts or refuses.</summary>
    private protected virtual void Advise(CachedMethodContext method)
    {
    }

    /// <summary>What the area has to say about any method that gets a wrapper, whatever the wrapper does.</summary>
    private protected virtual void AdviseWrapper(SymbolAnalysisContext context, IMethodSymbol method, WrappedMethodModel wrapper)
    {
    }

    /// <summary>The actions of the analyzer; one that looks at more than annotated methods adds its own.</summary>
    private protected virtual void Register(CompilationStartAnalysisContext start, CompilationFacts facts) =>
        start.RegisterSymbolAction(symbol => Method(symbol, facts), SymbolKind.Method);

    /// <summary>
    /// Looks at what is written about the assembly, a file at a time: an action for a kind of node would make the compiler walk every
    /// node of the program.
    /// </summary>
    private protected static void RegisterAssemblyAttributes(CompilationStartAnalysisContext start, Action<AttributeListSyntax, Action<Diagnostic>, CancellationToken> look) =>
        start.RegisterSemanticModelAction(file =>
        {
            foreach (var list in ((CompilationUnitSyntax)file.SemanticModel.SyntaxTree.GetRoot(file.CancellationToken)).AttributeLists)
            {
                if (list.Target?.Identifier.IsKind(SyntaxKind.AssemblyKeyword) == true)
                {
                    look(list, file.ReportDiagnostic, file.CancellationToken);
                }
            }
        });

    /// <summary>Says what is wrong with attributes of the assembly about interfaces that are not ours, by the rules that the analyzer has.</summary>
    private protected void RegisterForeignDecorators(CompilationStartAnalysisContext start, CompilationFacts facts) =>
        RegisterAssemblyAttributes(start, (list, report, cancellation) =>
        {
            foreach (var problem in facts.ForeignDecorators(cancellation).SelectMany(foreign => foreign.Problems))
            {
                if (SupportedDiagnostics.Contains(problem.Rule) && problem.Location is { } location && location.SourceTree == list.SyntaxTree && list.Span.Contains(location.SourceSpan))
                {
                    report(problem.ToDiagnostic());
                }
            }
        });

    /// <summary>The same for local functions and lambdas that carry an attribute of Memoize.</summary>
    private protected static void RegisterAttributedFunctions(CompilationStartAnalysisContext start, CompilationFacts facts, Action<ISymbol, Action<Diagnostic>, CancellationToken> look) =>
        start.RegisterSemanticModelAction(file =>
        {
            foreach (var node in AttributedFunctions.In(file.SemanticModel.SyntaxTree, facts, file.CancellationToken))
            {
                if ((file.SemanticModel.GetDeclaredSymbol(node, file.CancellationToken) ?? file.SemanticModel.GetSymbolInfo(node, file.CancellationToken).Symbol) is { } function)
                {
                    look(function, file.ReportDiagnostic, file.CancellationToken);
                }
            }
        });

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

        // The name first: attributes of a method are a question to its compilation, and most programs have many methods.
        if ((method.MethodKind == MethodKind.Ordinary && !facts.MayBeCached(method.Name))
            || method.IsPartialImplementation()
            || method.IsImplicitlyDeclared
            || !Attributes.IsWrapped(method))
        {
            return;
        }

        foreach (var problem in facts.ProblemsOf(method, context.CancellationToken))
        {
            if (SupportedDiagnostics.Contains(problem.Rule))
            {
                context.ReportDiagnostic(problem.ToDiagnostic());
            }
        }

        if (facts.WrapperOf(method, context.CancellationToken) is { } wrapper)
        {
            AdviseWrapper(context, method, wrapper);
        }

        if (Attributes.Cached(method) is { } attribute && facts.VerdictOf(method, context.CancellationToken) is { } verdict)
        {
            Advise(new CachedMethodContext(context, method, attribute, verdict, facts));
        }
    }
}
