using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Memoize.Generators.Parsing.Bodies;

/// <summary>Changes to what is there before the call and after it. A call that is answered from the cache does not repeat them.</summary>
internal static class LostWrites
{
    /// <param name="body">The body.</param>
    /// <param name="settled">Static members that another rule has something better to say about.</param>
    public static IEnumerable<Finding> In(Body body, ISet<ISymbol> settled)
    {
        foreach (var part in body.Parts.Where(part => part.Site is null))
        {
            foreach (var operation in part.Operations)
            {
                if (Find(operation, body) is { } finding && !settled.Contains(finding.Source) && !operation.IsInExpressionTree())
                {
                    yield return finding with { Part = part };
                }
            }
        }
    }

    private static Finding? Find(IOperation operation, Body body)
    {
        switch (operation)
        {
            case ICoalesceAssignmentOperation coalesce:
                return Written(coalesce.Target, operation, body);
            case IDeconstructionAssignmentOperation { Target: ITupleOperation tuple }:
                return tuple.Elements.Select(element => Written(element, operation, body)).FirstOrDefault(found => found is not null);
            case IAssignmentOperation assignment:
                return Written(assignment.Target, operation, body);
            case IIncrementOrDecrementOperation step:
                return Written(step.Target, operation, body);
            case IArgumentOperation { Parameter.RefKind: RefKind.Ref or RefKind.Out } argument when !IsReadByRef(argument):
                return Written(argument.Value, operation.Parent!, body);
            case IInvocationOperation call:
                return Called(call, body);
            case IEventReferenceOperation reference when IsRaised(reference):
                return new Finding(operation, reference.Event.OriginalDefinition, $"raises the event '{reference.Event.Name}'");
            default:
                return null;
        }
    }

    private static Finding? Written(IOperation target, IOperation place, Body body)
    {
        target = target.Unwrapped();
        if (target is not (IMemberReferenceOperation or IArrayElementReferenceOperation)
            || target.IsDecided()
            || (target is IMemberReferenceOperation { Member: var written } && (LazyInit.IsInitialisation(target, written.OriginalDefinition) || IsTool(target, written))))
        {
            return null;
        }

        var origin = Origin.Of(target, body);
        if (!origin.Outlives || (origin.Symbol is { } symbol && ((origin.Kind != OriginKind.Parameter && Body.IsDecided(symbol)) || IsMeasured(symbol))))
        {
            return null;
        }

        if (IsFilling(target, place, origin, body))
        {
            return null;
        }

        var what = target is IMemberReferenceOperation { Member: var member } && !(member is IPropertySymbol { IsIndexer: true })
            ? $"'{member.Name}'"
            : "an element";
        var direct = target is IMemberReferenceOperation { Member: var own } && SymbolEqualityComparer.Default.Equals(own, origin.Symbol);
        return Describe(place, origin, $"changes {what}", direct);
    }

    private static Finding? Called(IInvocationOperation call, Body body)
    {
        var receiver = MutableCollections.ChangesFirstArgument(call.TargetMethod) && call.Arguments.Length > 0 ? call.Arguments[0].Value.Unwrapped()
            : call.InstanceOf() is { Type: { } type } instance && MutableCollections.IsMutation(call.TargetMethod, type) ? instance
            : null;
        if (receiver is null || receiver.IsDecided())
        {
            return null;
        }

        var origin = Origin.OfObject(receiver, body);
        return !origin.Outlives || IsFilling(receiver, call, origin, body) || (origin.Symbol is { } symbol && ((origin.Kind != OriginKind.Parameter && Body.IsDecided(symbol)) || IsMeasured(symbol)))
            ? null
            : Describe(call, origin, $"changes a collection with '{call.TargetMethod.Name}'", direct: false);
    }

    // A dictionary that the method asks first and then adds to remembers something on the way; who fills a collection that was not
    // there yet makes a lazy value. Neither is missed by a call that finds an entry.
    private static bool IsFilling(IOperation target, IOperation place, Origin origin, Body body)
    {
        if (origin is not { Kind: OriginKind.Instance or OriginKind.Static, Symbol: { } holder })
        {
            return false;
        }

        var collection = target is IPropertyReferenceOperation { Property.IsIndexer: true } ? target.InstanceOf() : target;
        return (collection?.Type is { } type && MutableCollections.IsMemo(type) && IsAsked(holder, body)) || LazyInit.IsGuardedBy(place, holder.OriginalDefinition);
    }

    private static bool IsAsked(ISymbol holder, Body body) => body.Parts.SelectMany(part => part.Operations).Any(operation =>
        operation is IInvocationOperation { TargetMethod.Name: "TryGetValue" or "ContainsKey" or "GetOrAdd" or "GetOrCreate" or "GetValue" } call
        && call.InstanceOf() is IMemberReferenceOperation { Member: var member }
        && SymbolEqualityComparer.Default.Equals(member.OriginalDefinition, holder.OriginalDefinition));

    private static Finding? Describe(IOperation place, Origin origin, string deed, bool direct)
    {
        if (origin.Symbol is not { } symbol)
        {
            return null;
        }

        var owner = (origin.Kind, symbol) switch
        {
            (OriginKind.Parameter, _) => $"of the argument '{symbol.Name}'",
            (OriginKind.Static, _) => direct ? "of the program" : $"of the static '{symbol.Name}'",
            _ => direct ? "of the instance" : $"of the instance's '{symbol.Name}'",
        };
        return new Finding(place, symbol.OriginalDefinition, $"{deed} {owner}");
    }

    // Framework objects that a field holds are tools: setting a header or a timeout before each use is how they are used.
    private static bool IsTool(IOperation target, ISymbol member) =>
        Observers.IsObserver(member.ContainingType)
        || (member is IPropertySymbol { SetMethod: null } and not { IsIndexer: true } && !member.IsStatic && ((IPropertySymbol)member).RefKind == RefKind.None)
        || (member is IPropertySymbol { IsIndexer: false, DeclaringSyntaxReferences.Length: 0 } && target.InstanceOf() is not (null or IInstanceReferenceOperation or IParameterReferenceOperation))
        || (member.IsStatic && member is IPropertySymbol { DeclaringSyntaxReferences.Length: 0 });

    // Counters of the metrics kind are there to count what really ran.
    private static bool IsMeasured(ISymbol symbol) => symbol switch
    {
        IFieldSymbol field => Observers.IsObserver(field.Type),
        IPropertySymbol property => Observers.IsObserver(property.Type),
        IParameterSymbol parameter => Observers.IsObserver(parameter.Type),
        _ => false,
    };

    private static bool IsReadByRef(IArgumentOperation argument) =>
        argument.Parent is IInvocationOperation { TargetMethod: { ContainingType: { ContainingNamespace.Name: "Threading", Name: var type }, Name: var name } }
        && ((type is "Volatile" or "Interlocked" && name == "Read") || type == "LazyInitializer" || type == "Monitor" || (type == "SpinLock"));

    private static bool IsRaised(IEventReferenceOperation reference)
    {
        for (var current = reference.Parent; current is not null; current = current.Parent)
        {
            switch (current)
            {
                case IEventAssignmentOperation:
                    return false;
                case IInvocationOperation { TargetMethod.MethodKind: MethodKind.DelegateInvoke } call:
                    return call.InstanceOf() == reference;
                case IConditionalAccessOperation access when access.Operation == reference:
                    return access.WhenNotNull.DescendantsAndSelf().OfType<IInvocationOperation>().Any(call => call.TargetMethod.MethodKind == MethodKind.DelegateInvoke);
                case IConversionOperation:
                    continue;
                default:
                    return false;
            }
        }

        return false;
    }
}
