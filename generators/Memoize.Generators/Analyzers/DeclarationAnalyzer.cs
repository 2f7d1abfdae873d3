using System.Collections.Immutable;
using Memoize.Generators.Diagnostics;
using Memoize.Generators.Model;
using Memoize.Generators.Parsing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace Memoize.Generators.Analyzers;

/// <summary>Says why an annotated method is not cached. What it reports is exactly what the generator refuses.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class DeclarationAnalyzer : DiagnosticAnalyzer
{
    /// <inheritdoc />
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } =
    [
        Rules.Declaration, Rules.Core, Rules.NotEnabled, Rules.Inaccessible, Rules.KeyType, Rules.KeyAttribute, Rules.ReceiverState,
        Rules.OverrideState, Rules.Result, Rules.Option, Rules.HandleName,
    ];

    /// <inheritdoc />
    public override void Initialize(AnalysisContext context)
    {
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.EnableConcurrentExecution();
        context.RegisterCompilationStartAction(static start =>
        {
            if (start.Compilation.GetTypeByMetadataName(Names.CachedAttribute) is null)
            {
                return;
            }

            start.RegisterSymbolAction(Method, SymbolKind.Method);
            start.RegisterOperationAction(Function, OperationKind.LocalFunction, OperationKind.AnonymousFunction);
        });
    }

    private static void Method(SymbolAnalysisContext context)
    {
        var method = (IMethodSymbol)context.Symbol;
        if (method.IsPartialImplementation() || method.IsImplicitlyDeclared)
        {
            return;
        }

        if (Attributes.Cached(method) is null)
        {
            Override(context, method);
            return;
        }

        var verdict = CompilationFacts.Of(context.Compilation).VerdictOf(method, context.CancellationToken);
        foreach (var problem in verdict?.Problems ?? [])
        {
            context.ReportDiagnostic(problem.ToDiagnostic());
        }

        if (verdict?.Model is { Door: Door.Plain })
        {
            Enabled(context, method);
        }
    }

    private static void Enabled(SymbolAnalysisContext context, IMethodSymbol method)
    {
        var options = context.Options.AnalyzerConfigOptionsProvider.GlobalOptions;
        if (!Interception.IsTurnedOff(options)
            && method.DeclaringSyntaxReferences.FirstOrDefault()?.SyntaxTree.Options is { } parse
            && Interception.WhyDisabled(parse, options) is { } reason)
        {
            context.ReportDiagnostic(Diagnostic.Create(Rules.NotEnabled, method.Locations[0], Names.Short(method), reason));
        }
    }

    // An override runs behind the cache of the method that it overrides.
    private static void Override(SymbolAnalysisContext context, IMethodSymbol method)
    {
        for (var overridden = method.OverriddenMethod; overridden is not null; overridden = overridden.OverriddenMethod)
        {
            if (Attributes.Cached(overridden) is { } cached && !cached.Named("PerInstance", false))
            {
                if (!method.IsAbstract && ReceiverAnalysis.Of(method, context.Compilation, context.CancellationToken).Undecided is { } state)
                {
                    context.ReportDiagnostic(Diagnostic.Create(Rules.OverrideState, method.Locations[0], Names.Short(method), state));
                }

                return;
            }
        }
    }

    private static void Function(OperationAnalysisContext context)
    {
        var function = context.Operation switch
        {
            ILocalFunctionOperation local => local.Symbol,
            IAnonymousFunctionOperation anonymous => anonymous.Symbol,
            _ => null,
        };
        if (function is not null && Attributes.Cached(function) is { } cached)
        {
            var name = function.Name.Length > 0 ? function.Name : "The lambda";
            context.ReportDiagnostic(Diagnostic.Create(
                Rules.Declaration,
                cached.LocationOf(context.CancellationToken),
                name,
                "only methods of a type can be cached; move the code to one"));
        }
    }
}
