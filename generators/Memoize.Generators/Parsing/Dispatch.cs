using Microsoft.CodeAnalysis;

namespace Memoize.Generators.Parsing;

/// <summary>Which method a virtual call may end in.</summary>
internal static class Dispatch
{
    /// <summary>Whether a call of the interface or base member can run the method instead.</summary>
    public static bool MayEndIn(IMethodSymbol dispatched, IMethodSymbol method)
    {
        for (var overridden = method.OverriddenMethod; overridden is not null; overridden = overridden.OverriddenMethod)
        {
            if (SymbolEqualityComparer.Default.Equals(overridden.OriginalDefinition, dispatched))
            {
                return true;
            }
        }

        return dispatched.ContainingType.TypeKind == TypeKind.Interface
            && method.ContainingType.AllInterfaces
                .Where(i => SymbolEqualityComparer.Default.Equals(i.OriginalDefinition, dispatched.ContainingType))
                .SelectMany(i => i.GetMembers(dispatched.Name))
                .Where(member => SymbolEqualityComparer.Default.Equals(member.OriginalDefinition, dispatched))
                .Any(member => SymbolEqualityComparer.Default.Equals(method.ContainingType.FindImplementationForInterfaceMember(member), method));
    }
}
