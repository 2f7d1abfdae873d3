using System.Composition;
using Memoize.CodeFixes.Frame;
using Memoize.CodeFixes.Results;
using Memoize.Generators.Diagnostics;
using Memoize.Generators.Parsing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.FindSymbols;

namespace Memoize.CodeFixes;

/// <summary>A result that each caller could change for the others, or that may be lazy: return a read-only or an immutable collection.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(ResultCodeFixProvider)), Shared]
public sealed class ResultCodeFixProvider() : RepairProvider(Rules.Result, Rules.SharedCollection)
{
    private protected override async Task<IReadOnlyList<Repair>> FindAsync(Place place)
    {
        if (place.Method is not { } method
            || Body(method, place) is not var (core, body)
            || await OthersAsync(method, place).ConfigureAwait(false) is not { } others)
        {
            return [];
        }

        var compilation = place.Model.Compilation;
        var value = ValueOf(method.ReturnType);
        var returned = new ReturnedExpressions(body, core, compilation.GetSemanticModel(body.SyntaxTree), place.Cancellation);
        var declarations = new[] { method, core }.Concat(others).Distinct<IMethodSymbol>(SymbolEqualityComparer.Default)
            .Select(symbol => ValueIn(Declaration(symbol, place)?.ReturnType, symbol)).ToList();
        if (declarations.Contains(null))
        {
            return [];
        }

        var repairs = new List<Repair>();
        foreach (var form in ResultForm.For(value, compilation))
        {
            var nullable = value.NullableAnnotation == NullableAnnotation.Annotated;
            if ((nullable && form.Type.IsValueType) || returned.Edits(place, form) is not { } edits)
            {
                continue;
            }

            var types = declarations.SelectMany(type => place.Edit(type, "type", node => form.Syntax(nullable).WithTriviaFrom(node))).ToList();
            if (types.Count == declarations.Count)
            {
                repairs.Add(Repair.Of($"Return {form.Title}", form.Key, types.Concat(edits)));
            }
        }

        return repairs;
    }

    private static MethodDeclarationSyntax? Declaration(IMethodSymbol method, Place place) =>
        method.DeclaringSyntaxReferences is [var reference] ? reference.GetSyntax(place.Cancellation) as MethodDeclarationSyntax : null;

    private static (IMethodSymbol Core, MethodDeclarationSyntax Syntax)? Body(IMethodSymbol method, Place place)
    {
        var core = PartialCore.BodyOf(method) ?? method.PartialImplementationPart ?? method;
        return Declaration(core, place) is { } syntax && (syntax.Body is not null || syntax.ExpressionBody is not null) ? (core, syntax) : null;
    }

    /// <summary>Interface members that have to return the same; null where the type is not the method's own to choose.</summary>
    private static async Task<IReadOnlyList<IMethodSymbol>?> OthersAsync(IMethodSymbol method, Place place)
    {
        if (method.IsOverride
            || (method.IsVirtual && (await SymbolFinder.FindOverridesAsync(method, place.Solution, cancellationToken: place.Cancellation).ConfigureAwait(false)).Any()))
        {
            return null;
        }

        var members = new List<IMethodSymbol>();
        foreach (var member in method.ContainingType.AllInterfaces.SelectMany(i => i.GetMembers(method.Name)).OfType<IMethodSymbol>())
        {
            if (!SymbolEqualityComparer.Default.Equals(method.ContainingType.FindImplementationForInterfaceMember(member), method))
            {
                continue;
            }

            var definition = member.OriginalDefinition;
            var implementations = await SymbolFinder.FindImplementationsAsync(definition, place.Solution, cancellationToken: place.Cancellation).ConfigureAwait(false);
            if (definition.ContainingType.IsGenericType || Declaration(definition, place) is null || implementations.Count() > 1)
            {
                return null;
            }

            members.Add(definition);
        }

        return members;
    }

    private static ITypeSymbol ValueOf(ITypeSymbol type) => IsTask(type) ? ((INamedTypeSymbol)type).TypeArguments[0] : type;

    // The type in the code, inside of Task<…> where there is one.
    private static TypeSyntax? ValueIn(TypeSyntax? syntax, IMethodSymbol method)
    {
        if (!IsTask(method.ReturnType))
        {
            return syntax;
        }

        var name = syntax is QualifiedNameSyntax qualified ? qualified.Right : syntax;
        return name is GenericNameSyntax { TypeArgumentList.Arguments: [var argument] } ? argument : null;
    }

    private static bool IsTask(ITypeSymbol type) => KnownTypes.IsTaskOf(type) || KnownTypes.IsValueTaskOf(type);
}
