using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Memoize.Generators.Parsing;

/// <summary>Whether a method uses a string parameter only without regard to case.</summary>
internal static class CaseUse
{
    public static bool IsIgnored(IParameterSymbol parameter, IMethodSymbol method, CompilationFacts facts, CancellationToken cancellation)
    {
        var core = PartialCore.BodyOf(method) ?? method;
        core = core.PartialImplementationPart ?? core;
        var uses = new List<bool>();
        foreach (var use in facts.CodeOf(core, cancellation).SelectMany(code => code.Descendants()).OfType<IParameterReferenceOperation>())
        {
            if (use.Parameter.Ordinal == parameter.Ordinal && SymbolEqualityComparer.Default.Equals(use.Parameter.ContainingSymbol, core) && !IsGuard(use))
            {
                uses.Add(Ignores(use));
            }
        }

        return uses.Count > 0 && uses.TrueForAll(ignored => ignored);
    }

    // Whether there is a text at all does not depend on its case.
    private static bool IsGuard(IOperation use) => use.Parent switch
    {
        IArgumentOperation { Parent: IInvocationOperation { TargetMethod.Name: "IsNullOrEmpty" or "IsNullOrWhiteSpace" or "ThrowIfNull" or "ThrowIfNullOrEmpty" or "ThrowIfNullOrWhiteSpace" } } => true,
        IConversionOperation conversion => IsGuard(conversion),
        IIsPatternOperation { Pattern: IConstantPatternOperation { Value.ConstantValue: { HasValue: true, Value: null } } } => true,
        IBinaryOperation { OperatorKind: BinaryOperatorKind.Equals or BinaryOperatorKind.NotEquals } comparison =>
            comparison.LeftOperand.ConstantValue is { HasValue: true, Value: null } || comparison.RightOperand.ConstantValue is { HasValue: true, Value: null },
        _ => false,
    };

    private static bool Ignores(IOperation use)
    {
        var call = use.Parent switch
        {
            IInvocationOperation invocation when invocation.Instance == use => invocation,
            IArgumentOperation { Parent: IInvocationOperation invocation } => invocation,
            _ => null,
        };
        return call is { TargetMethod.ContainingType.SpecialType: SpecialType.System_String }
            && (call.TargetMethod.Name is "ToUpperInvariant" or "ToLowerInvariant"
                || call.Arguments.Any(argument => argument.Value is IFieldReferenceOperation { Field: { Name: "OrdinalIgnoreCase", ContainingType.Name: "StringComparison" } }));
    }
}
