using System.Composition;
using Memoize.CodeFixes.Frame;
using Memoize.Generators.Diagnostics;
using Memoize.Generators.Parsing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Memoize.CodeFixes;

/// <summary>
/// A parameter, or a member of the instance, that cannot be part of the key: name the members that matter, compare it element by
/// element, or leave it out.
/// </summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(KeyParameterCodeFixProvider)), Shared]
public sealed class KeyParameterCodeFixProvider() : RepairProvider(Rules.KeyType)
{
    private protected override Task<IReadOnlyList<Repair>> FindAsync(Place place)
    {
        if (place.KeyPart is not { } symbol
            || KeyChoice.TypeOf(symbol) is not { } type
            || AttributeEdits.Carrier(symbol, place.Node) is not { } carrier)
        {
            return These();
        }

        // An attribute that is there already says how to compare; another one takes its place.
        var present = Attributes.CacheKey(symbol).Syntax(place.Cancellation);
        var members = symbol is IParameterSymbol { ContainingSymbol: IMethodSymbol { MethodKind: MethodKind.Ordinary } } && present is null ? KeyChoice.MembersOf(type, place.Model.Compilation) : [];
        return These(
            members.Count == 0 ? null : Repair.Of(
                $"Use {(members.Count == 1 ? "this member" : "these members")} as the key: {string.Join(", ", members)}",
                FixProperties.Members,
                Mark(KeyChoice.Attribute(members))),
            KeyChoice.Of(type, place.Model.Compilation) != KeyChoice.Structural ? null : Repair.Of(
                "Compare it element by element ([CacheKey(Structural = true)])",
                FixProperties.Structural,
                Mark(KeyChoice.Attribute(KeyChoice.Structural))),
            Repair.Of("Leave it out of the key ([NotInKey])", FixProperties.NotInKey, Mark(AttributeEdits.New("NotInKey"))));

        IEnumerable<Edit> Mark(AttributeSyntax attribute) => place.Edit(
            carrier,
            "+key",
            node => AttributeEdits.Add(present is null ? node : AttributeEdits.Remove(node, present), attribute));
    }
}
