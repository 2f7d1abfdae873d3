using System.Composition;
using Memoize.CodeFixes.Frame;
using Memoize.Generators.Diagnostics;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.FindSymbols;
using Microsoft.CodeAnalysis.Simplification;

namespace Memoize.CodeFixes;

/// <summary>
/// An eviction or an update of what is not cached, cannot be reached, or cannot be stored; and one on a method that nobody can wait for.
/// </summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(InvalidationShapeCodeFixProvider)), Shared]
public sealed class InvalidationShapeCodeFixProvider() : RepairProvider(
    Rules.TargetNotCached, Rules.UnreachableTarget, Rules.UpdateResult, Rules.AmbiguousUpdate, Rules.EvictingMethod)
{
    private protected override async Task<IReadOnlyList<Repair>> FindAsync(Place place)
    {
        var attribute = place.Node.FirstAncestorOrSelf<AttributeSyntax>();
        var repair = place.Fix switch
        {
            FixProperties.Cached => Cache(place),
            FixProperties.Internal => await OpenAsync(place).ConfigureAwait(false),
            FixProperties.All when attribute is not null => Repair.Of("Evict all entries (All = true)", FixProperties.All, place.Edit(attribute, "All", node => All((AttributeSyntax)node))),
            FixProperties.Evicts when attribute is not null => Repair.Of($"Evict with [{WordFor(attribute)}] instead", FixProperties.Evicts, place.Edit(attribute, "Evicts", node => Evicts((AttributeSyntax)node))),
            FixProperties.Task => await ReturnTaskAsync(place).ConfigureAwait(false),
            _ => null,
        };
        return repair is null ? [] : [repair];
    }

    private static ISymbol? Subject(Place place) =>
        place.Subject is { } id ? DocumentationCommentId.GetFirstSymbolForDeclarationId(id, place.Model.Compilation) : null;

    private static Repair? Cache(Place place) =>
        Subject(place) is IMethodSymbol { DeclaringSyntaxReferences: [var reference, ..] } method
        && reference.GetSyntax(place.Cancellation) is MethodDeclarationSyntax declaration
            ? Repair.Of($"Put [Cached] on '{method.Name}'", FixProperties.Cached, place.Edit(declaration, "+Cached", node => AttributeEdits.Add(node, AttributeEdits.New("Cached"))))
            : null;

    // To widen what can be seen breaks nobody, except where the type is made of others that cannot be seen.
    private static async Task<Repair?> OpenAsync(Place place)
    {
        if (Subject(place) is not INamedTypeSymbol type
            || await SymbolFinder.FindSourceDefinitionAsync(type, place.Solution, place.Cancellation).ConfigureAwait(false) is not { } source)
        {
            return null;
        }

        var declarations = source.DeclaringSyntaxReferences.Select(reference => reference.GetSyntax(place.Cancellation)).OfType<BaseTypeDeclarationSyntax>();
        return Repair.Of($"Make '{type.Name}' internal", FixProperties.Internal, declarations.SelectMany(declaration => place.Edit(declaration, "internal", Open)));
    }

    private static SyntaxNode Open(SyntaxNode node)
    {
        var declaration = (BaseTypeDeclarationSyntax)node;
        var leading = declaration.GetLeadingTrivia();
        var others = declaration.Modifiers.Where(modifier => !modifier.IsKind(SyntaxKind.PrivateKeyword) && !modifier.IsKind(SyntaxKind.ProtectedKeyword));
        var bare = (BaseTypeDeclarationSyntax)declaration.WithoutLeadingTrivia();
        var word = SyntaxFactory.Token(default, SyntaxKind.InternalKeyword, SyntaxFactory.TriviaList(SyntaxFactory.Space));
        return bare.WithModifiers(SyntaxFactory.TokenList(others.Select(modifier => modifier.WithLeadingTrivia()).Prepend(word))).WithLeadingTrivia(leading);
    }

    private static AttributeSyntax All(AttributeSyntax attribute) =>
        AttributeEdits.With(AttributeEdits.Without(attribute, argument => argument.NameEquals?.Name.Identifier.ValueText == "Map"), "All");

    private static AttributeSyntax Evicts(AttributeSyntax attribute) =>
        attribute.WithName(AttributeEdits.New(WordFor(attribute)).Name.WithTriviaFrom(attribute.Name));

    private static string WordFor(AttributeSyntax attribute) => attribute.Parent is AttributeListSyntax { Target: not null } ? "EvictingMember" : "Evicts";

    // Where the method is only called, and not handed over as something that returns nothing.
    private static async Task<Repair?> ReturnTaskAsync(Place place)
    {
        if (place.Method is not { IsOverride: false, IsVirtual: false } method
            || !await UsesOf.AreCallsAsync(method, place).ConfigureAwait(false))
        {
            return null;
        }

        var halves = new[] { method, method.PartialImplementationPart, method.PartialDefinitionPart }.OfType<IMethodSymbol>()
            .SelectMany(half => half.DeclaringSyntaxReferences)
            .Select(reference => (reference.GetSyntax(place.Cancellation) as MethodDeclarationSyntax)?.ReturnType)
            .OfType<TypeSyntax>()
            .Distinct();
        return Repair.Of("Return a Task", FixProperties.Task, halves.SelectMany(type => place.Edit(type, "Task", node => TaskType().WithTriviaFrom(node))));
    }

    private static TypeSyntax TaskType() => SyntaxFactory.ParseTypeName("global::System.Threading.Tasks.Task").WithAdditionalAnnotations(
        [Simplifier.Annotation, .. Imports.Of("System.Threading.Tasks.Task")]);
}
