using Memoize.Generators.Parsing.Bodies;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Memoize.Generators.Parsing;

/// <summary>Fields that say less about themselves than they could.</summary>
internal static class SettledFields
{
    /// <summary>Whether the field keeps what the constructor gave it, be it readonly, or private and never assigned again.</summary>
    public static bool IsSettled(IFieldSymbol field, CancellationToken cancellation)
    {
        if (field.IsReadOnly)
        {
            return true;
        }

        return IsPrivateSource(field)
            && !field.ContainingType.OriginalDefinition.DeclaringSyntaxReferences.Any(part =>
                AssignedNames.AfterConstruction(part.GetSyntax(cancellation)).Contains(field.Name));
    }

    /// <summary>Whether the field is a constant in all but name: private, with a constant value, and never given another.</summary>
    public static bool IsConstant(IFieldSymbol field, Compilation compilation, CancellationToken cancellation) =>
        IsPrivateSource(field)
        && (field.Type.IsValueType || field.Type.SpecialType == SpecialType.System_String)
        && field.DeclaringSyntaxReferences is [var declaration]
        && declaration.GetSyntax(cancellation) is VariableDeclaratorSyntax { Initializer.Value: { } value }
        && compilation.ContainsSyntaxTree(value.SyntaxTree)
        && CompilationFacts.Of(compilation).ModelOf(value.SyntaxTree).GetConstantValue(value, cancellation).HasValue
        && !field.ContainingType.OriginalDefinition.DeclaringSyntaxReferences.Any(part => AssignedNames.In(part.SyntaxTree).Contains(field.Name));

    private static bool IsPrivateSource(IFieldSymbol field) =>
        field is { DeclaredAccessibility: Accessibility.Private, AssociatedSymbol: null } && field.DeclaringSyntaxReferences.Length > 0;
}
