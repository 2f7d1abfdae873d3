using System.Collections.Immutable;
using System.Composition;
using Memoize.Generators.Diagnostics;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Formatting;
using Microsoft.CodeAnalysis.Simplification;

namespace Memoize.CodeFixes;

/// <summary>A parameter that cannot be part of the key: compare it element by element, or leave it out.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(KeyParameterCodeFixProvider)), Shared]
public sealed class KeyParameterCodeFixProvider : CodeFixProvider
{
    /// <inheritdoc />
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = [Rules.KeyType.Id];

    /// <inheritdoc />
    public override FixAllProvider GetFixAllProvider() => WellKnownFixAllProviders.BatchFixer;

    /// <inheritdoc />
    public override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        var root = await context.Document.GetSyntaxRootAsync(context.CancellationToken).ConfigureAwait(false);
        if (root?.FindNode(context.Span).FirstAncestorOrSelf<ParameterSyntax>() is not { } parameter)
        {
            return;
        }

        if (context.Diagnostics[0].Properties.TryGetValue(FixProperties.Fix, out var fix) && fix == FixProperties.Structural)
        {
            Offer(context, root, parameter, "Compare it element by element ([CacheKey(Structural = true)])", "Memoize.CacheKey", "Structural");
        }

        Offer(context, root, parameter, "Leave it out of the key ([NotInKey])", "Memoize.NotInKey", null);
    }

    private static void Offer(CodeFixContext context, SyntaxNode root, ParameterSyntax parameter, string title, string attribute, string? option)
    {
        context.RegisterCodeFix(
            CodeAction.Create(
                title,
                _ => Task.FromResult(context.Document.WithSyntaxRoot(root.ReplaceNode(parameter, Mark(parameter, attribute, option)))),
                attribute),
            context.Diagnostics);
    }

    private static ParameterSyntax Mark(ParameterSyntax parameter, string name, string? option)
    {
        var attribute = SyntaxFactory.Attribute(SyntaxFactory.ParseName("global::" + name + "Attribute").WithAdditionalAnnotations(Simplifier.Annotation, Simplifier.AddImportsAnnotation));
        if (option is not null)
        {
            attribute = CachedAttributeArguments.With(attribute, option, SyntaxFactory.LiteralExpression(SyntaxKind.TrueLiteralExpression));
        }

        var list = SyntaxFactory.AttributeList(SyntaxFactory.SingletonSeparatedList(attribute)).WithTrailingTrivia(SyntaxFactory.Space);
        return parameter.WithoutLeadingTrivia()
            .WithAttributeLists(parameter.AttributeLists.Insert(0, list))
            .WithLeadingTrivia(parameter.GetLeadingTrivia())
            .WithAdditionalAnnotations(Formatter.Annotation);
    }
}
