using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Memoize.Generators.Parsing;

/// <summary>Methods that are looked up by <c>nameof</c>: what reflection invokes is the original.</summary>
internal static class Reflection
{
    /// <summary>The call that is handed the <c>nameof</c> around the name; null for every other mention.</summary>
    public static InvocationExpressionSyntax? CallAround(SimpleNameSyntax name)
    {
        var argument = name.FirstAncestorOrSelf<ArgumentSyntax>();
        return argument?.Parent?.Parent is InvocationExpressionSyntax { Expression: IdentifierNameSyntax { Identifier.ValueText: "nameof" } } nameOf
            ? nameOf.Parent is ArgumentSyntax { Parent.Parent: InvocationExpressionSyntax call } ? call : nameOf
            : null;
    }

    /// <summary>Whether the call looks up a method, as <c>Type.GetMethod</c> and its like do.</summary>
    public static bool Finds(InvocationExpressionSyntax call, SemanticModel model, CancellationToken cancellation) =>
        model.GetSymbolInfo(call, cancellation).Symbol is IMethodSymbol
        {
            Name: "GetMethod" or "GetMethods" or "GetMember" or "GetRuntimeMethod" or "GetDeclaredMethod" or "GetDeclaredMethods" or "InvokeMember",
            ContainingType: { ContainingNamespace.Name: "System" or "Reflection" },
        };
}
