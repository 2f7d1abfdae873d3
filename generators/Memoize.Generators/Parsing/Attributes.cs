using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Memoize.Generators.Parsing;

/// <summary>Reads the attributes of Memoize off symbols.</summary>
internal static class Attributes
{
    public static AttributeData? Cached(ISymbol symbol) => Find(symbol, "CachedAttribute");

    public static AttributeData? CachedBatch(ISymbol symbol) => Find(symbol, "CachedBatchAttribute");

    /// <summary>The attributes that say what the method evicts or updates, in the order in which they are written.</summary>
    public static IReadOnlyList<AttributeData> Invalidations(ISymbol symbol) =>
        symbol.GetAttributes().Where(IsInvalidation).ToList();

    public static AttributeData? CacheKey(ISymbol symbol) => Find(symbol, "CacheKeyAttribute");

    public static AttributeData? CacheDefaults(ISymbol symbol) => Find(symbol, "CacheDefaultsAttribute");

    public static AttributeData? CacheHandles(ISymbol symbol) => Find(symbol, "CacheHandlesAttribute");

    public static AttributeData? CachedDecorator(ISymbol symbol) => Find(symbol, "CachedDecoratorAttribute");

    /// <summary>All attributes of the assembly of that name.</summary>
    public static IEnumerable<AttributeData> OfAssembly(IAssemblySymbol assembly, string name) => assembly.GetAttributes().Where(attribute => IsOurs(attribute, name));

    /// <summary>
    /// What an attribute is called where it stands on a method: <c>Evicts</c>, also for the one that says the same of a method that is
    /// not ours.
    /// </summary>
    public static string KindOf(AttributeData attribute) => MemberKindOf(attribute) ?? WordOf(attribute);

    /// <summary>As its author wrote it: <c>EvictingMember</c>.</summary>
    public static string WordOf(AttributeData attribute) => attribute.AttributeClass!.Name.Replace("Attribute", "");

    /// <summary>Whether it is on the assembly, and speaks of a method of an interface that is not ours.</summary>
    public static bool IsOfAssembly(AttributeData attribute) => MemberKindOf(attribute) is not null;

    /// <summary>The interface of which an attribute of the assembly speaks.</summary>
    public static INamedTypeSymbol? ServiceOf(AttributeData attribute) =>
        attribute.ConstructorArguments is [{ Kind: TypedConstantKind.Type, Value: INamedTypeSymbol type }, ..] ? type.OriginalDefinition : null;

    /// <summary>
    /// The constructor's arguments as on a method: without those by which an attribute of the assembly says of which method it speaks.
    /// </summary>
    public static IReadOnlyList<TypedConstant> ArgumentsOf(AttributeData attribute)
    {
        var all = attribute.ConstructorArguments;
        return IsOfAssembly(attribute) && all.Length >= 3 ? [.. all.Skip(2).Take(all.Length - 3)] : all;
    }

    /// <summary>The cached method that an attribute names: its type, if that is given, and its name.</summary>
    public static (INamedTypeSymbol? Type, string Name) TargetOf(AttributeData attribute, IMethodSymbol method) => ArgumentsOf(attribute) switch
    {
        [{ Value: INamedTypeSymbol type }, { Value: string name }] => (type, name),
        [{ Value: string name }] => (OwnerFor(attribute, method), name),
        _ => (null, ""),
    };

    // Without a type, it is a method of the interface that is named, which may inherit the one that evicts.
    private static INamedTypeSymbol OwnerFor(AttributeData attribute, IMethodSymbol method)
    {
        var own = method.ContainingType;
        return !IsOfAssembly(attribute) || ServiceOf(attribute) is not { } service || SymbolEqualityComparer.Default.Equals(service, own.OriginalDefinition) ? own
            : service.IsGenericType ? service.ConstructUnboundGenericType()
            : service;
    }

    private static string? MemberKindOf(AttributeData attribute) => attribute.AttributeClass is { } type && IsOurs(type)
        ? type.Name switch
        {
            "CachedMemberAttribute" => "Cached",
            "CachedBatchMemberAttribute" => "CachedBatch",
            "EvictingMemberAttribute" => "Evicts",
            "UpdatingMemberAttribute" => "Updates",
            "TagEvictingMemberAttribute" => "EvictsTag",
            _ => null,
        }
        : null;

    /// <summary>Whether calls of the method are to go through a generated wrapper.</summary>
    public static bool IsWrapped(ISymbol symbol) => symbol.GetAttributes().Any(static attribute =>
        IsOurs(attribute, "CachedAttribute") || IsOurs(attribute, "CachedBatchAttribute") || IsInvalidation(attribute));

    /// <summary>Whether the method, in another assembly, is the generated wrapper of a partial method.</summary>
    public static bool IsWrapper(ISymbol symbol) => Find(symbol, "CacheWrapperAttribute") is not null;

    public static IEnumerable<AttributeData> CacheVaryBy(IAssemblySymbol assembly) => OfAssembly(assembly, "CacheVaryByAttribute");

    public static AttributeData? NotInKey(ISymbol symbol) => Find(symbol, "NotInKeyAttribute");

    public static bool IsNotInKey(ISymbol symbol) => NotInKey(symbol) is not null;

    public static T Named<T>(this AttributeData attribute, string name, T fallback)
    {
        foreach (var argument in attribute.NamedArguments)
        {
            if (argument.Key == name && argument.Value is { Kind: not TypedConstantKind.Error, Value: T value })
            {
                return value;
            }
        }

        return fallback;
    }

    public static bool HasNamed(this AttributeData attribute, string name) => attribute.NamedArguments.Any(a => a.Key == name);

    public static Location? LocationOf(this AttributeData attribute, CancellationToken cancellation) =>
        attribute.ApplicationSyntaxReference?.GetSyntax(cancellation).GetLocation();

    /// <summary>Where one of its options stands; where the attribute does, if that cannot be told.</summary>
    public static Location? LocationOf(this AttributeData attribute, string option, CancellationToken cancellation) =>
        (attribute.ApplicationSyntaxReference?.GetSyntax(cancellation) as AttributeSyntax)?.ArgumentList?.Arguments
            .FirstOrDefault(argument => argument.NameEquals?.Name.Identifier.ValueText == option)?.GetLocation()
        ?? attribute.LocationOf(cancellation);

    private static AttributeData? Find(ISymbol symbol, string name)
    {
        foreach (var attribute in symbol.GetAttributes())
        {
            if (IsOurs(attribute, name))
            {
                return attribute;
            }
        }

        return null;
    }

    private static bool IsOurs(AttributeData attribute, string name) => attribute.AttributeClass is { } type && type.Name == name && IsOurs(type);

    private static bool IsInvalidation(AttributeData attribute) =>
        attribute.AttributeClass is { Name: "EvictsAttribute" or "UpdatesAttribute" or "EvictsTagAttribute" } type && IsOurs(type);

    private static bool IsOurs(INamedTypeSymbol type) =>
        type.ContainingNamespace is { Name: "Memoize", ContainingNamespace.IsGlobalNamespace: true };
}
