using Memoize.Generators.Diagnostics;
using Memoize.Generators.Model;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Memoize.Generators.Parsing.Batches;

// How the parameters of the batch make the key of the cached method.
internal sealed partial class BatchExaminer
{
    private BatchTarget? MatchUp(IMethodSymbol single, CachedMethodModel model, List<Problem> problems)
    {
        var entry = single.Parameters.Where(p => model.Parameters[p.Ordinal].NamesEntry).ToList();
        var left = _method.Parameters.Where(p => MayChangeResult(p, single, model)).ToList();
        var fixedOnes = entry.Where(e => left.Any(p => IsSame(p, e))).ToList();
        var varying = entry.Except(fixedOnes, SymbolEqualityComparer.Default).Cast<IParameterSymbol>().ToList();
        left.RemoveAll(p => fixedOnes.Any(e => IsSame(p, e)));

        if (varying.Count == 0)
        {
            Add(Rules.BatchItems, _location, entry.Count == 0
                ? "that has one entry for all calls, so there is nothing to ask for several of"
                : "it takes all parameters in its key as that does, so all of them are the same for all items; take a collection of one of them");
            return null;
        }

        var pairs = (from own in left
                     let input = BatchInput.Of(own.Type)
                     where input is not null
                     from e in varying
                     where model.Parameters[e.Ordinal].Role == ParameterRole.Key && Converts(input.Item, e.Type)
                     select (Own: own, Input: input, Varying: e)).ToList();
        if (pairs.Count == 0)
        {
            Add(Rules.BatchItems, left.FirstOrDefault(p => KnownTypes.IsSequence(p.Type) || BatchInput.Of(p.Type) is not null)?.Locations.FirstOrDefault() ?? _location, WhyNoItems(left, varying));
            return null;
        }

        if (pairs.Count > 1)
        {
            Add(Rules.BatchItems, _location, $"it is not clear which parameter varies: {string.Join(" or ", pairs.Select(pair => $"'{pair.Own.Name}' could be many of '{pair.Varying.Name}'"))}; name those that are the same for all items as that does");
            return null;
        }

        var found = pairs[0];
        foreach (var missing in varying.Where(e => !SymbolEqualityComparer.Default.Equals(e, found.Varying)))
        {
            var near = left.FirstOrDefault(p => p.Name == missing.Name)
                is { } other ? $"'{other.Name}' is '{Names.Short(other.Type)}' here and '{Names.Short(missing.Type)}' there; take the same type"
                : NearNames.To(missing.Name, left.Where(p => !SymbolEqualityComparer.Default.Equals(p, found.Own)).Select(p => p.Name)) is { } name ? $"rename '{name}', or add a parameter of that name"
                : "add a parameter of that name";
            Add(Rules.BatchParameter, _location, $"it has no parameter '{missing.Name}', which is in the key of that: {near}");
        }

        if (problems.Count == 0)
        {
            foreach (var own in left.Where(p => !SymbolEqualityComparer.Default.Equals(p, found.Own)))
            {
                Add(Rules.BatchParameter, LocationOf(own), $"parameter '{own.Name}' is not in the key of that, so calls that differ only here would share their entries; mark it [NotInKey] if it cannot change the result, or add it to both methods");
            }
        }

        if (problems.Count > 0)
        {
            return null;
        }

        var item = Names.Unique(found.Varying.Name, _method.Parameters.Select(p => p.Name).Append(_self));
        return new BatchTarget(single, model)
        {
            Items = found.Own,
            Input = found.Input,
            Varying = found.Varying,
            Item = item,
            Arguments = entry.Select(e => Names.Escape(SymbolEqualityComparer.Default.Equals(e, found.Varying) ? item : e.Name)).ToList(),
        };

        void Add(DiagnosticDescriptor rule, Location? location, string reason) =>
            problems.Add(new Problem(rule, location, _display, Names.Short(single), reason));
    }

    private static string WhyNoItems(IReadOnlyList<IParameterSymbol> left, IReadOnlyList<IParameterSymbol> varying)
    {
        var wanted = string.Join(" or ", varying.Select(e => $"'{Names.Short(e.Type)} {e.Name}'"));
        if (left.FirstOrDefault(p => BatchInput.Of(p.Type) is not null) is { } other)
        {
            return varying.Any(e => e.Type.IsRefLikeType)
                ? $"that takes {wanted}, and no collection can hold spans; cache a method that takes a string"
                : $"the items of '{other.Name}' are '{Names.Short(BatchInput.Of(other.Type)!.Item)}', and that takes {wanted}";
        }

        return left.FirstOrDefault(p => p.Type.SpecialType != SpecialType.System_String && KnownTypes.IsSequence(p.Type)) is { } sequence
            ? $"'{sequence.Name}' is '{Names.Short(sequence.Type)}', which cannot be passed on with the missing items only; take {BatchInput.Supported}"
            : $"no parameter is a collection of {wanted}; take {BatchInput.Supported}";
    }

    // What the cached method leaves out of its key, the batch may leave out as well.
    private static bool MayChangeResult(IParameterSymbol parameter, IMethodSymbol single, CachedMethodModel model) =>
        !KnownTypes.IsCancellationToken(parameter.Type)
        && !KnownTypes.IsNeverInKey(parameter.Type)
        && !KnownTypes.IsCallerInfo(parameter)
        && !Attributes.IsNotInKey(parameter)
        && !single.Parameters.Any(p => p.Name == parameter.Name && model.Parameters[p.Ordinal].Role == ParameterRole.Ignored);

    private bool IsSame(IParameterSymbol own, IParameterSymbol other) => own.Name == other.Name && Converts(own.Type, other.Type);

    private bool Converts(ITypeSymbol from, ITypeSymbol to) =>
        !to.IsRefLikeType && _compilation.ClassifyConversion(from, to) is { IsImplicit: true, IsUserDefined: false };
}
