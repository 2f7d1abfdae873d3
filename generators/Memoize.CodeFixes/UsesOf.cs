using Memoize.CodeFixes.Frame;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.FindSymbols;

namespace Memoize.CodeFixes;

/// <summary>Where a symbol is used in the solution, besides in generated code and where it is only named.</summary>
internal static class UsesOf
{
    public static async Task<IReadOnlyList<(Document Document, SyntaxNode Name)>> FindAsync(ISymbol symbol, Place place)
    {
        var uses = new List<(Document, SyntaxNode)>();
        var found = await SymbolFinder.FindReferencesAsync(symbol, place.Solution, place.Cancellation).ConfigureAwait(false);
        foreach (var location in found.SelectMany(reference => reference.Locations))
        {
            if (!location.IsImplicit
                && location.Document is not SourceGeneratedDocument
                && await location.Document.GetSyntaxRootAsync(place.Cancellation).ConfigureAwait(false) is { } root
                && !GeneratedCode.Is(location.Document.FilePath ?? location.Document.Name, root.SyntaxTree)
                && root.FindNode(location.Location.SourceSpan, findInsideTrivia: true, getInnermostNodeForTie: true) is var name
                && !IsOnlyNamed(name))
            {
                uses.Add((location.Document, name));
            }
        }

        return uses;
    }

    /// <summary>Whether nothing is done with the method but to call it.</summary>
    public static async Task<bool> AreCallsAsync(IMethodSymbol method, Place place) =>
        (await FindAsync(method, place).ConfigureAwait(false)).All(use => CallOf(use.Name) is not null);

    /// <summary>The call of the method that is named; null where it is not called.</summary>
    public static InvocationExpressionSyntax? CallOf(SyntaxNode name)
    {
        var expression = Qualified(name);
        return expression.Parent is InvocationExpressionSyntax call && call.Expression == expression ? call : null;
    }

    /// <summary>The expression that the name ends: with what stands before its dot.</summary>
    public static SyntaxNode Qualified(SyntaxNode name) => name.Parent switch
    {
        MemberAccessExpressionSyntax access when access.Name == name => access,
        MemberBindingExpressionSyntax binding => binding,
        _ => name,
    };

    // nameof(M), and references in comments.
    private static bool IsOnlyNamed(SyntaxNode name) =>
        name.IsPartOfStructuredTrivia()
        || name.Ancestors().OfType<InvocationExpressionSyntax>().Any(call => call.Expression is IdentifierNameSyntax { Identifier.ValueText: "nameof" });
}
