using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Memoize.Generators.Parsing;

/// <summary>
/// Calls that can mean one method only: what stands before the dot is a parameter, a member or a type, which no local variable hides, and
/// its type has one method of that name. To bind such a call, the compiler would first look at all of the method around it.
/// </summary>
/// <remarks>
/// The answer is the compiler's or none. Where it is not certain without binding, the call is bound. In code that does not compile, a
/// call may be taken for one of the only method that it could have meant.
/// </remarks>
internal static class PlainCalls
{
    /// <summary>The method that is called, as it is declared; null where only binding can tell.</summary>
    public static IMethodSymbol? MethodOf(InvocationExpressionSyntax call, SemanticModel model, DynamicSources dynamic, CancellationToken cancellation)
    {
        if (CallSites.NameOf(call) is not IdentifierNameSyntax { Identifier.IsMissing: false } name
            || MemberAround(call) is not { Parent: TypeDeclarationSyntax type } member
            || !IsOrdinary(type)
            || MemberWords.Of(member) is not { } words
            || (call.ArgumentList.Arguments.Count > 0 && words.MayYield(dynamic)))
        {
            return null;
        }

        // Between the members of the type: names mean what they mean there, and no method is looked into.
        var scope = new Scope(model, type.OpenBraceToken.SpanStart);
        var method = call.Expression switch
        {
            IdentifierNameSyntax when !words.Declares(name.Identifier.ValueText) => scope.Find(name.Identifier.ValueText),
            MemberAccessExpressionSyntax access when TypeBeforeDot(access.Expression, member, words, scope, cancellation) is { } receiver =>
                scope.FindIn(receiver, name.Identifier.ValueText),
            _ => null,
        };

        // An extension is found by the type of the receiver, and called only if it fits.
        return method is IMethodSymbol { MethodKind: MethodKind.Ordinary, IsExtensionMethod: false } only && !ExtensionMembers.IsBlock(only.ContainingType)
            ? only.OriginalDefinition
            : null;
    }

    private static ITypeSymbol? TypeBeforeDot(
        ExpressionSyntax receiver, MemberDeclarationSyntax member, MemberWords words, Scope scope, CancellationToken cancellation) => receiver switch
        {
            ThisExpressionSyntax => scope.Model.GetDeclaredSymbol((TypeDeclarationSyntax)member.Parent!, cancellation),
            IdentifierNameSyntax { Identifier.ValueText: var name } when !words.Declares(name) => scope.Find(name) switch
            {
                IFieldSymbol field => field.Type,
                IPropertySymbol { Parameters.IsEmpty: true } property => property.Type,
                IParameterSymbol ofPrimaryConstructor => ofPrimaryConstructor.Type,
                INamedTypeSymbol { Arity: 0 } type => type,
                _ => null,
            },
            IdentifierNameSyntax { Identifier.ValueText: var name } when words.DeclaresOnce(name) && ParameterOf(member, name) is { Type: { } type } =>
                scope.Model.GetTypeInfo(type, cancellation).Type,
            _ => null,
        };

    private static ParameterSyntax? ParameterOf(MemberDeclarationSyntax member, string name) =>
        (member as BaseMethodDeclarationSyntax)?.ParameterList.Parameters.FirstOrDefault(parameter => parameter.Identifier.ValueText == name);

    // Lambdas and queries may describe the call to somebody else in place of making it. Initializers see other names than bodies do.
    private static MemberDeclarationSyntax? MemberAround(SyntaxNode call)
    {
        for (var (node, inner) = (call.Parent, call); node is not null; (node, inner) = (node.Parent, node))
        {
            switch (node)
            {
                case AnonymousFunctionExpressionSyntax or QueryExpressionSyntax:
                    return null;
                case BaseMethodDeclarationSyntax method:
                    return inner is BlockSyntax or ArrowExpressionClauseSyntax ? method : null;
                case PropertyDeclarationSyntax property:
                    return inner is AccessorListSyntax or ArrowExpressionClauseSyntax ? property : null;
                case MemberDeclarationSyntax:
                    return null;
            }
        }

        return null;
    }

    // An extension block has a parameter of its own.
    private static bool IsOrdinary(TypeDeclarationSyntax type) =>
        type is ClassDeclarationSyntax or StructDeclarationSyntax or RecordDeclarationSyntax or InterfaceDeclarationSyntax
        && type.OpenBraceToken is { IsMissing: false, RawKind: (int)SyntaxKind.OpenBraceToken };

    private readonly struct Scope(SemanticModel model, int position)
    {
        public SemanticModel Model => model;

        /// <summary>What the name alone means; null where it means several things or none.</summary>
        public ISymbol? Find(string name) => Only(model.LookupSymbols(position, name: name));

        /// <summary>The member of the type, or the extension of it, that has the name; null where there are several.</summary>
        public ISymbol? FindIn(ITypeSymbol type, string name) => type.TypeKind is TypeKind.Class or TypeKind.Struct or TypeKind.Interface
            ? Only(model.LookupSymbols(position, type, name, includeReducedExtensionMethods: true))
            : null;

        private static ISymbol? Only(ImmutableArray<ISymbol> found) => found.Length == 1 ? found[0] : null;
    }
}
