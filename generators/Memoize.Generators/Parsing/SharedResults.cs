using Microsoft.CodeAnalysis;

namespace Memoize.Generators.Parsing;

/// <summary>Results that all callers get and any of them could change.</summary>
internal static class SharedResults
{
    private const string Generic = "a generic collection in its read-only form, such as IReadOnlyList<T>";

    private static readonly Dictionary<string, string> ReadOnlyForms = new(StringComparer.Ordinal)
    {
        ["System.Collections.Generic.List`1"] = "IReadOnlyList<{0}> or ImmutableArray<{0}>",
        ["System.Collections.Generic.IList`1"] = "IReadOnlyList<{0}> or ImmutableArray<{0}>",
        ["System.Collections.Generic.ICollection`1"] = "IReadOnlyCollection<{0}> or ImmutableArray<{0}>",
        ["System.Collections.Generic.LinkedList`1"] = "IReadOnlyCollection<{0}> or ImmutableArray<{0}>",
        ["System.Collections.Generic.Queue`1"] = "IReadOnlyCollection<{0}> or ImmutableArray<{0}>",
        ["System.Collections.Generic.Stack`1"] = "IReadOnlyCollection<{0}> or ImmutableArray<{0}>",
        ["System.Collections.ObjectModel.Collection`1"] = "IReadOnlyList<{0}> or ImmutableArray<{0}>",
        ["System.Collections.ObjectModel.ObservableCollection`1"] = "IReadOnlyList<{0}> or ImmutableArray<{0}>",
        ["System.Collections.Generic.HashSet`1"] = "IReadOnlySet<{0}> or FrozenSet<{0}>",
        ["System.Collections.Generic.ISet`1"] = "IReadOnlySet<{0}> or FrozenSet<{0}>",
        ["System.Collections.Generic.SortedSet`1"] = "IReadOnlySet<{0}> or ImmutableSortedSet<{0}>",
        ["System.Collections.Generic.Dictionary`2"] = "IReadOnlyDictionary<{0}> or FrozenDictionary<{0}>",
        ["System.Collections.Generic.IDictionary`2"] = "IReadOnlyDictionary<{0}> or FrozenDictionary<{0}>",
        ["System.Collections.Generic.SortedDictionary`2"] = "IReadOnlyDictionary<{0}> or ImmutableSortedDictionary<{0}>",
        ["System.Collections.Generic.SortedList`2"] = "IReadOnlyDictionary<{0}> or ImmutableSortedDictionary<{0}>",
        ["System.Collections.Concurrent.ConcurrentDictionary`2"] = "IReadOnlyDictionary<{0}> or FrozenDictionary<{0}>",
        ["System.Collections.Concurrent.ConcurrentBag`1"] = "IReadOnlyCollection<{0}> or ImmutableArray<{0}>",
        ["System.Collections.Concurrent.ConcurrentQueue`1"] = "IReadOnlyCollection<{0}> or ImmutableArray<{0}>",
        ["System.Collections.Concurrent.ConcurrentStack`1"] = "IReadOnlyCollection<{0}> or ImmutableArray<{0}>",
        ["System.Memory`1"] = "ReadOnlyMemory<{0}> or ImmutableArray<{0}>",
        ["System.ArraySegment`1"] = "ReadOnlyMemory<{0}> or ImmutableArray<{0}>",
        ["System.Collections.ArrayList"] = Generic,
        ["System.Collections.Hashtable"] = Generic,
        ["System.Collections.BitArray"] = "ImmutableArray<bool>",
        ["System.Collections.Specialized.NameObjectCollectionBase"] = "IReadOnlyDictionary<string, string>",
        ["System.Dynamic.ExpandoObject"] = "an immutable type of your own",
        ["System.Text.Json.Nodes.JsonNode"] = "JsonElement",
    };

    /// <summary>The collection in the type that can be changed, and what to return in its place; null where there is none.</summary>
    public static (ITypeSymbol Type, string Advice)? Collection(ITypeSymbol type)
    {
        if (type is IArrayTypeSymbol array)
        {
            var element = Names.Short(array.ElementType);
            return (array, array.Rank > 1
                ? "an immutable type of your own around it"
                : array.ElementType.SpecialType == SpecialType.System_Byte ? "ReadOnlyMemory<byte> or ImmutableArray<byte>" : $"IReadOnlyList<{element}> or ImmutableArray<{element}>");
        }

        if (type is not INamedTypeSymbol named)
        {
            return null;
        }

        for (var current = named; current is not null; current = current.BaseType)
        {
            if (ReadOnlyForms.TryGetValue(KnownTypes.MetadataName(current), out var advice))
            {
                var arguments = string.Join(", ", current.TypeArguments.Select(Names.Short));
                return (named, advice.Replace("{0}", arguments));
            }
        }

        // A read-only list of lists is as shared as its lists are.
        return IsTransparent(named) ? named.TypeArguments.Select(Collection).FirstOrDefault(found => found is not null) : null;
    }

    /// <summary>The class in the type whose objects can be changed, and a member that can be set; null where there is none.</summary>
    public static (ITypeSymbol Type, ISymbol Member)? MutableObject(ITypeSymbol type)
    {
        if (type is not INamedTypeSymbol named || KnownTypes.IsKeyableByValue(named))
        {
            return null;
        }

        if (IsTransparent(named))
        {
            return named.TypeArguments.Select(MutableObject).FirstOrDefault(found => found is not null);
        }

        return named.TypeKind == TypeKind.Class && !ServiceTypes.IsService(named) && Settable(named) is { } member ? (named, member) : null;
    }

    // Tuples, nullable values, pairs, and the read-only and immutable collections: what they hold can be reached through them.
    private static bool IsTransparent(INamedTypeSymbol type) =>
        type.IsTupleType
        || type.OriginalDefinition.SpecialType == SpecialType.System_Nullable_T
        || (type is { IsGenericType: true, ContainingType: null } && type.ContainingNamespace.ToDisplayString() is "System.Collections.Generic" or "System.Collections.Immutable" or "System.Collections.Frozen" or "System.Collections.ObjectModel");

    /// <summary>What a tuple, a nullable value or a collection holds.</summary>
    public static IEnumerable<ITypeSymbol> Parts(ITypeSymbol type) => type switch
    {
        IArrayTypeSymbol array => [array.ElementType],
        INamedTypeSymbol { IsTupleType: true } tuple => tuple.TupleElements.Select(element => element.Type),
        INamedTypeSymbol named when IsTransparent(named) => named.TypeArguments,
        _ => [],
    };

    private static ISymbol? Settable(INamedTypeSymbol type)
    {
        for (INamedTypeSymbol? current = type; current is { SpecialType: not SpecialType.System_Object }; current = current.BaseType)
        {
            if (SettableOf(current).FirstOrDefault() is { } member)
            {
                return member;
            }
        }

        return null;
    }

    /// <summary>What of the type, without its bases, anybody can set.</summary>
    public static IEnumerable<ISymbol> SettableOf(INamedTypeSymbol type) => type.GetMembers().Where(member =>
        member is { IsStatic: false, DeclaredAccessibility: Accessibility.Public }
            and (IPropertySymbol { IsIndexer: false, SetMethod: { IsInitOnly: false, DeclaredAccessibility: Accessibility.Public } }
                or IFieldSymbol { IsReadOnly: false, IsConst: false }));
}
