using Memoize.CodeFixes.Frame;
using Memoize.Generators.Diagnostics;
using Memoize.Generators.Parsing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Memoize.CodeFixes;

/// <summary>What could stand for a value in a key.</summary>
internal static class KeyChoice
{
    /// <summary>The value itself.</summary>
    public const string Whole = nameof(Whole);

    /// <summary>The elements of a collection.</summary>
    public const string Structural = FixProperties.Structural;

    private const int MostMembers = 4;

    /// <summary>How the value can be the key without being taken apart; null where it cannot.</summary>
    public static string? Of(ITypeSymbol type, Compilation compilation)
    {
        if (KeyTypes.Compare(type, compilation, out _) is not null)
        {
            return Whole;
        }

        return CollectionShape.Of(type) is { } shape && shape.Elements.All(element => KeyTypes.Compare(element, compilation, out _) == KeyComparison.Default)
            ? Structural
            : null;
    }

    /// <summary>
    /// The members that identify an object: the one that is named like an identity, or else all that can be compared, if they are
    /// few and the type is the author's own; of another's type nobody here knows what they mean.
    /// </summary>
    public static IReadOnlyList<string> MembersOf(ITypeSymbol type, Compilation compilation)
    {
        if (type.OriginalDefinition.SpecialType == SpecialType.System_Nullable_T)
        {
            type = ((INamedTypeSymbol)type).TypeArguments[0];
        }

        if (type is not INamedTypeSymbol { TypeKind: TypeKind.Class or TypeKind.Struct or TypeKind.Interface } named || KnownTypes.IsSequence(named))
        {
            return [];
        }

        var members = Readable(named, compilation).ToList();
        foreach (var identity in new[] { "Id", named.Name + "Id", "Key", "Code", "Name" })
        {
            if (members.Contains(identity))
            {
                return [identity];
            }
        }

        return named.Locations.Any(location => location.IsInSource) && members.Count <= MostMembers ? members : [];
    }

    public static AttributeSyntax Attribute(string choice)
    {
        var attribute = AttributeEdits.New("CacheKey");
        return choice == Structural ? AttributeEdits.With(attribute, Structural) : attribute;
    }

    public static AttributeSyntax Attribute(IEnumerable<string> members) => AttributeEdits.New("CacheKey").AddArgumentListArguments(
        members.Select(member => SyntaxFactory.AttributeArgument(Text(member))).ToArray());

    public static LiteralExpressionSyntax Text(string text) => SyntaxFactory.LiteralExpression(SyntaxKind.StringLiteralExpression, SyntaxFactory.Literal(text));

    public static ITypeSymbol? TypeOf(ISymbol symbol) => symbol switch
    {
        IFieldSymbol field => field.Type,
        IPropertySymbol property => property.Type,
        IParameterSymbol parameter => parameter.Type,
        _ => null,
    };

    private static IEnumerable<string> Readable(INamedTypeSymbol type, Compilation compilation) => Lineage.Of(type)
        .SelectMany(t => t.GetMembers())
        .OfType<IPropertySymbol>()
        .Where(property => property is { IsStatic: false, IsIndexer: false, DeclaredAccessibility: Accessibility.Public, GetMethod.DeclaredAccessibility: Accessibility.Public }
            && KeyTypes.Compare(property.Type, compilation, out _) is not null)
        .Select(property => property.Name)
        .Distinct();
}
