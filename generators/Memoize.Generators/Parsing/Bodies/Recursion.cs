using System.Collections.Immutable;
using Memoize.Generators.Model;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Operations;

namespace Memoize.Generators.Parsing.Bodies;

/// <summary>
/// Follows the parameters of a cached method from call to call, unchanged, until they come back to it. What is followed: other cached
/// methods, and the members of its own type; not what can be overridden, and not functions that run later.
/// </summary>
internal sealed class Recursion(IMethodSymbol method, CachedMethodModel model, CompilationFacts facts, CancellationToken cancellation)
{
    // Circles of more methods than this are not written with the same arguments all the way round.
    private const int MaxSteps = 4;

    // What led nowhere leads nowhere by another way either.
    private readonly HashSet<string> _tried = new(StringComparer.Ordinal);

    /// <summary>The calls in the method's own body, and the methods on the way back: none where it calls itself.</summary>
    public IEnumerable<(IInvocationOperation Call, ImmutableArray<IMethodSymbol> Through)> Find()
    {
        var start = BodyOf(method);
        var parameters = start.Parameters.ToDictionary(parameter => parameter.Ordinal, parameter => parameter.Ordinal);
        foreach (var (call, root) in CallsIn(start))
        {
            _tried.Clear();
            if (WayBack(call, () => Passed(call, start, parameters, root), onSelf: true, []) is { } through)
            {
                yield return (call, through);
            }
        }
    }

    /// <param name="call">A call that was found.</param>
    /// <param name="passing">Which of its arguments are which parameters of the cached method: asked of the few calls that lead on.</param>
    /// <param name="onSelf">Whether the code around the call runs on the instance of the cached method.</param>
    /// <param name="path">The methods that led here.</param>
    private ImmutableArray<IMethodSymbol>? WayBack(IInvocationOperation call, Func<IReadOnlyDictionary<int, int>> passing, bool onSelf, ImmutableArray<IMethodSymbol> path)
    {
        cancellation.ThrowIfCancellationRequested();
        if (IsMethod(call, path.IsEmpty))
        {
            return IsSameReceiver(call, onSelf) && HasSameKey(passing()) ? path : null;
        }

        if (path.Length == MaxSteps || StepInto(call) is not { } next || path.Contains(next, SymbolEqualityComparer.Default))
        {
            return null;
        }

        var passed = passing();
        if (passed.Count == 0 && model.Parameters.Any(role => role.NamesEntry))
        {
            return null;
        }

        var body = BodyOf(next);
        var isOnSelf = onSelf && IsOnThis(call);
        if (!_tried.Add($"{next.GetDocumentationCommentId()} {isOnSelf} {string.Join(",", passed.Select(pair => $"{pair.Key}={pair.Value}"))}"))
        {
            return null;
        }

        foreach (var (inner, root) in CallsIn(body))
        {
            if (WayBack(inner, () => Passed(inner, body, passed, root), isOnSelf, path.Add(next)) is { } found)
            {
                return found;
            }
        }

        return null;
    }

    private IEnumerable<(IInvocationOperation Call, IOperation Root)> CallsIn(IMethodSymbol body)
    {
        foreach (var root in facts.CodeOf(body, cancellation))
        {
            foreach (var call in root.Descendants().OfType<IInvocationOperation>())
            {
                if (!IsDeferred(call))
                {
                    yield return (call, root);
                }
            }
        }
    }

    private static IReadOnlyDictionary<int, int> Passed(IInvocationOperation call, IMethodSymbol body, IReadOnlyDictionary<int, int> known, IOperation root)
    {
        var passed = new Dictionary<int, int>();
        foreach (var argument in call.Arguments)
        {
            if (argument is { ArgumentKind: ArgumentKind.Explicit, Parameter: { } target }
                && Original(argument.Value) is IParameterReferenceOperation { Parameter: var parameter }
                && SymbolEqualityComparer.Default.Equals(parameter.ContainingSymbol, body)
                && known.TryGetValue(parameter.Ordinal, out var original)
                && !Origin.IsAssigned(parameter, root))
            {
                passed[target.Ordinal] = original;
            }
        }

        return passed;
    }

    // The half of a partial method that has a body, or the core of a cached one.
    private static IMethodSymbol BodyOf(IMethodSymbol method)
    {
        var core = PartialCore.BodyOf(method) ?? method;
        return core.PartialImplementationPart ?? core;
    }

    private bool IsMethod(IInvocationOperation call, bool isDirect)
    {
        var target = call.TargetMethod.ReducedFrom ?? call.TargetMethod;
        return SymbolEqualityComparer.Default.Equals(target.OriginalDefinition, method.OriginalDefinition)
            && (isDirect || !method.IsGenericMethod)
            && AreOwn(call.TargetMethod.TypeArguments)
            && IsOwn(target.ContainingType);
    }

    private IMethodSymbol? StepInto(IInvocationOperation call)
    {
        var target = (call.TargetMethod.ReducedFrom ?? call.TargetMethod).OriginalDefinition;
        var isSibling = SymbolEqualityComparer.Default.Equals(target.ContainingType, method.ContainingType.OriginalDefinition);
        return target is { MethodKind: MethodKind.Ordinary, IsGenericMethod: false, DeclaringSyntaxReferences.IsEmpty: false }
            && (isSibling ? IsOwn(call.TargetMethod.ContainingType) : !IsGeneric(target.ContainingType) && Attributes.Cached(target) is not null)
            && (call.Instance?.Syntax.RawKind == (int)SyntaxKind.BaseExpression || !IsOverridable(target))
            ? target
            : null;
    }

    private static bool IsOverridable(IMethodSymbol method) =>
        method.IsAbstract || ((method.IsVirtual || (method.IsOverride && !method.IsSealed)) && method.ContainingType is { IsSealed: false, IsValueType: false });

    private static bool IsGeneric(INamedTypeSymbol? type) => type is not null && (type.IsGenericType || IsGeneric(type.ContainingType));

    // List<T> calling List<T>, not List<int>. The core of a partial method has type parameters of its own.
    private static bool IsOwn(INamedTypeSymbol? type) => type is null || (AreOwn(type.TypeArguments) && IsOwn(type.ContainingType));

    private static bool AreOwn(ImmutableArray<ITypeSymbol> arguments)
    {
        for (var i = 0; i < arguments.Length; i++)
        {
            if (arguments[i] is not ITypeParameterSymbol parameter || parameter.Ordinal != i)
            {
                return false;
            }
        }

        return true;
    }

    // A function that is only made here runs later, or never.
    private static bool IsDeferred(IOperation operation)
    {
        for (var current = operation.Parent; current is not null; current = current.Parent)
        {
            if (current is IAnonymousFunctionOperation or ILocalFunctionOperation)
            {
                return true;
            }
        }

        return false;
    }

    private bool IsSameReceiver(IInvocationOperation call, bool onSelf) =>
        method.IsStatic
        || (onSelf
            && IsOnThis(call)
            && call.Instance!.Syntax.RawKind != (int)SyntaxKind.BaseExpression
            // A member in the key may have been changed before the call.
            && (model.Receiver is not { InKey: true } || method.IsVirtual || method.IsOverride)
            && !HasKeyMembers());

    private static bool IsOnThis(IInvocationOperation call) => call.Instance is IInstanceReferenceOperation { ReferenceKind: InstanceReferenceKind.ContainingTypeInstance };

    private bool HasKeyMembers() => model.Key.Any(field => field.IsMember);

    private bool HasSameKey(IReadOnlyDictionary<int, int> passed)
    {
        var i = -1;
        foreach (var role in model.Parameters)
        {
            i++;
            if (role.NamesEntry && (!passed.TryGetValue(i, out var original) || original != i || !IsUnchanging(method.Parameters[i])))
            {
                return false;
            }
        }

        return true;
    }

    // A conversion to object and back would be the same value too; nobody writes that.
    private static IOperation Original(IOperation value)
    {
        while (value is IParenthesizedOperation or IConversionOperation { Conversion.IsIdentity: true } or IConversionOperation { Conversion.IsReference: true })
        {
            value = value is IParenthesizedOperation parenthesized ? parenthesized.Operand : ((IConversionOperation)value).Operand;
        }

        return value;
    }

    // The key of a list or of an object's members is read at the call, and may have changed since the first.
    private static bool IsUnchanging(IParameterSymbol parameter) =>
        Attributes.CacheKey(parameter) is not { } key || (key.ConstructorArguments.All(a => a.Kind != TypedConstantKind.Array || a.Values.IsEmpty) && !key.Named("Structural", false));
}
