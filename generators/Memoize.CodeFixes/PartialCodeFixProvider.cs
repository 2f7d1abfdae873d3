using System.Composition;
using Memoize.CodeFixes.Frame;
using Memoize.CodeFixes.Partial;
using Memoize.Generators.Diagnostics;
using Memoize.Generators.Parsing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.FindSymbols;

namespace Memoize.CodeFixes;

/// <summary>
/// A call that passes the cache by, or a method that calls cannot be redirected from: make the method partial, and it is the cached
/// one for everybody.
/// </summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(PartialCodeFixProvider)), Shared]
public sealed class PartialCodeFixProvider() : RepairProvider(Rules.NotIntercepted, Rules.OutsideCalls, Rules.NotEnabled, Rules.Inaccessible)
{
    private protected override async Task<IReadOnlyList<Repair>> FindAsync(Place place)
    {
        var named = place.Diagnostic.Id == Rules.NotIntercepted.Id
            ? place.Subject is { } id ? DocumentationCommentId.GetFirstSymbolForDeclarationId(id, place.Model.Compilation) : null
            : place.Method;
        if (named is not IMethodSymbol method
            || await SymbolFinder.FindSourceDefinitionAsync(method, place.Solution, place.Cancellation).ConfigureAwait(false) is not IMethodSymbol source)
        {
            return [];
        }

        return
        [
            Repair.Of(
                $"Make '{source.Name}' partial, so that every call {(Attributes.Invalidations(source).Count > 0 ? "evicts" : "is cached")}",
                FixProperties.Partial,
                await PartialSplit.EditsAsync(place.Solution, source, place.Cancellation).ConfigureAwait(false)),
        ];
    }
}
