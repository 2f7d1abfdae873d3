using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Memoize.Generators.Parsing.Bodies;

/// <summary>Whether all that a method does is quicker done than looked up.</summary>
internal static class CheapWork
{
    // An override of the method may do more.
    public static bool IsAll(Body body) =>
        body.Method is not ({ IsVirtual: true } or { IsOverride: true, IsSealed: false })
        && body.Parts.Count == 1
        && body.Parts[0].Operations is { Count: > 0 } operations
        && operations.Any(operation => operation is IReturnOperation { ReturnedValue: not null })
        && operations.All(IsCheap);

    private static bool IsCheap(IOperation operation) => operation switch
    {
        IMethodBodyOperation or IBlockOperation or IReturnOperation or IExpressionStatementOperation or IEmptyOperation
            or IVariableDeclarationGroupOperation or IVariableDeclarationOperation or IVariableDeclaratorOperation or IVariableInitializerOperation
            or ILiteralOperation or IDefaultValueOperation or IParameterReferenceOperation or ILocalReferenceOperation or IDiscardOperation
            or IParenthesizedOperation or IConditionalOperation or ICoalesceOperation or IArgumentOperation or IInstanceReferenceOperation
            or ISwitchOperation or ISwitchCaseOperation or ICaseClauseOperation or ISwitchExpressionOperation or ISwitchExpressionArmOperation
            or IIsPatternOperation or IConstantPatternOperation or IRelationalPatternOperation or IBinaryPatternOperation or INegatedPatternOperation or IDiscardPatternOperation
            or IBranchOperation or IThrowOperation or IIncrementOrDecrementOperation or IAssignmentOperation => true,
        IUnaryOperation unary => IsBuiltIn(unary.OperatorMethod),
        // Long texts are not added up for nothing.
        IBinaryOperation binary => IsBuiltIn(binary.OperatorMethod) && binary is not { OperatorKind: BinaryOperatorKind.Add, Type.SpecialType: SpecialType.System_String },
        IConversionOperation conversion => IsBuiltIn(conversion.OperatorMethod) && conversion.Operand is not IAnonymousFunctionOperation,
        IFieldReferenceOperation { Field: var field } => field.IsConst || field.IsReadOnly,
        IPropertyReferenceOperation { Property: var property } => property is { Name: "Length" or "Count" or "Value" or "HasValue" or "Year" or "Month" or "Day", ContainingNamespace.Name: "System" },
        IObjectCreationOperation { Type: { } type } creation => creation.Parent is IThrowOperation or IConversionOperation { Parent: IThrowOperation } || KnownTypes.IsValueTaskOf(type),
        IInvocationOperation { TargetMethod: var method } =>
            (KnownTypes.MetadataName(method.ContainingType) is "System.Math" or "System.MathF"
                && method.Name is "Min" or "Max" or "Abs" or "Sign" or "Clamp" or "Round" or "Floor" or "Ceiling" or "Truncate" or "Sqrt")
            || (method.Name == "FromResult" && method.ContainingType.Name is "Task" or "ValueTask"),
        _ => false,
    };

    private static bool IsBuiltIn(IMethodSymbol? operation) => operation is null || operation.ContainingType.SpecialType is SpecialType.System_Decimal or SpecialType.System_String or SpecialType.System_DateTime;
}
