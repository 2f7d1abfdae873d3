using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Memoize.Generators.Parsing;

/// <summary>Whether a struct method assigns to a member of the struct.</summary>
internal static class InstanceWrites
{
    public static bool In(IMethodSymbol method, Compilation compilation, CancellationToken cancellation) =>
        CompilationFacts.Of(compilation).CodeOf(method, cancellation).Any(code => code.DescendantsAndSelf().Any(IsWrite));

    private static bool IsWrite(IOperation operation) => operation switch
    {
        IAssignmentOperation assignment => IsOfInstance(assignment.Target),
        IIncrementOrDecrementOperation step => IsOfInstance(step.Target),
        IArgumentOperation { Parameter.RefKind: RefKind.Ref or RefKind.Out } argument => IsOfInstance(argument.Value),
        _ => false,
    };

    private static bool IsOfInstance(IOperation target) => target switch
    {
        IInstanceReferenceOperation => true,
        IMemberReferenceOperation { Instance: { } instance } => IsOfInstance(instance),
        _ => false,
    };
}
