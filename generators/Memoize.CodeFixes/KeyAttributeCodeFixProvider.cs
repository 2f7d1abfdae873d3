using System.Composition;
using Memoize.CodeFixes.Frame;
using Memoize.Generators.Diagnostics;
using Memoize.Generators.Parsing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Memoize.CodeFixes;

/// <summary>A key attribute that does not fit: mend the path, or take away what means nothing there.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(KeyAttributeCodeFixProvider)), Shared]
public sealed class KeyAttributeCodeFixProvider() : RepairProvider(Rules.KeyAttribute)
{
    private protected override Task<IReadOnlyList<Repair>> FindAsync(Place place)
    {
        if (place.KeyPart is not { } symbol
            || AttributeEdits.Carrier(symbol, place.Node) is not { } carrier)
        {
            return These();
        }

        var attribute = place.Fix == FixProperties.NotInKey ? Attributes.NotInKey(symbol) : Attributes.CacheKey(symbol);
        if (attribute.Syntax(place.Cancellation) is not { } syntax)
        {
            return These();
        }

        return These(place.Fix switch
        {
            FixProperties.Path => MendPath(place, symbol, syntax),
            FixProperties.CacheKey or FixProperties.NotInKey => Remove(place.Fix),
            FixProperties.IgnoreCase or FixProperties.Structural when syntax.ArgumentList?.Arguments.Count == 1 && symbol is IParameterSymbol => Remove(FixProperties.CacheKey),
            FixProperties.IgnoreCase or FixProperties.Structural => Repair.Of(
                $"Remove {place.Fix}",
                place.Fix,
                place.Edit(syntax, "-" + place.Fix, node => AttributeEdits.Without((AttributeSyntax)node, argument => argument.NameEquals?.Name.Identifier.ValueText == place.Fix))),
            FixProperties.Members => Repair.Of(
                "Use the whole value ([CacheKey])",
                FixProperties.Members,
                place.Edit(syntax, "-members", node => AttributeEdits.Without((AttributeSyntax)node, argument => argument.NameEquals is null))),
            _ => null,
        });

        Repair Remove(string name) => Repair.Of($"Remove [{name}]", "-" + name, place.Edit(carrier, "-" + name, node => AttributeEdits.Remove(node, syntax)));
    }

    private static Repair? MendPath(Place place, ISymbol symbol, AttributeSyntax attribute)
    {
        if (place.Subject is not { } path
            || MemberPath.Mend(KeyChoice.TypeOf(symbol)!, path) is not { } mended
            || attribute.ArgumentList?.Arguments.FirstOrDefault(Names) is not { } argument)
        {
            return null;
        }

        return Repair.Of(
            $"Use '{mended}'",
            FixProperties.Path,
            place.Edit(argument.Expression, "path", node => KeyChoice.Text(mended).WithTriviaFrom(node)));

        bool Names(AttributeArgumentSyntax candidate) =>
            candidate.NameEquals is null && place.Model.GetConstantValue(candidate.Expression, place.Cancellation) is { HasValue: true, Value: string text } && text == path;
    }
}
