using Microsoft.CodeAnalysis;

namespace Memoize.Generators.Parsing.Tiers;

/// <summary>How serializers see a type that a result is made of.</summary>
internal enum StoredKind
{
    /// <summary>Written as it is: numbers, text, dates.</summary>
    Plain,

    /// <summary>The names and numbers of an enum.</summary>
    Enum,

    /// <summary>Its part, or nothing.</summary>
    Nullable,

    /// <summary>Elements, in one row or in several dimensions.</summary>
    Array,

    /// <summary>A collection of the framework, made of its parts.</summary>
    Collection,

    /// <summary>Members.</summary>
    Object,

    /// <summary>It does not say what it holds.</summary>
    Other,
}

/// <summary>What a result is made of, as far as serializers are concerned.</summary>
internal static class StoredType
{
    private static readonly HashSet<string> Plain = new(StringComparer.Ordinal)
    {
        "System.Guid", "System.DateTimeOffset", "System.TimeSpan", "System.DateOnly", "System.TimeOnly", "System.Uri", "System.Version",
        "System.Half", "System.Int128", "System.UInt128",
    };

    private static readonly HashSet<string> Collections = new(StringComparer.Ordinal)
    {
        "System.Collections.Generic.IEnumerable`1", "System.Collections.Generic.IReadOnlyCollection`1", "System.Collections.Generic.IReadOnlyList`1",
        "System.Collections.Generic.ICollection`1", "System.Collections.Generic.IList`1", "System.Collections.Generic.List`1",
        "System.Collections.Generic.HashSet`1", "System.Collections.Generic.ISet`1", "System.Collections.Generic.IReadOnlySet`1",
        "System.Collections.Immutable.ImmutableArray`1", "System.Collections.Immutable.ImmutableList`1", "System.Collections.Immutable.IImmutableList`1",
        "System.Collections.Immutable.ImmutableHashSet`1", "System.Collections.Immutable.ImmutableSortedSet`1",
        "System.Collections.Generic.Dictionary`2", "System.Collections.Generic.IDictionary`2", "System.Collections.Generic.IReadOnlyDictionary`2",
        "System.Collections.Generic.KeyValuePair`2", "System.Collections.Immutable.ImmutableDictionary`2", "System.Collections.Immutable.ImmutableSortedDictionary`2", "System.Collections.Immutable.IImmutableDictionary`2",
    };

    // Attributes of a base that name a kind of it: of System.Text.Json, MemoryPack, protobuf-net and the data contracts.
    private static readonly HashSet<string> NamesKinds = new(StringComparer.Ordinal)
    {
        "JsonDerivedTypeAttribute", "MemoryPackUnionAttribute", "ProtoIncludeAttribute", "KnownTypeAttribute",
    };

    public static StoredKind KindOf(ITypeSymbol type)
    {
        if (type is INamedTypeSymbol { OriginalDefinition.SpecialType: SpecialType.System_Nullable_T })
        {
            return StoredKind.Nullable;
        }

        if (type is IArrayTypeSymbol)
        {
            return StoredKind.Array;
        }

        if (type.TypeKind == TypeKind.Enum)
        {
            return StoredKind.Enum;
        }

        var name = KnownTypes.MetadataName(type);
        return type.SpecialType is >= SpecialType.System_Boolean and <= SpecialType.System_String or SpecialType.System_DateTime || Plain.Contains(name) ? StoredKind.Plain
            : Collections.Contains(name) ? StoredKind.Collection
            : type is INamedTypeSymbol named && type.SpecialType != SpecialType.System_Object && (IsObject(named) || KindsOf(named).Any()) ? StoredKind.Object
            : StoredKind.Other;
    }

    /// <summary>The types between its brackets: of an array, of a type with arguments, of a tuple.</summary>
    public static IEnumerable<ITypeSymbol> PartsOf(ITypeSymbol type) => type switch
    {
        IArrayTypeSymbol array => [array.ElementType],
        INamedTypeSymbol named => named.TypeArguments,
        _ => [],
    };

    /// <summary>What it enumerates, where it is a collection whatever else it is.</summary>
    public static IEnumerable<ITypeSymbol> ElementsOf(ITypeSymbol type) =>
        (type is INamedTypeSymbol { TypeKind: TypeKind.Interface } own ? type.AllInterfaces.Add(own) : type.AllInterfaces)
            .Where(static one => one.OriginalDefinition.SpecialType == SpecialType.System_Collections_Generic_IEnumerable_T).Select(static one => one.TypeArguments[0]);

    /// <summary>The kinds that a base names for serializers to tell apart, with the attribute that does.</summary>
    /// <param name="type">The base.</param>
    /// <param name="by">The attribute; null for any.</param>
    public static IEnumerable<INamedTypeSymbol> KindsOf(INamedTypeSymbol type, string? by = null) =>
        type.GetAttributes()
            .Where(attribute => attribute.AttributeClass?.Name is { } name && (by is null ? NamesKinds.Contains(name) : by == name))
            .SelectMany(static attribute => attribute.ConstructorArguments)
            .Where(static argument => argument.Kind == TypedConstantKind.Type)
            .Select(static argument => argument.Value)
            .OfType<INamedTypeSymbol>()
            .Where(static kind => !kind.IsUnboundGenericType);

    /// <summary>Fields and properties that hold something, those of base classes behind its own, in the order of their declaration.</summary>
    public static IEnumerable<(ISymbol Member, ITypeSymbol Type)> StateOf(INamedTypeSymbol type)
    {
        for (var current = type; current is { SpecialType: SpecialType.None }; current = current.BaseType)
        {
            foreach (var member in current.GetMembers().Where(static member => member is { IsStatic: false, IsAbstract: false }))
            {
                // Of structs in other assemblies the fields behind properties are seen, and not what they belong to.
                if (member is IFieldSymbol { AssociatedSymbol: null } field && !field.Name.EndsWith(">k__BackingField", StringComparison.Ordinal))
                {
                    yield return (field, field.Type);
                }
                else if (member is IPropertySymbol { IsIndexer: false } property && IsAuto(property))
                {
                    yield return (property, property.Type);
                }
            }
        }
    }

    /// <summary>Whether its author says that it is no data: <c>[NonSerialized]</c>, or <c>[field: NonSerialized]</c>.</summary>
    public static bool IsLeftOut(ISymbol member) => member switch
    {
        IFieldSymbol field => HasAttribute(field, "NonSerializedAttribute"),
        _ => member.ContainingType.GetMembers().OfType<IFieldSymbol>().Any(field => SymbolEqualityComparer.Default.Equals(field.AssociatedSymbol, member) && HasAttribute(field, "NonSerializedAttribute")),
    };

    public static bool IsOfFramework(ITypeSymbol type) => Names.NamespaceOf(type) is var space && (space == "System" || space.StartsWith("System.", StringComparison.Ordinal));

    public static bool HasAttribute(ISymbol symbol, string name) => symbol.GetAttributes().Any(attribute => attribute.AttributeClass?.Name == name);

    private static bool IsObject(INamedTypeSymbol type) => type is { TypeKind: TypeKind.Class or TypeKind.Struct, IsTupleType: false };

    private static bool IsAuto(IPropertySymbol property) =>
        property.ContainingType.GetMembers().OfType<IFieldSymbol>().Any(field => SymbolEqualityComparer.Default.Equals(field.AssociatedSymbol, property))
        || (property.DeclaringSyntaxReferences.IsEmpty && property.DeclaredAccessibility == Accessibility.Public);
}
