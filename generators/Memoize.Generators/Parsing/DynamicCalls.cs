using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Memoize.Generators.Parsing;

/// <summary>Calls whose receiver is dynamic: which cached method they may end in is found by name, as the binder at run time does.</summary>
internal static class DynamicCalls
{
    private static readonly string[] Everywhere =
    [
        "System.Object", "System.String", "System.DateTime", "System.Linq.Enumerable", "System.Collections.Generic.List`1", "System.Collections.Generic.Dictionary`2",
    ];

    /// <summary>The cached method that the call may reach; null where there is none.</summary>
    public static IMethodSymbol? MayReach(IDynamicInvocationOperation call, CompilationFacts facts, Compilation compilation, CancellationToken cancellation)
    {
        if (call.Operation is not IDynamicMemberReferenceOperation member)
        {
            return null;
        }

        var type = member.Instance is null ? null : TypeOf(member.Instance);
        if (type is null && IsEverywhere(member.MemberName, compilation))
        {
            return null;
        }

        return compilation.GetSymbolsWithName(member.MemberName, SymbolFilter.Member, cancellation)
            .OfType<IMethodSymbol>()
            .FirstOrDefault(method => !method.IsStatic
                && call.Arguments.Length <= method.Parameters.Length
                && method.Parameters.Skip(call.Arguments.Length).All(parameter => parameter.IsOptional || parameter.IsParams)
                && (type is null || MayBe(type, method.ContainingType))
                && facts.TargetOf(method, cancellation)?.Forwarder is not null);
    }

    // Most of what is dynamic is a text, a list or a table, and 'Contains' is theirs.
    private static bool IsEverywhere(string name, Compilation compilation) =>
        Everywhere.Any(type => compilation.GetTypeByMetadataName(type)?.GetMembers(name).IsEmpty == false);

    // dynamic c = new C(); and ((dynamic)c).M(1): what it was before is in plain sight. Null where nobody can say.
    private static ITypeSymbol? TypeOf(IOperation instance)
    {
        while (instance is IParenthesizedOperation parentheses)
        {
            instance = parentheses.Operand;
        }

        return instance switch
        {
            IConversionOperation { Operand.Type: { TypeKind: not TypeKind.Dynamic, SpecialType: not SpecialType.System_Object } type } => type,
            ILocalReferenceOperation { Local: var local } when OnlyValue(local, instance) is { } value => TypeOf(value),
            _ => null,
        };
    }

    private static IOperation? OnlyValue(ILocalSymbol local, IOperation use)
    {
        var root = use;
        while (root.Parent is { } parent)
        {
            root = parent;
        }

        IOperation? value = null;
        foreach (var operation in root.Descendants())
        {
            switch (operation)
            {
                case IVariableDeclaratorOperation declarator when SymbolEqualityComparer.Default.Equals(declarator.Symbol, local):
                    value = declarator.Initializer?.Value;
                    break;
                case IAssignmentOperation { Target: ILocalReferenceOperation { Local: var target } } when SymbolEqualityComparer.Default.Equals(target, local):
                case IArgumentOperation { Parameter.RefKind: RefKind.Ref or RefKind.Out, Value: ILocalReferenceOperation { Local: var passed } } when SymbolEqualityComparer.Default.Equals(passed, local):
                    return null;
            }
        }

        return value;
    }

    // What it was may be less than what it is.
    private static bool MayBe(ITypeSymbol type, INamedTypeSymbol wanted) => type.TypeKind == TypeKind.Interface
        ? wanted.AllInterfaces.Contains(type, SymbolEqualityComparer.Default)
        : Lineage.IsOrDerivesFrom(type, wanted);
}
