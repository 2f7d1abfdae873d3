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
            if (DeclaresOwn(current))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>
    /// The base class that a type has its equality from, and what the type adds that this equality cannot know; null where it has one of
    /// its own, adds nothing, or overrides something that the base may compare by.
    /// </summary>
    public static (INamedTypeSymbol Base, ISymbol Unseen)? LeftOut(INamedTypeSymbol type)
    {
        ISymbol? added = null;
        for (INamedTypeSymbol? current = type; current is not null && !IsRoot(current) && !IsRecord(current); current = current.BaseType)
        {
            if (DeclaresOwn(current))
            {
                return added is null ? null : (current, added);
            }

            var members = current.GetMembers();
            if (members.Any(static m => m is { IsOverride: true, Name: not nameof(ToString) }))
            {
                return null;
            }

            added = members.Select(StateOf).FirstOrDefault(static state => state is not null) ?? added;
        }

        return null;
    }

    // What an instance holds; in metadata, where private fields may be missing, by its properties.
    private static ISymbol? StateOf(ISymbol member) => member switch
    {
        IFieldSymbol { IsStatic: false, IsConst: false } field => field.AssociatedSymbol ?? field,
        IPropertySymbol { IsStatic: false, IsIndexer: false, GetMethod: { } getter } property
            when !member.Locations.Any(static l => l.IsInSource) && IsCompilerGenerated(getter) => property,
        _ => null,
    };

    /// <summary>Whether the compiler wrote the type's equality. In metadata a record struct shows only by that.</summary>
    public static bool IsRecord(INamedTypeSymbol type) => type.IsRecord
        || (type.IsValueType && type.GetMembers(nameof(Equals)).OfType<IMethodSymbol>().Any(m => m.IsOverride && IsCompilerGenerated(m)));

    /// <summary>The members that the synthesised equality of a record compares; none for a type that wrote its own.</summary>
    public static IEnumerable<(ISymbol Member, ITypeSymbol Type)> ComparedByRecord(INamedTypeSymbol type)
    {
        for (INamedTypeSymbol? current = type; current is not null && IsRecord(current) && !DeclaresOwn(current); current = current.BaseType)
        {
            foreach (var member in current.GetMembers())
            {
                switch (member)
                {
                    case IFieldSymbol { IsStatic: false } field:
                        yield return (field.AssociatedSymbol ?? field, field.Type);
                        break;

                    // The compiler does not read the private fields of other assemblies; their properties tell the same.
                    case IPropertySymbol { IsStatic: false, IsIndexer: false, Name: not "EqualityContract", GetMethod: { } getter } property
                        when !member.Locations.Any(l => l.IsInSource) && IsCompilerGenerated(getter):
                        yield return (property, property.Type);
                        break;
                }
            }
        }
    }

    private static bool DeclaresOwn(INamedTypeSymbol type)
    {
        var explicitly = type.GetMembers(nameof(Equals)).OfType<IMethodSymbol>().Any(m => !IsSynthesised(m)
            && !IsHidden(m)
            && m.Parameters.Length == 1
            && (m.IsOverride || (IsRecord(type) && SymbolEqualityComparer.Default.Equals(m.Parameters[0].Type, type))));
        return explicitly
            && (IsRecord(type) || type.GetMembers(nameof(GetHashCode)).OfType<IMethodSymbol>().Any(m => !IsSynthesised(m) && m.IsOverride));
    }

    // Overridden only to keep it out of the lists of editors: fluent classes and contexts do so, and call the base.
    private static bool IsHidden(IMethodSymbol method) => method.GetAttributes().Any(a =>
        a is { AttributeClass.Name: "EditorBrowsableAttribute", ConstructorArguments: [{ Value: 1 }] });

    private static bool IsSynthesised(IMethodSymbol method) => method.IsImplicitlyDeclared || IsCompilerGenerated(method);

    private static bool IsCompilerGenerated(IMethodSymbol method) =>
        method.GetAttributes().Any(a => a.AttributeClass is { Name: "CompilerGeneratedAttribute", ContainingNamespace.Name: "CompilerServices" });

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
