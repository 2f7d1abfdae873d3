using Memoize.Generators.Model;
using Microsoft.CodeAnalysis;

namespace Memoize.Generators.Parsing.Batches;

/// <summary>What a batch method returns for many items.</summary>
/// <param name="Shape">By item, or one for each.</param>
/// <param name="Item">The type of the items in a dictionary; null for a list.</param>
/// <param name="Value">The type of one value.</param>
/// <param name="Loaded">How the result of the original is read: a format of <c>{0}</c>.</param>
/// <param name="Result">How the result is made: a format of <c>{0}</c>.</param>
internal sealed record BatchOutput(BatchShape Shape, ITypeSymbol? Item, ITypeSymbol Value, string Loaded, string Result)
{
    /// <summary>For messages.</summary>
    public const string Supported =
        "IReadOnlyDictionary, IDictionary, Dictionary, ImmutableDictionary or FrozenDictionary by item, or IReadOnlyList, IList, List, ImmutableArray or an array with one value for each item";

    private const string AsReadOnly = "global::System.Collections.Generic.CollectionExtensions.AsReadOnly({0})";

    private static readonly Dictionary<string, (string Loaded, string Result)> Dictionaries = new(StringComparer.Ordinal)
    {
        ["System.Collections.Generic.IReadOnlyDictionary`2"] = ("{0}", "{0}"),
        ["System.Collections.Generic.IDictionary`2"] = (AsReadOnly, "{0}"),
        ["System.Collections.Generic.Dictionary`2"] = ("{0}", "{0}"),
        ["System.Collections.Immutable.ImmutableDictionary`2"] = ("{0}", "global::System.Collections.Immutable.ImmutableDictionary.ToImmutableDictionary({0}, {0}.Comparer)"),
        ["System.Collections.Immutable.IImmutableDictionary`2"] = ("{0}", "global::System.Collections.Immutable.ImmutableDictionary.ToImmutableDictionary({0}, {0}.Comparer)"),
        ["System.Collections.Frozen.FrozenDictionary`2"] = ("{0}", "global::System.Collections.Frozen.FrozenDictionary.ToFrozenDictionary({0}, {0}.Comparer)"),
    };

    private static readonly Dictionary<string, (string Loaded, string Result)> Lists = new(StringComparer.Ordinal)
    {
        ["System.Collections.Generic.IReadOnlyList`1"] = ("{0}", "{0}"),
        ["System.Collections.Generic.IList`1"] = (AsReadOnly, "{0}"),
        ["System.Collections.Generic.List`1"] = ("{0}", "{0}"),
        ["System.Collections.Immutable.ImmutableArray`1"] = ("{0}", "global::System.Collections.Immutable.ImmutableArray.ToImmutableArray({0})"),
    };

    /// <summary>The result, without its task; null where it is none that could be put together from parts.</summary>
    public static BatchOutput? Of(ITypeSymbol type)
    {
        switch (type)
        {
            case IArrayTypeSymbol { Rank: 1 } array:
                return new(BatchShape.List, null, array.ElementType, "{0}", "{0}.ToArray()");
            case INamedTypeSymbol { TypeArguments: [var item, var value] } named when Dictionaries.TryGetValue(KnownTypes.MetadataName(named), out var form):
                return new(BatchShape.Dictionary, item, value, form.Loaded, form.Result);
            case INamedTypeSymbol { TypeArguments: [var element] } named when Lists.TryGetValue(KnownTypes.MetadataName(named), out var form):
                return new(BatchShape.List, null, element, form.Loaded, form.Result);
            default:
                return null;
        }
    }
}
