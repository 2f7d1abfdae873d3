using System.Collections.Immutable;
using Memoize.Generators.Diagnostics;
using Memoize.Generators.Parsing;
using Microsoft.CodeAnalysis;
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
        RegisterForeignDecorators(start, facts);
        RegisterAttributedFunctions(start, facts, Function);
    }

    private static void Function(ISymbol function, Action<Diagnostic> report, CancellationToken cancellation)
    {
        if (Attributes.Invalidations(function) is [{ } attribute, ..])
        {
            report(Diagnostic.Create(
                Rules.EvictingMethod,
                attribute.LocationOf(cancellation),
                function.Name.Length > 0 ? function.Name : "The lambda",
                "only methods of a type can; move the code to one"));
        }
    }
}
