using Microsoft.CodeAnalysis;

namespace Memoize.Generators.Parsing;

/// <summary>Finds the method that holds the body of an annotated partial method.</summary>
internal static class PartialCore
{
    /// <summary>Whether the method waits for Memoize to write its other half.</summary>
    /// <remarks>An analyzer sees what the generator wrote, and must judge the method as the generator did.</remarks>
    public static bool IsPartialDoor(IMethodSymbol method) =>
        method is { IsPartialDefinition: true } && (method.PartialImplementationPart is not { } half || Attributes.IsWrapper(half));

    /// <summary>The core of an annotated partial method; null for any other method, and where there is no core.</summary>
    public static IMethodSymbol? BodyOf(IMethodSymbol method) =>
        IsPartialDoor(method) && Attributes.IsWrapped(method)
            ? Find(method, NameOf(method, Attributes.Cached(method) ?? Attributes.CachedBatch(method)), out _)
            : null;

    public static string NameOf(IMethodSymbol method, AttributeData? attribute) =>
        attribute?.Named<string?>("Core", null) is { Length: > 0 } name ? name : method.Name + "Core";

    /// <summary>The core, or what is missing, as the end of a sentence.</summary>
    public static IMethodSymbol? Find(IMethodSymbol method, string name, out string problem)
    {
        var candidates = method.ContainingType.GetMembers(name).OfType<IMethodSymbol>().ToList();
        var matches = candidates.Where(candidate => Fits(method, candidate)).ToList();
        var parameters = string.Join(", ", method.Parameters.Select(p => Names.Short(p)));
        var wanted = $"'{Names.Short(method.ReturnType)} {name}{TypeArguments(method)}({parameters})'";
        problem = (candidates.Count, matches.Count) switch
        {
            (_, 1) => "",
            (0, _) => $"but there is no method {wanted} in '{Names.Short(method.ContainingType)}' that holds its body",
            _ => $"but no '{name}' in '{Names.Short(method.ContainingType)}' has exactly its parameters and result; it must be {wanted}",
        };
        return matches.Count == 1 ? matches[0] : null;
    }

    private static bool Fits(IMethodSymbol method, IMethodSymbol candidate)
    {
        if (candidate.MethodKind != MethodKind.Ordinary
            || SymbolEqualityComparer.Default.Equals(candidate, method)
            || candidate.Arity != method.Arity
            || candidate.Parameters.Length != method.Parameters.Length
            || (method.IsStatic && !candidate.IsStatic))
        {
            return false;
        }

        if (candidate.Arity > 0)
        {
            candidate = candidate.Construct(method.TypeArguments.ToArray());
        }

        return SymbolEqualityComparer.Default.Equals(candidate.ReturnType, method.ReturnType)
            && candidate.RefKind == method.RefKind
            && method.Parameters.Zip(candidate.Parameters, (a, b) => a.RefKind == b.RefKind && SymbolEqualityComparer.Default.Equals(a.Type, b.Type)).All(same => same);
    }

    private static string TypeArguments(IMethodSymbol method) =>
        method.Arity == 0 ? "" : "<" + string.Join(", ", method.TypeParameters.Select(p => p.Name)) + ">";
}
