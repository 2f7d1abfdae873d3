using System.Composition;
using Memoize.CodeFixes.Frame;
using Memoize.Generators.Diagnostics;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Memoize.CodeFixes;

/// <summary>An option without meaning, or one that cannot be here: take it away, so that its default holds.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(RemoveOptionCodeFixProvider)), Shared]
public sealed class RemoveOptionCodeFixProvider() : RepairProvider(Rules.Option, Rules.RuleMethod, Rules.UnlikelyOption, Rules.DuplicateName, Rules.Tiers)
{
    private protected override Task<IReadOnlyList<Repair>> FindAsync(Place place)
    {
        if (place.Fix is not { } option
            || place.Node.FirstAncestorOrSelf<AttributeSyntax>() is not { ArgumentList: { } arguments } attribute
            || !arguments.Arguments.Any(IsIt))
        {
            return These();
        }

        var near = place.Diagnostic.Id == Rules.RuleMethod.Id ? place.Subject : null;
        return These(
            near is null ? null : Repair.Of(
                $"Use '{near}'",
                FixProperties.Name,
                place.Edit(arguments.Arguments.First(IsIt).Expression, "name", node => SyntaxFactory.ParseExpression($"nameof({near})").WithTriviaFrom(node))),
            Repair.Of(
                $"Remove {option}",
                nameof(RemoveOptionCodeFixProvider),
                place.Edit(attribute, "-" + option, node => AttributeEdits.Without((AttributeSyntax)node, IsIt))));

        bool IsIt(AttributeArgumentSyntax argument) => argument.NameEquals?.Name.Identifier.ValueText == option;
    }
}
