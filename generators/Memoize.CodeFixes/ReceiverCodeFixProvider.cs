using System.Composition;
using Memoize.CodeFixes.Frame;
using Memoize.Generators.Diagnostics;
using Memoize.Generators.Parsing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Memoize.CodeFixes;

/// <summary>
/// A method, or an override of one, that reads state of its instance: the three ways to decide what that means for the key.
/// </summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(ReceiverCodeFixProvider)), Shared]
public sealed class ReceiverCodeFixProvider() : RepairProvider(Rules.ReceiverState, Rules.OverrideState)
{
    private protected override Task<IReadOnlyList<Repair>> FindAsync(Place place)
    {
        if (place.Method is not { } method)
        {
            return These();
        }

        var member = ReadMember(place);
        return These(
            // Behind the cache of another method, a member of the override is in nobody's key.
            place.Diagnostic.Id == Rules.ReceiverState.Id ? PutInKey(place, member) : null,
            PerInstance(place, method),
            LeaveOut(place, member));
    }

    private static (ISymbol Symbol, SyntaxNode Carrier)? ReadMember(Place place)
    {
        if (place.Diagnostic.AdditionalLocations is not [{ SourceTree: { } tree } location, ..])
        {
            return null;
        }

        var declared = tree.GetRoot(place.Cancellation).FindNode(location.SourceSpan, getInnermostNodeForTie: true);
        var model = tree == place.Model.SyntaxTree ? place.Model : place.Model.Compilation.GetSemanticModel(tree);
        var symbol = declared is ParameterSyntax { Parent.Parent: RecordDeclarationSyntax record } parameter
            ? ((INamedTypeSymbol?)model.GetDeclaredSymbol(record, place.Cancellation))?.GetMembers(parameter.Identifier.ValueText).FirstOrDefault()
            : model.GetDeclaredSymbol(declared, place.Cancellation);
        return symbol is not null && AttributeEdits.Carrier(symbol, declared) is { } carrier ? (symbol, carrier) : null;
    }

    private static Repair? PutInKey(Place place, (ISymbol Symbol, SyntaxNode Carrier)? member)
    {
        if (member is not var (symbol, carrier) || KeyChoice.Of(KeyChoice.TypeOf(symbol)!, place.Model.Compilation) is not { } choice)
        {
            return null;
        }

        var words = choice == KeyChoice.Structural ? "[CacheKey(Structural = true)]" : "[CacheKey]";
        return Repair.Of(
            $"Put '{symbol.Name}' into the key ({words})",
            FixProperties.CacheKey,
            Mark(place, symbol, carrier, KeyChoice.Attribute(choice)));
    }

    private static Repair? LeaveOut(Place place, (ISymbol Symbol, SyntaxNode Carrier)? member) => member is not var (symbol, carrier)
        ? null
        : Repair.Of(
            $"'{symbol.Name}' cannot change the result ([NotInKey])",
            FixProperties.NotInKey,
            Mark(place, symbol, carrier, AttributeEdits.New("NotInKey")));

    // A record's property is declared by a parameter, where an attribute would be the parameter's.
    private static IEnumerable<Edit> Mark(Place place, ISymbol symbol, SyntaxNode carrier, AttributeSyntax attribute) =>
        place.Edit(carrier, "+key", node => AttributeEdits.Add(node, attribute, toProperty: symbol is IPropertySymbol && carrier is ParameterSyntax));

    private static Repair? PerInstance(Place place, IMethodSymbol method)
    {
        var cached = method;
        while (cached is not null && Attributes.Cached(cached) is null)
        {
            cached = cached.OverriddenMethod?.OriginalDefinition;
        }

        // A struct has no identity that a cache could belong to.
        return cached is null || cached.ContainingType.IsValueType
            ? null
            : Repair.Of(
                cached.Equals(method, SymbolEqualityComparer.Default)
                    ? "Give every instance its own cache (PerInstance = true)"
                    : $"Give every instance its own cache (PerInstance = true on '{Names.Short(cached)}')",
                "PerInstance",
                place.Edit(Attributes.Cached(cached).Syntax(place.Cancellation), "PerInstance", node => AttributeEdits.With((AttributeSyntax)node, "PerInstance")));
    }
}
