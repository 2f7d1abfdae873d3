using System.Collections.Immutable;
using Memoize.Generators.Diagnostics;
using Memoize.Generators.Parsing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Memoize.Generators.Analyzers;

/// <summary>The declarations of ambient values: each must name a member that can be read when a key is made.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class AmbientAnalyzer : CachedMethodAnalyzer
{
    /// <inheritdoc />
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = [Rules.AmbientSource];

    private protected override void Register(CompilationStartAnalysisContext start, CompilationFacts facts) =>
        RegisterAssemblyAttributes(start, (list, report, cancellation) => Declaration(list, facts, report, cancellation));

    private static void Declaration(AttributeListSyntax list, CompilationFacts facts, Action<Diagnostic> report, CancellationToken cancellation)
    {
        foreach (var source in facts.AmbientSources.All)
        {
            if (source.Problem is { } problem
                && source.Attribute.ApplicationSyntaxReference is { } reference
                && reference.SyntaxTree == list.SyntaxTree
                && list.Span.Contains(reference.Span))
            {
                report(new Problem(Rules.AmbientSource, reference.GetSyntax(cancellation).GetLocation(), source.Name, problem).ToDiagnostic());
            }
        }
    }
}
