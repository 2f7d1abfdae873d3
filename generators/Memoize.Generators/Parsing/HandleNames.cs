using Microsoft.CodeAnalysis;

namespace Memoize.Generators.Parsing;

/// <summary>Finds out whether the class of a type's handles can have its name.</summary>
internal static class HandleNames
{
    public static string? WhyTaken(INamedTypeSymbol type, string wanted, int arity, Compilation compilation, CancellationToken cancellation)
    {
        foreach (var other in type.ContainingNamespace.GetTypeMembers(wanted, arity))
        {
            // An analyzer sees what the generator wrote.
            if (SymbolEqualityComparer.Default.Equals(other.ContainingAssembly, compilation.Assembly) && !IsOurs(other))
            {
                return "there is already a type of that name";
            }
        }

        // Outer.Inner and OuterInner both ask for OuterInnerCache; so do two nested types of one name in partial spellings.
        foreach (var other in Candidates(type, wanted))
        {
            cancellation.ThrowIfCancellationRequested();
            if (!SymbolEqualityComparer.Default.Equals(other, type)
                && CellNames.TypeParametersOf(other).Count() == arity
                && NameOf(other) == wanted
                && other.GetMembers().Any(m => m is IMethodSymbol && Attributes.Cached(m) is not null))
            {
                return $"'{Names.Short(other)}' wants the same name";
            }
        }

        return null;
    }

    private static bool IsOurs(INamedTypeSymbol type) => type.GetAttributes().Any(a =>
        a is { AttributeClass.Name: "GeneratedCodeAttribute", ConstructorArguments: [{ Value: "Memoize" }, ..] });

    /// <summary>The name that the author chose, or <c>{Type}Cache</c>; nested types spell out the types around them.</summary>
    public static string NameOf(INamedTypeSymbol type) =>
        Attributes.CacheHandles(type)?.ConstructorArguments is [{ Value: string chosen }]
            ? chosen
            : string.Concat(Names.ContainersOf(type).Select(t => t.Name)) + "Cache";

    // Only names that can spell the wanted one, or types that chose a name, can collide.
    private static IEnumerable<INamedTypeSymbol> Candidates(INamedTypeSymbol type, string wanted)
    {
        var pending = new Stack<INamedTypeSymbol>(type.ContainingNamespace.GetTypeMembers());
        while (pending.Count > 0)
        {
            var current = pending.Pop();
            if (current.Name.Length > 0 && (Attributes.CacheHandles(current) is not null || wanted.Contains(current.Name)))
            {
                yield return current;
            }

            foreach (var nested in current.GetTypeMembers())
            {
                pending.Push(nested);
            }
        }
    }
}
