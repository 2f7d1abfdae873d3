using Microsoft.CodeAnalysis;

namespace Memoize.Generators.Parsing.Tiers;

/// <summary>Which parts of a key all processes spell alike: equal values with the same text, different values with different ones.</summary>
internal static class SharedText
{
    public const string IgnoresCase = "what it ignores of upper and lower case differs between machines; pass a string that is in one case already";

    // By value in memory, and without a text that says it all.
    private static readonly HashSet<string> Without = new(StringComparer.Ordinal) { "System.Type", "System.Index", "System.Range" };

    /// <summary>Why processes cannot spell values of the type alike; null where they can.</summary>
    public static string? WhyNot(ITypeSymbol type) => type switch
    {
        INamedTypeSymbol { OriginalDefinition.SpecialType: SpecialType.System_Nullable_T } nullable => WhyNot(nullable.TypeArguments[0]),
        INamedTypeSymbol { IsTupleType: true } tuple => tuple.TupleElements.Select(element => WhyNot(element.Type)).FirstOrDefault(reason => reason is not null),
        { TypeKind: TypeKind.Enum } => null,
        _ when KnownTypes.IsKeyableByValue(type) && !Without.Contains(KnownTypes.MetadataName(type)) && !KnownTypes.IsOfFloats(type) => null,
        _ => $"'{Names.Short(type)}' has no text that all processes write alike; name the members that matter with [CacheKey(\"…\")]",
    };

    /// <summary>The same for a collection that is compared by its elements.</summary>
    public static string? WhyNot(CollectionShape shape) =>
        shape.IsSequence
            ? WhyNot(shape.Elements[0])
            : "a set or a dictionary has no order that all processes agree on; pass a sorted list";
}
