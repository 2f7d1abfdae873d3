using System.Collections.Immutable;
using Memoize.Generators.Diagnostics;
using Memoize.Generators.Parsing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Memoize.Generators.Analyzers;

/// <summary>
/// What only a call tells of a key. A generic method can ask of its type parameters that they are <c>IEquatable</c>, and no more: whether
/// what takes their place is a value shows here. And who compiled a method knew no type that derives here from one of its parameters.
/// </summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class OpenKeyAnalyzer : CallAnalyzer
{
    /// <inheritdoc />
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = [Rules.PassedType];

    private protected override bool Concerns(string name, CompilationFacts facts) => facts.MayBeOpen(name);

    private protected override void Call(InvocationExpressionSyntax call, SimpleNameSyntax name, SemanticModelAnalysisContext context, CompilationFacts facts)
    {
        if (facts.ModelOf(call.SyntaxTree).GetSymbolInfo(call, context.CancellationToken).Symbol is not IMethodSymbol called)
        {
            return;
        }

        var method = called.GetConstructedReducedFrom() ?? called;
        if (Attributes.Cached(method.OriginalDefinition) is null)
        {
            return;
        }

        var compilation = context.SemanticModel.Compilation;
        var problems = ArgumentsInKey(method)
            .Select(one => (one.Parameter, Reason: WhyNot(one.Argument, compilation)))
            .Concat(OpenClassesOf(method, compilation).Select(one => (one.Parameter, Reason: KeyTypes.WhyNotDerived(one.Type, compilation))));
        if (problems.FirstOrDefault(static problem => problem.Reason is not null) is { Reason: { } reason, Parameter: var parameter })
        {
            context.ReportDiagnostic(new Problem(Rules.PassedType, name.GetLocation(), parameter.Name, Names.Short(method), reason).ToDiagnostic());
        }
    }

    private static IEnumerable<(IParameterSymbol Parameter, INamedTypeSymbol Type)> OpenClassesOf(IMethodSymbol method, Compilation compilation) =>
        SymbolEqualityComparer.Default.Equals(method.ContainingAssembly, compilation.Assembly)
            ? []
            : method.Parameters
                .Where(static p => p.Type is INamedTypeSymbol { TypeKind: TypeKind.Class, IsSealed: false } && IsWhole(p))
                .Select(static p => (p, (INamedTypeSymbol)p.Type));

    private static bool IsWhole(IParameterSymbol p) =>
        Attributes.CacheKey(p) is null && !Attributes.IsNotInKey(p) && !KnownTypes.IsNeverInKey(p.Type) && !KnownTypes.IsCallerInfo(p);

    // The first parameter in whose part of the key each type argument is.
    private static IEnumerable<(IParameterSymbol Parameter, ITypeSymbol Argument)> ArgumentsInKey(IMethodSymbol method)
    {
        var definition = method.OriginalDefinition;
        var inKey = definition.Parameters.Where(IsWhole).ToList();
        var arguments = definition.TypeParameters.Zip(method.TypeArguments, (p, a) => (p, a))
            .Concat(Names.ContainersOf(definition.ContainingType).Zip(Names.ContainersOf(method.ContainingType), (d, c) => d.TypeParameters.Zip(c.TypeArguments, (p, a) => (p, a))).SelectMany(pairs => pairs));
        foreach (var (parameter, argument) in arguments)
        {
            if (inKey.FirstOrDefault(p => Mentions.Any(p.Type, t => SymbolEqualityComparer.Default.Equals(t, parameter))) is { } first)
            {
                yield return (first, argument);
            }
        }
    }

    private static string? WhyNot(ITypeSymbol argument, Compilation compilation)
    {
        if (KeyTypes.Compare(argument, compilation, out var reason) is null)
        {
            return reason;
        }

        // Where the type is known, the key compares such members strictly; for a type parameter there is only the type's own equality.
        return argument is INamedTypeSymbol named && RecordEquality.StrictMembers(named).FirstOrDefault().Member is { } member
            ? $"'{Names.Short(named)}' compares '{member.Name}' less strictly than a method can, and behind a type parameter the key has nothing else; write Equals and GetHashCode, or make a method for this type"
            : null;
    }
}
