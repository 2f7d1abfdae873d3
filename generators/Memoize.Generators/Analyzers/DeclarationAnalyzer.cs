using System.Collections.Immutable;
using Memoize.Generators.Diagnostics;
using Memoize.Generators.Model;
using Memoize.Generators.Parsing;
using Microsoft.CodeAnalysis;
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
        RegisterAttributedFunctions(start, facts, Function);
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

    private static void Function(ISymbol function, Action<Diagnostic> report, CancellationToken cancellation)
    {
        if (Attributes.Cached(function) is { } cached)
        {
            report(Diagnostic.Create(
                Rules.Declaration,
                cached.LocationOf(cancellation),
                function.Name.Length > 0 ? function.Name : "The lambda",
                "only methods of a type can be cached; move the code to one"));
        }
    }
}
