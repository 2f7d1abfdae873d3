using Microsoft.CodeAnalysis;

namespace Memoize.Generators.Parsing;

/// <summary>
/// Members of C# 14 extension blocks. The compiler gives each an implementation, an ordinary extension method of the class around
/// the block, and that is what is cached: then both spellings of a call meet in one cache.
/// </summary>
internal static class ExtensionMembers
{
    // TypeKind.Extension; the Roslyn that we are compiled against is older than the name.
    private const TypeKind Extension = (TypeKind)14;

    /// <summary>Whether this is the nameless type that an extension block declares.</summary>
    public static bool IsBlock(ISymbol symbol) => symbol is ITypeSymbol { TypeKind: Extension };

    /// <summary>The implementation of an extension block's member; any other method is its own.</summary>
    public static IMethodSymbol Implementation(IMethodSymbol method)
    {
        if (method.ContainingType is not { TypeKind: Extension, ContainingType: { } container })
        {
            return method;
        }

        method = method.OriginalDefinition;
        return container.GetMembers(method.Name).OfType<IMethodSymbol>().FirstOrDefault(m => Implements(m, method)) ?? method;
    }

    private static bool Implements(IMethodSymbol candidate, IMethodSymbol member)
    {
        var receivers = member.IsStatic ? 0 : 1;
        if (!candidate.IsStatic
            || candidate.Arity != member.Arity + member.ContainingType.Arity
            || candidate.Parameters.Length != member.Parameters.Length + receivers)
        {
            return false;
        }

        if (member.Locations.FirstOrDefault() is { IsInSource: true } location)
        {
            return candidate.Locations.FirstOrDefault() == location;
        }

        return candidate.Parameters.Skip(receivers).Select(p => p.Type.ToDisplayString())
            .SequenceEqual(member.Parameters.Select(p => p.Type.ToDisplayString()), StringComparer.Ordinal);
    }
}
