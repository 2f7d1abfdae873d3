using System.Composition;
using Memoize.CodeFixes.Frame;
using Memoize.Generators.Diagnostics;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Memoize.CodeFixes;

/// <summary>A batch, an eviction or an update that names its cached method nearly right: the right name, by <c>nameof</c>.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(TargetNameCodeFixProvider)), Shared]
public sealed class TargetNameCodeFixProvider() : RepairProvider(Rules.BatchTarget, Rules.UnknownTarget)
{
    private protected override Task<IReadOnlyList<Repair>> FindAsync(Place place)
    {
        if (place is not { Fix: FixProperties.Name, Subject: { } name }
            || place.Node.FirstAncestorOrSelf<AttributeSyntax>() is not { ArgumentList: { } arguments }
            || arguments.Arguments.LastOrDefault(argument => argument.NameEquals is null) is not { } given)
        {
            return These();
        }

        var owner = arguments.Arguments[0].Expression is TypeOfExpressionSyntax { Type: var type } ? type.WithoutTrivia() + "." : "";

        // nameof(Repository<>.Get) came with C# 14.
        var written = owner.Contains("<>") || owner.Contains("<,") ? KeyChoice.Text(name) : SyntaxFactory.ParseExpression($"nameof({owner}{name})");
        return These(Repair.Of(
            $"Use '{name}'",
            FixProperties.Name,
            place.Edit(given.Expression, "name", node => written.WithTriviaFrom(node))));
    }
}
