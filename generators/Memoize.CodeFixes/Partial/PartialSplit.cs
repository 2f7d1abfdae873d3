using System.Collections.Immutable;
using Memoize.CodeFixes.Frame;
using Memoize.Generators.Diagnostics;
using Memoize.Generators.Parsing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Memoize.CodeFixes.Partial;

/// <summary>Splits a cached method into its partial declaration, which Memoize implements, and the core with its body.</summary>
internal static class PartialSplit
{
    // What being partial must not leave behind; anything else that keeps the method from being cached has its own message and fix.
    private static readonly ImmutableArray<DiagnosticDescriptor> OfDeclaration = [Rules.Declaration, Rules.Core, Rules.NotEnabled, Rules.Inaccessible];

    /// <summary>The edits; none where the method is not ours to split, or would not be cached afterwards.</summary>
    public static async Task<IReadOnlyList<Edit>> EditsAsync(Solution solution, IMethodSymbol method, CancellationToken cancellation)
    {
        if (method.DeclaringSyntaxReferences.Length != 1
            || method.PartialDefinitionPart is not null
            || method.PartialImplementationPart is not null
            || await method.DeclaringSyntaxReferences[0].GetSyntaxAsync(cancellation).ConfigureAwait(false) is not MethodDeclarationSyntax declaration
            || (declaration.Body is null && declaration.ExpressionBody is null)
            || HasDirectives(declaration)
            || declaration.Parent is not (ClassDeclarationSyntax or StructDeclarationSyntax or RecordDeclarationSyntax)
            || solution.GetDocument(declaration.SyntaxTree)?.Project is not { } project
            || await project.GetCompilationAsync(cancellation).ConfigureAwait(false) is not { } compilation
            || !compilation.ContainsSyntaxTree(declaration.SyntaxTree)
            || Attributes.Cached(method).Syntax(cancellation) is not { } cached)
        {
            return [];
        }

        var model = compilation.GetSemanticModel(declaration.SyntaxTree);
        var name = NameOfCore(method);
        var split = Edit.Of(solution, declaration, "split", _ => Declaration(declaration, cached, name, model));
        var types = PartialTypes.Edits(solution, method.ContainingType, cancellation);
        if (split is null || types is null)
        {
            return [];
        }

        IReadOnlyList<Edit> edits = [split with { Behind = CoreSyntax.Of(declaration, method, name, model) }, .. types];
        return IsCachedAfter(compilation, solution, method, edits, cancellation) ? edits : [];
    }

    private static MethodDeclarationSyntax Declaration(MethodDeclarationSyntax method, AttributeSyntax cached, string core, SemanticModel model)
    {
        var leading = method.GetLeadingTrivia();
        var ofBody = method.AttributeLists.SelectMany(list => list.Attributes).Where(attribute => CoreSyntax.IsOfBody(attribute, model)).ToList();
        var marked = method;
        if (core != method.Identifier.ValueText + "Core")
        {
            var nameOf = SyntaxFactory.ParseExpression($"nameof({Names.Escape(core)})");
            marked = marked.TrackNodes(ofBody.Append(cached));
            var current = marked.GetCurrentNode(cached)!;
            marked = marked.ReplaceNode(current, AttributeEdits.With(current, "Core", nameOf));
            ofBody = ofBody.Select(attribute => marked.GetCurrentNode(attribute)!).ToList();
        }

        foreach (var attribute in ofBody)
        {
            marked = (MethodDeclarationSyntax)AttributeEdits.Remove(marked, attribute);
        }

        marked = marked.WithModifiers(Modifiers(marked)).WithReturnType(marked.ReturnType.WithLeadingTrivia())
            .WithBody(null).WithExpressionBody(null).WithSemicolonToken(default);
        var last = marked.GetLastToken();
        return marked.ReplaceToken(last, last.WithTrailingTrivia())
            .WithSemicolonToken(SyntaxFactory.Token(default, SyntaxKind.SemicolonToken, Line.Of(method).Stop()))
            .WithLeadingTrivia(leading);
    }

    // The compiler asks for an accessibility where a partial method has a result, and for 'partial' in the last place.
    private static SyntaxTokenList Modifiers(MethodDeclarationSyntax method)
    {
        var modifiers = method.Modifiers.Where(m => !m.IsKind(SyntaxKind.AsyncKeyword)).Select(m => m.WithoutTrivia()).ToList();
        if (!modifiers.Any(m => SyntaxFacts.IsAccessibilityModifier(m.Kind())))
        {
            modifiers.Insert(0, SyntaxFactory.Token(SyntaxKind.PrivateKeyword));
        }

        modifiers.Add(SyntaxFactory.Token(SyntaxKind.PartialKeyword));
        // Behind attributes on lines of their own, the first modifier brings the indentation.
        var first = method.Modifiers.Count > 0 ? method.Modifiers[0].LeadingTrivia : method.ReturnType.GetLeadingTrivia();
        return SyntaxFactory.TokenList(modifiers.Select((m, index) =>
            m.WithLeadingTrivia(index == 0 ? first : default).WithTrailingTrivia(SyntaxFactory.Space)));
    }

    // The name that needs no option, or the next one that nothing else has.
    private static string NameOfCore(IMethodSymbol method)
    {
        for (var attempt = 0; ; attempt++)
        {
            var name = method.Name + attempt switch { 0 => "Core", 1 => "Original", _ => "Original" + attempt };
            if (!IsTaken(method, name))
            {
                return name;
            }
        }
    }

    private static bool IsTaken(IMethodSymbol method, string name)
    {
        if (method.ContainingType.Name == name)
        {
            return true;
        }

        for (INamedTypeSymbol? type = method.ContainingType; type is not null; type = type.BaseType)
        {
            foreach (var member in type.GetMembers(name))
            {
                var overload = member is IMethodSymbol other
                    && (other.Arity != method.Arity
                        || other.Parameters.Length != method.Parameters.Length
                        || other.Parameters.Zip(method.Parameters, (a, b) => a.Type.Equals(b.Type, SymbolEqualityComparer.Default)).Contains(false));
                if (!overload && (type.Equals(method.ContainingType, SymbolEqualityComparer.Default) || member.DeclaredAccessibility != Accessibility.Private))
                {
                    return true;
                }
            }
        }

        return false;
    }

    // Halves of a signature under #if cannot be written twice.
    private static bool HasDirectives(MethodDeclarationSyntax method) =>
        method.DescendantTokens(node => node == method || node is not (BlockSyntax or ArrowExpressionClauseSyntax))
            .Skip(1).Any(token => token.LeadingTrivia.Any(trivia => trivia.IsDirective) && token.SpanStart < (method.Body?.SpanStart ?? method.ExpressionBody!.SpanStart));

    // Nobody knows better than the generator whether it would take it.
    private static bool IsCachedAfter(Compilation compilation, Solution solution, IMethodSymbol method, IReadOnlyList<Edit> edits, CancellationToken cancellation)
    {
        var id = DocumentationCommentId.CreateDeclarationId(method)!;
        foreach (var document in edits.GroupBy(edit => edit.Document))
        {
            if (solution.GetDocument(document.Key) is not { } file || !file.TryGetSyntaxTree(out var tree) || !compilation.ContainsSyntaxTree(tree))
            {
                return false;
            }

            compilation = compilation.ReplaceSyntaxTree(tree, tree.WithRootAndOptions(Edits.Apply(tree.GetRoot(cancellation), document), tree.Options));
        }

        return DocumentationCommentId.GetFirstSymbolForDeclarationId(id, compilation) is IMethodSymbol after
            && CompilationFacts.Of(compilation) is var facts
            && facts.ProblemsOf(after, cancellation).ToList() is var problems
            && (facts.WrapperOf(after, cancellation) is not null || problems.Count > 0)
            && !problems.Any(problem => OfDeclaration.Contains(problem.Rule));
    }
}
