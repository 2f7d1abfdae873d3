using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;

namespace Memoize.CodeFixes.Frame;

/// <summary>
/// What all fixes share. Each says what it would change for one diagnostic; to change it, for one or for all, in however many
/// documents, is done here. Nothing is offered in generated code.
/// </summary>
public abstract class RepairProvider : CodeFixProvider
{
    private readonly FixAllProvider _fixAll;

    private protected RepairProvider(params DiagnosticDescriptor[] rules)
    {
        FixableDiagnosticIds = rules.Select(rule => rule.Id).ToImmutableArray();
        _fixAll = new RepairAll(this);
    }

    /// <inheritdoc />
    public sealed override ImmutableArray<string> FixableDiagnosticIds { get; }

    /// <inheritdoc />
    public sealed override FixAllProvider GetFixAllProvider() => _fixAll;

    /// <inheritdoc />
    public sealed override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        var solution = context.Document.Project.Solution;
        foreach (var diagnostic in context.Diagnostics)
        {
            foreach (var repair in await RepairsAsync(context.Document, diagnostic, context.CancellationToken).ConfigureAwait(false))
            {
                context.RegisterCodeFix(
                    CodeAction.Create(repair.Title, cancellation => Edits.ApplyAsync(solution, repair.Edits, cancellation), repair.Key),
                    diagnostic);
            }
        }
    }

    /// <summary>The repairs of one diagnostic, in the order in which they are offered.</summary>
    internal async Task<IReadOnlyList<Repair>> RepairsAsync(Document document, Diagnostic diagnostic, CancellationToken cancellation)
    {
        if (await document.GetSyntaxRootAsync(cancellation).ConfigureAwait(false) is not { } root
            || !root.FullSpan.Contains(diagnostic.Location.SourceSpan)
            || GeneratedCode.Is(document.FilePath ?? document.Name, root.SyntaxTree)
            || await document.GetSemanticModelAsync(cancellation).ConfigureAwait(false) is not { } model)
        {
            return [];
        }

        var node = root.FindNode(diagnostic.Location.SourceSpan, getInnermostNodeForTie: true);
        var repairs = await FindAsync(new Place(document, root, node, model, diagnostic, cancellation)).ConfigureAwait(false);
        return repairs.Where(repair => repair.Edits.Count > 0).ToList();
    }

    private protected abstract Task<IReadOnlyList<Repair>> FindAsync(Place place);

    private protected static Task<IReadOnlyList<Repair>> These(params Repair?[] repairs) =>
        Task.FromResult<IReadOnlyList<Repair>>(repairs.OfType<Repair>().ToList());
}
