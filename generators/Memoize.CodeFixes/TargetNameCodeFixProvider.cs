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
            || arguments.Arguments.LastOrDefault(IsText) is not { } given)
        {
            return These();
        }

        // On the assembly an interface comes first, and types of parameters may follow.
        var before = arguments.Arguments.Take(arguments.Arguments.IndexOf(given)).Select(argument => argument.Expression);
        var owner = before.OfType<TypeOfExpressionSyntax>().LastOrDefault() is { Type: var type } ? type.WithoutTrivia() + "." : "";

        // nameof(Repository<>.Get) came with C# 14.
        var written = owner.Contains("<>") || owner.Contains("<,") ? KeyChoice.Text(name) : SyntaxFactory.ParseExpression($"nameof({owner}{name})");
        return These(Repair.Of(
            $"Use '{name}'",
            FixProperties.Name,
            place.Edit(given.Expression, "name", node => written.WithTriviaFrom(node))));

        bool IsText(AttributeArgumentSyntax argument) =>
            argument.NameEquals is null && place.Model.GetConstantValue(argument.Expression, place.Cancellation) is { HasValue: true, Value: string };
    }
}
