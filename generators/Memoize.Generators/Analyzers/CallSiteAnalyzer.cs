using System.Collections.Immutable;
using Memoize.Generators.Diagnostics;
using Memoize.Generators.Parsing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;

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

            // A file at a time and by the names in it, instead of every operation of the program for the sake of a few.
            var facts = CompilationFacts.Of(start.Compilation);
            start.RegisterSemanticModelAction(file => File(file, facts));
        });
    }

    private static void File(SemanticModelAnalysisContext context, CompilationFacts facts)
    {
        var tree = context.SemanticModel.SyntaxTree;
        var within = context.FilterSpan;
        foreach (var mention in facts.MentionsIn(tree, context.CancellationToken))
        {
            if (within is { } span && !span.IntersectsWith(mention.Span))
            {
                continue;
            }

            if (CallSites.CallOf(mention) is not { } call)
            {
                Mentioned(context, mention, facts);
            }
            else if (!IsIntercepted(call, context, facts))
            {
                Called(context, call, mention, facts);
            }
        }
    }

    // What the generated code says it takes needs no second look, and that is nearly every call.
    private static bool IsIntercepted(InvocationExpressionSyntax call, SemanticModelAnalysisContext context, CompilationFacts facts) =>
        facts.HasInterceptors
        && context.SemanticModel.GetInterceptableLocation(call, context.CancellationToken) is { } location
        && facts.IsIntercepted(location.Data);

    private static void Called(SemanticModelAnalysisContext context, InvocationExpressionSyntax call, SimpleNameSyntax name, CompilationFacts facts)
    {
        var model = facts.ModelOf(call.SyntaxTree);
        if (CallSites.TargetOf(call, model, context.CancellationToken, out var method) is { } target)
        {
            var reason = target.Forwarder is null ? target.Obstacle : CallSites.Obstacle(call, model, context.CancellationToken);
            if (reason is null && facts.HasTwin(call.SyntaxTree))
            {
                reason = "another file of the project has the same content, and the compiler cannot tell the calls in the two apart";
            }

            if (reason is not null)
            {
                Report(context, name, method!, reason);
            }
        }
        else if (method is not null)
        {
            Dispatched(context, name, method, facts);
        }
        else
        {
            Dynamic(context, call, model, facts);
        }
    }

    // The attribute is on an implementation or an override, and this call does not know of it.
    private static void Dispatched(SemanticModelAnalysisContext context, SimpleNameSyntax name, IMethodSymbol dispatched, CompilationFacts facts)
    {
        if (Attributes.Cached(dispatched) is null && facts.CachedBehind(dispatched, context.CancellationToken) is { } cached)
        {
            var kind = dispatched.ContainingType.TypeKind == TypeKind.Interface ? "interface" : "base class";
            Report(context, name, cached, $"it goes through the {kind} '{Names.Short(dispatched.ContainingType)}', which knows nothing of the cache; make the method partial, or call it through '{Names.Short(cached.ContainingType)}'");
        }
    }

    private static void Dynamic(SemanticModelAnalysisContext context, InvocationExpressionSyntax call, SemanticModel model, CompilationFacts facts)
    {
        if (model.GetOperation(call, context.CancellationToken) is not { Kind: OperationKind.DynamicInvocation })
        {
            return;
        }

        var candidates = model.GetSymbolInfo(call, context.CancellationToken).CandidateSymbols.Concat(model.GetMemberGroup(call.Expression, context.CancellationToken));
        if (candidates.Select(candidate => CachedMethod(candidate, facts, context.CancellationToken)).FirstOrDefault(method => method is not null) is { } cached)
        {
            Report(context, call, cached, "it is bound at run time, because an argument is dynamic; cast the argument to its type");
        }
    }

    private static void Mentioned(SemanticModelAnalysisContext context, SimpleNameSyntax name, CompilationFacts facts)
    {
        var model = facts.ModelOf(name.SyntaxTree);
        if (Reflection.CallAround(name) is { } reflective)
        {
            if (model.GetMemberGroup(name, context.CancellationToken).Select(member => CachedMethod(member, facts, context.CancellationToken)).FirstOrDefault(method => method is not null) is { } named
                && Reflection.Finds(reflective, model, context.CancellationToken))
            {
                Report(context, name, named, "reflection finds the original; make the method partial, so that it is the cached one");
            }
        }
        else if (CachedMethod(model.GetSymbolInfo(name, context.CancellationToken).Symbol, facts, context.CancellationToken) is { } method)
        {
            Report(context, Whole(name), method, "a delegate reaches the original; pass a lambda that calls the method, or make the method partial");
        }
    }

    private static IMethodSymbol? CachedMethod(ISymbol? symbol, CompilationFacts facts, CancellationToken cancellation) =>
        symbol is IMethodSymbol method
        && ExtensionMembers.Implementation((method.ReducedFrom ?? method).OriginalDefinition) is var original
        && facts.TargetOf(original, cancellation) is not null
            ? original
            : null;

    private static SyntaxNode Whole(SimpleNameSyntax name) => name.Parent is MemberAccessExpressionSyntax access && access.Name == name ? access : name;

    // The id leads the code fix to the declaration, in whatever project it is.
    private static void Report(SemanticModelAnalysisContext context, SyntaxNode place, IMethodSymbol method, string reason) =>
        context.ReportDiagnostic(new Problem(Rules.NotIntercepted, place.GetLocation(), Names.Short(method), reason)
        {
            Fix = FixProperties.Partial,
            Subject = DocumentationCommentId.CreateDeclarationId(method),
        }.ToDiagnostic());
}
