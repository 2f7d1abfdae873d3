using System.Collections.Immutable;
using Memoize.Generators.Diagnostics;
using Memoize.Generators.Parsing;
using Memoize.Generators.Parsing.Tiers;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Memoize.Generators.Analyzers;

/// <summary>Methods that name tiers: whether other processes can find their entries, and read them.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class TierAnalyzer : CachedMethodAnalyzer
{
    /// <inheritdoc />
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = [Rules.Tiers, Rules.TierResult, Rules.PackedResult, Rules.NoJsonContext];

    private protected override void Register(CompilationStartAnalysisContext start, CompilationFacts facts)
    {
        base.Register(start, facts);
        RegisterForeignDecorators(start, facts);
    }

    private protected override void Advise(CachedMethodContext method)
    {
        if (method.Verdict.Model is not { Shape: not null })
        {
            return;
        }

        var result = KnownTypes.ResultOf(method.Method.ReturnType);
        if (JsonLoss.Of(result) is { } lost)
        {
            method.Report(Rules.TierResult, method.AttributeLocation, method.Display, lost);
        }

        if (PackLoss.Of(result, method.Facts) is { } unpacked)
        {
            method.Report(Rules.PackedResult, method.AttributeLocation, method.Display, unpacked);
        }

        if (AheadOfTime.SaidBy(method.Options.AnalyzerConfigOptionsProvider.GlobalOptions) is { } said && method.Facts.NeedsJsonContext(result))
        {
            method.Report(Rules.NoJsonContext, method.AttributeLocation, method.Display, said, Names.Short(result));
        }
    }
}
