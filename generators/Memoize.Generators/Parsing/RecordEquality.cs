using Microsoft.CodeAnalysis;

namespace Memoize.Generators.Parsing;

/// <summary>
/// The equality that the compiler writes for a record is coarser than what a method can see: it calls -0.0 and 0.0 equal, dates of
/// different kinds, 1.0m and 1.00m, addresses that differ in the fragment. Where a record holds such a member, the key compares it
/// strictly as well; the hash stays, because what is equal strictly is equal to the record.
/// </summary>
internal static class RecordEquality
{
    /// <summary>Whether two equal values of the type can be told apart.</summary>
    public static bool NeedsCare(ITypeSymbol type) => NeedsCare(type, new HashSet<ITypeSymbol>(SymbolEqualityComparer.Default));

    /// <summary>The members to compare strictly.</summary>
    public static IEnumerable<(ISymbol Member, ITypeSymbol Type)> StrictMembers(INamedTypeSymbol record) =>
        Equality.ComparedByRecord(record).Where(m => NeedsCare(m.Type));

    /// <summary>Why the strict comparison cannot be written, as the end of a sentence; null where it can, or is not needed.</summary>
    public static string? Obstacle(INamedTypeSymbol record)
    {
        foreach (var (member, type) in StrictMembers(record))
        {
            var accessibility = member is IPropertySymbol { GetMethod: { } getter } ? getter.DeclaredAccessibility : member.DeclaredAccessibility;
            if (!Accessible.IsVisible(accessibility))
            {
                return $"compares '{member.Name}' less strictly than a method can, and generated code cannot reach it; make it internal, or write Equals and GetHashCode";
            }

            if (Reaches(type, record, new HashSet<ITypeSymbol>(SymbolEqualityComparer.Default)))
            {
                return $"contains itself and, in '{member.Name}', values that are equal in several forms; write Equals and GetHashCode";
            }
        }

        return null;
    }

    private static bool NeedsCare(ITypeSymbol type, HashSet<ITypeSymbol> visited) => type switch
    {
        { SpecialType: SpecialType.System_Single or SpecialType.System_Double or SpecialType.System_Decimal or SpecialType.System_DateTime } => true,
        ITypeParameterSymbol => true,
        INamedTypeSymbol named => KnownTypes.MetadataName(named) is "System.Half" or "System.DateTimeOffset" or "System.Uri"
            || KnownTypes.IsOfFloats(named)
            || Parts(named).Any(part => visited.Add(part) && NeedsCare(part, visited)),
        _ => false,
    };

    private static bool Reaches(ITypeSymbol from, INamedTypeSymbol target, HashSet<ITypeSymbol> visited) =>
        SymbolEqualityComparer.Default.Equals(from.OriginalDefinition, target.OriginalDefinition)
        || (from is INamedTypeSymbol named && Parts(named).Any(part => visited.Add(part) && Reaches(part, target, visited)));

    private static IEnumerable<ITypeSymbol> Parts(INamedTypeSymbol type) =>
        type.IsTupleType ? type.TupleElements.Select(e => e.Type)
        : type.OriginalDefinition.SpecialType == SpecialType.System_Nullable_T ? type.TypeArguments
        : Equality.ComparedByRecord(type).Select(m => m.Type);
}
