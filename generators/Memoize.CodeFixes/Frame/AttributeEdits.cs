using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Formatting;
using Microsoft.CodeAnalysis.Simplification;

namespace Memoize.CodeFixes.Frame;

/// <summary>Writes, changes and removes attributes. They are found through their symbols, so an alias is as good as the name.</summary>
internal static class AttributeEdits
{
    /// <summary>The attribute as its author wrote it.</summary>
    public static AttributeSyntax? Syntax(this AttributeData? attribute, CancellationToken cancellation) =>
        attribute?.ApplicationSyntaxReference?.GetSyntax(cancellation) as AttributeSyntax;

    /// <summary>The attribute with one more named argument.</summary>
    public static AttributeSyntax With(AttributeSyntax attribute, string name, ExpressionSyntax value)
    {
        var argument = SyntaxFactory.AttributeArgument(value).WithNameEquals(SyntaxFactory.NameEquals(name));
        var arguments = attribute.ArgumentList ?? SyntaxFactory.AttributeArgumentList();
        return attribute.WithArgumentList(arguments.AddArguments(argument)).WithAdditionalAnnotations(Formatter.Annotation);
    }

    /// <summary>The attribute with a switch turned on.</summary>
    public static AttributeSyntax With(AttributeSyntax attribute, string name) => With(attribute, name, SyntaxFactory.LiteralExpression(SyntaxKind.TrueLiteralExpression));

    /// <summary>The attribute without some of its arguments, and without parentheses where none are left.</summary>
    public static AttributeSyntax Without(AttributeSyntax attribute, Func<AttributeArgumentSyntax, bool> unwanted)
    {
        if (attribute.ArgumentList is not { } list)
        {
            return attribute;
        }

        var arguments = list.Arguments;
        foreach (var argument in list.Arguments.Where(unwanted))
        {
            arguments = arguments.RemoveAt(arguments.IndexOf(a => a.IsEquivalentTo(argument)));
        }

        return attribute.WithArgumentList(arguments.Count == 0 ? null : list.WithArguments(arguments)).WithAdditionalAnnotations(Formatter.Annotation);
    }

    /// <summary>An attribute of Memoize, which brings its using where there is none.</summary>
    public static AttributeSyntax New(string name) => SyntaxFactory.Attribute(
        SyntaxFactory.ParseName($"global::Memoize.{name}Attribute").WithAdditionalAnnotations(
            [Simplifier.Annotation, .. Imports.Of($"Memoize.{name}Attribute")]));

    /// <summary>The declaration with an attribute in front of the others.</summary>
    public static SyntaxNode Add(SyntaxNode declaration, AttributeSyntax attribute, bool toProperty = false)
    {
        var list = SyntaxFactory.AttributeList(SyntaxFactory.SingletonSeparatedList(attribute));
        if (toProperty)
        {
            list = list.WithTarget(SyntaxFactory.AttributeTargetSpecifier(SyntaxFactory.Token(SyntaxKind.PropertyKeyword)));
        }

        var leading = declaration.GetLeadingTrivia();
        var bare = declaration.WithoutLeadingTrivia();
        return (declaration switch
        {
            ParameterSyntax => ((ParameterSyntax)bare).WithAttributeLists(Insert(((ParameterSyntax)bare).AttributeLists, list.WithTrailingTrivia(SyntaxFactory.Space))),
            MemberDeclarationSyntax => ((MemberDeclarationSyntax)bare).WithAttributeLists(Insert(((MemberDeclarationSyntax)bare).AttributeLists, list.WithTrailingTrivia(Break(leading)))),
            _ => bare,
        }).WithLeadingTrivia(leading).WithAdditionalAnnotations(Formatter.Annotation);
    }

    /// <summary>The declaration without an attribute that its symbol has.</summary>
    public static SyntaxNode Remove(SyntaxNode declaration, AttributeSyntax attribute)
    {
        var list = (AttributeListSyntax)attribute.Parent!;
        var found = declaration.DescendantNodes().OfType<AttributeListSyntax>().FirstOrDefault(l => l.IsEquivalentTo(list));
        if (found is null)
        {
            return declaration;
        }

        if (found.Attributes.Count > 1)
        {
            return declaration.ReplaceNode(found, found.RemoveNode(found.Attributes.First(a => a.IsEquivalentTo(attribute)), SyntaxRemoveOptions.KeepNoTrivia)!);
        }

        var leading = declaration.GetLeadingTrivia();
        return declaration.RemoveNode(found, SyntaxRemoveOptions.KeepNoTrivia)!.WithLeadingTrivia(leading);
    }

    /// <summary>Where an attribute of the symbol belongs; null for a field that shares its declaration with others.</summary>
    public static SyntaxNode? Carrier(ISymbol symbol, SyntaxNode declared) => symbol switch
    {
        IFieldSymbol => declared.FirstAncestorOrSelf<FieldDeclarationSyntax>() is { Declaration.Variables.Count: 1 } field ? field : null,
        IPropertySymbol => declared.FirstAncestorOrSelf<SyntaxNode>(node => node is PropertyDeclarationSyntax or ParameterSyntax),
        IParameterSymbol => declared.FirstAncestorOrSelf<ParameterSyntax>(),
        _ => null,
    };

    private static SyntaxList<AttributeListSyntax> Insert(SyntaxList<AttributeListSyntax> lists, AttributeListSyntax list) => lists.Insert(0, list);

    // On a line of its own where the member is, and behind the brace of a type that is all on one line.
    private static SyntaxTrivia Break(SyntaxTriviaList leading) =>
        leading.Any(trivia => trivia.IsKind(SyntaxKind.WhitespaceTrivia) || trivia.IsKind(SyntaxKind.EndOfLineTrivia))
            ? SyntaxFactory.ElasticCarriageReturnLineFeed
            : SyntaxFactory.Space;
}
