using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace Memoize.Generators.Parsing;

/// <summary>One place where a call reaches, or will reach, the original of a cached method without its cache.</summary>
/// <param name="Place">What to point at.</param>
/// <param name="Method">The cached method.</param>
/// <param name="Reason">Why, as the end of a sentence, and what to do.</param>
internal sealed record Bypass(SyntaxNode Place, IMethodSymbol Method, string Reason)
{
    /// <summary>Whether the cache would be on the way if the method were partial.</summary>
    public bool EndsWithPartial { get; init; } = true;
}

/// <summary>Finds the places where the plain door is passed by. The analyzer points at them, and the report lists them.</summary>
internal static class Bypasses
{
    /// <summary>What is wrong at a place where the name of a cached method is used; null where it is something else, or goes through the cache.</summary>
    public static Bypass? At(SimpleNameSyntax name, CompilationFacts facts, CancellationToken cancellation)
    {
        var model = facts.ModelOf(name.SyntaxTree);
        return CallSites.CallOf(name) is { } call ? Called(call, name, model, facts, cancellation) : Mentioned(name, model, facts, cancellation);
    }

    private static Bypass? Called(InvocationExpressionSyntax call, SimpleNameSyntax name, SemanticModel model, CompilationFacts facts, CancellationToken cancellation)
    {
        if (CallSites.TargetOf(call, model, cancellation, out var method) is { } target)
        {
            var reason = target.Forwarder is null ? target.Obstacle : CallSites.Obstacle(call, model, cancellation);
            if (reason is null && facts.HasTwin(call.SyntaxTree))
            {
                reason = "another file of the project has the same content, and the compiler cannot tell the calls in the two apart";
            }

            return reason is null ? null : new Bypass(name, method!, reason);
        }

        return model.GetSymbolInfo(call, cancellation) is { Symbol: IMethodSymbol dispatched, CandidateReason: CandidateReason.None }
            ? Dispatched(name, dispatched, facts, cancellation)
            : Dynamic(call, model, facts, cancellation);
    }

    // The attribute is on an implementation or an override, and this call does not know of it.
    private static Bypass? Dispatched(SyntaxNode place, IMethodSymbol dispatched, CompilationFacts facts, CancellationToken cancellation)
    {
        if (Attributes.IsWrapped(dispatched))
        {
            return null;
        }

        if (Overridden(dispatched, facts, cancellation) is { } overridden)
        {
            return new Bypass(place, overridden, $"it is bound to the override '{Names.Short(dispatched.OriginalDefinition)}', and attributes are not inherited; give the override one of its own")
            {
                EndsWithPartial = false,
            };
        }

        if (facts.CachedBehind(dispatched, cancellation) is not { } cached)
        {
            return null;
        }

        var kind = dispatched.ContainingType.TypeKind == TypeKind.Interface ? "interface" : "base class";
        return new Bypass(place, cached, $"it goes through the {kind} '{Names.Short(dispatched.ContainingType.OriginalDefinition)}', which knows nothing of the cache; make the method partial, or call it through '{Names.Short(cached.ContainingType)}'");
    }

    // The attribute is on what the method overrides, and the compiler binds calls to the override that it knows.
    private static IMethodSymbol? Overridden(IMethodSymbol method, CompilationFacts facts, CancellationToken cancellation)
    {
        for (var overridden = method.OverriddenMethod; overridden is not null; overridden = overridden.OverriddenMethod)
        {
            if (Attributes.IsWrapped(overridden))
            {
                var definition = overridden.OriginalDefinition;
                return Attributes.IsWrapper(definition) || facts.TargetOf(definition, cancellation) is not null || facts.WrapperOf(definition, cancellation) is not null ? definition : null;
            }
        }

        return null;
    }

    private static Bypass? Dynamic(InvocationExpressionSyntax call, SemanticModel model, CompilationFacts facts, CancellationToken cancellation)
    {
        if (model.GetOperation(call, cancellation) is not IDynamicInvocationOperation operation)
        {
            return null;
        }

        var candidates = model.GetSymbolInfo(call, cancellation).CandidateSymbols.Concat(model.GetMemberGroup(call.Expression, cancellation));
        if (FirstCached(candidates, facts, cancellation) is { } cached)
        {
            return new Bypass(call, cached, "it is bound at run time, because an argument is dynamic; cast the argument to its type");
        }

        return DynamicCalls.MayReach(operation, facts, model.Compilation, cancellation) is { } reached
            ? new Bypass(call, reached, $"it is bound at run time, because its receiver is dynamic; cast the receiver to '{Names.Short(reached.ContainingType)}', or make the method partial")
            : null;
    }

    private static Bypass? Mentioned(SimpleNameSyntax name, SemanticModel model, CompilationFacts facts, CancellationToken cancellation)
    {
        if (Reflection.NameOfAround(name) is { } text)
        {
            var reflection = new Reflection(model, cancellation);
            return model.GetMemberGroup(name, cancellation).Select(candidate => CachedMethod(candidate, facts, cancellation)).FirstOrDefault(cached => cached is not null && reflection.Finds(text, cached)) is { } named
                ? new Bypass(name, named, "reflection finds the original; make the method partial, so that it is the cached one")
                : null;
        }

        if (Handed(name, model, cancellation) is not { } method)
        {
            return null;
        }

        return CachedMethod(method, facts, cancellation) is { } handed
            ? new Bypass(Whole(name), handed, "a delegate reaches the original; pass a lambda that calls the method, or make the method partial")
            : Dispatched(Whole(name), method, facts, cancellation);
    }

    // As a Delegate, as in MapGet("/", Pages.Home), the group has a type of its own, and the symbol stands in the operation only.
    private static IMethodSymbol? Handed(SimpleNameSyntax name, SemanticModel model, CancellationToken cancellation) =>
        model.GetSymbolInfo(name, cancellation) switch
        {
            { Symbol: var symbol and not null } => symbol as IMethodSymbol,
            { CandidateSymbols.IsEmpty: false } => (model.GetOperation(Whole(name), cancellation) as IMethodReferenceOperation)?.Method,
            _ => null,
        };

    private static IMethodSymbol? FirstCached(IEnumerable<ISymbol> candidates, CompilationFacts facts, CancellationToken cancellation) =>
        candidates.Select(candidate => CachedMethod(candidate, facts, cancellation)).FirstOrDefault(method => method is not null);

    private static IMethodSymbol? CachedMethod(ISymbol? symbol, CompilationFacts facts, CancellationToken cancellation) =>
        symbol is IMethodSymbol method
        && ExtensionMembers.Implementation((method.ReducedFrom ?? method).OriginalDefinition) is var original
        && facts.TargetOf(original, cancellation) is not null
            ? original
            : null;

    private static SyntaxNode Whole(SimpleNameSyntax name) => name.Parent is MemberAccessExpressionSyntax access && access.Name == name ? access : name;
}
