using Memoize.Generators.Parsing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Memoize.Generators.Tests.Harness;

/// <summary>Compares what the generator says of calls without binding them with what the compiler says when it binds them.</summary>
static class PlainCallCheck
{
    /// <summary>Every call in the program, of cached methods or not, is the one that the compiler takes it for, or is left to it.</summary>
    public static void AssertAsBound(Compilation compilation)
    {
        foreach (var tree in compilation.SyntaxTrees)
        {
            var model = compilation.GetSemanticModel(tree);
            foreach (var call in tree.GetRoot().DescendantNodes().OfType<InvocationExpressionSyntax>())
            {
                if (Understood(call, compilation) is not { } method)
                    continue;

                var bound = model.GetSymbolInfo(call);
                if (bound.Symbol is null && model.GetDiagnostics(call.FirstAncestorOrSelf<MemberDeclarationSyntax>()!.Span).Any(d => d.Severity == DiagnosticSeverity.Error))
                    continue;
                Assert.True(
                    SymbolEqualityComparer.Default.Equals(bound.Symbol?.OriginalDefinition, method) && bound.CandidateReason == CandidateReason.None,
                    $"'{call}' was taken for a call of {method}, and is one of {bound.Symbol?.ToString() ?? bound.CandidateReason.ToString()} in\n{tree}");
                Assert.Null(CallSites.Obstacle(call, model, default));
            }
        }
    }

    public static IEnumerable<InvocationExpressionSyntax> Calls(Compilation compilation, string file) => compilation.SyntaxTrees
        .Where(tree => Path.GetFileName(tree.FilePath) == file)
        .SelectMany(tree => tree.GetRoot().DescendantNodes().OfType<InvocationExpressionSyntax>());

    /// <summary>The method that the call is taken for without binding it; null where that is left to the compiler.</summary>
    public static IMethodSymbol? Understood(InvocationExpressionSyntax call, Compilation compilation)
    {
        var facts = CompilationFacts.Of(compilation);
        return PlainCalls.MethodOf(call, facts.ModelOf(call.SyntaxTree), facts.DynamicSources, default);
    }
}
