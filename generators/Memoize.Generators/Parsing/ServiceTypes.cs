using Microsoft.CodeAnalysis;

namespace Memoize.Generators.Parsing;

/// <summary>
/// Tells services from data. A service (an interface, an abstract class, a class that only does things) is the same for every
/// instance as far as results go; data is what makes instances differ.
/// </summary>
internal static class ServiceTypes
{
    public static bool IsService(ITypeSymbol type)
    {
        if (KnownTypes.IsKeyableByValue(type))
        {
            return false;
        }

        if (type.TypeKind == TypeKind.Interface)
        {
            return !IsCollection(type);
        }

        if (type is not INamedTypeSymbol { TypeKind: TypeKind.Class, IsRecord: false } named
            || type.SpecialType is SpecialType.System_Object or SpecialType.System_String
            || IsCollection(type))
        {
            return false;
        }

        return named.IsAbstract || (DoesSomething(named) && !ShowsData(named));
    }

    // DbSet and its like are doors to data elsewhere.
    private static bool IsQueryable(ITypeSymbol type) =>
        type.AllInterfaces.Any(i => i is { Name: "IQueryable", ContainingNamespace.Name: "Linq" });

    private static bool IsCollection(ITypeSymbol type) =>
        type.SpecialType == SpecialType.System_Collections_IEnumerable
        || type.AllInterfaces.Any(i => i.SpecialType == SpecialType.System_Collections_IEnumerable);

    private static bool DoesSomething(INamedTypeSymbol type) => Members(type).Any(member =>
        member is IMethodSymbol { MethodKind: MethodKind.Ordinary, IsStatic: false, IsOverride: false, IsImplicitlyDeclared: false } method
        && IsSeen(method)
        && method.Name is not ("Deconstruct" or "Clone" or "CompareTo" or nameof(Equals) or nameof(IDisposable.Dispose)));

    private static bool ShowsData(INamedTypeSymbol type) => Members(type).Any(member =>
        IsSeen(member) && member switch
        {
            IPropertySymbol { IsStatic: false } property => !IsQueryable(property.Type) && !IsServiceShallow(property.Type),
            IFieldSymbol { IsStatic: false, IsConst: false, AssociatedSymbol: null } field => !IsServiceShallow(field.Type),
            _ => false,
        });

    // One level is enough here, and a class that shows itself cannot send us round in circles.
    private static bool IsServiceShallow(ITypeSymbol type) =>
        !IsCollection(type) && (type.TypeKind == TypeKind.Interface
            || type is INamedTypeSymbol { TypeKind: TypeKind.Class, IsRecord: false, SpecialType: not SpecialType.System_String } named
            && (named.IsAbstract || DoesSomething(named)));

    private static bool IsSeen(ISymbol member) => member.DeclaredAccessibility is Accessibility.Public or Accessibility.Internal or Accessibility.ProtectedOrInternal;

    private static IEnumerable<ISymbol> Members(INamedTypeSymbol type)
    {
        for (INamedTypeSymbol? current = type; current is { SpecialType: not SpecialType.System_Object }; current = current.BaseType)
        {
            foreach (var member in current.GetMembers())
            {
                yield return member;
            }
        }
    }
}
