using System.Collections.Immutable;
using Memoize.Generators.Diagnostics;
using Memoize.Generators.Parsing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace Memoize.Generators.Analyzers;

/// <summary>Calls that go past the cache, because they pass a collection of which no copy can be made that behaves alike.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class CollectionAnalyzer : DiagnosticAnalyzer
{
    /// <inheritdoc />
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = [Rules.UnknownCollection];

    /// <inheritdoc />
    public override void Initialize(AnalysisContext context)
    {
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.EnableConcurrentExecution();
        context.RegisterCompilationStartAction(static start =>
        {
            if (start.Compilation.GetTypeByMetadataName(Names.CachedAttribute) is not null)
            {
                var facts = CompilationFacts.Of(start.Compilation);
                start.RegisterSemanticModelAction(file => File(file, facts));
            }
        });
    }

    private static void File(SemanticModelAnalysisContext context, CompilationFacts facts)
    {
        foreach (var mention in facts.MentionsIn(context.SemanticModel.SyntaxTree, context.CancellationToken))
        {
            if (facts.MayTakeCollections(mention.Identifier.ValueText)
                && (context.FilterSpan is not { } span || span.IntersectsWith(mention.Span))
                && CallSites.InvocationOf(mention) is { } call
                && facts.ModelOf(call.SyntaxTree).GetOperation(call, context.CancellationToken) is IInvocationOperation operation
                && Attributes.Cached(operation.TargetMethod.OriginalDefinition) is not null)
            {
                Call(operation, context);
            }
        }
    }

    private static void Call(IInvocationOperation call, SemanticModelAnalysisContext context)
    {
        foreach (var argument in call.Arguments)
        {
            if (argument.Parameter is { } parameter
                && CollectionShape.IsAskedFor(parameter.OriginalDefinition)
                && CollectionShape.Of(parameter.Type) is { LoadArgument: not null } shape
                && Passed(argument.Value) is { } type
                && KnownCollections.IsUnknown(type, shape))
            {
                context.ReportDiagnostic(new Problem(
                    Rules.UnknownCollection,
                    argument.Syntax.GetLocation(),
                    parameter.Name,
                    Names.Short(call.TargetMethod),
                    Names.Short(type),
                    shape.IsMap ? "a Dictionary" : shape.IsSequence ? "a list of its elements" : "a HashSet").ToDiagnostic());
            }
        }
    }

    private static ITypeSymbol? Passed(IOperation value)
    {
        while (value is IConversionOperation { IsImplicit: true, OperatorMethod: null } conversion)
        {
            value = conversion.Operand;
        }

        return value.Type;
    }
}
