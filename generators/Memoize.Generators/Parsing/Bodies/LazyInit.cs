using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Memoize.Generators.Parsing.Bodies;

/// <summary>
/// Recognises <c>_x ??= …</c> and its older spellings: a member that is set once, to a value that does not depend on the call, is
/// as good as a constant.
/// </summary>
internal static class LazyInit
{
    /// <summary>Whether a write to a member only happens while nobody has written it, and the value is nobody's argument.</summary>
    public static bool IsInitialisation(IOperation target, ISymbol member) => target.Parent switch
    {
        ICoalesceAssignmentOperation coalesce when coalesce.Target == target => !DependsOnCall(coalesce.Value),
        ISimpleAssignmentOperation assignment when assignment.Target == target =>
            !DependsOnCall(assignment.Value) && (IsFlag(member, assignment.Value) || IsGuarded(assignment, member)),
        IArgumentOperation { Parent: IInvocationOperation { TargetMethod: var method } call } => IsAtomic(method) && !call.Arguments.Any(a => a.Value != target && DependsOnCall(a.Value)),
        _ => false,
    };

    /// <summary>Whether the reference is a part of such a pattern that writes or tests the member.</summary>
    public static bool IsTarget(IOperation reference) => reference.Parent switch
    {
        ICoalesceAssignmentOperation coalesce => coalesce.Target == reference,
        IArgumentOperation { Parent: IInvocationOperation { TargetMethod: var method } } => IsAtomic(method),
        _ => false,
    };

    /// <summary>Whether what happens here only happens while the member has no value yet, such as filling its collection.</summary>
    public static bool IsGuardedBy(IOperation place, ISymbol member) => IsGuarded(place, member);

    /// <summary>Whether what happens here only happens while some static member has no value yet: the first call decides for all.</summary>
    public static bool IsOnce(IOperation place)
    {
        for (var current = place.Parent; current is not null; current = current.Parent)
        {
            switch (current)
            {
                case ICoalesceAssignmentOperation { Target: IMemberReferenceOperation { Member.IsStatic: true } }:
                case IConditionalOperation conditional when conditional.Condition.DescendantsAndSelf()
                    .Any(o => o is IFieldReferenceOperation { Field: { IsStatic: true } field } && Tests(conditional.Condition, field.OriginalDefinition)):
                    return true;
            }
        }

        return false;
    }

    private static bool IsAtomic(IMethodSymbol method) =>
        (method.Name == "CompareExchange" && KnownTypes.MetadataName(method.ContainingType) == "System.Threading.Interlocked")
        || KnownTypes.MetadataName(method.ContainingType) == "System.Threading.LazyInitializer";

    // _loaded = true, beside the value that it stands for.
    private static bool IsFlag(ISymbol member, IOperation value) =>
        member is IFieldSymbol { Type.SpecialType: SpecialType.System_Boolean } && value.ConstantValue is { HasValue: true, Value: true } && member.Name.IndexOf("init", StringComparison.OrdinalIgnoreCase) >= 0;

    // if (_x == null) { lock (…) { if (_x is null) _x = …; } }; if (_x is not null) return _x; _x = …
    private static bool IsGuarded(IOperation assignment, ISymbol member)
    {
        for (var current = assignment.Parent; current is not null; current = current.Parent)
        {
            switch (current)
            {
                case IConditionalOperation conditional when Tests(conditional.Condition, member):
                    return true;
                case IBlockOperation block when block.Operations.TakeWhile(o => o.Syntax.SpanStart < assignment.Syntax.SpanStart)
                    .Any(o => o is IConditionalOperation { WhenFalse: null } early && Tests(early.Condition, member) && Leaves(early.WhenTrue)):
                    return true;
                case IAnonymousFunctionOperation or ILocalFunctionOperation:
                    return false;
            }
        }

        return false;
    }

    private static bool Leaves(IOperation branch) => branch is IReturnOperation || (branch is IBlockOperation { Operations: { Length: > 0 } inner } && inner[inner.Length - 1] is IReturnOperation);

    private static bool Tests(IOperation condition, ISymbol member) => condition.DescendantsAndSelf().Any(operation =>
        operation is IMemberReferenceOperation reference
        && SymbolEqualityComparer.Default.Equals(reference.Member.OriginalDefinition, member)
        && Ascends(reference, condition));

    // Compared with null or default, or a flag by itself; not calculated with.
    private static bool Ascends(IOperation reference, IOperation condition)
    {
        for (var current = reference.Parent; current is not null; current = current.Parent)
        {
            switch (current)
            {
                case IBinaryOperation { OperatorKind: BinaryOperatorKind.Equals or BinaryOperatorKind.NotEquals } binary:
                    var other = binary.LeftOperand.DescendantsAndSelf().Contains(reference) ? binary.RightOperand : binary.LeftOperand;
                    return other.ConstantValue.HasValue || other is IDefaultValueOperation || other.Unwrapped() is IDefaultValueOperation or ILiteralOperation;
                case IIsPatternOperation:
                    return true;
                case IPropertyReferenceOperation { Property.Name: "IsDefault" or "IsDefaultOrEmpty" or "HasValue" }:
                    return true;
            }

            if (current == condition || current is IConditionalOperation)
            {
                return reference.Type?.SpecialType == SpecialType.System_Boolean;
            }
        }

        return reference == condition && reference.Type?.SpecialType == SpecialType.System_Boolean;
    }

    private static bool DependsOnCall(IOperation value) => value.DescendantsAndSelf().Any(operation =>
        operation is IParameterReferenceOperation { Parameter.ContainingSymbol: IMethodSymbol { MethodKind: not MethodKind.AnonymousFunction and not MethodKind.Constructor } } or IAwaitOperation { Operation: IParameterReferenceOperation });
}
