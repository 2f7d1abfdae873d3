using Memoize.Generators.Parsing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Simplification;

namespace Memoize.CodeFixes.Partial;

/// <summary>
/// The method that holds the body of a cached partial method: private, and without everything that belongs to the declaration, such
/// as default values, which could drift apart.
/// </summary>
internal static class CoreSyntax
{
    // They speak of the code in the body, and mean nothing on a method without one.
    private static readonly string[] BodyAttributes = ["MethodImplAttribute", "SkipLocalsInitAttribute", "AsyncMethodBuilderAttribute"];

    /// <summary>The core of a method, with the body that the method has.</summary>
    public static MethodDeclarationSyntax Of(MethodDeclarationSyntax method, IMethodSymbol symbol, string name, SemanticModel model)
    {
        var line = Line.Of(method);
        var attributes = method.AttributeLists.Select(list => Kept(list, model)).OfType<AttributeListSyntax>()
            .Select(list => list.WithoutTrivia().WithTrailingTrivia(line.Break()));
        var modifiers = method.Modifiers
            .Where(m => m.IsKind(SyntaxKind.StaticKeyword) || m.IsKind(SyntaxKind.ReadOnlyKeyword) || m.IsKind(SyntaxKind.UnsafeKeyword) || m.IsKind(SyntaxKind.AsyncKeyword))
            .Prepend(SyntaxFactory.Token(SyntaxKind.PrivateKeyword))
            .Select(m => SyntaxFactory.Token(default, m.Kind(), SyntaxFactory.TriviaList(SyntaxFactory.Space)));
        var constraints = Constraints(method, symbol);
        var parameters = method.ParameterList.WithParameters(Parameters(method.ParameterList.Parameters, model));
        return method
            .WithAttributeLists(SyntaxFactory.List(attributes))
            .WithModifiers(SyntaxFactory.TokenList(modifiers))
            .WithReturnType(method.ReturnType.WithLeadingTrivia())
            .WithIdentifier(SyntaxFactory.Identifier(name).WithTriviaFrom(method.Identifier))
            .WithParameterList(constraints.Count > method.ConstraintClauses.Count ? parameters.WithTrailingTrivia() : parameters)
            .WithConstraintClauses(constraints)
            .WithLeadingTrivia(line.Gap());
    }

    /// <summary>Whether an attribute says something about the body and nothing about the declaration.</summary>
    public static bool IsOfBody(AttributeSyntax attribute, SemanticModel model) => Array.IndexOf(BodyAttributes, TypeOf(attribute, model)?.Name) >= 0;

    private static SeparatedSyntaxList<ParameterSyntax> Parameters(SeparatedSyntaxList<ParameterSyntax> parameters, SemanticModel model)
    {
        var changed = parameters.Select(parameter => parameter
            .WithAttributeLists(SyntaxFactory.List(parameter.AttributeLists.Select(list => Kept(list, model)).OfType<AttributeListSyntax>()))
            .WithModifiers(Without(parameter.Modifiers, SyntaxKind.ThisKeyword, SyntaxKind.ParamsKeyword))
            .WithIdentifier(parameter.Default is null ? parameter.Identifier : parameter.Identifier.WithTrailingTrivia())
            .WithDefault(null)
            .WithLeadingTrivia(parameter.GetLeadingTrivia())
            .WithTrailingTrivia(parameter.GetTrailingTrivia()));
        return SyntaxFactory.SeparatedList(changed, parameters.GetSeparators());
    }

    private static SyntaxTokenList Without(SyntaxTokenList modifiers, params SyntaxKind[] kinds) =>
        SyntaxFactory.TokenList(modifiers.Where(m => Array.IndexOf(kinds, m.Kind()) < 0));

    // What the compiler's analysis reads (of nulls, of trimming, of warnings to keep silent) holds for the body too.
    private static AttributeListSyntax? Kept(AttributeListSyntax list, SemanticModel model)
    {
        var kept = list.Attributes
            .Where(attribute => IsOfBody(attribute, model) || TypeOf(attribute, model)?.ContainingNamespace.ToDisplayString() == "System.Diagnostics.CodeAnalysis")
            .Select(attribute => attribute.WithoutTrivia())
            .ToArray();
        return kept.Length == 0 ? null : list.WithAttributes(SyntaxFactory.SeparatedList(kept, Enumerable.Repeat(
            SyntaxFactory.Token(SyntaxKind.CommaToken).WithTrailingTrivia(SyntaxFactory.Space), kept.Length - 1)));
    }

    private static INamedTypeSymbol? TypeOf(AttributeSyntax attribute, SemanticModel model) => model.GetSymbolInfo(attribute).Symbol?.ContainingType;

    // An override inherits its constraints and must not repeat them; its core inherits nothing.
    private static SyntaxList<TypeParameterConstraintClauseSyntax> Constraints(MethodDeclarationSyntax method, IMethodSymbol symbol)
    {
        if (!symbol.IsOverride || symbol.Arity == 0)
        {
            return method.ConstraintClauses;
        }

        var clauses = string.Join(" ", TypeParameters.Of(symbol.TypeParameters).Select(p => p.Constraints).Where(c => c.Length > 0));
        if (clauses.Length == 0)
        {
            return default;
        }

        var parsed = (MethodDeclarationSyntax)SyntaxFactory.ParseMemberDeclaration($"void M<T>() {clauses} {{ }}")!;
        var trailing = method.ParameterList.GetTrailingTrivia();
        return SyntaxFactory.List(parsed.ConstraintClauses.Select((clause, index) => clause
            .WithLeadingTrivia(SyntaxFactory.Space)
            .WithTrailingTrivia(index == parsed.ConstraintClauses.Count - 1 ? trailing : default)
            .WithAdditionalAnnotations(Simplifier.Annotation)));
    }
}
