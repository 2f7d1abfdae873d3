using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Memoize.Generators.Parsing.Bodies;

/// <summary>Small questions about operations that several rules ask.</summary>
internal static class OperationExtensions
{
    /// <summary>Whether the value of the member is asked for, rather than only replaced.</summary>
    public static bool IsRead(this IOperation operation) => operation.Parent switch
    {
        ISimpleAssignmentOperation assignment => assignment.Target != operation,
        IArgumentOperation { Parameter.RefKind: RefKind.Out } => false,
        ITupleOperation { Parent: IDeconstructionAssignmentOperation deconstruction } tuple => deconstruction.Target != tuple,
        _ => true,
    };

    /// <summary>The operand under conversions that the author did not write, and parentheses.</summary>
    public static IOperation Unwrapped(this IOperation operation)
    {
        while (true)
        {
            switch (operation)
            {
                case IConversionOperation { OperatorMethod: null } conversion:
                    operation = conversion.Operand;
                    break;
                case IParenthesizedOperation parenthesized:
                    operation = parenthesized.Operand;
                    break;
                default:
                    return operation;
            }
        }
    }

    /// <summary>The body that the operation stands in, up to the member.</summary>
    public static IOperation Root(this IOperation operation)
    {
        while (operation.Parent is { } parent)
        {
            operation = parent;
        }

        return operation;
    }

    /// <summary>Whether the operation is data, which somebody else translates and runs, rather than code.</summary>
    public static bool IsInExpressionTree(this IOperation operation)
    {
        for (IOperation? current = operation; current is not null; current = current.Parent)
        {
            if (current is IAnonymousFunctionOperation { Parent.Type: INamedTypeSymbol { Name: "Expression", ContainingNamespace: { Name: "Expressions", ContainingNamespace.Name: "Linq" } } })
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether the value comes out of a member that its author has decided about.</summary>
    public static bool IsDecided(this IOperation operation)
    {
        for (IOperation? current = operation; current is not null; current = InstanceOf(current))
        {
            ISymbol? member = current switch
            {
                IMemberReferenceOperation reference => reference.Member,
                IParameterReferenceOperation { Parameter: { ContainingSymbol: IMethodSymbol { MethodKind: MethodKind.Constructor } } captured } => captured,
                _ => null,
            };
            if (member is not null and not IMethodSymbol && Body.IsDecided(member))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>What a member is asked of, through <c>?.</c> too; null for a static one and for anything that is no member.</summary>
    public static IOperation? InstanceOf(this IOperation operation) => operation switch
    {
        IMemberReferenceOperation member => member.Instance?.Unwrapped() is { } instance ? Received(instance) : null,
        IInvocationOperation call => call.Instance?.Unwrapped() is { } instance ? Received(instance) : null,
        _ => null,
    };

    /// <summary>The local's initializer, where it is declared.</summary>
    public static IOperation? InitializerOf(ILocalSymbol local, IOperation root) =>
        root.Descendants().OfType<IVariableDeclaratorOperation>()
            .FirstOrDefault(declarator => SymbolEqualityComparer.Default.Equals(declarator.Symbol, local))
            is { } found ? (found.Initializer ?? (found.Parent as IVariableDeclarationOperation)?.Initializer)?.Value.Unwrapped() : null;

    // Behind ?. stands a place holder for what is before it.
    private static IOperation Received(IOperation instance)
    {
        if (instance is not IConditionalAccessInstanceOperation)
        {
            return instance;
        }

        var child = instance;
        for (var current = instance.Parent; current is not null; child = current, current = current.Parent)
        {
            if (current is IConditionalAccessOperation access && access.Operation != child)
            {
                return access.Operation.Unwrapped();
            }
        }

        return instance;
    }
}
