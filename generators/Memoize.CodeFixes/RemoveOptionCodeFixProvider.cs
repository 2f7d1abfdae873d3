using System.Collections.Immutable;
using System.Composition;
using Memoize.Generators.Diagnostics;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Formatting;

namespace Memoize.CodeFixes;

/// <summary>An option without meaning: take it away, so that its default holds.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(RemoveOptionCodeFixProvider)), Shared]
public sealed class RemoveOptionCodeFixProvider : CodeFixProvider
{
    /// <inheritdoc />
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = [Rules.Option.Id];

    /// <inheritdoc />
    public override FixAllProvider GetFixAllProvider() => WellKnownFixAllProviders.BatchFixer;

    /// <inheritdoc />
    public override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        var root = await context.Document.GetSyntaxRootAsync(context.CancellationToken).ConfigureAwait(false);
        var diagnostic = context.Diagnostics[0];
        if (!diagnostic.Properties.TryGetValue(FixProperties.Fix, out var option)
            || root?.FindNode(context.Span).FirstAncestorOrSelf<AttributeSyntax>() is not { ArgumentList: { } arguments } attribute
            || arguments.Arguments.FirstOrDefault(a => a.NameEquals?.Name.Identifier.ValueText == option) is not { } argument)
        {
            return;
        }

        context.RegisterCodeFix(
            CodeAction.Create(
                $"Remove {option}",
                _ =>
                {
                    var remaining = arguments.WithArguments(arguments.Arguments.Remove(argument));
                    var mended = attribute.WithArgumentList(remaining.Arguments.Count == 0 ? null : remaining).WithAdditionalAnnotations(Formatter.Annotation);
                    return Task.FromResult(context.Document.WithSyntaxRoot(root.ReplaceNode(attribute, mended)));
                },
                nameof(RemoveOptionCodeFixProvider)),
            context.Diagnostics);
    }
}
