using System.Composition;
using Memoize.CodeFixes.Frame;
using Memoize.Generators.Diagnostics;
using Memoize.Generators.Parsing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Memoize.CodeFixes;

/// <summary>
/// A member that could be changed behind the cache's back, in the key or in the result: <c>init</c> or <c>readonly</c>, where nobody in
/// the solution changes it.
/// </summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(SettableCodeFixProvider)), Shared]
public sealed class SettableCodeFixProvider() : RepairProvider(Rules.SettableKeyMember, Rules.SharedObject)
{
    private protected override async Task<IReadOnlyList<Repair>> FindAsync(Place place)
    {
        if (Members(place) is not { Count: > 0 } members)
        {
            return [];
        }

        var edits = new List<Edit>();
        foreach (var (symbol, carrier) in members)
        {
            var uses = await UsesOf.FindAsync(symbol, place).ConfigureAwait(false);
            if (!uses.All(use => MayStay(use.Name, symbol)) || Close(place, symbol, carrier) is not { } edit)
            {
                return [];
            }

            edits.AddRange(edit);
        }

        var names = string.Join(", ", members.Select(member => $"'{member.Symbol.Name}'"));
        return [Repair.Of($"Make {names} read-only once made", nameof(SettableCodeFixProvider), edits)];
    }

    // The member in the key; or all of the object that is handed out, for one alone would leave the next to be told of.
    private static IReadOnlyList<(ISymbol Symbol, SyntaxNode Carrier)>? Members(Place place)
    {
        if (place.Diagnostic.Id == Rules.SettableKeyMember.Id)
        {
            return place.KeyPart is { } part && AttributeEdits.Carrier(part, place.Node) is { } carrier ? [(part, carrier)] : null;
        }

        if (place.Method is not { } method || SharedResults.MutableObject(KnownTypes.ResultOf(method.ReturnType)) is not var (_, first))
        {
            return null;
        }

        var all = SharedResults.SettableOf(first.ContainingType).ToList();
        var found = new List<(ISymbol, SyntaxNode)>();
        foreach (var member in all)
        {
            if (member.DeclaringSyntaxReferences is [var reference] && AttributeEdits.Carrier(member, reference.GetSyntax(place.Cancellation)) is { } carrier)
            {
                found.Add((member, carrier));
            }
        }

        return found.Count == all.Count ? found : null;
    }

    private static IEnumerable<Edit>? Close(Place place, ISymbol symbol, SyntaxNode carrier) => (symbol, carrier) switch
    {
        (IFieldSymbol, FieldDeclarationSyntax field) => place.Edit(field, "readonly", node => ((FieldDeclarationSyntax)node).AddModifiers(
            SyntaxFactory.Token(default, SyntaxKind.ReadOnlyKeyword, SyntaxFactory.TriviaList(SyntaxFactory.Space)))),
        (IPropertySymbol { IsVirtual: false, IsOverride: false, IsAbstract: false } own, PropertyDeclarationSyntax { AccessorList: { } accessors })
            when !IsPromised(own) && place.Model.Compilation.GetTypeByMetadataName("System.Runtime.CompilerServices.IsExternalInit") is not null
                && accessors.Accessors.FirstOrDefault(accessor => accessor.IsKind(SyntaxKind.SetAccessorDeclaration)) is { } setter =>
            place.Edit(setter, "init", node => Init((AccessorDeclarationSyntax)node)),
        _ => null,
    };

    private static bool IsPromised(IPropertySymbol property) => property.ContainingType.AllInterfaces
        .SelectMany(i => i.GetMembers(property.Name))
        .Any(member => SymbolEqualityComparer.Default.Equals(property.ContainingType.FindImplementationForInterfaceMember(member), property));

    private static AccessorDeclarationSyntax Init(AccessorDeclarationSyntax setter) => SyntaxFactory.AccessorDeclaration(
        SyntaxKind.InitAccessorDeclaration,
        setter.AttributeLists,
        setter.Modifiers,
        SyntaxFactory.Token(setter.Keyword.LeadingTrivia, SyntaxKind.InitKeyword, setter.Keyword.TrailingTrivia),
        setter.Body,
        setter.ExpressionBody,
        setter.SemicolonToken);

    // What only reads it, and what sets it while the object is made.
    private static bool MayStay(SyntaxNode name, ISymbol symbol)
    {
        var used = UsesOf.Qualified(name);
        var isOwn = used == name || used is MemberAccessExpressionSyntax { Expression: ThisExpressionSyntax };
        var outer = used;
        while (outer.Parent is ParenthesizedExpressionSyntax or TupleExpressionSyntax or ArgumentSyntax { Parent: TupleExpressionSyntax })
        {
            outer = outer.Parent;
        }

        var isWritten = outer.Parent switch
        {
            AssignmentExpressionSyntax assignment => assignment.Left == outer,
            PrefixUnaryExpressionSyntax prefix => prefix.IsKind(SyntaxKind.PreIncrementExpression) || prefix.IsKind(SyntaxKind.PreDecrementExpression) || prefix.IsKind(SyntaxKind.AddressOfExpression),
            PostfixUnaryExpressionSyntax postfix => postfix.IsKind(SyntaxKind.PostIncrementExpression) || postfix.IsKind(SyntaxKind.PostDecrementExpression),
            ArgumentSyntax argument => !argument.RefKindKeyword.IsKind(SyntaxKind.None),
            RefExpressionSyntax => true,
            _ => false,
        };
        if (!isWritten)
        {
            return true;
        }

        if (outer.Parent is AssignmentExpressionSyntax { Parent: InitializerExpressionSyntax })
        {
            return symbol is IPropertySymbol;
        }

        return isOwn
            && outer.Parent is AssignmentExpressionSyntax
            && outer.Ancestors().FirstOrDefault(node => node is BaseMethodDeclarationSyntax or AnonymousFunctionExpressionSyntax or LocalFunctionStatementSyntax or AccessorDeclarationSyntax)
                is ConstructorDeclarationSyntax { Identifier.ValueText: var type }
            && type == symbol.ContainingType.Name;
    }
}
