using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;

namespace Memoize.CodeFixes.Frame;

/// <summary>
/// Fixes all diagnostics of a document, a project or a solution. Their edits are collected first and made together, because several
/// diagnostics may ask for the same edit (many calls of one method) or for edits of one node (many methods of one type).
/// </summary>
internal sealed class RepairAll(RepairProvider provider) : FixAllProvider
{
    public override async Task<CodeAction?> GetFixAsync(FixAllContext context)
    {
        var cancellation = context.CancellationToken;
        var edits = new List<Edit>();
        string? title = null;
        foreach (var diagnostic in await DiagnosticsAsync(context).ConfigureAwait(false))
        {
            if (context.Solution.GetDocument(diagnostic.Location.SourceTree) is not { } document)
            {
                continue;
            }

            foreach (var repair in await provider.RepairsAsync(document, diagnostic, cancellation).ConfigureAwait(false))
            {
                if (repair.Key == context.CodeActionEquivalenceKey)
                {
                    title ??= repair.Title;
                    edits.AddRange(repair.Edits);
                }
            }
        }

        return title is null
            ? null
            : CodeAction.Create(title, token => Edits.ApplyAsync(context.Solution, edits, token), context.CodeActionEquivalenceKey);
    }

    private static async Task<IEnumerable<Diagnostic>> DiagnosticsAsync(FixAllContext context)
    {
        if (context is { Scope: FixAllScope.Document, Document: { } document })
        {
            return await context.GetDocumentDiagnosticsAsync(document).ConfigureAwait(false);
        }

        var all = new List<Diagnostic>();
        foreach (var project in context.Scope == FixAllScope.Solution ? context.Solution.Projects : [context.Project])
        {
            all.AddRange(await context.GetAllDiagnosticsAsync(project).ConfigureAwait(false));
        }

        return all;
    }
}
