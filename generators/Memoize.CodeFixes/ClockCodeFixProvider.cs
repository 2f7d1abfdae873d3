using System.Composition;
using Memoize.CodeFixes.Frame;
using Memoize.Generators.Diagnostics;
using Memoize.Generators.Parsing;
using Memoize.Generators.Parsing.Bodies;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace Memoize.CodeFixes;

/// <summary>A cached method that reads the clock: its callers read it and pass the time, which makes it part of the key.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(ClockCodeFixProvider)), Shared]
public sealed class ClockCodeFixProvider() : RepairProvider(Rules.ClockOrChance)
{
    private protected override async Task<IReadOnlyList<Repair>> FindAsync(Place place)
    {
        if (place.Fix != FixProperties.Clock
            || place.Model.GetSymbolInfo(place.Node, place.Cancellation).Symbol is not IPropertySymbol clock
            || place.Method is not { } core
            || OwnMethod.CachedBy(core) is not { } method
            || !OwnMethod.IsFree(method))
        {
            return [];
        }

        var body = Body.Of(method, place.Model.Compilation, place.Cancellation);
        if (body.Parts.Count == 0 || !SymbolEqualityComparer.Default.Equals(body.Parts[0].Member, body.Core))
        {
            return [];
        }

        var reads = ReadsOf(clock, body).ToList();
        var parameter = new NewParameter(NameOf(clock, body), clock, IndexIn(method));
        if (reads.Count == 0 || reads.Any(IsOutOfReach))
        {
            return [];
        }

        var edits = reads.SelectMany(read => place.Edit(read, "clock", node => SyntaxFactory.IdentifierName(parameter.Name).WithTriviaFrom(node))).ToList();
        foreach (var half in new[] { method, core }.Distinct<IMethodSymbol>(SymbolEqualityComparer.Default))
        {
            if (await new CallSitesOf(half, core, parameter).EditsAsync(place).ConfigureAwait(false) is not { } calls)
            {
                return [];
            }

            edits.AddRange(Declarations(half, place.Cancellation).SelectMany(list => place.Edit(list, "+" + parameter.Name, parameter.AddTo)));
            edits.AddRange(calls);
        }

        return [Repair.Of("Take the time as a parameter", nameof(ClockCodeFixProvider), edits)];
    }

    private static IEnumerable<SyntaxNode> ReadsOf(IPropertySymbol clock, Body body) => body.Parts[0].Operations
        .OfType<IPropertyReferenceOperation>()
        .Where(read => SymbolEqualityComparer.Default.Equals(read.Property, clock) && !Use.IsOnlyObserved(read, body, isDuration: false))
        .Select(read => read.Syntax);

    // What is static inside the method does not see its parameters.
    private static bool IsOutOfReach(SyntaxNode read) => read.Ancestors().TakeWhile(node => node is not MemberDeclarationSyntax).Any(node => node switch
    {
        LocalFunctionStatementSyntax local => local.Modifiers.Any(SyntaxKind.StaticKeyword),
        AnonymousFunctionExpressionSyntax lambda => lambda.Modifiers.Any(SyntaxKind.StaticKeyword),
        _ => false,
    });

    // Before whatever may be left out at a call, because a required parameter cannot stand behind an optional one.
    private static int IndexIn(IMethodSymbol method)
    {
        var last = method.Parameters.FirstOrDefault(p => p.IsOptional || p.IsParams || KnownTypes.IsCancellationToken(p.Type));
        return last?.Ordinal ?? method.Parameters.Length;
    }

    private static string NameOf(IPropertySymbol clock, Body body)
    {
        var wish = char.ToLowerInvariant(clock.Name[0]) + clock.Name.Substring(1);
        var isSecond = clock.ContainingType.Name == nameof(DateTimeOffset)
            && body.Parts[0].Operations.Any(o => o is IPropertyReferenceOperation { Property: { ContainingType.SpecialType: SpecialType.System_DateTime } other } && other.Name == clock.Name);
        var taken = body.Parts[0].Root.Syntax.DescendantTokens().Where(token => token.IsKind(SyntaxKind.IdentifierToken)).Select(token => token.ValueText)
            .Concat(body.Core.Parameters.Select(p => p.Name));
        return Names.Unique(isSecond ? wish + "Offset" : wish, taken);
    }

    // The half that is generated is generated anew.
    private static IEnumerable<ParameterListSyntax> Declarations(IMethodSymbol method, CancellationToken cancellation) =>
        new[] { method, method.PartialImplementationPart }
            .OfType<IMethodSymbol>()
            .SelectMany(half => half.DeclaringSyntaxReferences)
            .Select(reference => (reference.GetSyntax(cancellation) as MethodDeclarationSyntax)?.ParameterList)
            .OfType<ParameterListSyntax>()
            .Distinct();
}
