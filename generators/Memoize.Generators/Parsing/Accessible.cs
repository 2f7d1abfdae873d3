using Microsoft.CodeAnalysis;

namespace Memoize.Generators.Parsing;

/// <summary>What generated code outside the user's types can name.</summary>
internal static class Accessible
{
    /// <summary>The first part of the type that generated code cannot name, or null.</summary>
    public static ITypeSymbol? FirstHidden(ITypeSymbol type)
    {
        switch (type)
        {
            case IArrayTypeSymbol array:
                return FirstHidden(array.ElementType);
            case INamedTypeSymbol named:
                for (var current = named; current is not null; current = current.ContainingType)
                {
                    if (current.IsFileLocal || !IsVisible(current.DeclaredAccessibility))
                    {
                        return current;
                    }
                }

                return named.TypeArguments.Select(FirstHidden).FirstOrDefault(hidden => hidden is not null)
                    ?? (named.ContainingType is { } container ? FirstHidden(container) : null);
            default:
                return null;
        }
    }

    /// <summary>Whether a member of an accessible type can be named in its assembly.</summary>
    public static bool IsVisible(Accessibility accessibility) =>
        accessibility is Accessibility.Public or Accessibility.Internal or Accessibility.ProtectedOrInternal or Accessibility.NotApplicable;

    /// <summary>Whether other assemblies can call the member, directly or as a base type.</summary>
    public static bool IsExported(ISymbol symbol)
    {
        for (var current = symbol; current is not null and not INamespaceSymbol; current = current.ContainingSymbol)
        {
            if (current.DeclaredAccessibility is not (Accessibility.Public or Accessibility.Protected or Accessibility.ProtectedOrInternal))
            {
                return false;
            }
        }

        return true;
    }
}
