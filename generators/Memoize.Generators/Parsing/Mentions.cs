using Microsoft.CodeAnalysis;

namespace Memoize.Generators.Parsing;

/// <summary>What a type mentions anywhere inside it.</summary>
internal static class Mentions
{
    public static bool Error(ITypeSymbol type) => Any(type, static t => t.TypeKind == TypeKind.Error);

    public static bool Pointer(ITypeSymbol type) => Any(type, static t => t.TypeKind is TypeKind.Pointer or TypeKind.FunctionPointer);

    public static bool Any(ITypeSymbol type, Func<ITypeSymbol, bool> predicate) => predicate(type) || type switch
    {
        IArrayTypeSymbol array => Any(array.ElementType, predicate),
        IPointerTypeSymbol pointer => Any(pointer.PointedAtType, predicate),
        INamedTypeSymbol named => named.TypeArguments.Any(argument => Any(argument, predicate))
            || (named.ContainingType is { } container && Any(container, predicate)),
        _ => false,
    };

    /// <summary>Whether the method is the half of a partial method that holds the body.</summary>
    public static bool IsPartialImplementation(this IMethodSymbol method) => method.PartialDefinitionPart is not null;
}
