using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Memoize.Generators.Parsing;

/// <summary>How a method that the attribute names (<c>Unless = nameof(IsDraft)</c>) is called, or why it cannot be.</summary>
/// <param name="Arguments">The arguments, in which <c>{0}</c> is the value.</param>
/// <param name="Parameters">The parameters of the cached method that they name.</param>
/// <param name="Problem">Why not, as the end of a sentence.</param>
internal sealed record RuleFit(IReadOnlyList<string> Arguments, IReadOnlyList<string> Parameters, string? Problem)
{
    /// <param name="rule">The method that the attribute names.</param>
    /// <param name="cached">The method with the attribute.</param>
    /// <param name="value">What is judged; null where only the arguments are.</param>
    /// <param name="result">What the rule must return: <c>bool</c>, <c>TimeSpan</c> or <c>long</c>.</param>
    /// <param name="compilation">The compilation.</param>
    public static RuleFit Of(IMethodSymbol rule, IMethodSymbol cached, ITypeSymbol? value, string result, Compilation compilation)
    {
        if (rule.Arity > 0 && rule.Arity != cached.Arity)
        {
            return Not($"it has {rule.Arity} type parameters and the cached method has {cached.Arity}");
        }

        var method = rule.Arity == 0 ? rule : rule.Construct([.. cached.TypeParameters]);
        if (!Returns(method, result))
        {
            return Not($"it returns '{Names.Short(method.ReturnType)}' and must return {result}");
        }

        if (!method.IsStatic && (value is not null || cached.IsStatic))
        {
            return Not(value is null
                ? "it is an instance method and the cached method is static; make it static"
                : "it is an instance method, but a value is judged by itself, whoever has loaded or set it; make it static");
        }

        var start = value is null ? 0 : 1;
        if (value is not null && (method.Parameters.Length == 0 || !Converts(value, method.Parameters[0], compilation)))
        {
            return Not($"its first parameter must take the result, a '{Names.Short(value)}'");
        }

        var arguments = new List<string>();
        var parameters = new List<string>();
        if (value is not null)
        {
            arguments.Add(value.IsReferenceType ? "{0}!" : "{0}");
        }

        var skipped = false;
        foreach (var wanted in method.Parameters.Skip(start))
        {
            var given = cached.Parameters.FirstOrDefault(p => p.Name == wanted.Name);
            if (given is null && wanted.IsOptional)
            {
                skipped = true;
                continue;
            }

            if (Misfit(wanted, given, cached, value is not null, compilation) is { } problem)
            {
                return Not(problem);
            }

            var name = Names.Escape(given!.Name);
            arguments.Add((skipped ? Names.Escape(wanted.Name) + ": " : "") + name);
            parameters.Add(name);
        }

        return new RuleFit(arguments, parameters, null);
    }

    private static RuleFit Not(string problem) => new([], [], problem);

    private static bool Returns(IMethodSymbol method, string result) => result switch
    {
        "bool" => method.ReturnType.SpecialType == SpecialType.System_Boolean,
        "long" => method.ReturnType.SpecialType is SpecialType.System_Int64 or SpecialType.System_Int32,
        _ => method.ReturnType is { Name: "TimeSpan", ContainingNamespace: { Name: "System", ContainingNamespace.IsGlobalNamespace: true } },
    };

    private static string? Misfit(IParameterSymbol wanted, IParameterSymbol? given, IMethodSymbol cached, bool judgesValue, Compilation compilation)
    {
        if (given is null)
        {
            var names = string.Join(", ", cached.Parameters.Select(p => $"'{p.Name}'"));
            return $"its parameter '{wanted.Name}' is matched by name with those of the cached method, which are {(names.Length == 0 ? "none" : names)}";
        }

        if (!Converts(given.Type, wanted, compilation))
        {
            return $"its parameter '{wanted.Name}' is a '{Names.Short(wanted.Type)}', and that of the cached method is a '{Names.Short(given.Type)}'";
        }

        if (judgesValue && given.Type.IsRefLikeType)
        {
            return $"its parameter '{wanted.Name}' is a span, which does not live until the value is there";
        }

        return judgesValue && (KnownTypes.IsCancellationToken(given.Type) || KnownTypes.IsNeverInKey(given.Type) || KnownTypes.IsCallerInfo(given) || Attributes.IsNotInKey(given))
            ? $"its parameter '{wanted.Name}' is not part of the key, so nobody knows it where a value is set"
            : null;
    }

    private static bool Converts(ITypeSymbol from, IParameterSymbol to, Compilation compilation) =>
        to.RefKind is RefKind.None or RefKind.In && compilation.ClassifyConversion(from, to.Type).IsImplicit;
}
