using Microsoft.CodeAnalysis;

namespace Memoize.Generators.Parsing;

/// <summary>How a collection is turned into a key, and back into an argument for the load.</summary>
/// <param name="KeyClass">The type of the key field, without annotation.</param>
/// <param name="Create">The key field's value; <c>{0}</c> is the parameter.</param>
/// <param name="LoadArgument">What the load gets: a copy made of the key field, <c>{0}</c>. Null for the caller's own object, which nobody can change.</param>
/// <param name="Elements">What must be keyable.</param>
internal sealed record CollectionShape(string KeyClass, string Create, string? LoadArgument, IReadOnlyList<ITypeSymbol> Elements)
{
    /// <summary>The type of the key field, annotated as nullable.</summary>
    public string KeyType => KeyClass + "?";

    /// <summary>A key for a lookup; <c>{0}</c> is the parameter.</summary>
    public string Rent => Create.Replace(KeyClass + ".Of", KeyClass + ".Rent");

    /// <summary>Whether the elements are keys with their values.</summary>
    public bool IsMap => Elements.Count == 2;

    /// <summary>Whether the elements have an order that is part of the key.</summary>
    public bool IsSequence { get; init; }

    private static readonly HashSet<string> Sequences = new(StringComparer.Ordinal)
    {
        "System.Collections.Generic.IEnumerable`1", "System.Collections.Generic.IReadOnlyCollection`1",
        "System.Collections.Generic.IReadOnlyList`1", "System.Collections.Generic.List`1",
        "System.Collections.Immutable.ImmutableList`1", "System.Collections.Immutable.IImmutableList`1",
    };

    // Through them it matters whether a list can grow, or its elements be set.
    private static readonly HashSet<string> ChangeableSequences = new(StringComparer.Ordinal)
    {
        "System.Collections.Generic.ICollection`1", "System.Collections.Generic.IList`1",
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

    // Sealed, or closed to others: what is passed is never anything else.
    private static readonly HashSet<string> Immutable = new(StringComparer.Ordinal)
    {
        "System.Collections.Immutable.ImmutableList`1", "System.Collections.Frozen.FrozenSet`1",
        "System.Collections.Immutable.ImmutableHashSet`1", "System.Collections.Immutable.ImmutableSortedSet`1",
        "System.Collections.Frozen.FrozenDictionary`2", "System.Collections.Immutable.ImmutableDictionary`2",
        "System.Collections.Immutable.ImmutableSortedDictionary`2",
    };

    /// <summary>Whether a parameter is to be compared by its elements.</summary>
    public static bool IsAskedFor(IParameterSymbol parameter) => Attributes.CacheKey(parameter)?.Named("Structural", false) == true;

    /// <summary>The shape of a collection type, or null where the type is none that can be compared by its elements.</summary>
    public static CollectionShape? Of(ITypeSymbol type)
    {
        if (type is IArrayTypeSymbol array)
        {
            return array.Rank == 1 ? Shape("SequenceKey", "Of", type, array.ElementType) : null;
        }

        if (type is not INamedTypeSymbol { IsGenericType: true } named)
        {
            return null;
        }

        var name = KnownTypes.MetadataName(named);
        if (name == "System.Collections.Immutable.ImmutableArray`1")
        {
            var key = Class("SequenceKey", named.TypeArguments[0]);
            return new CollectionShape(key, $"{{0}}.IsDefault ? null : {key}.Of({{0}})", null, named.TypeArguments) { IsSequence = true };
        }

        return name switch
        {
            _ when Sequences.Contains(name) => Shape("SequenceKey", "Of", type, named.TypeArguments[0]),
            _ when ChangeableSequences.Contains(name) => Shape("SequenceKey", "OfChangeable", type, named.TypeArguments[0]),
            _ when Sets.Contains(name) => Shape("SetKey", "Of", type, named.TypeArguments[0]),
            _ when Maps.Contains(name) => Shape("MapKey", "Of", type, [.. named.TypeArguments]),
            _ => null,
        };
    }

    private static CollectionShape Shape(string key, string create, ITypeSymbol type, params ITypeSymbol[] elements)
    {
        var field = Class(key, elements);
        var isImmutable = type is INamedTypeSymbol named && Immutable.Contains(KnownTypes.MetadataName(named));
        return new CollectionShape(field, $"{field}.{create}({{0}})", isImmutable ? null : $"({Names.Of(type)}){{0}}?.Copy()!", elements) { IsSequence = key == "SequenceKey" };
    }

    private static string Class(string type, params ITypeSymbol[] arguments) => $"global::Memoize.Keys.{type}<{string.Join(", ", arguments.Select(Names.Of))}>";
}
