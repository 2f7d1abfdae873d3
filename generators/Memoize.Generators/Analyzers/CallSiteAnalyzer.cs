using System.Collections.Immutable;
using Memoize.Generators.Diagnostics;
using Memoize.Generators.Parsing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace Memoize.Generators.Analyzers;

/// <summary>Points at every place where the plain door is passed by: the call compiles and runs, but nothing remembers it.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class CallSiteAnalyzer : DiagnosticAnalyzer
{
    /// <inheritdoc />
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = [Rules.NotIntercepted];

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

            var facts = CompilationFacts.Of(start.Compilation);
            start.RegisterOperationAction(context => Call(context, facts), OperationKind.Invocation);
            start.RegisterOperationAction(context => MethodGroup(context, facts), OperationKind.MethodReference);
            start.RegisterOperationAction(context => DynamicCall(context, facts), OperationKind.DynamicInvocation);
        });
    }

    private static void Call(OperationAnalysisContext context, CompilationFacts facts)
    {
        var operation = (IInvocationOperation)context.Operation;
        if (!facts.MayBeCached(operation.TargetMethod.Name) || operation is not { Syntax: InvocationExpressionSyntax syntax, SemanticModel: { } model })
        {
            return;
        }

        if (CallSites.TargetOf(syntax, model, context.CancellationToken, out var method) is not { } target)
        {
            Dispatched(context, syntax, operation.TargetMethod.OriginalDefinition, facts);
            return;
        }

        var reason = target.Forwarder is null ? target.Obstacle : CallSites.Obstacle(syntax, model, context.CancellationToken);
        if (reason is null && facts.HasTwin(syntax.SyntaxTree))
        {
            reason = "another file of the project has the same content, and the compiler cannot tell the calls in the two apart";
        }

        if (reason is not null)
        {
            Report(context, CallSites.NameOf(syntax)!, method!, reason);
        }
    }

    // The attribute is on an implementation or an override, and this call does not know of it.
    private static void Dispatched(OperationAnalysisContext context, InvocationExpressionSyntax syntax, IMethodSymbol dispatched, CompilationFacts facts)
    {
        if (Attributes.Cached(dispatched) is null && facts.CachedBehind(dispatched, context.CancellationToken) is { } cached)
        {
            var kind = dispatched.ContainingType.TypeKind == TypeKind.Interface ? "interface" : "base class";
            Report(context, CallSites.NameOf(syntax)!, cached, $"it goes through the {kind} '{Names.Short(dispatched.ContainingType)}', which knows nothing of the cache; make the method partial, or call it through '{Names.Short(cached.ContainingType)}'");
        }
    }

    private static void MethodGroup(OperationAnalysisContext context, CompilationFacts facts)
    {
        var operation = (IMethodReferenceOperation)context.Operation;
        var method = ExtensionMembers.Implementation((operation.Method.ReducedFrom ?? operation.Method).OriginalDefinition);
        if (facts.MayBeCached(method.Name) && facts.TargetOf(method, context.CancellationToken) is not null)
        {
            Report(context, operation.Syntax, method, "a delegate reaches the original; pass a lambda that calls the method, or make the method partial");
        }
    }

    private static void DynamicCall(OperationAnalysisContext context, CompilationFacts facts)
    {
        var operation = (IDynamicInvocationOperation)context.Operation;
        if (operation.SemanticModel is not { } model || operation.Syntax is not InvocationExpressionSyntax syntax)
        {
            return;
        }

        foreach (var candidate in model.GetSymbolInfo(syntax, context.CancellationToken).CandidateSymbols
            .Concat(model.GetMemberGroup(syntax.Expression, context.CancellationToken)))
        {
            if (candidate is IMethodSymbol method && facts.TargetOf(ExtensionMembers.Implementation((method.ReducedFrom ?? method).OriginalDefinition), context.CancellationToken) is not null)
            {
                Report(context, syntax, method, "it is bound at run time, because an argument is dynamic; cast the argument to its type");
                return;
            }
        }
    }

    private static void Report(OperationAnalysisContext context, SyntaxNode place, IMethodSymbol method, string reason) =>
        context.ReportDiagnostic(Diagnostic.Create(Rules.NotIntercepted, place.GetLocation(), Names.Short(method), reason));
}
