using System.Composition;
using Memoize.CodeFixes.Frame;
using Memoize.Generators.Diagnostics;
using Memoize.Generators.Parsing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Memoize.CodeFixes;

/// <summary>An attribute that asks for something that cannot be, or is not worth it, where it stands: take it away.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(RemoveAttributeCodeFixProvider)), Shared]
public sealed class RemoveAttributeCodeFixProvider() : RepairProvider(
    Rules.Declaration, Rules.CheapWork, Rules.TargetNotCached, Rules.EvictingMethod, Rules.BatchAndCached, Rules.TwoDoors)
{
    private protected override Task<IReadOnlyList<Repair>> FindAsync(Place place)
    {
        var unwanted = Unwanted(place).OfType<AttributeSyntax>().ToList();
        if (unwanted.Count == 0)
        {
            return These();
        }

        var names = string.Join(", ", unwanted.Select(attribute => NameOf(attribute)).Distinct());
        return These(Repair.Of($"Remove [{names}]", nameof(RemoveAttributeCodeFixProvider), unwanted.SelectMany(Remove)));

        IEnumerable<Edit> Remove(AttributeSyntax attribute) => place.Edit(
            attribute.Parent!.Parent, $"-{attribute.SpanStart}", node => AttributeEdits.Remove(node, attribute));
    }

    private static IEnumerable<AttributeSyntax?> Unwanted(Place place)
    {
        if (place.Diagnostic.Id != Rules.BatchAndCached.Id && place.Node.FirstAncestorOrSelf<AttributeSyntax>() is { } here)
        {
            return [here];
        }

        var member = place.Node.FirstAncestorOrSelf<SyntaxNode>(node => node is BaseMethodDeclarationSyntax or LocalFunctionStatementSyntax);
        if (member is null || place.Model.GetDeclaredSymbol(member, place.Cancellation) is not { } symbol)
        {
            return [];
        }

        return place.Diagnostic.Id == Rules.EvictingMethod.Id
            ? Attributes.Invalidations(symbol).Select(attribute => attribute.Syntax(place.Cancellation))
            : [(Attributes.Cached(symbol) ?? Attributes.CachedBatch(symbol)).Syntax(place.Cancellation)];
    }

    private static string NameOf(AttributeSyntax attribute) => attribute.Name switch
    {
        QualifiedNameSyntax { Right.Identifier.ValueText: var name } => name,
        SimpleNameSyntax { Identifier.ValueText: var name } => name,
        var other => other.ToString(),
    };
}
