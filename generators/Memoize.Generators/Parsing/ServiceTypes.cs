using Microsoft.CodeAnalysis;

namespace Memoize.Generators.Parsing;

/// <summary>
/// Tells services from data. A service (an interface, an abstract class, a class that only does things) is the same for every
/// instance as far as results go; data is what makes instances differ.
/// </summary>
internal static class ServiceTypes
{
    // Services that show data as well: what they are set up with, not what a result is made of.
    private static readonly HashSet<string> Known = new(StringComparer.Ordinal)
    {
        "Microsoft.EntityFrameworkCore.DbContext", "System.Net.Http.HttpMessageInvoker", "Microsoft.AspNetCore.Identity.UserManager`1",
        "Microsoft.AspNetCore.Identity.RoleManager`1", "Microsoft.AspNetCore.Identity.SignInManager`1", "Microsoft.Extensions.Caching.Memory.MemoryCache",
        "StackExchange.Redis.ConnectionMultiplexer", "System.Diagnostics.ActivitySource", "System.Diagnostics.Metrics.Meter", "NLog.Logger",
        "MongoDB.Driver.MongoClient",
    };

    public static bool IsService(ITypeSymbol type)
    {
        if (IsKnown(type) || IsInjectedServices(type))
        {
            return true;
        }

        if (KnownTypes.IsKeyableByValue(type))
        {
            return false;
        }

        if (type.TypeKind == TypeKind.Interface)
        {
            return !KnownTypes.IsSequence(type);
        }

        if (type is not INamedTypeSymbol { TypeKind: TypeKind.Class, IsRecord: false } named
            || type.SpecialType is SpecialType.System_Object or SpecialType.System_String
            || KnownTypes.IsSequence(type))
        {
            return false;
        }

        return named.IsAbstract || (DoesSomething(named) && !ShowsData(named));
    }

    private static bool IsKnown(ITypeSymbol type)
    {
        for (ITypeSymbol? current = type; current is not null; current = current.BaseType)
        {
            if (Known.Contains(KnownTypes.MetadataName(current)))
            {
                return true;
            }
        }

        return false;
    }

    // All implementations of a service, as containers inject them.
    private static bool IsInjectedServices(ITypeSymbol type) =>
        type is INamedTypeSymbol { OriginalDefinition.SpecialType: SpecialType.System_Collections_Generic_IEnumerable_T, TypeArguments: [var element] }
        && (element is INamedTypeSymbol { Name: "Lazy", TypeArguments: [var inner] } ? inner : element) is { TypeKind: TypeKind.Interface } service
        && !KnownTypes.IsSequence(service)
        && !service.ContainingNamespace.ToDisplayString().StartsWith("System", StringComparison.Ordinal)
        && service.GetMembers().Any(member => member is IMethodSymbol { MethodKind: MethodKind.Ordinary })
        && !service.GetMembers().Concat(service.AllInterfaces.SelectMany(i => i.GetMembers())).Any(member => member is IPropertySymbol);

    // DbSet and its like are doors to data elsewhere.
    private static bool IsQueryable(ITypeSymbol type) =>
        type.AllInterfaces.Any(i => i is { Name: "IQueryable", ContainingNamespace.Name: "Linq" });

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
        !KnownTypes.IsSequence(type) && (type.TypeKind == TypeKind.Interface
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
