using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Memoize.Generators.Parsing;

/// <summary>
/// Local functions and lambdas that carry an attribute which is for methods of a type. There are hardly any, so a file is only looked
/// through where the words of our attributes stand in it.
/// </summary>
internal static class AttributedFunctions
{
    private static readonly ConditionalWeakTable<SyntaxTree, IReadOnlyList<SyntaxNode>> Found = new();

    private static readonly string[] Words = ["Cached", "Evicts", "Updates"];

    private static readonly NameScanner Scanner = new(new HashSet<string>(
        new[] { "Cached", "CachedBatch", "Evicts", "EvictsTag", "Updates" }.SelectMany(name => new[] { name, name + "Attribute" }), StringComparer.Ordinal));

    public static IReadOnlyList<SyntaxNode> In(SyntaxTree tree, CompilationFacts facts, CancellationToken cancellation) =>
        facts.HasAliasesOfAttributes
            ? [.. tree.GetRoot(cancellation).DescendantNodes().Where(HasAttributes)]
            : Found.GetValue(tree, static tree => Find(tree));

    /// <summary>Whether a directive may give one of our attributes another name.</summary>
    public static bool IsAlias(UsingDirectiveSyntax directive) =>
        directive.Alias is not null && directive.NamespaceOrType.ToString() is var type && Array.Exists(Words, word => type.Contains(word));

    private static IReadOnlyList<SyntaxNode> Find(SyntaxTree tree) => Array.Exists(Words, word => tree.GetText().ToString().Contains(word))
        ?
        [
            .. Scanner.MentionsIn(tree, default)
                .Select(name => name.FirstAncestorOrSelf<AttributeSyntax>()?.Parent?.Parent)
                .OfType<SyntaxNode>()
                .Where(HasAttributes)
                .Distinct(),
        ]
        : [];

    private static bool HasAttributes(SyntaxNode node) => node switch
    {
        LocalFunctionStatementSyntax local => local.AttributeLists.Count > 0,
        LambdaExpressionSyntax lambda => lambda.AttributeLists.Count > 0,
        _ => false,
    };
}
