using System.Collections.Immutable;
using Memoize.Generators.Diagnostics;
using Memoize.Generators.Parsing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Memoize.Generators.Analyzers;

/// <summary>Results that cannot, or should not, be handed out a second time.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class ResultAnalyzer : CachedMethodAnalyzer
{
    /// <inheritdoc />
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } =
        [Rules.Result, Rules.SharedCollection, Rules.SharedObject];

    private protected override void Advise(CachedMethodContext method)
    {
        if (method.Verdict.Model is null)
        {
            return;
        }

        var value = KnownTypes.ResultOf(method.Method.ReturnType);
        var place = ReturnType(method);
        if (SharedResults.Collection(value) is { } collection)
        {
            method.Report(Rules.SharedCollection, place, method.Display, Names.Short(collection.Type), collection.Advice);
        }
        else if (SharedResults.MutableObject(value) is { } shared)
        {
            method.Report(Rules.SharedObject, place, method.Display, Names.Short(shared.Type), $"{Names.Short(shared.Member.ContainingType)}.{shared.Member.Name}");
        }
    }

    private static Location? ReturnType(CachedMethodContext method) =>
        method.Method.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax(method.CancellationToken) is MethodDeclarationSyntax syntax
            ? syntax.ReturnType.GetLocation()
            : method.Location;
}
