using Microsoft.CodeAnalysis;

namespace Memoize.Generators.Parsing;

/// <summary>
/// Annotated members that an interface of ours inherits from one of another assembly, whose own build has made their wrappers. What such a
/// wrapper evicts it evicts whoever calls it. Caches are another matter: they belong to the registrations of its own decorators.
/// </summary>
internal static class InheritedWrappers
{
    /// <summary>The class there that takes the calls of a method that evicts; null where it cannot be called from here, and why.</summary>
    public static INamedTypeSymbol? Of(IMethodSymbol method, Compilation compilation, out string reason)
    {
        var elsewhere = method.ContainingAssembly;
        if (Attributes.Cached(method) is not null || Attributes.CachedBatch(method) is not null)
        {
            reason = $"whose caches are in '{elsewhere.Name}'";
            return null;
        }

        var cell = elsewhere.GetTypeByMetadataName(CellNames.MetadataNameOf(method.OriginalDefinition));
        reason = cell is null ? $"and '{elsewhere.Name}' has no wrapper for it: it was compiled without the generator of Memoize, or its own build refused the method"
            : compilation.GetMetadataReference(elsewhere)?.Properties.Aliases is { Length: > 0 } aliases && !aliases.Contains("global") ? $"and '{elsewhere.Name}' is referenced under the alias '{aliases[0]}' only, which generated code cannot name"
            : !HasEntry(cell, method, compilation) ? $"whose wrapper is internal to '{elsewhere.Name}'"
            : "";
        return reason.Length == 0 ? cell : null;
    }

    /// <summary>
    /// The annotated member of ours that stands in the place of an inherited one: it is declared anew, with the same parameters and the same
    /// result, so that a call of either can go the same way.
    /// </summary>
    public static IMethodSymbol? DeclaredAnew(IMethodSymbol inherited, INamedTypeSymbol heir, Compilation compilation) => heir.AllInterfaces.Prepend(heir)
        .Where(type => IsOurs(type, compilation) && type.AllInterfaces.Contains(inherited.ContainingType, SymbolEqualityComparer.Default))
        .SelectMany(type => type.GetMembers(inherited.Name).OfType<IMethodSymbol>())
        .FirstOrDefault(own => Attributes.IsWrapped(own) && AreAlike(own, inherited));

    /// <summary>Whether the type is of this compilation.</summary>
    public static bool IsOurs(ISymbol symbol, Compilation compilation) => SymbolEqualityComparer.Default.Equals(symbol.ContainingAssembly, compilation.Assembly);

    // The instance first, then what the method takes. One of an earlier version may have had another.
    private static bool HasEntry(INamedTypeSymbol cell, IMethodSymbol method, Compilation compilation) => cell.GetMembers("Invoke").OfType<IMethodSymbol>().Any(entry =>
        entry.IsStatic
        && entry.Arity == method.Arity
        && entry.Parameters.Length == method.Parameters.Length + 1
        && compilation.IsSymbolAccessibleWithin(entry, compilation.Assembly));

    private static bool AreAlike(IMethodSymbol own, IMethodSymbol inherited)
    {
        if (own.Arity != inherited.Arity || own.Parameters.Length != inherited.Parameters.Length)
        {
            return false;
        }

        var same = own.Arity == 0 ? own : own.Construct([.. inherited.TypeParameters]);
        return same.RefKind == inherited.RefKind
            && SymbolEqualityComparer.Default.Equals(same.ReturnType, inherited.ReturnType)
            && same.Parameters.Zip(inherited.Parameters, static (a, b) => a.RefKind == b.RefKind && SymbolEqualityComparer.Default.Equals(a.Type, b.Type)).All(static equal => equal);
    }
}
