using Microsoft.CodeAnalysis;

namespace Memoize.Generators.Parsing;

/// <summary>Which method a virtual call may end in.</summary>
internal static class Dispatch
{
    /// <summary>Whether a call of the interface or base member can run the method instead.</summary>
    /// <param name="dispatched">The member that is called, of the interface or class as it is constructed there.</param>
    /// <param name="method">The method.</param>
    /// <param name="derived">Classes that derive from that of the method: one may name an interface, and inherit what implements it.</param>
    /// <param name="compilation">The compilation.</param>
    public static bool MayEndIn(IMethodSymbol dispatched, IMethodSymbol method, Func<IEnumerable<INamedTypeSymbol>> derived, Compilation compilation)
    {
        for (var overridden = method.OverriddenMethod; overridden is not null; overridden = overridden.OverriddenMethod)
        {
            if (IsSame(overridden, dispatched, compilation))
            {
                return true;
            }
        }

        return dispatched.ContainingType.TypeKind == TypeKind.Interface
            && (Implements(method.ContainingType, dispatched, method, compilation)
                || (!method.ContainingType.IsSealed && derived().Any(type => Implements(type, dispatched, method, compilation))));
    }

    private static bool Implements(INamedTypeSymbol type, IMethodSymbol dispatched, IMethodSymbol method, Compilation compilation) => type.AllInterfaces
        .SelectMany(i => i.GetMembers(dispatched.Name))
        .OfType<IMethodSymbol>()
        .Where(member => IsSame(member, dispatched, compilation))
        .Any(member => SymbolEqualityComparer.Default.Equals(type.FindImplementationForInterfaceMember(member)?.OriginalDefinition, method));

    // IComparer<int>.Compare does not end in what implements IComparer<string>; with a type parameter in either, nobody can say.
    private static bool IsSame(IMethodSymbol member, IMethodSymbol dispatched, Compilation compilation) =>
        SymbolEqualityComparer.Default.Equals(member.OriginalDefinition, dispatched.OriginalDefinition)
        && (compilation.ClassifyCommonConversion(member.ContainingType, dispatched.ContainingType).IsImplicit
            || Mentions.Any(member.ContainingType, IsOpen)
            || Mentions.Any(dispatched.ContainingType, IsOpen));

    private static bool IsOpen(ITypeSymbol type) => type.TypeKind == TypeKind.TypeParameter;
}
