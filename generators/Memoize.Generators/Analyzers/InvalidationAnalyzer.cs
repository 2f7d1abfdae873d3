using System.Collections.Immutable;
using Memoize.Generators.Diagnostics;
using Memoize.Generators.Parsing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Memoize.Generators.Analyzers;

/// <summary>Methods that are to evict or update and do not say what in a way that can be followed.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class InvalidationAnalyzer : CachedMethodAnalyzer
{
    /// <inheritdoc />
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } =
    [
        Rules.UnknownTarget, Rules.TargetNotCached, Rules.UnmatchedParameter, Rules.WrongParameterType, Rules.Mapping, Rules.UnreachableTarget,
        Rules.UpdateResult, Rules.AmbiguousUpdate, Rules.EvictingMethod, Rules.CrossedMapping, Rules.OtherOrder, Rules.TagTemplate,
    ];

    private protected override void Register(CompilationStartAnalysisContext start, CompilationFacts facts)
    {
        base.Register(start, facts);
        start.RegisterSyntaxNodeAction(
            Function,
            SyntaxKind.LocalFunctionStatement,
            SyntaxKind.SimpleLambdaExpression,
            SyntaxKind.ParenthesizedLambdaExpression);
    }

    private static void Function(SyntaxNodeAnalysisContext context)
    {
        var hasAttributes = context.Node switch
        {
            LocalFunctionStatementSyntax local => local.AttributeLists.Count > 0,
            LambdaExpressionSyntax lambda => lambda.AttributeLists.Count > 0,
            _ => false,
        };
        if (hasAttributes
            && (context.SemanticModel.GetDeclaredSymbol(context.Node, context.CancellationToken) ?? context.SemanticModel.GetSymbolInfo(context.Node, context.CancellationToken).Symbol) is { } function
            && Attributes.Invalidations(function) is [{ } attribute, ..])
        {
            context.ReportDiagnostic(Diagnostic.Create(
                Rules.EvictingMethod,
                attribute.LocationOf(context.CancellationToken),
                function.Name.Length > 0 ? function.Name : "The lambda",
                "only methods of a type can; move the code to one"));
        }
    }
}
