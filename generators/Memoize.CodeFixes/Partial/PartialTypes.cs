using Memoize.CodeFixes.Frame;
using Memoize.Generators.Parsing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Memoize.CodeFixes.Partial;

/// <summary>Declares types partial, so that the generator can add its half.</summary>
internal static class PartialTypes
{
    /// <summary>Edits of every declaration, of the type and of those around it, that lacks the word; null where one is not ours to edit.</summary>
    public static IReadOnlyList<Edit>? Edits(Solution solution, INamedTypeSymbol type, CancellationToken cancellation)
    {
        var edits = new List<Edit>();
        foreach (var container in Names.ContainersOf(type))
        {
            foreach (var reference in container.DeclaringSyntaxReferences)
            {
                if (reference.GetSyntax(cancellation) is not TypeDeclarationSyntax declaration)
                {
                    return null;
                }

                if (declaration.Modifiers.Any(SyntaxKind.PartialKeyword))
                {
                    continue;
                }

                if (Edit.Of(solution, declaration, "partial", node => Add((TypeDeclarationSyntax)node)) is not { } edit)
                {
                    return null;
                }

                edits.Add(edit);
            }
        }

        return edits;
    }

    // The last of the modifiers, right before 'class', 'struct', 'record' or 'interface'.
    private static TypeDeclarationSyntax Add(TypeDeclarationSyntax type)
    {
        var partial = SyntaxFactory.Token(default, SyntaxKind.PartialKeyword, SyntaxFactory.TriviaList(SyntaxFactory.Space));
        return type.Modifiers.Count > 0
            ? type.AddModifiers(partial)
            : type.WithKeyword(type.Keyword.WithLeadingTrivia()).AddModifiers(partial.WithLeadingTrivia(type.Keyword.LeadingTrivia));
    }
}
