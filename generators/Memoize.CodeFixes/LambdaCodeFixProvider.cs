using System.Composition;
using Memoize.CodeFixes.Frame;
using Memoize.CodeFixes.Lambdas;
using Memoize.Generators.Diagnostics;
using Memoize.Generators.Parsing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Memoize.CodeFixes;

/// <summary>A delegate made of a cached method reaches the original; a lambda that calls the method goes through the cache.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(LambdaCodeFixProvider)), Shared]
public sealed class LambdaCodeFixProvider() : RepairProvider(Rules.NotIntercepted)
{
    private protected override Task<IReadOnlyList<Repair>> FindAsync(Place place)
    {
        if (place.Node is not ExpressionSyntax group || MethodGroup.Of(group, place) is not { } found || found.Lambda() is not { } lambda)
        {
            return These();
        }

        var does = Attributes.Invalidations(found.Method).Count > 0 ? "evicts" : "is cached";
        return These(Repair.Of($"Pass a lambda, whose call of '{found.Method.Name}' {does}", "Lambda", place.Edit(group, "lambda", node => lambda((ExpressionSyntax)node))));
    }
}
