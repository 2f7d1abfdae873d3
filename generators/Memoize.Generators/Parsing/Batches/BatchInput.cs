using Microsoft.CodeAnalysis;

namespace Memoize.Generators.Parsing.Batches;

/// <summary>A collection of items that a batch method takes.</summary>
/// <param name="Item">The type of one item.</param>
/// <param name="FromArray">How an array of items becomes such a collection: a format of <c>{0}</c>.</param>
/// <param name="HasOrder">Whether it gives its items back in the order in which it got them.</param>
internal sealed record BatchInput(ITypeSymbol Item, string FromArray, bool HasOrder)
{
    /// <summary>For messages.</summary>
    public const string Supported = "an array, a List, a HashSet, an immutable or frozen collection, or an interface of these";

    private const string Immutable = "global::System.Collections.Immutable.";

    private static readonly Dictionary<string, (string FromArray, bool HasOrder)> Forms = new(StringComparer.Ordinal)
    {
        ["System.Collections.Generic.IEnumerable`1"] = ("{0}", true),
        ["System.Collections.Generic.IReadOnlyCollection`1"] = ("{0}", true),
        ["System.Collections.Generic.IReadOnlyList`1"] = ("{0}", true),
        ["System.Collections.Generic.ICollection`1"] = ("{0}", true),
        ["System.Collections.Generic.IList`1"] = ("{0}", true),
        ["System.Collections.Generic.List`1"] = ("new global::System.Collections.Generic.List<{1}>({0})", true),
        ["System.Collections.Generic.HashSet`1"] = ("new global::System.Collections.Generic.HashSet<{1}>({0})", false),
        ["System.Collections.Generic.ISet`1"] = ("new global::System.Collections.Generic.HashSet<{1}>({0})", false),
        ["System.Collections.Generic.IReadOnlySet`1"] = ("new global::System.Collections.Generic.HashSet<{1}>({0})", false),
        ["System.Collections.Frozen.FrozenSet`1"] = ("global::System.Collections.Frozen.FrozenSet.ToFrozenSet({0})", false),
        ["System.Collections.Immutable.ImmutableArray`1"] = (Immutable + "ImmutableArray.Create({0})", true),
        ["System.Collections.Immutable.ImmutableList`1"] = (Immutable + "ImmutableList.Create({0})", true),
        ["System.Collections.Immutable.IImmutableList`1"] = (Immutable + "ImmutableList.Create({0})", true),
        ["System.Collections.Immutable.ImmutableHashSet`1"] = (Immutable + "ImmutableHashSet.Create({0})", false),
        ["System.Collections.Immutable.IImmutableSet`1"] = (Immutable + "ImmutableHashSet.Create({0})", false),
    };

    /// <summary>The collection; null where the type is none that could be passed on with a part of its items.</summary>
    public static BatchInput? Of(ITypeSymbol type) => type switch
    {
        IArrayTypeSymbol { Rank: 1 } array => new(array.ElementType, "{0}", true),
        INamedTypeSymbol { TypeArguments: [var item] } named when Forms.TryGetValue(KnownTypes.MetadataName(named), out var form) =>
            new(item, form.FromArray.Replace("{1}", Names.Of(item)), form.HasOrder),
        _ => null,
    };
}
