using System.Collections.Immutable;
using Memoize.Generators.Diagnostics;
using Memoize.Generators.Parsing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Memoize.Generators.Analyzers;

/// <summary>State of the instance that a shared cache would mix up.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class ReceiverAnalyzer : CachedMethodAnalyzer
{
    /// <inheritdoc />
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = [Rules.ReceiverState, Rules.OverrideState];

    private protected override void Register(CompilationStartAnalysisContext start, CompilationFacts facts)
    {
        base.Register(start, facts);
        start.RegisterSymbolAction(context => Override(context, facts), SymbolKind.Method);
    }

    // An override runs behind the cache of the method that it overrides.
    private static void Override(SymbolAnalysisContext context, CompilationFacts facts)
    {
        var method = (IMethodSymbol)context.Symbol;
        if (!method.IsPartialImplementation()
            && BehindCache.FrontOf(method, facts) is { ContainingType.TypeKind: not TypeKind.Interface } overridden
            && !Attributes.Cached(overridden)!.Named("PerInstance", false))
        {
            Compare(context, method, overridden);
        }
    }

    private static void Compare(SymbolAnalysisContext context, IMethodSymbol method, IMethodSymbol overridden)
    {
        var analysis = ReceiverAnalysis.Of(method, context.Compilation, context.CancellationToken);
        var state = analysis.Undecided ?? OutsideKey(analysis, context, overridden);
        if (state is not null)
        {
            context.ReportDiagnostic(new Problem(Rules.OverrideState, method.Locations[0], Names.Short(method), state)
            {
                Elsewhere = analysis.UndecidedLocation,
            }.ToDiagnostic());
        }
    }

    // The key was made for the overridden method: a [CacheKey] on a member that only the override reads puts it into no key.
    private static string? OutsideKey(ReceiverAnalysis analysis, SymbolAnalysisContext context, IMethodSymbol overridden)
    {
        if (analysis.KeyMembers.Count == 0)
        {
            return null;
        }

        // What a method in another assembly reads cannot be seen from here.
        var inKey = overridden.DeclaringSyntaxReferences.Length == 0
            ? []
            : ReceiverAnalysis.Of(overridden, context.Compilation, context.CancellationToken).KeyMembers;
        return analysis.KeyMembers
            .Where(member => !inKey.Any(other => SymbolEqualityComparer.Default.Equals(other.OriginalDefinition, member.OriginalDefinition)))
            .Select(member => $"'{member.Name}', which is not in the key of the overridden method")
            .FirstOrDefault();
    }
}
