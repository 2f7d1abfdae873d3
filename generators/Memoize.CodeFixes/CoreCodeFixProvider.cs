using System.Composition;
using Memoize.CodeFixes.Frame;
using Memoize.CodeFixes.Partial;
using Memoize.Generators.Diagnostics;
using Memoize.Generators.Parsing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Simplification;

namespace Memoize.CodeFixes;

/// <summary>
/// A cached partial method without the method that holds its body: write that method, give it the parameters that it lacks, or
/// declare the types around it partial.
/// </summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(CoreCodeFixProvider)), Shared]
public sealed class CoreCodeFixProvider() : RepairProvider(Rules.Core)
{
    private protected override Task<IReadOnlyList<Repair>> FindAsync(Place place)
    {
        if (place.Method is not { } method || place.Node.FirstAncestorOrSelf<MethodDeclarationSyntax>() is not { } declaration)
        {
            return These();
        }

        return These(place.Fix switch
        {
            FixProperties.Core => AddCore(place, declaration, method),
            FixProperties.Signature => AddParameters(place, declaration, method),
            FixProperties.Partial => Repair.Of(
                $"Declare '{place.Subject}' partial",
                FixProperties.Partial,
                PartialTypes.Edits(place.Solution, method.ContainingType, place.Cancellation) ?? []),
            _ => null,
        });
    }

    private static Repair AddCore(Place place, MethodDeclarationSyntax declaration, IMethodSymbol method)
    {
        var name = WantedName(place, method);
        var line = Line.Of(declaration);
        var body = (BlockSyntax)SyntaxFactory.ParseStatement("{ throw new global::System.NotImplementedException(); }");
        var statement = body.Statements[0].ReplaceNodes(
            body.Statements[0].DescendantNodes().OfType<QualifiedNameSyntax>().Take(1),
            (_, type) => type.WithAdditionalAnnotations(Simplifier.Annotation));
        var end = declaration.SemicolonToken.TrailingTrivia;
        var indentation = line.Indentation;
        var inner = line.End is null ? indentation : indentation.Add(SyntaxFactory.Whitespace("    "));
        var stop = line.Stop();
        var block = SyntaxFactory.Block(
            SyntaxFactory.Token(indentation, SyntaxKind.OpenBraceToken, stop),
            SyntaxFactory.SingletonList(statement.WithLeadingTrivia(inner).WithTrailingTrivia(stop)),
            SyntaxFactory.Token(indentation, SyntaxKind.CloseBraceToken, end));

        // The end of the line moves from behind the semicolon to behind the signature.
        var core = CoreSyntax.Of(declaration, method, name, place.Model);
        core = core.WithSemicolonToken(default);
        var last = core.GetLastToken();
        core = core.ReplaceToken(last, last.WithTrailingTrivia(stop)).WithBody(block);
        return Repair.Of(
            $"Write the body in '{name}'",
            FixProperties.Core,
            place.Edit(declaration, "core", node => node).Select(edit => edit with { Behind = core }));
    }

    // nameof of a method that does not exist yet is an error, but says what it should be called.
    private static string WantedName(Place place, IMethodSymbol method)
    {
        var core = Attributes.Cached(method).Syntax(place.Cancellation)?.ArgumentList?.Arguments
            .FirstOrDefault(argument => argument.NameEquals?.Name.Identifier.ValueText == "Core")?.Expression;
        return core is InvocationExpressionSyntax { Expression: IdentifierNameSyntax { Identifier.ValueText: "nameof" }, ArgumentList.Arguments: [{ Expression: SimpleNameSyntax wanted }] }
            ? wanted.Identifier.ValueText
            : place.Subject!;
    }

    // Parameters that were added to the declaration, most often the cancellation token; nothing else is as plain.
    private static Repair? AddParameters(Place place, MethodDeclarationSyntax declaration, IMethodSymbol method)
    {
        if (place.Subject is not { } name
            || method.ContainingType.GetMembers(name) is not [IMethodSymbol { MethodKind: MethodKind.Ordinary } core]
            || core.DeclaringSyntaxReferences is not [var reference]
            || reference.GetSyntax(place.Cancellation) is not MethodDeclarationSyntax syntax
            || core.Arity > 0 || method.Arity > 0
            || (method.IsStatic && !core.IsStatic)
            || !core.ReturnType.Equals(method.ReturnType, SymbolEqualityComparer.Default))
        {
            return null;
        }

        var parameters = new List<ParameterSyntax>();
        var known = 0;
        var own = CoreSyntax.Of(declaration, method, name, place.Model).ParameterList.Parameters;
        foreach (var parameter in method.Parameters)
        {
            if (known < core.Parameters.Length
                && core.Parameters[known].RefKind == parameter.RefKind
                && core.Parameters[known].Type.Equals(parameter.Type, SymbolEqualityComparer.Default))
            {
                parameters.Add(syntax.ParameterList.Parameters[known++]);
            }
            else if (core.Parameters.Any(other => other.Name == parameter.Name))
            {
                return null;
            }
            else
            {
                parameters.Add(own[parameter.Ordinal].WithoutTrivia());
            }
        }

        if (known < core.Parameters.Length || parameters.Count == known)
        {
            return null;
        }

        var separators = Enumerable.Repeat(SyntaxFactory.Token(SyntaxKind.CommaToken).WithTrailingTrivia(SyntaxFactory.Space), parameters.Count - 1);
        return Repair.Of(
            $"Give '{name}' the parameters of '{method.Name}'",
            FixProperties.Signature,
            place.Edit(syntax.ParameterList, "parameters", node => ((ParameterListSyntax)node).WithParameters(SyntaxFactory.SeparatedList(parameters, separators))));
    }
}
