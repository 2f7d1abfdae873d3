using System.Collections;
using System.Reflection;
using Microsoft.CodeAnalysis;

namespace Memoize.Generators.Tests.Harness;

/// <summary>
/// Walks everything reachable from the outputs of the tracked steps. A symbol, a tree or a compilation among it would pin a whole
/// compilation in the IDE's memory, and would never be equal to that of the next run.
/// </summary>
static class ModelGraph
{
    public static IReadOnlyList<string> TrackedNames { get; } =
        [.. typeof(TrackingNames).GetFields(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic)
            .Where(field => field.IsLiteral)
            .Select(field => (string)field.GetRawConstantValue()!)];

    public static void AssertNoCompilerObjects(GeneratorRunResult result)
    {
        var seen = new HashSet<object>(ReferenceEqualityComparer.Instance);
        foreach (var name in TrackedNames)
        {
            if (!result.TrackedSteps.TryGetValue(name, out var steps))
                continue;
            foreach (var (value, _) in steps.SelectMany(step => step.Outputs))
                Visit(value, name, seen);
        }
    }

    static void Visit(object? value, string path, HashSet<object> seen)
    {
        if (value is null or string || !seen.Add(value))
            return;

        if (IsCompilerObject(value))
            Assert.Fail($"The model keeps a {value.GetType().FullName} alive: {path}");

        var type = value.GetType();
        if (type.IsPrimitive || type.IsEnum || type.IsPointer || type == typeof(decimal))
            return;
        if (value is Delegate or Type or MemberInfo)
            Assert.Fail($"The model holds a {type.FullName}, which has no value equality: {path}");

        if (value is IEnumerable and (Array or ICollection))
        {
            var index = 0;
            foreach (var item in (IEnumerable)value)
                Visit(item, $"{path}[{index++}]", seen);
            if (value is Array)
                return;
        }

        for (var current = type; current is not null && current != typeof(object); current = current.BaseType)
        {
            foreach (var field in current.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
                Visit(field.GetValue(value), $"{path}.{field.Name}", seen);
        }
    }

    static bool IsCompilerObject(object value) => value
        is Compilation or ISymbol or SyntaxNode or SyntaxTree or Location or IOperation or SemanticModel
        or SyntaxReference or AttributeData or TypedConstant or SyntaxToken or SyntaxTrivia or Diagnostic
        || value.GetType().Namespace?.StartsWith("Microsoft.CodeAnalysis", StringComparison.Ordinal) == true && !value.GetType().IsEnum;
}
