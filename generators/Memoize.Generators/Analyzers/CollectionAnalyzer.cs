using System.Collections.Immutable;
using Memoize.Generators.Diagnostics;
using Memoize.Generators.Parsing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace Memoize.Generators.Analyzers;

/// <summary>Calls that go past the cache, because they pass a collection of which no copy can be made that behaves alike.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class CollectionAnalyzer : CallAnalyzer
{
    /// <inheritdoc />
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = [Rules.UnknownCollection];

    private protected override bool Concerns(string name, CompilationFacts facts) => facts.MayTakeCollections(name);

    private protected override void Call(InvocationExpressionSyntax call, SimpleNameSyntax name, SemanticModelAnalysisContext context, CompilationFacts facts)
    {
        if (facts.ModelOf(call.SyntaxTree).GetOperation(call, context.CancellationToken) is not IInvocationOperation operation
            || Attributes.Cached(operation.TargetMethod.OriginalDefinition) is not { } cached)
        {
            return;
        }

        foreach (var argument in operation.Arguments)
        {
            if (argument.Parameter is { } parameter
                && CollectionShape.IsAskedFor(parameter.OriginalDefinition)
                && CollectionShape.Of(parameter.Type) is { LoadArgument: not null } shape
                && Passed(argument.Value) is { } type
                && WhyPast(type, shape, new OptionChain(operation.TargetMethod.OriginalDefinition, cached)) is { } reason)
            {
                context.ReportDiagnostic(new Problem(
                    Rules.UnknownCollection,
                    argument.Syntax.GetLocation(),
                    parameter.Name,
                    Names.Short(operation.TargetMethod),
                    Names.Short(type),
                    reason).ToDiagnostic());
            }
        }
    }

    private static string? WhyPast(ITypeSymbol type, CollectionShape shape, OptionChain options) =>
        KnownCollections.IsUnknown(type, shape) ? $"of that no copy can be made which surely behaves alike: pass {(shape.IsMap ? "a Dictionary" : shape.IsSequence ? "a list of its elements" : "a HashSet")}"
        : KnownCollections.IsSet(type) && shape.IsSequence && options.Tiers.Count > 0 ? "a tier has no text for what a set compares its elements with: pass a list of its elements"
        : null;

    private static ITypeSymbol? Passed(IOperation value)
    {
        while (value is IConversionOperation { IsImplicit: true, OperatorMethod: null } conversion)
        {
            value = conversion.Operand;
        }

        return value.Type;
    }
}
