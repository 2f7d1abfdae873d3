using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;

namespace Memoize.CodeFixes.Frame;

/// <summary>One change of one node. Two diagnostics may ask for the same; it is made once.</summary>
/// <param name="Document">Where the node is.</param>
/// <param name="Span">The node, together with its kind: a node of another snapshot of the tree would not be found by identity.</param>
/// <param name="Kind">The kind of the node.</param>
/// <param name="What">Tells edits of one node apart.</param>
/// <param name="Change">What becomes of the node, given it with the edits inside it made.</param>
internal sealed record Edit(DocumentId Document, TextSpan Span, int Kind, string What, Func<SyntaxNode, SyntaxNode> Change)
{
    /// <summary>A member to be written behind the node.</summary>
    public SyntaxNode? Behind { get; init; }

    public static Edit Of(Document document, SyntaxNode node, string what, Func<SyntaxNode, SyntaxNode> change) =>
        new(document.Id, node.FullSpan, node.RawKind, what, change);

    /// <summary>An edit of a node that may be in any document of the solution; null where it is nobody's to edit.</summary>
    public static Edit? Of(Solution solution, SyntaxNode node, string what, Func<SyntaxNode, SyntaxNode> change) =>
        solution.GetDocument(node.SyntaxTree) is { } document && !GeneratedCode.Is(document.FilePath ?? document.Name, node.SyntaxTree)
            ? Of(document, node, what, change)
            : null;
}
