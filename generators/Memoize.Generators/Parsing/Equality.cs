using Microsoft.CodeAnalysis;

namespace Memoize.Generators.Parsing;

/// <summary>What a type's own equality consists of, and whether the object can change under it.</summary>
internal static class Equality
{
    /// <summary>Whether the type, or a base other than object, overrides both Equals and GetHashCode itself.</summary>
    public static bool IsOverridden(INamedTypeSymbol type)
    {
        for (INamedTypeSymbol? current = type; current is not null && !IsRoot(current); current = current.BaseType)
        {
            var equals = current.GetMembers(nameof(Equals)).OfType<IMethodSymbol>();
            var explicitly = equals.Any(m => !m.IsImplicitlyDeclared
                && m.Parameters.Length == 1
                && (m.IsOverride || (current.IsRecord && SymbolEqualityComparer.Default.Equals(m.Parameters[0].Type, current))));
            var hash = current.GetMembers(nameof(GetHashCode)).OfType<IMethodSymbol>().Any(m => !m.IsImplicitlyDeclared && m.IsOverride);
            if (explicitly && (hash || current.IsRecord))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The members that the synthesised equality of a record compares; none for a type that wrote its own.</summary>
    public static IEnumerable<(string Name, ITypeSymbol Type)> ComparedByRecord(INamedTypeSymbol type)
    {
        for (INamedTypeSymbol? current = type; current is { IsRecord: true }; current = current.BaseType)
        {
            if (IsOverridden(current))
            {
                yield break;
            }

            foreach (var field in current.GetMembers().OfType<IFieldSymbol>())
            {
                if (!field.IsStatic)
                {
                    yield return (field.AssociatedSymbol?.Name ?? field.Name, field.Type);
                }
            }
        }
    }

    /// <summary>A member through which the object can be changed after construction, or null.</summary>
    public static ISymbol? MutableMember(INamedTypeSymbol type)
    {
        for (INamedTypeSymbol? current = type; current is not null && !IsRoot(current); current = current.BaseType)
        {
            foreach (var member in current.GetMembers())
            {
                switch (member)
                {
                    case IPropertySymbol { IsStatic: false, SetMethod: { IsInitOnly: false } setter } property
                        when setter.DeclaredAccessibility != Accessibility.Private || IsAuto(property):
                        return property;
                    case IFieldSymbol { IsStatic: false, IsConst: false, IsReadOnly: false, AssociatedSymbol: null, IsImplicitlyDeclared: false } field:
                        return field;
                }
            }
        }

        return null;
    }

    private static bool IsAuto(IPropertySymbol property) =>
        property.ContainingType.GetMembers().OfType<IFieldSymbol>().Any(f => SymbolEqualityComparer.Default.Equals(f.AssociatedSymbol, property));

    private static bool IsRoot(INamedTypeSymbol type) =>
        type.SpecialType is SpecialType.System_Object or SpecialType.System_ValueType or SpecialType.System_Enum;
}
