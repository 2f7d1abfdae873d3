using Microsoft.CodeAnalysis;

namespace Memoize.Generators.Parsing;

/// <summary>
/// Which collections the keys of a running program know how to copy, so far as the type of an expression tells. They compare types exactly, so that
/// an expression of any other class never gives one that they know.
/// </summary>
internal static class KnownCollections
{
    private static readonly HashSet<string> Sequences = new(StringComparer.Ordinal)
    {
        "System.Collections.Generic.List`1", "System.Collections.Generic.LinkedList`1", "System.ArraySegment`1",
        "System.Collections.ObjectModel.Collection`1", "System.Collections.ObjectModel.ObservableCollection`1", "System.Collections.ObjectModel.ReadOnlyCollection`1",
        "System.Collections.Immutable.ImmutableList`1", "System.Collections.Immutable.ImmutableArray`1",
    };

    private static readonly HashSet<string> Sets = new(StringComparer.Ordinal)
    {
        "System.Collections.Generic.HashSet`1", "System.Collections.Generic.SortedSet`1", "System.Collections.ObjectModel.ReadOnlySet`1",
        "System.Collections.Frozen.FrozenSet`1", "System.Collections.Immutable.ImmutableHashSet`1", "System.Collections.Immutable.ImmutableSortedSet`1",
    };

    private static readonly HashSet<string> Maps = new(StringComparer.Ordinal)
    {
        "System.Collections.Generic.Dictionary`2", "System.Collections.Generic.SortedDictionary`2", "System.Collections.Generic.SortedList`2",
        "System.Collections.ObjectModel.ReadOnlyDictionary`2", "System.Collections.Frozen.FrozenDictionary`2",
        "System.Collections.Immutable.ImmutableDictionary`2", "System.Collections.Immutable.ImmutableSortedDictionary`2",
    };

    // What has none of these can only be enumerated, and an array of it is as good.
    private static readonly HashSet<string> Countable = new(StringComparer.Ordinal)
    {
        "System.Collections.Generic.ICollection`1", "System.Collections.Generic.IReadOnlySet`1", "System.Collections.Immutable.IImmutableList`1",
    };

    private static readonly HashSet<string> SetInterfaces = new(StringComparer.Ordinal)
    {
        "System.Collections.Generic.ISet`1", "System.Collections.Generic.IReadOnlySet`1", "System.Collections.Immutable.IImmutableSet`1",
    };

    /// <summary>Whether what is of the type is a set, which finds its elements with a comparer, whatever it is passed as.</summary>
    public static bool IsSet(ITypeSymbol type) => type.AllInterfaces.Append(type).Any(i => SetInterfaces.Contains(KnownTypes.MetadataName(i)));

    /// <summary>Whether a collection of the type can never be copied for a parameter of the shape.</summary>
    public static bool IsUnknown(ITypeSymbol type, CollectionShape shape)
    {
        if (type is IArrayTypeSymbol array)
        {
            return !Same([array.ElementType], shape);
        }

        if (type is not INamedTypeSymbol { TypeKind: TypeKind.Class or TypeKind.Struct } named || !named.AllInterfaces.Any(i => Countable.Contains(KnownTypes.MetadataName(i))))
        {
            return false;
        }

        var name = KnownTypes.MetadataName(named.OriginalDefinition);
        if (shape.IsMap)
        {
            return !(Maps.Contains(name) && Same(named.TypeArguments, shape));
        }

        if (shape.IsSequence && (IsOfLinq(named) || (named is { Name: "ValueCollection", ContainingType: { } map } && Maps.Contains(KnownTypes.MetadataName(map.OriginalDefinition)) && Same([map.TypeArguments[1]], shape))))
        {
            return false;
        }

        return !((Sets.Contains(name) || (shape.IsSequence && Sequences.Contains(name))) && Same(named.TypeArguments, shape));
    }

    private static bool IsOfLinq(INamedTypeSymbol type) => type.ContainingNamespace is { Name: "Linq", ContainingNamespace: { Name: "System", ContainingNamespace.IsGlobalNamespace: true } };

    // A list of strings is not known as one of objects.
    private static bool Same(IReadOnlyList<ITypeSymbol> elements, CollectionShape shape) =>
        elements.Count == shape.Elements.Count && elements.Zip(shape.Elements, (a, b) => SymbolEqualityComparer.Default.Equals(a, b)).All(same => same);
}
