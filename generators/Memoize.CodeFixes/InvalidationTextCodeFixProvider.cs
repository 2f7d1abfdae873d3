using System.Composition;
using Memoize.CodeFixes.Frame;
using Memoize.Generators.Diagnostics;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Memoize.CodeFixes;

/// <summary>The texts of an eviction: a map that lacks an entry, leaves open what order means, has two entries too many or names what does not exist; a tag that does.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(InvalidationTextCodeFixProvider)), Shared]
public sealed class InvalidationTextCodeFixProvider() : RepairProvider(Rules.UnmatchedParameter, Rules.Mapping, Rules.CrossedMapping, Rules.OtherOrder, Rules.TagTemplate)
{
    private const string Map = "Map";

    private protected override Task<IReadOnlyList<Repair>> FindAsync(Place place)
    {
        if (place.Subject is not { } subject || place.Node.FirstAncestorOrSelf<AttributeSyntax>() is not { } attribute)
        {
            return These();
        }

        var parts = subject.Split('\n');
        return These(place.Fix switch
        {
            FixProperties.Map when place.Diagnostic.Id == Rules.OtherOrder.Id => Repair.Of("Say in Map what each parameter means", Map, MapEach()),
            FixProperties.Map => Repair.Of($"Map \"{subject}\"", Map, MapEach()),
            FixProperties.Unmap when parts.Length == 2 => Unmap(place, attribute, parts),
            FixProperties.Text when parts.Length == 2 => Replace(place, attribute, parts[0], parts[1]),
            _ => null,
        });

        IEnumerable<Edit> MapEach() => parts.SelectMany(entry => place.Edit(attribute, "+" + entry, node => Add((AttributeSyntax)node, entry)));
    }

    private static Repair? Replace(Place place, AttributeSyntax attribute, string wrong, string right) =>
        Texts(place, attribute, wrong).FirstOrDefault() is { } text
            ? Repair.Of($"Write \"{right}\"", FixProperties.Text, place.Edit(text, "text", node => KeyChoice.Text(right).WithTriviaFrom(node)))
            : null;

    private static Repair? Unmap(Place place, AttributeSyntax attribute, string[] entries)
    {
        var unwanted = entries.SelectMany(entry => Texts(place, attribute, entry)).ToList();
        if (unwanted.Count != entries.Length || unwanted[0].FirstAncestorOrSelf<AttributeArgumentSyntax>() is not { } map || Elements(map.Expression) is not { } elements)
        {
            return null;
        }

        var kept = elements.Where(element => !unwanted.Contains(element)).Select(element => element.WithoutTrivia()).ToList();
        return Repair.Of(
            "Match the two parameters by name",
            FixProperties.Unmap,
            place.Edit(attribute, "unmap", node => kept.Count == 0
                ? AttributeEdits.Without((AttributeSyntax)node, IsMap)
                : WithMap((AttributeSyntax)node, kept)));
    }

    private static AttributeSyntax Add(AttributeSyntax attribute, string entry)
    {
        var map = attribute.ArgumentList?.Arguments.FirstOrDefault(IsMap);
        var text = KeyChoice.Text(entry);
        return map is null
            ? AttributeEdits.With(attribute, Map, Array([text]))
            : Elements(map.Expression) is { } elements ? WithMap(attribute, [.. elements.Select(element => element.WithoutTrivia()), text]) : attribute;
    }

    private static AttributeSyntax WithMap(AttributeSyntax attribute, IEnumerable<ExpressionSyntax> elements)
    {
        var map = attribute.ArgumentList!.Arguments.First(IsMap);
        return attribute.ReplaceNode(map.Expression, Array(elements).WithTriviaFrom(map.Expression));
    }

    private static ExpressionSyntax Array(IEnumerable<ExpressionSyntax> elements) =>
        SyntaxFactory.ParseExpression($"new[] {{ {string.Join(", ", elements)} }}");

    private static bool IsMap(AttributeArgumentSyntax argument) => argument.NameEquals?.Name.Identifier.ValueText == Map;

    private static IReadOnlyList<ExpressionSyntax>? Elements(ExpressionSyntax array) => array switch
    {
        ImplicitArrayCreationExpressionSyntax { Initializer: var initializer } => [.. initializer.Expressions],
        ArrayCreationExpressionSyntax { Initializer: { } initializer } => [.. initializer.Expressions],
        CollectionExpressionSyntax collection when collection.Elements.All(element => element is ExpressionElementSyntax) =>
            [.. collection.Elements.Select(element => ((ExpressionElementSyntax)element).Expression)],
        _ => null,
    };

    // Where the text stands in the attribute itself; a constant that is declared elsewhere may be in use elsewhere.
    private static IEnumerable<ExpressionSyntax> Texts(Place place, AttributeSyntax attribute, string text) => attribute.DescendantNodes()
        .OfType<LiteralExpressionSyntax>()
        .Where(literal => place.Model.GetConstantValue(literal, place.Cancellation) is { HasValue: true, Value: string value } && value == text);
}
