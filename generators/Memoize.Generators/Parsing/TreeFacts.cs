using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Memoize.Generators.Parsing;

/// <summary>
/// What syntax alone tells about one file. It lives as long as the tree does, so that after an edit only the edited file is read again,
/// and an analyzer finds what the generator has read.
/// </summary>
internal sealed class TreeFacts
{
    private static readonly ConditionalWeakTable<SyntaxTree, TreeFacts> Facts = new();

    private volatile Scan? _scan;

    private TreeFacts(SyntaxTree tree)
    {
        // Any attribute may be an alias of ours, so every attributed method counts; that is still very few.
        var methods = tree.GetRoot()
            .DescendantNodes(static node => node is CompilationUnitSyntax or BaseNamespaceDeclarationSyntax or TypeDeclarationSyntax)
            .OfType<MethodDeclarationSyntax>()
            .Where(method => method.AttributeLists.Count > 0)
            .ToList();
        AttributedMethods = [.. methods.Select(method => method.Identifier.ValueText).Distinct()];
        TypesWithAttributedMethods = [.. methods.Select(method => method.Parent).OfType<TypeDeclarationSyntax>().Distinct()];
    }

    /// <summary>The names of its methods that carry an attribute.</summary>
    public IReadOnlyList<string> AttributedMethods { get; }

    public IReadOnlyList<TypeDeclarationSyntax> TypesWithAttributedMethods { get; }

    public static TreeFacts Of(SyntaxTree tree) => Facts.GetValue(tree, static t => new TreeFacts(t));

    /// <summary>Every place in the file where one of the names is used.</summary>
    public static IReadOnlyList<SimpleNameSyntax> MentionsIn(SyntaxTree tree, NameScanner names, CancellationToken cancellation)
    {
        var facts = Of(tree);
        if (facts._scan is not { } scan || scan.Names != names.Text)
        {
            facts._scan = scan = new Scan(names.Text, names.MentionsIn(tree, cancellation));
        }

        return scan.Places;
    }

    private sealed class Scan(string names, IReadOnlyList<SimpleNameSyntax> places)
    {
        public string Names => names;

        public IReadOnlyList<SimpleNameSyntax> Places => places;
    }
}
