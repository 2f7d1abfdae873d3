using System.Composition;
using Memoize.CodeFixes.Frame;
using Memoize.Generators.Diagnostics;
using Memoize.Generators.Parsing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Memoize.CodeFixes;

/// <summary>The name of a class of handles is taken: give it another.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(HandleNameCodeFixProvider)), Shared]
public sealed class HandleNameCodeFixProvider() : RepairProvider(Rules.HandleName)
{
    private protected override Task<IReadOnlyList<Repair>> FindAsync(Place place)
    {
        if (place.Node.FirstAncestorOrSelf<TypeDeclarationSyntax>() is not { } declaration
            || place.Model.GetDeclaredSymbol(declaration, place.Cancellation) is not INamedTypeSymbol type)
        {
            return These();
        }

        var taken = new HashSet<string>(type.ContainingNamespace.GetMembers().Select(member => member.Name), StringComparer.Ordinal);
        var name = Enumerable.Range(1, int.MaxValue).Select(i => type.Name + "Handles" + (i == 1 ? "" : i)).First(wish => !taken.Contains(wish));
        var present = Attributes.CacheHandles(type).Syntax(place.Cancellation);
        return These(Repair.Of($"Name the handles '{name}'", nameof(HandleNameCodeFixProvider), present is null
            ? place.Edit(declaration, "+CacheHandles", node => AttributeEdits.Add(node, Named(AttributeEdits.New("CacheHandles"))))
            : place.Edit(present, "CacheHandles", node => Named((AttributeSyntax)node))));

        AttributeSyntax Named(AttributeSyntax attribute) => attribute.WithArgumentList(SyntaxFactory.AttributeArgumentList(
            SyntaxFactory.SingletonSeparatedList(SyntaxFactory.AttributeArgument(KeyChoice.Text(name)))));
    }
}
