using System.Collections.Immutable;
using Memoize.Generators.Diagnostics;
using Memoize.Generators.Parsing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Memoize.Generators.Analyzers;

/// <summary>
/// Points at every place where the plain door is passed by (the call compiles and runs, but nothing remembers it), and counts the
/// calls of the compilation.
/// </summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class CallSiteAnalyzer : DiagnosticAnalyzer
{
    /// <inheritdoc />
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = [Rules.NotIntercepted, Rules.CallSummary, Rules.OutsideCalls];

    /// <inheritdoc />
    public override void Initialize(AnalysisContext context)
    {
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.EnableConcurrentExecution();
        context.RegisterCompilationStartAction(static start =>
        {
            if (start.Compilation.GetTypeByMetadataName(Names.CachedAttribute) is null
                || Interception.IsTurnedOff(start.Options.AnalyzerConfigOptionsProvider.GlobalOptions))
            {
                return;
            }

            // A file at a time and by the names in it, instead of every operation of the program for the sake of a few.
            var facts = CompilationFacts.Of(start.Compilation);
            var bypassed = 0;
            start.RegisterSemanticModelAction(file => Interlocked.Add(ref bypassed, File(file, facts)));
            start.RegisterSymbolAction(symbol => Declaration(symbol, facts), SymbolKind.Method);
            start.RegisterCompilationEndAction(end =>
            {
                var cached = facts.InterceptedCallCount;
                if (cached + bypassed > 0)
                {
                    end.ReportDiagnostic(Diagnostic.Create(Rules.CallSummary, Location.None, cached + bypassed, cached));
                }
            });
        });
    }

    // What is called from where nobody sees the attribute.
    private static void Declaration(SymbolAnalysisContext context, CompilationFacts facts)
    {
        var method = (IMethodSymbol)context.Symbol;
        if (method.MethodKind == MethodKind.Ordinary
            && facts.MayBeCached(method.Name)
            && !method.IsPartialImplementation()
            && facts.TargetOf(method, context.CancellationToken)?.Forwarder is not null
            && OutsideCalls.Of(method, context.Compilation) is { } callers)
        {
            context.ReportDiagnostic(new Problem(Rules.OutsideCalls, method.Locations[0], Names.Short(method), callers, WhatIsMissed(method)).ToDiagnostic());
        }
    }

    private static string WhatIsMissed(IMethodSymbol method) => Attributes.Invalidations(method).Count > 0 ? "evicts" : "is cached";

    private static int File(SemanticModelAnalysisContext context, CompilationFacts facts)
    {
        var bypassed = 0;
        foreach (var mention in facts.MentionsIn(context.SemanticModel.SyntaxTree, context.CancellationToken))
        {
            if ((context.FilterSpan is { } span && !span.IntersectsWith(mention.Span))
                || (CallSites.CallOf(mention) is { } call && IsIntercepted(call, context, facts))
                || Bypasses.At(mention, facts, context.CancellationToken) is not { } bypass)
            {
                continue;
            }

            // The id leads the code fix to the declaration, in whatever project it is.
            bypassed++;
            context.ReportDiagnostic(new Problem(Rules.NotIntercepted, bypass.Place.GetLocation(), Names.Short(bypass.Method), Attributes.Invalidations(bypass.Method).Count > 0 ? "evicts nothing" : "is not cached", bypass.Reason)
            {
                Fix = bypass.EndsWithPartial ? FixProperties.Partial : null,
                Subject = DocumentationCommentId.CreateDeclarationId(bypass.Method),
            }.ToDiagnostic());
        }

        return bypassed;
    }

    // What the generated code says it takes needs no second look, and that is nearly every call.
    private static bool IsIntercepted(InvocationExpressionSyntax call, SemanticModelAnalysisContext context, CompilationFacts facts) =>
        facts.InterceptedCallCount > 0
        && context.SemanticModel.GetInterceptableLocation(call, context.CancellationToken) is { } location
        && facts.IsIntercepted(location.Data);
}
