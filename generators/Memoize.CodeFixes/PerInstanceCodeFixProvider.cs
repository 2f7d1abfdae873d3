using System.Collections.Immutable;
using System.Composition;
using Memoize.Generators.Diagnostics;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Formatting;

namespace Memoize.CodeFixes;

/// <summary>A method that reads state of its instance: give every instance a cache of its own.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(PerInstanceCodeFixProvider)), Shared]
public sealed class PerInstanceCodeFixProvider : CodeFixProvider
{
    /// <inheritdoc />
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = [Rules.ReceiverState.Id];

    /// <inheritdoc />
    public override FixAllProvider GetFixAllProvider() => WellKnownFixAllProviders.BatchFixer;

    /// <inheritdoc />
    public override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        var root = await context.Document.GetSyntaxRootAsync(context.CancellationToken).ConfigureAwait(false);
        if (root is null || CachedAttributeArguments.FindOn(root.FindNode(context.Span)) is not { } attribute)
        {
            return;
        }

        // A struct has no identity that a cache could belong to.
        if (attribute.FirstAncestorOrSelf<TypeDeclarationSyntax>() is StructDeclarationSyntax
            or RecordDeclarationSyntax { RawKind: (int)SyntaxKind.RecordStructDeclaration })
        {
            return;
        }

        context.RegisterCodeFix(
            CodeAction.Create(
                "Give every instance its own cache (PerInstance = true)",
                _ => Task.FromResult(context.Document.WithSyntaxRoot(root.ReplaceNode(
                    attribute,
                    CachedAttributeArguments.With(attribute, "PerInstance", SyntaxFactory.LiteralExpression(SyntaxKind.TrueLiteralExpression))
                        .WithAdditionalAnnotations(Formatter.Annotation)))),
                nameof(PerInstanceCodeFixProvider)),
            context.Diagnostics);
    }
}
