using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Memoize.Generators.Parsing.Bodies;

/// <summary>Where an object that the method changes comes from.</summary>
internal enum OriginKind
{
    /// <summary>Nobody can tell, or it was made in the method.</summary>
    Unknown,

    /// <summary>The caller passed it, or something that holds it.</summary>
    Parameter,

    /// <summary>The instance has it.</summary>
    Instance,

    /// <summary>A static member has it.</summary>
    Static,
}

/// <summary>The variable at the beginning of <c>a.B.C[d]</c>.</summary>
internal readonly record struct Origin(OriginKind Kind, ISymbol? Symbol)
{
    // Locals that stand for each other are seldom many.
    private const int MaxAliases = 4;

    /// <summary>Whether the object is there before the call and after it.</summary>
    public bool Outlives => Kind != OriginKind.Unknown;

    /// <summary>The origin of what is changed when this member, element or variable is assigned.</summary>
    public static Origin Of(IOperation target, Body body) => target.Unwrapped() switch
    {
        IMemberReferenceOperation { Member: { IsStatic: true } member } => new(OriginKind.Static, member),
        IMemberReferenceOperation member when member.InstanceOf() is { } instance => Owner(instance, member.Member, body, 0),
        IArrayElementReferenceOperation element => Owner(element.ArrayReference.Unwrapped(), null, body, 0),
        _ => default,
    };

    /// <summary>The origin of an object.</summary>
    public static Origin OfObject(IOperation instance, Body body) => Owner(instance.Unwrapped(), null, body, 0);

    private static Origin Owner(IOperation owner, ISymbol? member, Body body, int aliases)
    {
        while (true)
        {
            switch (owner)
            {
                case IInstanceReferenceOperation { ReferenceKind: InstanceReferenceKind.ContainingTypeInstance }:
                    return new(OriginKind.Instance, member);
                case IMemberReferenceOperation { Member: { IsStatic: true } root } and not IMethodReferenceOperation:
                    return new(OriginKind.Static, root);
                case IMemberReferenceOperation reference and not IMethodReferenceOperation:
                    member = reference.Member;
                    if (reference.InstanceOf() is not { } instance)
                    {
                        return default;
                    }

                    owner = instance;
                    break;
                case IArrayElementReferenceOperation element:
                    owner = element.ArrayReference.Unwrapped();
                    break;
                case IParameterReferenceOperation reference:
                    return OfParameter(reference, body);
                case ILocalReferenceOperation { Local: { Type.IsReferenceType: true, RefKind: RefKind.None } local } when aliases < MaxAliases:
                    if (ValueOf(local, owner.Root()) is not { } value)
                    {
                        return default;
                    }

                    aliases++;
                    owner = value;
                    break;
                default:
                    return default;
            }
        }
    }

    private static Origin OfParameter(IParameterReferenceOperation reference, Body body)
    {
        var parameter = reference.Parameter;
        if (parameter.ContainingSymbol is IMethodSymbol { MethodKind: MethodKind.Constructor })
        {
            return new(OriginKind.Instance, parameter);
        }

        return parameter.Type.IsReferenceType
            && parameter.RefKind is RefKind.None or RefKind.In or RefKind.RefReadOnlyParameter
            && SymbolEqualityComparer.Default.Equals(parameter.ContainingSymbol.OriginalDefinition, body.Core.OriginalDefinition)
            && !IsAssigned(parameter, reference.Root())
            ? new(OriginKind.Parameter, parameter)
            : default;
    }

    // What the local stands for, if for one thing only.
    private static IOperation? ValueOf(ILocalSymbol local, IOperation root)
    {
        if (IsAssigned(local, root))
        {
            return null;
        }

        return OperationExtensions.InitializerOf(local, root)
            ?? root.Descendants().OfType<IForEachLoopOperation>()
                .FirstOrDefault(loop => loop.Locals.Contains(local, SymbolEqualityComparer.Default))?.Collection.Unwrapped();
    }

    /// <summary>Whether the variable gets another value somewhere in the body.</summary>
    public static bool IsAssigned(ISymbol variable, IOperation root) => root.Descendants().Any(operation => operation switch
    {
        IAssignmentOperation assignment => Targets(assignment.Target, variable),
        IIncrementOrDecrementOperation step => Is(step.Target, variable),
        IArgumentOperation { Parameter.RefKind: RefKind.Ref or RefKind.Out } argument => Is(argument.Value, variable),
        IAddressOfOperation address => Is(address.Reference, variable),
        IVariableDeclaratorOperation { Symbol.RefKind: RefKind.Ref, Initializer.Value: { } value } => Is(value, variable),
        _ => false,
    });

    private static bool Targets(IOperation target, ISymbol variable) => target switch
    {
        ITupleOperation tuple => tuple.Elements.Any(element => Targets(element, variable)),
        _ => Is(target, variable),
    };

    // A struct is assigned by its members.
    private static bool Is(IOperation operation, ISymbol variable) => operation.Unwrapped() switch
    {
        ILocalReferenceOperation local => SymbolEqualityComparer.Default.Equals(local.Local, variable),
        IParameterReferenceOperation parameter => SymbolEqualityComparer.Default.Equals(parameter.Parameter, variable),
        IFieldReferenceOperation { Instance: { Type.IsValueType: true } instance } => Is(instance, variable),
        IPropertyReferenceOperation { Instance: { Type.IsValueType: true } instance } => Is(instance, variable),
        _ => false,
    };
}
