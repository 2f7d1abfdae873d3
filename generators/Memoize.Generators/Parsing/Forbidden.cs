using Microsoft.CodeAnalysis;

namespace Memoize.Generators.Parsing;

/// <summary>What is marked <c>[Obsolete(…, error: true)]</c>: only code that is obsolete itself may name it, and generated code is not.</summary>
internal static class Forbidden
{
    /// <summary>The first such thing that a call of the member would name; null where there is none.</summary>
    public static ISymbol? In(ISymbol member)
    {
        if (Is(member))
        {
            return member;
        }

        IEnumerable<ITypeSymbol> types = member switch
        {
            IMethodSymbol method => method.Parameters.Select(p => p.Type).Append(method.ReturnType).Concat(method.TypeParameters.SelectMany(p => p.ConstraintTypes)),
            IPropertySymbol property => property.Parameters.Select(p => p.Type).Append(property.Type),
            IEventSymbol @event => [@event.Type],
            _ => [],
        };
        ISymbol? found = null;
        return types.Append(member.ContainingType).Any(type => Mentions.Any(type, part => (found = Of(part)) is not null)) ? found : null;
    }

    private static INamedTypeSymbol? Of(ITypeSymbol type)
    {
        for (var current = type as INamedTypeSymbol; current is not null; current = current.ContainingType)
        {
            if (Is(current))
            {
                return current;
            }
        }

        return null;
    }

    private static bool Is(ISymbol symbol) => symbol.OriginalDefinition.GetAttributes().Any(static attribute =>
        attribute.AttributeClass is { Name: "ObsoleteAttribute", ContainingNamespace: { Name: "System", ContainingNamespace.IsGlobalNamespace: true } }
        && attribute.ConstructorArguments is [_, { Value: true }]);
}
