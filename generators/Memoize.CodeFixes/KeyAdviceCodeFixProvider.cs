using System.Composition;
using Memoize.CodeFixes.Frame;
using Memoize.Generators.Diagnostics;
using Memoize.Generators.Parsing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Memoize.CodeFixes;

/// <summary>A key that holds more than the method asks for, or less: ignore what it ignores, put back what was left out.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(KeyAdviceCodeFixProvider)), Shared]
public sealed class KeyAdviceCodeFixProvider() : RepairProvider(Rules.CaseInKey, Rules.EmptyKey, Rules.IdentityNotInKey)
{
    private protected override Task<IReadOnlyList<Repair>> FindAsync(Place place)
    {
        if (place.KeyPart is IParameterSymbol parameter)
        {
            return These(place.Diagnostic.Id == Rules.CaseInKey.Id ? IgnoreCase(place, parameter) : PutBack(place, parameter, "PutBack"));
        }

        // Which of several it is that changes the result, only their author knows; for all at once it is each of its own place.
        return These(place.Method is not { } method
            ? []
            : method.Parameters.Where(p => Attributes.IsNotInKey(p)).Select(p => PutBack(place, p, "PutBack" + p.Ordinal)).ToArray());
    }

    private static Repair? IgnoreCase(Place place, IParameterSymbol parameter) => AttributeEdits.Carrier(parameter, place.Node) is { } carrier
        ? Repair.Of(
            "Ignore case in the key ([CacheKey(IgnoreCase = true)])",
            FixProperties.IgnoreCase,
            place.Edit(carrier, "+IgnoreCase", node => AttributeEdits.Add(node, AttributeEdits.With(AttributeEdits.New("CacheKey"), "IgnoreCase"))))
        : null;

    private static Repair? PutBack(Place place, IParameterSymbol parameter, string key) => Attributes.NotInKey(parameter).Syntax(place.Cancellation) is { } attribute
        ? Repair.Of(
            $"Put '{parameter.Name}' back into the key",
            key,
            place.Edit(attribute.FirstAncestorOrSelf<ParameterSyntax>(), "-NotInKey", node => AttributeEdits.Remove(node, attribute)))
        : null;
}
