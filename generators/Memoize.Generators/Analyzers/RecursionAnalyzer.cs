using System.Collections.Immutable;
using Memoize.Generators.Diagnostics;
using Memoize.Generators.Model;
using Memoize.Generators.Parsing;
using Memoize.Generators.Parsing.Bodies;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace Memoize.Generators.Analyzers;

/// <summary>A cached method that calls itself with what is surely the key of the running call.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class RecursionAnalyzer : CachedMethodAnalyzer
{
    /// <inheritdoc />
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = [Rules.SameKey];

    private protected override void Advise(CachedMethodContext method)
    {
        // What belongs to the caller may be another one's by the time of the inner call.
        if (method.Verdict.Model is not { Ambient.Count: 0 } model)
        {
            return;
        }

        var core = PartialCore.BodyOf(method.Method) ?? method.Method;
        foreach (var root in method.Facts.CodeOf(core, method.CancellationToken))
        {
            foreach (var call in root.Descendants().OfType<IInvocationOperation>())
            {
                if (IsItself(call, method.Method) && !IsDeferred(call) && IsSameReceiver(call, model, method.Method) && HasSameKey(call, model, core, root))
                {
                    method.Report(Rules.SameKey, call.Syntax.GetLocation(), method.Display);
                }
            }
        }
    }

    private static bool IsItself(IInvocationOperation call, IMethodSymbol method)
    {
        var target = call.TargetMethod.ReducedFrom ?? call.TargetMethod;
        return SymbolEqualityComparer.Default.Equals(target.OriginalDefinition, method.OriginalDefinition)
            && AreOwn(call.TargetMethod.TypeArguments)
            && IsOwn(target.ContainingType);
    }

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

    private static bool IsSameReceiver(IInvocationOperation call, CachedMethodModel model, IMethodSymbol method)
    {
        if (method.IsStatic)
        {
            return true;
        }

        return call.Instance is IInstanceReferenceOperation { ReferenceKind: InstanceReferenceKind.ContainingTypeInstance } instance
            && instance.Syntax.RawKind != (int)Microsoft.CodeAnalysis.CSharp.SyntaxKind.BaseExpression
            // A member in the key may have been changed before the call.
            && (model.Receiver is not { InKey: true } || method.IsVirtual || method.IsOverride)
            && !HasKeyMembers(model);
    }

    // One field per keyed parameter; what is more comes from the instance, and the run-time type stays what it is.
    private static bool HasKeyMembers(CachedMethodModel model) =>
        model.Receiver is { } receiver && model.Key.Any(field => field.Value.StartsWith(receiver.Name + ".", StringComparison.Ordinal) && field.Value != receiver.Name + ".GetType()");

    private static bool HasSameKey(IInvocationOperation call, CachedMethodModel model, IMethodSymbol core, IOperation root)
    {
        var i = -1;
        foreach (var role in model.Parameters)
        {
            i++;
            if (!role.NamesEntry)
            {
                continue;
            }

            var argument = call.Arguments.FirstOrDefault(a => a.Parameter?.Ordinal == i);
            if (argument is not { ArgumentKind: ArgumentKind.Explicit }
                || Original(argument.Value) is not IParameterReferenceOperation { Parameter: var parameter }
                || !SymbolEqualityComparer.Default.Equals(parameter, core.Parameters[i])
                || !IsUnchanging(parameter)
                || Origin.IsAssigned(parameter, root))
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
