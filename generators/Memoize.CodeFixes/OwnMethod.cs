using Memoize.Generators.Parsing;
using Microsoft.CodeAnalysis;

namespace Memoize.CodeFixes;

/// <summary>What a fix has to know before it changes a method for the sake of a cache.</summary>
internal static class OwnMethod
{
    /// <summary>The cached method that the body belongs to; null for a helper, which may have other callers.</summary>
    public static IMethodSymbol? CachedBy(IMethodSymbol core)
    {
        if (Attributes.Cached(core) is not null)
        {
            return core.PartialDefinitionPart ?? core;
        }

        return core.ContainingType.GetMembers().OfType<IMethodSymbol>().FirstOrDefault(method =>
            Attributes.Cached(method) is not null && SymbolEqualityComparer.Default.Equals(PartialCore.BodyOf(method), core));
    }

    /// <summary>Whether nobody else decides about the parameters of the method.</summary>
    public static bool IsFree(IMethodSymbol method) =>
        method is { IsVirtual: false, IsAbstract: false, IsOverride: false, ExplicitInterfaceImplementations.IsEmpty: true }
        && !ExtensionMembers.IsBlock(method.ContainingType)
        && !method.ContainingType.AllInterfaces.SelectMany(i => i.GetMembers(method.Name))
            .Any(member => SymbolEqualityComparer.Default.Equals(method.ContainingType.FindImplementationForInterfaceMember(member), method));
}
