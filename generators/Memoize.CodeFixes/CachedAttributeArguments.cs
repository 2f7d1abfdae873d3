using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Memoize.CodeFixes;

/// <summary>Finds and edits the <c>[Cached]</c> attribute in syntax.</summary>
internal static class CachedAttributeArguments
{
    /// <summary>The attribute on the method around a node, found by its name.</summary>
    public static AttributeSyntax? FindOn(SyntaxNode node) => node.FirstAncestorOrSelf<MethodDeclarationSyntax>()?
        .AttributeLists.SelectMany(list => list.Attributes)
        .FirstOrDefault(attribute => NameOf(attribute) is "Cached" or "CachedAttribute");

    /// <summary>The attribute with one more named argument.</summary>
    public static AttributeSyntax With(AttributeSyntax attribute, string name, ExpressionSyntax value)
    {
        var argument = SyntaxFactory.AttributeArgument(value).WithNameEquals(SyntaxFactory.NameEquals(name));
        var arguments = attribute.ArgumentList ?? SyntaxFactory.AttributeArgumentList();
        return attribute.WithArgumentList(arguments.AddArguments(argument));
    }

    private static string NameOf(AttributeSyntax attribute) => attribute.Name switch
    {
        QualifiedNameSyntax qualified => qualified.Right.Identifier.ValueText,
        AliasQualifiedNameSyntax alias => alias.Name.Identifier.ValueText,
        SimpleNameSyntax simple => simple.Identifier.ValueText,
        _ => "",
    };
}
