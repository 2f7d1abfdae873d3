using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Text;

namespace Memoize.CodeFixes.Frame;

/// <summary>Makes edits in any number of documents at once.</summary>
internal static class Edits
{
    public static async Task<Solution> ApplyAsync(Solution solution, IEnumerable<Edit> edits, CancellationToken cancellation)
    {
        foreach (var document in edits.GroupBy(edit => edit.Document))
        {
            if (solution.GetDocument(document.Key) is { } before
                && await before.GetSyntaxRootAsync(cancellation).ConfigureAwait(false) is { } root)
            {
                solution = solution.WithDocumentSyntaxRoot(document.Key, Apply(root, document));
            }
        }

        return solution;
    }

    /// <summary>The tree with its edits made, each of them once.</summary>
    public static SyntaxNode Apply(SyntaxNode root, IEnumerable<Edit> edits)
    {
        var distinct = edits.GroupBy(edit => (edit.Span, edit.Kind, edit.What)).Select(same => same.First());
        return new Editor(distinct.ToLookup(edit => (edit.Span, edit.Kind))).Visit(root)!;
    }

    // From the inside to the outside, so that an edit of a type finds its members edited.
    private sealed class Editor(ILookup<(TextSpan, int), Edit> edits) : CSharpSyntaxRewriter
    {
        public override SyntaxNode? Visit(SyntaxNode? node)
        {
            var visited = base.Visit(node);
            return node is null || visited is null ? visited : Of(node).Aggregate(visited, (current, edit) => edit.Change(current));
        }

        public override SyntaxList<TNode> VisitList<TNode>(SyntaxList<TNode> list)
        {
            if (!list.Any(node => Of(node).Any(edit => edit.Behind is not null)))
            {
                return base.VisitList(list);
            }

            var all = new List<TNode>();
            foreach (var node in list)
            {
                all.Add((TNode)Visit(node)!);
                all.AddRange(Of(node).Select(edit => edit.Behind).OfType<TNode>());
            }

            return SyntaxFactory.List(all);
        }

        private IEnumerable<Edit> Of(SyntaxNode node) => edits[(node.FullSpan, node.RawKind)];
    }
}
