using System.Composition;
using Memoize.CodeFixes.Frame;
using Memoize.Generators.Diagnostics;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Simplification;

namespace Memoize.CodeFixes;

/// <summary>
/// A body that looks at the current culture, in so many words or by leaving it out: the invariant one, and comparisons by ordinal.
/// In helpers nothing is changed: they may have other callers.
/// </summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(CultureCodeFixProvider)), Shared]
public sealed class CultureCodeFixProvider() : RepairProvider(Rules.Culture, Rules.ImplicitCulture)
{
    private protected override Task<IReadOnlyList<Repair>> FindAsync(Place place)
    {
        if (place.Method is not { } method || OwnMethod.CachedBy(method) is null)
        {
            return These();
        }

        return These(place.Node switch
        {
            InvocationExpressionSyntax call => OfCall(place, call),
            InterpolationSyntax { Parent: InterpolatedStringExpressionSyntax text } => Repair.Of(
                "Write it in the invariant culture",
                nameof(CultureCodeFixProvider),
                place.Edit(text, "invariant", node => Invariant((ExpressionSyntax)node))),
            ExpressionSyntax named => Named(place, named),
            _ => null,
        });
    }

    // CultureInfo.CurrentCulture, StringComparison.CurrentCulture and their like.
    private static Repair? Named(Place place, ExpressionSyntax named)
    {
        var member = place.Model.GetSymbolInfo(named, place.Cancellation).Symbol;
        var (type, name) = (member?.ContainingType.Name, member?.Name) switch
        {
            ("CultureInfo" or "Thread", "CurrentCulture" or "CurrentUICulture") => ("System.Globalization.CultureInfo", "InvariantCulture"),
            ("NumberFormatInfo" or "DateTimeFormatInfo", "CurrentInfo") => ("System.Globalization." + member!.ContainingType.Name, "InvariantInfo"),
            ("StringComparer" or "StringComparison", "CurrentCulture") => ("System." + member!.ContainingType.Name, "Ordinal"),
            ("StringComparer" or "StringComparison", "CurrentCultureIgnoreCase") => ("System." + member!.ContainingType.Name, "OrdinalIgnoreCase"),
            _ => ("", ""),
        };
        return name.Length == 0 ? null : Repair.Of(
            $"Use {name}", nameof(CultureCodeFixProvider), place.Edit(named, "culture", node => Member(type, name).WithTriviaFrom(node)));
    }

    private static Repair? OfCall(Place place, InvocationExpressionSyntax call)
    {
        if (place.Model.GetSymbolInfo(call, place.Cancellation).Symbol is not IMethodSymbol method
            || call.ArgumentList.Arguments.Any(argument => argument.NameColon is not null))
        {
            return null;
        }

        if (method.Name is "ToUpper" or "ToLower" && call.Expression is MemberAccessExpressionSyntax { Name: var simple })
        {
            var invariant = method.Name + "Invariant";
            return Repair.Of($"Use {invariant}", nameof(CultureCodeFixProvider), place.Edit(simple, "invariant", node => SyntaxFactory.IdentifierName(invariant).WithTriviaFrom(node)));
        }

        foreach (var other in method.ContainingType.GetMembers(method.Name).OfType<IMethodSymbol>().Where(m => m.IsStatic == method.IsStatic && m.Parameters.Length == method.Parameters.Length + 1))
        {
            var isFirst = HasSame(other.Parameters.Skip(1), method);
            if ((isFirst || (HasSame(other.Parameters.Take(method.Parameters.Length), method) && call.ArgumentList.Arguments.Count == method.Parameters.Length))
                && Value(other.Parameters[isFirst ? 0 : method.Parameters.Length].Type) is var (title, value))
            {
                return Repair.Of($"Pass {title}", nameof(CultureCodeFixProvider), place.Edit(call.ArgumentList, "culture", node => With((ArgumentListSyntax)node, value, isFirst)));
            }
        }

        return null;
    }

    private static bool HasSame(IEnumerable<IParameterSymbol> parameters, IMethodSymbol method) =>
        parameters.Select(p => p.Type).SequenceEqual(method.Parameters.Select(p => p.Type), SymbolEqualityComparer.Default);

    private static (string Title, ExpressionSyntax Value)? Value(ITypeSymbol type) => type.Name switch
    {
        "IFormatProvider" or "CultureInfo" => ("CultureInfo.InvariantCulture", Member("System.Globalization.CultureInfo", "InvariantCulture")),
        "StringComparison" => ("StringComparison.Ordinal", Member("System.StringComparison", "Ordinal")),
        _ => null,
    };

    private static ArgumentListSyntax With(ArgumentListSyntax list, ExpressionSyntax value, bool isFirst)
    {
        var all = list.Arguments.Select(argument => argument.WithoutTrivia()).ToList();
        all.Insert(isFirst ? 0 : all.Count, SyntaxFactory.Argument(value));
        var commas = Enumerable.Repeat(SyntaxFactory.Token(default, SyntaxKind.CommaToken, SyntaxFactory.TriviaList(SyntaxFactory.Space)), all.Count - 1);
        return list.WithArguments(SyntaxFactory.SeparatedList(all, commas));
    }

    private static ExpressionSyntax Invariant(ExpressionSyntax text) => SyntaxFactory.InvocationExpression(
            Member("System.FormattableString", "Invariant"),
            SyntaxFactory.ArgumentList(SyntaxFactory.SingletonSeparatedList(SyntaxFactory.Argument(text.WithoutTrivia()))))
        .WithTriviaFrom(text);

    private static ExpressionSyntax Member(string type, string name) => SyntaxFactory.MemberAccessExpression(
        SyntaxKind.SimpleMemberAccessExpression,
        (ExpressionSyntax)SyntaxFactory.ParseTypeName("global::" + type).WithAdditionalAnnotations([Simplifier.Annotation, .. Imports.Of(type)]),
        SyntaxFactory.IdentifierName(name));
}
