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
/// A parameter that is to name an entry and has another type than the key: the key's, where the body and all callers can live with it.
/// </summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(ParameterTypeCodeFixProvider)), Shared]
public sealed class ParameterTypeCodeFixProvider() : RepairProvider(Rules.WrongParameterType)
{
    private protected override async Task<IReadOnlyList<Repair>> FindAsync(Place place)
    {
        if (place is not { Fix: FixProperties.Type, Subject: { } subject, Method: { } method }
            || method.PartialDefinitionPart is not null
            || method.IsPartialDefinition
            || !OwnMethod.IsFree(method)
            || subject.Split('\n') is not [var name, var type]
            || method.Parameters.FirstOrDefault(p => p.Name == name) is not { RefKind: RefKind.None, HasExplicitDefaultValue: false, IsParams: false } parameter
            || parameter.DeclaringSyntaxReferences is not [var reference]
            || reference.GetSyntax(place.Cancellation) is not ParameterSyntax { Type: { } written })
        {
            return [];
        }

        var repair = Repair.Of(
            $"Change the type of '{name}' to that of the key",
            FixProperties.Type,
            place.Edit(written, "type", node => SyntaxFactory.ParseTypeName(type).WithAdditionalAnnotations(Simplifier.Annotation).WithTriviaFrom(node)));
        return repair.Edits.Count > 0 && BodyCompiles(place, repair, out var changed) && await CallersCompileAsync(place, method, parameter.Ordinal, changed).ConfigureAwait(false)
            ? [repair]
            : [];
    }

    private static bool BodyCompiles(Place place, Repair repair, out Compilation changed)
    {
        var tree = place.Root.SyntaxTree;
        var edited = tree.WithRootAndOptions(Edits.Apply(place.Root, repair.Edits), tree.Options);
        changed = place.Model.Compilation.ReplaceSyntaxTree(tree, edited);
        return Errors(changed.GetSemanticModel(edited)) <= Errors(place.Model);

        int Errors(SemanticModel model) => model.GetDiagnostics(cancellationToken: place.Cancellation).Count(finding => finding.Severity == DiagnosticSeverity.Error);
    }

    private static async Task<bool> CallersCompileAsync(Place place, IMethodSymbol method, int ordinal, Compilation changed)
    {
        foreach (var (document, name) in await UsesOf.FindAsync(method, place).ConfigureAwait(false))
        {
            // Calls in the same file are compiled already.
            if (name.SyntaxTree == place.Root.SyntaxTree)
            {
                continue;
            }

            if (document.Project.Id != place.Document.Project.Id
                || UsesOf.CallOf(name) is null
                || changed.GetSemanticModel(name.SyntaxTree).GetDiagnostics(name.FirstAncestorOrSelf<MemberDeclarationSyntax>()?.Span, place.Cancellation).Any(finding => finding.Severity == DiagnosticSeverity.Error))
            {
                return false;
            }
        }

        return true;
    }
}
