using System.Composition;
using Memoize.CodeFixes.Frame;
using Memoize.Generators.Diagnostics;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Memoize.CodeFixes;

/// <summary>An option without meaning: take it away, so that its default holds.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(RemoveOptionCodeFixProvider)), Shared]
public sealed class RemoveOptionCodeFixProvider() : RepairProvider(Rules.Option, Rules.RuleMethod, Rules.UnlikelyOption)
{
    private protected override Task<IReadOnlyList<Repair>> FindAsync(Place place)
    {
        if (place.Fix is not { } option
            || place.Node.FirstAncestorOrSelf<AttributeSyntax>() is not { ArgumentList: { } arguments } attribute
            || !arguments.Arguments.Any(IsIt))
        {
            return These();
        }

        return These(Repair.Of(
            $"Remove {option}",
            nameof(RemoveOptionCodeFixProvider),
            place.Edit(attribute, "-" + option, node => AttributeEdits.Without((AttributeSyntax)node, IsIt))));

        bool IsIt(AttributeArgumentSyntax argument) => argument.NameEquals?.Name.Identifier.ValueText == option;
    }
}
