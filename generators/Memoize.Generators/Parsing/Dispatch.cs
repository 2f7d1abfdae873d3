using Microsoft.CodeAnalysis;

namespace Memoize.Generators.Parsing;

/// <summary>Which method a virtual call may end in.</summary>
internal static class Dispatch
{
    /// <summary>Whether a call of the interface or base member can run the method instead.</summary>
    /// <param name="dispatched">The member that is called.</param>
    /// <param name="method">The method.</param>
    /// <param name="derived">Classes that derive from that of the method: one may name an interface, and inherit what implements it.</param>
    public static bool MayEndIn(IMethodSymbol dispatched, IMethodSymbol method, Func<IEnumerable<INamedTypeSymbol>> derived)
    {
        for (var overridden = method.OverriddenMethod; overridden is not null; overridden = overridden.OverriddenMethod)
        {
            if (SymbolEqualityComparer.Default.Equals(overridden.OriginalDefinition, dispatched))
            {
                return true;
            }
        }

        return dispatched.ContainingType.TypeKind == TypeKind.Interface
            && (Implements(method.ContainingType, dispatched, method)
                || (!method.ContainingType.IsSealed && derived().Any(type => Implements(type, dispatched, method))));
    }

    private static bool Implements(INamedTypeSymbol type, IMethodSymbol dispatched, IMethodSymbol method) => type.AllInterfaces
        .Where(i => SymbolEqualityComparer.Default.Equals(i.OriginalDefinition, dispatched.ContainingType))
        .SelectMany(i => i.GetMembers(dispatched.Name))
        .Where(member => SymbolEqualityComparer.Default.Equals(member.OriginalDefinition, dispatched))
        .Any(member => SymbolEqualityComparer.Default.Equals(type.FindImplementationForInterfaceMember(member)?.OriginalDefinition, method));
}
