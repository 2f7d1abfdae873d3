using Memoize.Generators.Diagnostics;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Memoize.CodeFixes.Frame;

/// <summary>A diagnostic where it stands.</summary>
internal sealed record Place(Document Document, SyntaxNode Root, SyntaxNode Node, SemanticModel Model, Diagnostic Diagnostic, CancellationToken Cancellation)
{
    public Solution Solution => Document.Project.Solution;

    /// <summary>What the analyzer says would help: see <see cref="FixProperties"/>.</summary>
    public string? Fix => Property(FixProperties.Fix);

    /// <summary>What that is about.</summary>
    public string? Subject => Property(FixProperties.Subject);

    /// <summary>The method that is declared here.</summary>
    public IMethodSymbol? Method => DeclaredAround<MethodDeclarationSyntax>() as IMethodSymbol;

    /// <summary>The parameter, field or property that is declared here: what a key is made of.</summary>
    public ISymbol? KeyPart =>
        DeclaredAround<ParameterSyntax>() ?? DeclaredAround<VariableDeclaratorSyntax>() ?? DeclaredAround<PropertyDeclarationSyntax>();

    /// <summary>The symbol that the nearest node of a kind declares.</summary>
    private ISymbol? DeclaredAround<T>()
        where T : SyntaxNode
    {
        SyntaxNode? node = Node.FirstAncestorOrSelf<T>();
        return node is null ? null : Model.GetDeclaredSymbol(node, Cancellation);
    }

    /// <summary>An edit of a node of any document; none where it is in generated code.</summary>
    public IEnumerable<Edit> Edit(SyntaxNode? node, string what, Func<SyntaxNode, SyntaxNode> change) =>
        node is not null && Frame.Edit.Of(Solution, node, what, change) is { } edit ? [edit] : [];

    private string? Property(string name) => Diagnostic.Properties.TryGetValue(name, out var value) ? value : null;
}
