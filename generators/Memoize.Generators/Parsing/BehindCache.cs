using Microsoft.CodeAnalysis;

namespace Memoize.Generators.Parsing;

/// <summary>Methods without an attribute whose results are remembered all the same: they run behind the cache of another.</summary>
internal static class BehindCache
{
    /// <summary>The cached method that the method overrides or implements; null where there is none.</summary>
    public static IMethodSymbol? FrontOf(IMethodSymbol method, CompilationFacts facts)
    {
        if (method.IsAbstract || method.IsStatic || method.MethodKind is not (MethodKind.Ordinary or MethodKind.ExplicitInterfaceImplementation))
        {
            return null;
        }

        // The name first: attributes of a method are a question to its compilation, and most programs have many methods.
        var name = method.MethodKind == MethodKind.ExplicitInterfaceImplementation && method.ExplicitInterfaceImplementations is [var explicitly, ..] ? explicitly.Name : method.Name;
        return facts.MayBeCached(name) && Attributes.Cached(method) is null ? Overridden(method) ?? Implemented(method, name) : null;
    }

    // The nearest attribute is the one whose cache the calls go through.
    private static IMethodSymbol? Overridden(IMethodSymbol method)
    {
        for (var overridden = method.OverriddenMethod; overridden is not null; overridden = overridden.OverriddenMethod)
        {
            if (Attributes.Cached(overridden) is not null)
            {
                return overridden.OriginalDefinition;
            }
        }

        return null;
    }

    // A generated decorator asks the implementation.
    private static IMethodSymbol? Implemented(IMethodSymbol method, string name) => method.ContainingType is { TypeKind: TypeKind.Class or TypeKind.Struct } type
        ? type.AllInterfaces
            .SelectMany(i => i.GetMembers(name))
            .OfType<IMethodSymbol>()
            .FirstOrDefault(member => Attributes.Cached(member) is not null
                && SymbolEqualityComparer.Default.Equals(type.FindImplementationForInterfaceMember(member), method))
            ?.OriginalDefinition
        : null;
}
