using System.Collections.Immutable;
using Memoize.Generators.Diagnostics;
using Memoize.Generators.Parsing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Memoize.Generators.Analyzers;

/// <summary>Interfaces with cached methods, their decorators, and what an assembly says about interfaces that are not its own.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class DecoratorAnalyzer : CachedMethodAnalyzer
{
    /// <inheritdoc />
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } =
        [Rules.TwoDoors, Rules.NoDecorator, Rules.DecoratorAttribute];

    private protected override void Register(CompilationStartAnalysisContext start, CompilationFacts facts)
    {
        base.Register(start, facts);
        start.RegisterSyntaxNodeAction(node => OfAssembly(node, facts), SyntaxKind.AttributeList);
    }

    private static void OfAssembly(SyntaxNodeAnalysisContext context, CompilationFacts facts)
    {
        var list = (AttributeListSyntax)context.Node;
        if (list.Target?.Identifier.IsKind(SyntaxKind.AssemblyKeyword) != true)
        {
            return;
        }

        foreach (var problem in facts.ForeignDecorators(context.CancellationToken).SelectMany(foreign => foreign.Problems))
        {
            if (problem.Location is { } location && location.SourceTree == list.SyntaxTree && list.Span.Contains(location.SourceSpan))
            {
                context.ReportDiagnostic(problem.ToDiagnostic());
            }
        }
    }
}
