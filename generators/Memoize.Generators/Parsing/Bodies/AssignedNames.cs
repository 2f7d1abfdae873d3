using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Memoize.Generators.Parsing.Bodies;

/// <summary>The names that a file gives a value to anywhere; found once per file, and kept through edits of others.</summary>
internal static class AssignedNames
{
    private static readonly ConditionalWeakTable<SyntaxTree, HashSet<string>> Names = new();

    private static readonly ConditionalWeakTable<SyntaxNode, HashSet<string>> LaterNames = new();

    public static HashSet<string> In(SyntaxTree tree) => Names.GetValue(tree, static tree => Find(tree.GetRoot().DescendantNodes()));

    /// <summary>The names that code of a type gives a value to, other than its constructors while they run.</summary>
    public static HashSet<string> AfterConstruction(SyntaxNode type) => LaterNames.GetValue(type, static type => Find(type
        .DescendantNodes(static node => node is not ConstructorDeclarationSyntax)
        .Concat(type.DescendantNodes().OfType<ConstructorDeclarationSyntax>()
            .SelectMany(constructor => constructor.DescendantNodes())
            .Where(static node => node is AnonymousFunctionExpressionSyntax or LocalFunctionStatementSyntax)
            .SelectMany(static function => function.DescendantNodesAndSelf()))));

    private static HashSet<string> Find(IEnumerable<SyntaxNode> nodes)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var node in nodes)
        {
            switch (node)
            {
                case AssignmentExpressionSyntax { Parent: not InitializerExpressionSyntax } assignment:
                    Add(assignment.Left, names);
                    break;
                case PrefixUnaryExpressionSyntax { RawKind: (int)SyntaxKind.PreIncrementExpression or (int)SyntaxKind.PreDecrementExpression } prefix:
                    Add(prefix.Operand, names);
                    break;
                case PostfixUnaryExpressionSyntax postfix:
                    Add(postfix.Operand, names);
                    break;
                case ArgumentSyntax { RefKindKeyword.RawKind: not (int)SyntaxKind.None } argument:
                    Add(argument.Expression, names);
                    break;
            }
        }

        return names;
    }

    private static void Add(ExpressionSyntax target, HashSet<string> names)
    {
        switch (target)
        {
            case SimpleNameSyntax name:
                names.Add(name.Identifier.ValueText);
                break;
            case MemberAccessExpressionSyntax access:
                names.Add(access.Name.Identifier.ValueText);
                break;
            case TupleExpressionSyntax tuple:
                foreach (var argument in tuple.Arguments)
                {
                    Add(argument.Expression, names);
                }

                break;
        }
    }
}
