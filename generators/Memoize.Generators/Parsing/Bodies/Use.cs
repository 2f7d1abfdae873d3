using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Memoize.Generators.Parsing.Bodies;

/// <summary>
/// Where a value goes. A clock that is only read to log how long something took, or a random pause before a second try, is no part of
/// the result. Whoever cannot be followed gets the benefit of no doubt: the value counts as used.
/// </summary>
internal sealed class Use(Body body)
{
    private readonly HashSet<ISymbol> _visited = new(SymbolEqualityComparer.Default);

    // Members that say when something was computed: that the value is old is what they are there to tell.
    private static readonly string[] TimesOfComputing = ["Generated", "Computed", "Calculated", "Cached", "Retrieved", "Fetched", "Loaded", "Refreshed", "AsOf", "Snapshot"];

    /// <summary>Whether the value goes to logs, metrics, pauses and the like, and nowhere else.</summary>
    /// <param name="value">The value.</param>
    /// <param name="body">All code that may see it.</param>
    /// <param name="isDuration">It measures how long something takes, and is not a point in time.</param>
    public static bool IsOnlyObserved(IOperation value, Body body, bool isDuration) => new Use(body).IsObserved(value, isDuration);

    private bool IsObserved(IOperation value, bool isDuration)
    {
        if (IsThrown(value))
        {
            return true;
        }

        while (value.Parent is { } parent)
        {
            switch (parent)
            {
                case IExpressionStatementOperation:
                    return true;
                case IConditionalAccessOperation access when access.Operation == value:
                    if (access.WhenNotNull.DescendantsAndSelf().FirstOrDefault(o => o is IConditionalAccessInstanceOperation) is not { } instance)
                    {
                        return false;
                    }

                    value = instance;
                    break;
                case IConversionOperation or IParenthesizedOperation or IInterpolationOperation or IInterpolatedStringOperation
                    or IInterpolatedStringAdditionOperation or IInterpolatedStringAppendOperation or IInterpolatedStringHandlerCreationOperation
                    or IUnaryOperation or ITupleOperation or IArrayInitializerOperation or IArrayCreationOperation or ICollectionExpressionOperation
                    or IAnonymousObjectCreationOperation or ICoalesceOperation or IConditionalAccessOperation or IAwaitOperation
                    or IObjectOrCollectionInitializerOperation:
                    value = parent;
                    break;
                case IObjectCreationOperation creation when creation.Initializer == value:
                    value = creation;
                    break;
                case IBinaryOperation binary:
                    isDuration |= IsFromClock(binary.LeftOperand == value ? binary.RightOperand : binary.LeftOperand);
                    value = parent;
                    break;
                case IArgumentOperation argument:
                    if (AfterCall(argument, isDuration, out var end) is not { } result)
                    {
                        return end;
                    }

                    value = result;
                    break;
                case IInvocationOperation call:
                    if (Observers.IsObserver(call.TargetMethod) && !call.TargetMethod.Name.StartsWith("Get", StringComparison.Ordinal))
                    {
                        return true;
                    }

                    if (call.TargetMethod.ReturnsVoid)
                    {
                        return Observers.IsMeasure(call.TargetMethod.ContainingType);
                    }

                    value = call;
                    break;
                case IPropertyReferenceOperation or IFieldReferenceOperation:
                    if (parent.Parent is IAssignmentOperation assigned && assigned.Target == parent)
                    {
                        return Observers.IsObserver(((IMemberReferenceOperation)parent).Member.ContainingType);
                    }

                    value = parent;
                    break;
                case IVariableInitializerOperation initializer:
                    return initializer.Parent is IVariableDeclaratorOperation declarator && IsLocalObserved(declarator.Symbol, declarator, isDuration);
                case IAssignmentOperation assignment when assignment.Value == value:
                    if (AfterAssignment(assignment, isDuration, out var ended) is not { } whole)
                    {
                        return ended;
                    }

                    value = whole;
                    break;
                case IConditionalOperation conditional:
                    if (conditional.Condition == value && conditional.Syntax is Microsoft.CodeAnalysis.CSharp.Syntax.IfStatementSyntax)
                    {
                        return OnlyObserves(conditional.WhenTrue, isDuration) && OnlyObserves(conditional.WhenFalse, isDuration);
                    }

                    value = parent;
                    break;
                case IReturnOperation:
                    return IsReturnObserved(parent, isDuration);
                case ILoopOperation:
                    // How often it is tried again within a given time.
                    return isDuration;
                default:
                    return false;
            }
        }

        return false;
    }

    // Whatever becomes of it on the way, it ends in an exception, which is not remembered.
    private static bool IsThrown(IOperation value)
    {
        for (var current = value.Parent; current is not null and not (IBlockOperation or IAnonymousFunctionOperation); current = current.Parent)
        {
            if (current is IThrowOperation || (current is IArgumentOperation { Parent: IObjectCreationOperation { Type: { } made } } && IsException(made)))
            {
                return true;
            }
        }

        return false;
    }

    // The operation that goes on with the value, or null where its way ends.
    private IOperation? AfterCall(IArgumentOperation argument, bool isDuration, out bool observed)
    {
        observed = false;
        switch (argument.Parent)
        {
            case IInvocationOperation { Parent: IInterpolatedStringAppendOperation } append:
                return append.Parent;
            case IInvocationOperation call when Observers.IsObserver(call.TargetMethod):
                observed = true;
                return null;
            case IInvocationOperation call when Observers.IsCalculation(call.TargetMethod.ContainingType):
                return call;
            case IInvocationOperation call when argument.Parameter is { } parameter && body.PartOf(call.TargetMethod) is { } helper:
                observed = AreAllObserved(helper.Root, parameter.OriginalDefinition, isDuration);
                return null;
            case IObjectCreationOperation creation when IsTimeOfComputing(argument.Parameter):
                observed = true;
                return null;
            case IObjectCreationOperation creation when Observers.IsCalculation(creation.Type!) || Observers.IsObserver(creation.Type!):
                return creation;
            default:
                return null;
        }
    }

    private IOperation? AfterAssignment(IAssignmentOperation assignment, bool isDuration, out bool observed)
    {
        observed = false;
        switch (assignment.Target)
        {
            case IDiscardOperation:
                observed = true;
                return null;
            case ILocalReferenceOperation local:
                observed = IsLocalObserved(local.Local, assignment, isDuration);
                return null;
            case IMemberReferenceOperation { Instance: IInstanceReferenceOperation { ReferenceKind: InstanceReferenceKind.ImplicitReceiver } } member:
                // In an initializer: it becomes part of the object.
                observed = IsTimeOfComputing(member.Member);
                return observed ? null : assignment.Parent;
            case IMemberReferenceOperation member when IsTimeOfComputing(member.Member):
                observed = true;
                return null;
            case IMemberReferenceOperation member:
                // A write to something that outlives the call is another rule's business.
                observed = Origin.Of(member, body).Outlives;
                return null;
            default:
                return null;
        }
    }

    // What a helper returns goes where it is called.
    private bool IsReturnObserved(IOperation returned, bool isDuration)
    {
        for (IOperation? function = returned; function is not null; function = function.Parent)
        {
            if (function is IAnonymousFunctionOperation or ILocalFunctionOperation)
            {
                return false;
            }
        }

        var root = returned.Root();
        if (body.Parts.FirstOrDefault(part => part.Root == root) is not { } part || SymbolEqualityComparer.Default.Equals(part.Member, body.Core))
        {
            return false;
        }

        // Wherever it is called: the place that is pointed at is only the first.
        return !_visited.Add(part.Member) || body.Parts.SelectMany(p => p.Operations).Where(o => Calls(o, part.Member)).All(call => IsObserved(call, isDuration));
    }

    private static bool Calls(IOperation operation, IMethodSymbol member) => operation switch
    {
        IInvocationOperation call => SymbolEqualityComparer.Default.Equals(call.TargetMethod.OriginalDefinition, member),
        IMethodReferenceOperation reference => SymbolEqualityComparer.Default.Equals(reference.Method.OriginalDefinition, member),
        IPropertyReferenceOperation property => SymbolEqualityComparer.Default.Equals(property.Property.GetMethod?.OriginalDefinition, member),
        _ => false,
    };

    private bool IsLocalObserved(ILocalSymbol local, IOperation place, bool isDuration) => AreAllObserved(place.Root(), local, isDuration);

    private bool AreAllObserved(IOperation root, ISymbol variable, bool isDuration)
    {
        if (!_visited.Add(variable))
        {
            return true;
        }

        foreach (var operation in root.Descendants())
        {
            var found = operation switch
            {
                ILocalReferenceOperation local => SymbolEqualityComparer.Default.Equals(local.Local, variable),
                IParameterReferenceOperation parameter => SymbolEqualityComparer.Default.Equals(parameter.Parameter, variable),
                _ => false,
            };
            if (found && !(operation.Parent is IAssignmentOperation assignment && assignment.Target == operation) && !IsObserved(operation, isDuration))
            {
                return false;
            }
        }

        return true;
    }

    // What an if guards: nothing but observation; or giving up, after some time.
    private static bool OnlyObserves(IOperation? branch, bool isDuration) => branch switch
    {
        null or IEmptyOperation => true,
        IBlockOperation block => block.Operations.All(inner => OnlyObserves(inner, isDuration)),
        IThrowOperation => isDuration,
        IExpressionStatementOperation statement => IsObservation(statement.Operation),
        _ => false,
    };

    private static bool IsObservation(IOperation operation) => operation.Unwrapped() switch
    {
        IInvocationOperation call => Observers.IsObserver(call.TargetMethod),
        IConditionalAccessOperation access => IsObservation(access.WhenNotNull),
        IAwaitOperation awaited => IsObservation(awaited.Operation),
        _ => false,
    };

    private static bool IsFromClock(IOperation operation) => operation.DescendantsAndSelf().Any(inner =>
        ClockAndChance.IsClock(inner)
        || (inner is ILocalReferenceOperation local
            && OperationExtensions.InitializerOf(local.Local, inner.Root()) is { } initializer
            && initializer.DescendantsAndSelf().Any(ClockAndChance.IsClock)));

    private static bool IsTimeOfComputing(ISymbol? member) => member is not null
        && TimesOfComputing.Any(word => member.Name.TrimStart('_').StartsWith(word, StringComparison.OrdinalIgnoreCase));

    private static bool IsException(ITypeSymbol type)
    {
        for (ITypeSymbol? current = type; current is not null; current = current.BaseType)
        {
            if (current is { Name: nameof(Exception), ContainingNamespace: { Name: nameof(System), ContainingNamespace.IsGlobalNamespace: true } })
            {
                return true;
            }
        }

        return false;
    }
}
