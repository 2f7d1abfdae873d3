using Memoize.CodeFixes.Frame;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Formatting;
using Microsoft.CodeAnalysis.Simplification;

namespace Memoize.CodeFixes;

/// <summary>A parameter that takes the place of a static property.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Source">The property.</param>
/// <param name="Index">Where it stands among the parameters.</param>
internal sealed record NewParameter(string Name, IPropertySymbol Source, int Index)
{
    /// <summary>The list with the parameter in its place.</summary>
    public SyntaxNode AddTo(SyntaxNode list)
    {
        var parameters = (ParameterListSyntax)list;
        var parameter = SyntaxFactory.Parameter(SyntaxFactory.Identifier(Name)).WithType(Type.WithTrailingTrivia(SyntaxFactory.Space));
        return parameters.WithParameters(Insert(parameters.Parameters, Index, parameter)).WithAdditionalAnnotations(Formatter.Annotation);
    }

    /// <summary>The arguments of a call with one more; behind all others by name where they are not in the order of the parameters.</summary>
    public ArgumentListSyntax AddTo(ArgumentListSyntax list, IReadOnlyList<string> parameters, bool isReduced, string? own)
    {
        var index = Index - (isReduced ? 1 : 0);
        ExpressionSyntax value = own is null
            ? SyntaxFactory.MemberAccessExpression(SyntaxKind.SimpleMemberAccessExpression, (ExpressionSyntax)Type, SyntaxFactory.IdentifierName(Source.Name))
            : SyntaxFactory.IdentifierName(own);
        var argument = SyntaxFactory.Argument(value);
        var arguments = list.Arguments;
        var isInOrder = arguments.Count >= index && arguments.Take(index).Select((a, i) => a.NameColon?.Name.Identifier.ValueText is not { } name || name == parameters[i + (isReduced ? 1 : 0)]).All(same => same);
        return list.WithArguments(isInOrder
                ? Insert(arguments, index, argument)
                : Insert(arguments, arguments.Count, argument.WithNameColon(SyntaxFactory.NameColon(Name))))
            .WithAdditionalAnnotations(Formatter.Annotation);
    }

    private TypeSyntax Type => SyntaxFactory.ParseTypeName("global::System." + Source.ContainingType.Name).WithAdditionalAnnotations(Simplifier.Annotation);

    // What stood there keeps its line, and the comma is written as people do.
    private static SeparatedSyntaxList<T> Insert<T>(SeparatedSyntaxList<T> list, int index, T item)
        where T : SyntaxNode
    {
        if (index < list.Count)
        {
            var next = list[index];
            item = item.WithLeadingTrivia(next.GetLeadingTrivia());
            list = list.Replace(next, next.WithLeadingTrivia(SyntaxFactory.ElasticSpace));
        }
        else if (index > 0)
        {
            item = item.WithLeadingTrivia(SyntaxFactory.ElasticSpace);
        }

        return list.Insert(index, item);
    }
}

/// <summary>The calls of a method in the solution, which pass what the method itself has read until now.</summary>
internal sealed class CallSitesOf(IMethodSymbol method, IMethodSymbol core, NewParameter parameter)
{
    private readonly IReadOnlyList<string> _parameters = [.. method.Parameters.Select(p => p.Name)];

    /// <summary>The edits, or null where the method is used in a way that has no place for an argument.</summary>
    public async Task<IReadOnlyList<Edit>?> EditsAsync(Place place)
    {
        var edits = new List<Edit>();
        foreach (var (document, name) in await UsesOf.FindAsync(method, place).ConfigureAwait(false))
        {
            if (UsesOf.CallOf(name) is not { } call)
            {
                return null;
            }

            var model = await document.GetSemanticModelAsync(place.Cancellation).ConfigureAwait(false);
            var isReduced = model?.GetSymbolInfo(call, place.Cancellation).Symbol is IMethodSymbol { ReducedFrom: not null };
            var own = IsInBody(call, place) ? parameter.Name : null;
            edits.Add(Edit.Of(
                document,
                call.ArgumentList,
                "+" + parameter.Name,
                node => parameter.AddTo((ArgumentListSyntax)node, _parameters, isReduced, own)));
        }

        return edits;
    }

    // A call from the method itself is about the same time.
    private bool IsInBody(SyntaxNode call, Place place) => core.DeclaringSyntaxReferences.Any(reference =>
        reference.SyntaxTree == call.SyntaxTree && reference.GetSyntax(place.Cancellation).Span.Contains(call.Span));
}
