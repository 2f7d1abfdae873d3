using Memoize.Generators.Diagnostics;
using Memoize.Generators.Infrastructure;
using Memoize.Generators.Model;
using Microsoft.CodeAnalysis;

namespace Memoize.Generators.Parsing.Invalidation;

// What one attribute asks for.
internal sealed partial class EvictingMethodExaminer
{
    private static bool IsBefore(AttributeData attribute) => attribute.Named("Before", false);

    private IEnumerable<InvalidationModel> Read(AttributeData attribute)
    {
        if (KindOf(attribute) == "EvictsTag")
        {
            return ReadTag(attribute) is { } tag ? [tag] : [];
        }

        var all = attribute.Named("All", false);
        var map = ReadMap(attribute);
        var targets = Targets(attribute);
        if (targets.Count == 0)
        {
            return [];
        }

        if (all)
        {
            if (map.Count > 0)
            {
                _problems.Add(new Problem(Rules.Option, LocationOf(attribute), "Map", _display, "All = true evicts every entry, so that no parameter has to be matched; remove one of the two") { Fix = "Map" });
            }

            return [new InvalidationModel(InvalidationKind.Clear, IsBefore(attribute), targets[0].HandleClass, targets[0].Handle, "", "", [], []) { HasTiers = targets[0].HasTiers }];
        }

        foreach (var wrong in map.Where(mapped => !targets.Any(target => target.Entry.Any(p => p.IsInKey && p.Name == mapped.Key))))
        {
            var near = NearNames.To(wrong.Key, targets.SelectMany(target => target.Entry).Where(p => p.IsInKey).Select(p => p.Name));
            _problems.Add(Mapping(attribute, wrong.Value.Entry, $"'{wrong.Key}' is no parameter in the key of '{Names.Short(targets[0].Method)}'{(near is null ? "" : $"; did you mean '{near}'?")}", near is null ? null : $"{near} = {wrong.Value.Path}"));
            return [];
        }

        var isUpdate = KindOf(attribute) == "Updates";
        var matches = targets.Select(target => (Target: target, Match: MatchUp(attribute, target, map, IsBefore(attribute)))).ToList();
        var fitting = matches.Where(both => both.Match.Problems.Count == 0 && (!isUpdate || targets.Count == 1 || WhyNotUpdated(both.Target) is null)).ToList();
        if (fitting.Count == 0)
        {
            // What is nearest to a fit is what was meant.
            _problems.AddRange(matches.OrderBy(both => both.Match.Problems.Count).First().Match.Problems);
            return [];
        }

        if (isUpdate)
        {
            return Update(fitting.Select(fit => (fit.Target, fit.Match)).ToList()) is { } update ? [update] : [];
        }

        foreach (var (target, match) in fitting)
        {
            Compare(attribute, target, match, map);
        }

        return fitting.Select(fit => Model(InvalidationKind.Evict, attribute, fit.Target, fit.Match));

        InvalidationModel? Update(IReadOnlyList<(InvalidationTarget Target, Match Match)> fits)
        {
            var (target, match) = fits[0];
            if (WhyNotUpdated(target) is { } why)
            {
                _problems.Add(new Problem(Rules.UpdateResult, LocationOf(attribute), _display, Names.Short(target.Method), why) { Fix = FixProperties.Evicts });
                return null;
            }

            if (fits.Count > 1)
            {
                _problems.Add(new Problem(Rules.AmbiguousUpdate, LocationOf(attribute), _display, string.Join(" and ", fits.Select(fit => $"'{Names.Short(fit.Target.Method)}'"))) { Fix = FixProperties.Evicts });
                return null;
            }

            Compare(attribute, target, match, map);
            return Model(InvalidationKind.Update, attribute, target, match) with
            {
                OfDecorator = Lineage.Of(_method.ContainingType).Contains(target.Method.ContainingType, SymbolEqualityComparer.Default) && _method.ContainingType.TypeKind == TypeKind.Interface,
                EvictsNull = !Converts(Result!, target.Value) || (MayBeNull(Result!) && !MayBeNull(target.Value)),
            };
        }
    }

    private static bool MayBeNull(ITypeSymbol type) =>
        type.NullableAnnotation == NullableAnnotation.Annotated && (type.IsReferenceType || type.OriginalDefinition.SpecialType == SpecialType.System_Nullable_T);

    private static InvalidationModel Model(InvalidationKind kind, AttributeData attribute, InvalidationTarget target, Match match) => new(
        kind,
        IsBefore(attribute),
        target.HandleClass,
        target.Handle,
        target.TypeArguments,
        string.Join(" && ", match.Conditions),
        match.Arguments.ToEquatableArray(),
        match.Uses.Distinct(StringComparer.Ordinal).ToEquatableArray())
    {
        HasTiers = target.HasTiers,
    };

    // Why the result cannot be one of the cached method, as the end of a sentence.
    private string? WhyNotUpdated(InvalidationTarget target)
    {
        if (Result is not { } result)
        {
            return "it has none; return what was written, or evict with [Evicts]";
        }

        var value = result is INamedTypeSymbol { OriginalDefinition.SpecialType: SpecialType.System_Nullable_T } nullable && !Converts(result, target.Value)
            ? nullable.TypeArguments[0]
            : result;
        return Converts(value, target.Value) ? null : $"it is '{Names.Short(result)}', and that is '{Names.Short(target.Value)}'; return the latter, or evict with [Evicts]";
    }

    // The map as it is written: what names a parameter of the cached method, with its entry and its source.
    private Dictionary<string, (string Entry, string Path)> ReadMap(AttributeData attribute)
    {
        var map = new Dictionary<string, (string Entry, string Path)>(StringComparer.Ordinal);
        var given = attribute.NamedArguments.FirstOrDefault(argument => argument.Key == "Map").Value;
        foreach (var entry in given is { Kind: TypedConstantKind.Array, IsNull: false } ? given.Values.Select(v => v.Value as string ?? "") : [])
        {
            var sides = entry.Split('=');
            if (sides.Length != 2 || sides[0].Trim().Length == 0 || sides[1].Trim().Length == 0)
            {
                _problems.Add(Mapping(attribute, entry, "write the parameter of the cached method, an equals sign, and where its value is, as in \"id = user.Id\""));
            }
            else if (map.ContainsKey(sides[0].Trim()))
            {
                _problems.Add(Mapping(attribute, entry, $"'{sides[0].Trim()}' is mapped twice"));
            }
            else
            {
                map[sides[0].Trim()] = (entry, string.Concat(sides[1].Where(c => !char.IsWhiteSpace(c))));
            }
        }

        return map;
    }

    private InvalidationModel? ReadTag(AttributeData attribute)
    {
        var text = Attributes.ArgumentsOf(attribute) is [{ Value: string given }] ? given : "";
        var template = TagTemplate.Read(text, _method, WhyNotInTag, out var problem);
        if (template is null)
        {
            _problems.Add(TagTemplate.Problem(text, _method, LocationOf(attribute), _display, problem));
            return null;
        }

        return new InvalidationModel(
            InvalidationKind.EvictTag,
            IsBefore(attribute),
            "",
            template.Expression,
            "",
            "",
            [],
            template.Parameters.Select(p => Names.Escape(p.Name)).Distinct(StringComparer.Ordinal).ToEquatableArray());

        string? WhyNotInTag(IParameterSymbol parameter) => parameter switch
        {
            { Type.IsRefLikeType: true } => "is a span, and cannot be part of a tag; take a string",
            { RefKind: RefKind.Out } when IsBefore(attribute) => "is an out parameter, and has no value before the method has run",
            _ => null,
        };
    }

    // Right by name, and perhaps not what was meant.
    private void Compare(AttributeData attribute, InvalidationTarget target, Match match, IReadOnlyDictionary<string, (string Entry, string Path)> map)
    {
        foreach (var mapped in map)
        {
            if (string.CompareOrdinal(mapped.Key, mapped.Value.Path) < 0
                && map.TryGetValue(mapped.Value.Path, out var back)
                && back.Path == mapped.Key)
            {
                _problems.Add(new Problem(Rules.CrossedMapping, LocationOf(attribute), Word(attribute), _display, mapped.Key, mapped.Value.Path)
                {
                    Fix = FixProperties.Unmap,
                    Subject = mapped.Value.Entry + "\n" + back.Entry,
                });
                return;
            }
        }

        for (var i = 0; i < match.ByName.Count; i++)
        {
            for (var j = i + 1; j < match.ByName.Count; j++)
            {
                var (first, second) = (match.ByName[i], match.ByName[j]);
                if (first.Own.Ordinal > second.Own.Ordinal && SymbolEqualityComparer.Default.Equals(first.Target.Type, second.Target.Type))
                {
                    _problems.Add(new Problem(Rules.OtherOrder, LocationOf(attribute), _display, second.Own.Name, first.Own.Name, Names.Short(target.Method))
                    {
                        Fix = FixProperties.Map,
                        Subject = string.Join("\n", match.ByName.Select(pair => $"{pair.Target.Name} = {pair.Own.Name}")),
                    });
                    return;
                }
            }
        }
    }
}
