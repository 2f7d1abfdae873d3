using Microsoft.CodeAnalysis;

namespace Memoize.Generators.Parsing;

/// <summary>How a collection is turned into a key, and back into an argument for the load.</summary>
/// <param name="KeyType">The type of the key field, annotated as nullable.</param>
/// <param name="Create">The key field's value; <c>{0}</c> is the parameter.</param>
/// <param name="LoadArgument">What the load gets; <c>{0}</c> is the key field. Null for the caller's own object.</param>
/// <param name="Elements">What must be keyable.</param>
internal sealed record CollectionShape(string KeyType, string Create, string? LoadArgument, IReadOnlyList<ITypeSymbol> Elements)
{
    private static readonly HashSet<string> Sequences = new(StringComparer.Ordinal)
    {
        "System.Collections.Generic.IEnumerable`1", "System.Collections.Generic.IReadOnlyCollection`1",
        "System.Collections.Generic.IReadOnlyList`1", "System.Collections.Generic.ICollection`1", "System.Collections.Generic.IList`1",
    };

    private static readonly HashSet<string> ImmutableSequences = new(StringComparer.Ordinal)
    {
        "System.Collections.Immutable.ImmutableList`1", "System.Collections.Immutable.IImmutableList`1",
    };

    private static readonly HashSet<string> Sets = new(StringComparer.Ordinal)
    {
        "System.Collections.Generic.HashSet`1", "System.Collections.Generic.SortedSet`1", "System.Collections.Generic.ISet`1",
        "System.Collections.Generic.IReadOnlySet`1", "System.Collections.Frozen.FrozenSet`1",
        "System.Collections.Immutable.ImmutableHashSet`1", "System.Collections.Immutable.ImmutableSortedSet`1",
        "System.Collections.Immutable.IImmutableSet`1",
    };

    private static readonly HashSet<string> Maps = new(StringComparer.Ordinal)
    {
        "System.Collections.Generic.Dictionary`2", "System.Collections.Generic.SortedDictionary`2",
        "System.Collections.Generic.IDictionary`2", "System.Collections.Generic.IReadOnlyDictionary`2",
        "System.Collections.Frozen.FrozenDictionary`2", "System.Collections.Immutable.ImmutableDictionary`2",
        "System.Collections.Immutable.ImmutableSortedDictionary`2", "System.Collections.Immutable.IImmutableDictionary`2",
    };

    /// <summary>The shape of a collection type, or null where the type is none that can be compared by its elements.</summary>
    public static CollectionShape? Of(ITypeSymbol type)
    {
        if (type is IArrayTypeSymbol array)
        {
            return array.Rank == 1 ? Sequence(array.ElementType, "{0}?.ToArray()!") : null;
        }

        if (type is not INamedTypeSymbol { IsGenericType: true } named)
        {
            return null;
        }

        var name = KnownTypes.MetadataName(named);
        var first = named.TypeArguments[0];
        if (name == "System.Collections.Generic.List`1")
        {
            return Sequence(first, "{0}?.ToList()!");
        }

        if (name == "System.Collections.Immutable.ImmutableArray`1")
        {
            var key = Field("SequenceKey", Names.Of(first));
            return new CollectionShape(key + "?", $"{{0}}.IsDefault ? null : {key}.Of({{0}})", null, [first]);
        }

        if (Sequences.Contains(name))
        {
            return Sequence(first, "{0}?.ToArray()!");
        }

        if (ImmutableSequences.Contains(name))
        {
            return Sequence(first, null);
        }

        if (Sets.Contains(name))
        {
            var key = Field("SetKey", Names.Of(first));
            return new CollectionShape(key + "?", key + ".Of({0})", name == "System.Collections.Generic.HashSet`1" ? "{0}?.ToHashSet()!" : null, [first]);
        }

        if (Maps.Contains(name))
        {
            var key = Field("MapKey", $"{Names.Of(first)}, {Names.Of(named.TypeArguments[1])}");
            return new CollectionShape(key + "?", key + ".Of({0})", name == "System.Collections.Generic.Dictionary`2" ? "{0}?.ToDictionary()!" : null, named.TypeArguments);
        }

        return null;
    }

    private static CollectionShape Sequence(ITypeSymbol element, string? loadArgument)
    {
        var key = Field("SequenceKey", Names.Of(element));
        return new CollectionShape(key + "?", key + ".Of({0})", loadArgument, [element]);
    }

    private static string Field(string type, string arguments) => $"global::Memoize.Keys.{type}<{arguments}>";
}
