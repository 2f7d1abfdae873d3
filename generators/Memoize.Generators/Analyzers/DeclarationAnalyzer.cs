using System.Collections.Immutable;
using Memoize.Generators.Diagnostics;
using Memoize.Generators.Model;
using Memoize.Generators.Parsing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Memoize.Generators.Analyzers;

/// <summary>Declarations from which no cache can be made, and projects in which none can be reached.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class DeclarationAnalyzer : CachedMethodAnalyzer
{
    /// <inheritdoc />
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } =
        [Rules.Declaration, Rules.Core, Rules.NotEnabled, Rules.Inaccessible, Rules.HandleName];

    private protected override void Register(CompilationStartAnalysisContext start, CompilationFacts facts)
    {
        base.Register(start, facts);
        start.RegisterSyntaxNodeAction(
            Function,
            SyntaxKind.LocalFunctionStatement,
            SyntaxKind.SimpleLambdaExpression,
            SyntaxKind.ParenthesizedLambdaExpression);
    }

    private protected override void AdviseWrapper(SymbolAnalysisContext context, IMethodSymbol method, WrappedMethodModel wrapper)
    {
        var options = context.Options.AnalyzerConfigOptionsProvider.GlobalOptions;
        if (wrapper.Door == Door.Plain
            && !Interception.IsTurnedOff(options)
            && method.DeclaringSyntaxReferences.FirstOrDefault()?.SyntaxTree.Options is { } parse
            && Interception.WhyDisabled(parse, options) is { } reason)
        {
            context.ReportDiagnostic(new Problem(Rules.NotEnabled, method.Locations.FirstOrDefault(), Names.Short(method), reason).ToDiagnostic());
        }
    }

    private static void Function(SyntaxNodeAnalysisContext context)
    {
        var hasAttributes = context.Node switch
        {
            LocalFunctionStatementSyntax local => local.AttributeLists.Count > 0,
            LambdaExpressionSyntax lambda => lambda.AttributeLists.Count > 0,
            _ => false,
        };
        if (!hasAttributes)
        {
            return;
        }

        var function = context.SemanticModel.GetDeclaredSymbol(context.Node, context.CancellationToken)
            ?? context.SemanticModel.GetSymbolInfo(context.Node, context.CancellationToken).Symbol;
        if (function is not null && Attributes.Cached(function) is { } cached)
        {
            var name = function.Name.Length > 0 ? function.Name : "The lambda";
            context.ReportDiagnostic(Diagnostic.Create(
                Rules.Declaration,
                cached.LocationOf(context.CancellationToken),
                name,
                "only methods of a type can be cached; move the code to one"));
        }
    }
}
