using Microsoft.CodeAnalysis;

namespace Memoize.Generators.Parsing;

/// <summary>What a type derives from.</summary>
internal static class Lineage
{
    /// <summary>The types whose members it has: itself and its base classes, nearest first; an interface and those that it inherits.</summary>
    public static IEnumerable<ITypeSymbol> Of(ITypeSymbol type)
    {
        for (ITypeSymbol? current = type; current is not null; current = current.BaseType)
        {
            yield return current;
        }

        foreach (var inherited in type.TypeKind == TypeKind.Interface ? type.AllInterfaces : [])
        {
            yield return inherited;
        }
    }

    /// <summary>Whether the type is the class, or derives from it, of whatever type arguments.</summary>
    public static bool IsOrDerivesFrom(ITypeSymbol type, INamedTypeSymbol? wanted)
    {
        for (ITypeSymbol? current = type; current is not null; current = current.BaseType)
        {
            if (SymbolEqualityComparer.Default.Equals(current.OriginalDefinition, wanted?.OriginalDefinition))
            {
                return true;
            }
        }

        return false;
    }
}
