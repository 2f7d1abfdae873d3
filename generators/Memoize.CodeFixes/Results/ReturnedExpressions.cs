using Memoize.CodeFixes.Frame;
using Memoize.Generators.Parsing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Memoize.CodeFixes.Results;

/// <summary>Everything that the body of a method returns, and how it becomes another type.</summary>
internal sealed class ReturnedExpressions(MethodDeclarationSyntax method, IMethodSymbol symbol, SemanticModel model, CancellationToken cancellation)
{
    private bool IsTask => symbol.ReturnType is INamedTypeSymbol type && (KnownTypes.IsTaskOf(type) || KnownTypes.IsValueTaskOf(type));

    private bool IsAsync => method.Modifiers.Any(SyntaxKind.AsyncKeyword);

    private IEnumerable<ExpressionSyntax> All => method.ExpressionBody is { } arrow
        ? [arrow.Expression]
        : method.Body?.DescendantNodes(node => node is not (AnonymousFunctionExpressionSyntax or LocalFunctionStatementSyntax))
            .OfType<ReturnStatementSyntax>().Select(statement => statement.Expression).OfType<ExpressionSyntax>() ?? [];

    /// <summary>The edits; null where it cannot be done without thinking.</summary>
    public IReadOnlyList<Edit>? Edits(Place place, ResultForm form)
    {
        var returned = All.ToList();
        if (IsTask && !IsAsync)
        {
            return TaskEdits(place, form, returned);
        }

        var edits = new List<Edit>();
        foreach (var expression in returned)
        {
            if (Convert(expression, form) is not { } convert)
            {
                return null;
            }

            edits.AddRange(place.Edit(expression, "return", node => convert((ExpressionSyntax)node)));
        }

        return edits;
    }

    // A Task<List<T>> is no Task<IReadOnlyList<T>>: a finished task is made of the new type, any other has to be awaited.
    private IReadOnlyList<Edit>? TaskEdits(Place place, ResultForm form, List<ExpressionSyntax> returned)
    {
        var finished = returned.Select(Finished).ToList();
        var edits = new List<Edit>();
        if (finished.All(value => value is not null))
        {
            for (var i = 0; i < returned.Count; i++)
            {
                if (Convert(finished[i]!, form) is not { } convert)
                {
                    return null;
                }

                var type = form.Syntax(nullable: false);
                edits.AddRange(place.Edit(finished[i], "return", node => convert((ExpressionSyntax)node)));
                edits.AddRange(place.Edit(((InvocationExpressionSyntax)returned[i]).Expression, "result", node => WithArgument((MemberAccessExpressionSyntax)node, type)));
            }

            return edits;
        }

        var value = ((INamedTypeSymbol)symbol.ReturnType).TypeArguments[0];
        if (returned.Count != 1
            || symbol.Parameters.Any(parameter => parameter.RefKind != RefKind.None || parameter.Type.IsRefLikeType)
            || !SymbolEqualityComparer.Default.Equals(model.GetTypeInfo(returned[0], cancellation).Type, symbol.ReturnType)
            || (form.Method is null && !IsImplicit(value, form)))
        {
            return null;
        }

        edits.AddRange(place.Edit(returned[0], "return", node =>
        {
            var awaited = SyntaxFactory.AwaitExpression(
                SyntaxFactory.Token(default, SyntaxKind.AwaitKeyword, SyntaxFactory.TriviaList(SyntaxFactory.Space)),
                (ExpressionSyntax)node.WithoutTrivia());
            return (form.Method is null || IsImplicit(value, form) ? awaited : form.Make(awaited)).WithTriviaFrom(node);
        }));
        edits.AddRange(place.Edit(method, "async", node => ((MethodDeclarationSyntax)node).AddModifiers(
            SyntaxFactory.Token(default, SyntaxKind.AsyncKeyword, SyntaxFactory.TriviaList(SyntaxFactory.Space)))));
        return method.Modifiers.Count == 0 ? null : edits;
    }

    private Func<ExpressionSyntax, ExpressionSyntax>? Convert(ExpressionSyntax expression, ResultForm form)
    {
        var bare = expression is PostfixUnaryExpressionSyntax { RawKind: (int)SyntaxKind.SuppressNullableWarningExpression } suppressed ? suppressed.Operand : expression;
        switch (bare)
        {
            case ThrowExpressionSyntax:
                return node => node;
            case CollectionExpressionSyntax:
                return form.Type.Name is "IReadOnlyList" or "IReadOnlyCollection" or "ImmutableArray" ? node => node : null;
            case LiteralExpressionSyntax { RawKind: (int)SyntaxKind.NullLiteralExpression or (int)SyntaxKind.DefaultLiteralExpression }:
                return form.Type.IsReferenceType ? node => node : null;
        }

        if (model.GetTypeInfo(bare, cancellation).Type is not { } type || bare is ImplicitObjectCreationExpressionSyntax)
        {
            return null;
        }

        return IsImplicit(type, form) ? node => node : form.Method is null ? null : form.Make;
    }

    private bool IsImplicit(ITypeSymbol type, ResultForm form) => ((CSharpCompilation)model.Compilation).ClassifyConversion(type, form.Type).IsImplicit;

    // The value of Task.FromResult(value), where its type is inferred.
    private ExpressionSyntax? Finished(ExpressionSyntax expression) =>
        expression is InvocationExpressionSyntax
        {
            Expression: MemberAccessExpressionSyntax { Name: IdentifierNameSyntax { Identifier.ValueText: "FromResult" } },
            ArgumentList.Arguments: [{ Expression: var value }],
        }
        && model.GetSymbolInfo(expression, cancellation).Symbol is IMethodSymbol { ContainingType: { Name: "Task" or "ValueTask", ContainingNamespace.Name: "Tasks" } }
            ? value
            : null;

    private static MemberAccessExpressionSyntax WithArgument(MemberAccessExpressionSyntax fromResult, TypeSyntax type) => fromResult.WithName(
        SyntaxFactory.GenericName(((IdentifierNameSyntax)fromResult.Name).Identifier, SyntaxFactory.TypeArgumentList(SyntaxFactory.SingletonSeparatedList(type))));
}
