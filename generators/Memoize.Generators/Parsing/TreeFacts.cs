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

    private static readonly NameScanner Dynamic = new(new HashSet<string>(StringComparer.Ordinal) { "dynamic" });

    private readonly Lazy<bool> _mentionsDynamic;
    private volatile Scan? _scan;

    private TreeFacts(SyntaxTree tree)
    {
        // Any attribute may be an alias of ours, so every attributed method counts; that is still very few.
        List<MethodDeclarationSyntax> methods = [];
        List<InterfaceDeclarationSyntax> interfaces = [];
        List<TypeDeclarationSyntax> derived = [];
        foreach (var node in tree.GetRoot().DescendantNodes(static node => node is CompilationUnitSyntax or BaseNamespaceDeclarationSyntax or TypeDeclarationSyntax))
        {
            switch (node)
            {
                case MethodDeclarationSyntax { AttributeLists.Count: > 0 } method:
                    methods.Add(method);
                    break;
                case InterfaceDeclarationSyntax { BaseList: not null } type:
                    interfaces.Add(type);
                    break;
                case ClassDeclarationSyntax { BaseList: not null } or RecordDeclarationSyntax { BaseList: not null }:
                    derived.Add((TypeDeclarationSyntax)node);
                    break;
                case UsingDirectiveSyntax directive:
                    HasAliasOfAttribute |= AttributedFunctions.IsAlias(directive);
                    break;
            }
        }

        _mentionsDynamic = new Lazy<bool>(() => tree.GetText().ToString().Contains("dynamic") && Dynamic.MentionsIn(tree, default).Count > 0);
        AttributedMethods = [.. methods.Select(method => method.Identifier.ValueText).Distinct()];
        InterfacesWithBases = interfaces;
        ClassesWithBases = derived;
        TypesWithAttributedMethods = [.. methods.Select(method => method.Parent).OfType<TypeDeclarationSyntax>().Distinct()];
    }

    /// <summary>The names of its methods that carry an attribute.</summary>
    public IReadOnlyList<string> AttributedMethods { get; }

    public IReadOnlyList<TypeDeclarationSyntax> TypesWithAttributedMethods { get; }

    /// <summary>Interfaces that inherit others.</summary>
    public IReadOnlyList<InterfaceDeclarationSyntax> InterfacesWithBases { get; }

    /// <summary>Classes and records that inherit or implement something.</summary>
    public IReadOnlyList<TypeDeclarationSyntax> ClassesWithBases { get; }

    /// <summary>Whether an attribute of Memoize may have another name here, or in all files.</summary>
    public bool HasAliasOfAttribute { get; }

    /// <summary>Whether the type dynamic is named somewhere in the file.</summary>
    public bool MentionsDynamic => _mentionsDynamic.Value;

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
