using Memoize.Generators.Model;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Memoize.Generators.Parsing;

/// <summary>Decides which calls of cached methods are intercepted. The generator and the analyzer ask the same question.</summary>
internal static class CallSites
{
    /// <summary>A call as far as syntax tells: <c>M()</c>, <c>x.M()</c>, <c>x?.M()</c>, with or without type arguments.</summary>
    public static SimpleNameSyntax? NameOf(SyntaxNode node) =>
        node is InvocationExpressionSyntax { Expression: not MemberAccessExpressionSyntax { RawKind: (int)SyntaxKind.PointerMemberAccessExpression } } invocation
            ? CalledName(invocation)
            : null;

    /// <summary>The same, <c>x->M()</c> included, which cannot be intercepted.</summary>
    public static SimpleNameSyntax? CalledName(InvocationExpressionSyntax invocation) => invocation.Expression switch
    {
        MemberAccessExpressionSyntax access => access.Name,
        MemberBindingExpressionSyntax binding => binding.Name,
        SimpleNameSyntax name => name,
        _ => null,
    };

    /// <summary>The call that the name is the name of; null where it is mentioned without being called.</summary>
    public static InvocationExpressionSyntax? CallOf(SimpleNameSyntax name) => InvocationOf(name) is { } invocation && NameOf(invocation) == name ? invocation : null;

    /// <summary>The same, <c>x->M()</c> included.</summary>
    public static InvocationExpressionSyntax? InvocationOf(SimpleNameSyntax name)
    {
        var called = name.Parent is MemberAccessExpressionSyntax or MemberBindingExpressionSyntax ? name.Parent : name;
        return called.Parent is InvocationExpressionSyntax invocation && CalledName(invocation) == name ? invocation : null;
    }

    /// <summary>The model of an intercepted call; null for every other one.</summary>
    public static CallSiteModel? Read(InvocationExpressionSyntax invocation, SemanticModel model, CancellationToken cancellation)
    {
        if (ForwarderOf(invocation, model, cancellation) is not { } forwarder
            || model.GetInterceptableLocation(invocation, cancellation) is not { } location)
        {
            return null;
        }

        return new CallSiteModel(
            NameOf(invocation)!.GetLocation().GetLineSpan().StartLinePosition.Line + 1,
            location.GetInterceptsLocationAttributeSyntax(),
            forwarder);
    }

    private static ForwarderModel? ForwarderOf(InvocationExpressionSyntax invocation, SemanticModel model, CancellationToken cancellation)
    {
        var facts = CompilationFacts.Of(model.Compilation);
        if (PlainCalls.MethodOf(invocation, model, facts.DynamicSources, cancellation) is { } method)
        {
            return facts.TargetOf(Declared(method), cancellation)?.Forwarder;
        }

        return TargetOf(invocation, model, cancellation, out _) is { Forwarder: { } forwarder } && Obstacle(invocation, model, cancellation) is null
            ? forwarder
            : null;
    }

    /// <summary>The cell that should take the call; null where the call is not one of a cached method.</summary>
    public static Target? TargetOf(InvocationExpressionSyntax invocation, SemanticModel model, CancellationToken cancellation, out IMethodSymbol? method)
    {
        method = null;
        var facts = CompilationFacts.Of(model.Compilation);
        if (NameOf(invocation) is not { } name
            || !facts.MayBeCached(name.Identifier.ValueText)
            || model.GetSymbolInfo(invocation, cancellation) is not { Symbol: IMethodSymbol symbol, CandidateReason: CandidateReason.None })
        {
            return null;
        }

        method = ExtensionMembers.Implementation((symbol.ReducedFrom ?? symbol).OriginalDefinition);
        return facts.TargetOf(Declared(method), cancellation);
    }

    private static IMethodSymbol Declared(IMethodSymbol method) => method.IsPartialImplementation() ? method.PartialDefinitionPart! : method;

    /// <summary>Why this call must reach the original, as the end of a sentence; null where it is intercepted.</summary>
    public static string? Obstacle(InvocationExpressionSyntax invocation, SemanticModel model, CancellationToken cancellation)
    {
        var receiver = invocation.Expression switch
        {
            MemberAccessExpressionSyntax access => access.Expression,
            MemberBindingExpressionSyntax when ConditionalReceiver(invocation) is { } conditional => conditional,
            _ => null,
        };
        if (receiver is BaseExpressionSyntax)
        {
            return "'base' asks for exactly this implementation, and an interceptor could only call the overriding one";
        }

        // What an extension method extends is an argument like any other.
        if (receiver is not null
            && model.GetTypeInfo(receiver, cancellation).Type is ITypeParameterSymbol parameter
            && model.GetSymbolInfo(invocation, cancellation).Symbol is not IMethodSymbol { ReducedFrom: not null })
        {
            return $"its receiver is of the type parameter '{parameter.Name}', and an interceptor would box or copy it";
        }

        return IsInExpressionTree(invocation, model, cancellation)
            ? "it stands in an expression tree, which describes the call to somebody else"
            : null;
    }

    private static ExpressionSyntax? ConditionalReceiver(SyntaxNode node)
    {
        for (var current = node; current.Parent is { } parent; current = parent)
        {
            if (parent is ConditionalAccessExpressionSyntax conditional && conditional.WhenNotNull == current)
            {
                return conditional.Expression;
            }
        }

        return null;
    }

    private static bool IsInExpressionTree(SyntaxNode node, SemanticModel model, CancellationToken cancellation)
    {
        for (var current = node.Parent; current is not null and not MemberDeclarationSyntax; current = current.Parent)
        {
            switch (current)
            {
                case LambdaExpressionSyntax when IsExpression(model.GetTypeInfo(current, cancellation).ConvertedType):
                case QueryExpressionSyntax query when IsDescribed(query, model, cancellation):
                    return true;
            }
        }

        return false;
    }

    private static bool IsExpression(ITypeSymbol? type) =>
        type is INamedTypeSymbol { Name: "Expression" or "LambdaExpression", ContainingNamespace: { Name: "Expressions", ContainingNamespace.Name: "Linq" } };

    // The clauses become calls; where one of them takes an expression, the query is described to somebody else.
    private static bool IsDescribed(QueryExpressionSyntax query, SemanticModel model, CancellationToken cancellation)
    {
        for (QueryBodySyntax? body = query.Body; body is not null; body = body.Continuation?.Body)
        {
            var calls = body.Clauses.Select(clause => model.GetQueryClauseInfo(clause, cancellation).OperationInfo.Symbol)
                .Concat(body.Clauses.OfType<OrderByClauseSyntax>().SelectMany(clause => clause.Orderings).Select(ordering => model.GetSymbolInfo(ordering, cancellation).Symbol))
                .Append(model.GetSymbolInfo(body.SelectOrGroup, cancellation).Symbol);
            if (calls.OfType<IMethodSymbol>().Any(call => call.Parameters.Any(parameter => IsExpression(parameter.Type))))
            {
                return true;
            }
        }

        return false;
    }
}
