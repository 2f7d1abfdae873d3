using System.Composition;
using Memoize.CodeFixes.Frame;
using Memoize.Generators.Diagnostics;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Memoize.CodeFixes;

/// <summary>A declared value that the method reads becomes part of its key; a name that nobody declares becomes the one that was meant.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(VaryByCodeFixProvider)), Shared]
public sealed class VaryByCodeFixProvider() : RepairProvider(Rules.AmbientRead, Rules.VaryBy)
{
    private protected override Task<IReadOnlyList<Repair>> FindAsync(Place place)
    {
        if (place.Fix != FixProperties.VaryBy || place.Subject is not { } subject || Attribute(place) is not { } attribute)
        {
            return These();
        }

        return These(place.Diagnostic.Id == Rules.VaryBy.Id
            ? Repair.Of($"Vary by '{subject}'", "Mend", place.Edit(attribute, "VaryBy", node => Set((AttributeSyntax)node, _ => Text(subject))))
            : Repair.Of($"Vary by '{subject}'", "Add", place.Edit(attribute, "VaryBy+" + subject, node => Set((AttributeSyntax)node, before => With(before, subject)))));
    }

    // The read may be in another file than the attribute.
    private static AttributeSyntax? Attribute(Place place)
    {
        var location = place.Diagnostic.AdditionalLocations is [var elsewhere, ..] ? elsewhere : place.Diagnostic.Location;
        return location.SourceTree?.GetRoot(place.Cancellation).FindNode(location.SourceSpan).FirstAncestorOrSelf<AttributeSyntax>();
    }

    private static AttributeSyntax Set(AttributeSyntax attribute, Func<ExpressionSyntax?, ExpressionSyntax> change)
    {
        var argument = attribute.ArgumentList?.Arguments.FirstOrDefault(a => a.NameEquals?.Name.Identifier.ValueText == "VaryBy");
        return argument is null
            ? AttributeEdits.With(attribute, "VaryBy", change(null))
            : attribute.ReplaceNode(argument.Expression, change(argument.Expression).WithTriviaFrom(argument.Expression));
    }

    private static ExpressionSyntax With(ExpressionSyntax? before, string name) => before switch
    {
        null => Text(name),
        LiteralExpressionSyntax { Token.Value: string { Length: > 0 } text } => Text(text + "," + name),
        LiteralExpressionSyntax => Text(name),
        _ => SyntaxFactory.BinaryExpression(SyntaxKind.AddExpression, before, Text("," + name)),
    };

    private static LiteralExpressionSyntax Text(string value) => SyntaxFactory.LiteralExpression(SyntaxKind.StringLiteralExpression, SyntaxFactory.Literal(value));
}
