using Memoize.Generators.Diagnostics;
using Memoize.Generators.Model;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Memoize.Generators.Parsing.Invalidation;

// Which entry of a cached method a call is about.
internal sealed partial class EvictingMethodExaminer
{
    /// <summary>How the key of one overload is made from the parameters of the method; or what is missing.</summary>
    private sealed class Match
    {
        public List<string> Arguments { get; } = [];

        public List<string> Conditions { get; } = [];

        public List<string> Uses { get; } = [];

        public List<Problem> Problems { get; } = [];

        /// <summary>For each parameter that was matched by name: the position of the one of this method.</summary>
        public List<(EntryParameter Target, IParameterSymbol Own)> ByName { get; } = [];
    }

    private Match MatchUp(AttributeData attribute, InvalidationTarget target, IReadOnlyDictionary<string, (string Entry, string Path)> map, bool before)
    {
        var match = new Match();
        if (target.Receiver is { } receiver)
        {
            if (_method.IsStatic || !_compilation.ClassifyConversion(_method.ContainingType, receiver).IsImplicit)
            {
                match.Problems.Add(new Problem(Rules.UnreachableTarget, LocationOf(attribute), Word(attribute), _display, Names.Short(target.Method), $"its entries belong to an instance of '{Names.Short(receiver)}', and '{_display}' is not called on one; evict through a method of that type, or all entries with All = true")
                {
                    Fix = KindOf(attribute) == "Evicts" ? FixProperties.All : null,
                });
                return match;
            }

            match.Arguments.Add(_self);
            match.Uses.Add(_self);
        }

        foreach (var parameter in target.Entry)
        {
            if (!parameter.IsInKey)
            {
                match.Arguments.Add($"default({Names.Of(parameter.Type)})!");
            }
            else if (map.TryGetValue(parameter.Name, out var mapped))
            {
                Follow(attribute, target, parameter, mapped.Entry, mapped.Path, before, match);
            }
            else if (_method.Parameters.FirstOrDefault(p => p.Name == parameter.Name) is { } own)
            {
                match.ByName.Add((parameter, own));
                Pass(attribute, target, parameter, own, match);
            }
            else
            {
                match.Problems.Add(Unmatched(attribute, target, parameter));
            }
        }

        return match;
    }

    // A parameter as it is.
    private void Pass(AttributeData attribute, InvalidationTarget target, EntryParameter parameter, IParameterSymbol own, Match match)
    {
        var name = Names.Escape(own.Name);
        var why = own switch
        {
            { Type.IsRefLikeType: true } when Kind != ReturnKind.Value => $"'{own.Name}' is a span, and may be gone when the task has succeeded; take a string or an array",
            { RefKind: RefKind.Out } when IsBefore(attribute) => $"'{own.Name}' is an out parameter and has no value before the method has run",
            _ => null,
        };
        if (why is not null)
        {
            match.Problems.Add(WrongType(attribute, target, why));
        }
        else if (!Convert(own.Type, parameter.Type, name, parameter.Name, match))
        {
            match.Problems.Add(new Problem(Rules.WrongParameterType, LocationOf(attribute), Word(attribute), _display, Names.Short(target.Method), $"'{own.Name}' is '{Names.Short(own.Type)}', and parameter '{parameter.Name}' of '{Names.Short(target.Method)}' is '{Names.Short(parameter.Type)}'")
            {
                Fix = FixProperties.Type,
                Subject = own.Name + "\n" + Names.Of(parameter.Type),
            });
        }
        else
        {
            match.Uses.Add(name);
        }
    }

    private Problem WrongType(AttributeData attribute, InvalidationTarget target, string why) =>
        new(Rules.WrongParameterType, LocationOf(attribute), Word(attribute), _display, Names.Short(target.Method), why);

    // A member of a parameter, or of the result.
    private void Follow(AttributeData attribute, InvalidationTarget target, EntryParameter parameter, string entry, string path, bool before, Match match)
    {
        var root = path.Split('.')[0];
        var rest = path.Length > root.Length ? path.Substring(root.Length + 1) : "";
        var own = _method.Parameters.FirstOrDefault(p => p.Name == root);
        var (type, name) = own is not null ? (own.Type, Names.Escape(root)) : root == "return" ? (Result, _result) : (null, "");
        if (type is null)
        {
            var near = NearNames.To(root, _method.Parameters.Select(p => p.Name));
            match.Problems.Add(Mapping(attribute, entry, root == "return" ? "the method returns nothing" : $"'{root}' is no parameter of '{_display}'{(near is null ? "" : $"; did you mean '{near}'?")}", near is null || root == "return" ? null : $"{parameter.Name} = {near}{path.Substring(root.Length)}"));
            return;
        }

        if (own is null && (before || KindOf(attribute) == "Updates"))
        {
            match.Problems.Add(Mapping(attribute, entry, before
                ? "before the method has run there is no result; remove Before, or take a parameter"
                : "which entry is updated must be known before the method runs, or else it could not be told whether somebody else changed it meanwhile; evict with [Evicts] instead"));
            return;
        }

        if (rest.Length == 0)
        {
            if (own is not null)
            {
                Pass(attribute, target, parameter, own, match);
            }
            else if (!Convert(type, parameter.Type, name, parameter.Name, match))
            {
                match.Problems.Add(WrongType(attribute, target, $"the result is '{Names.Short(type)}', and parameter '{parameter.Name}' of '{Names.Short(target.Method)}' is '{Names.Short(parameter.Type)}'"));
            }

            return;
        }

        if (MemberPath.Resolve(type, rest, out var problem) is not { } member)
        {
            match.Problems.Add(Mapping(attribute, entry, problem, MemberPath.Mend(type, rest) is { } mended ? $"{parameter.Name} = {root}.{mended}" : null));
            return;
        }

        if (own is { Type.IsRefLikeType: true })
        {
            match.Problems.Add(Mapping(attribute, entry, $"'{root}' is a ref struct"));
            return;
        }

        // A pattern, so that nothing is evicted where there is nothing to read. What it finds may be null itself, where that is a key.
        var isNullable = member.Type.OriginalDefinition.SpecialType == SpecialType.System_Nullable_T;
        var value = isNullable && !Converts(member.Type, parameter.Type) ? ((INamedTypeSymbol)member.Type).TypeArguments[0] : member.Type;
        if (!Converts(value, parameter.Type))
        {
            match.Problems.Add(WrongType(attribute, target, $"'{path}' is '{Names.Short(member.Type)}', and parameter '{parameter.Name}' of '{Names.Short(target.Method)}' is '{Names.Short(parameter.Type)}'"));
            return;
        }

        if (own is not null)
        {
            match.Uses.Add(name);
        }

        if (member.Nullable.Count == 0 && SymbolEqualityComparer.Default.Equals(value, member.Type))
        {
            match.Arguments.Add(name + member.Access + Bang(value, parameter.Type));
            return;
        }

        var local = Local(parameter.Name);
        var found = SymbolEqualityComparer.Default.Equals(value, member.Type) ? "var " + local : "{ } " + local;
        match.Conditions.Add($"{name} is {{ {string.Join(".", rest.Split('.').Select(Names.Escape))}: {found} }}");
        match.Arguments.Add(local + Bang(value, parameter.Type));
    }

    private Problem Mapping(AttributeData attribute, string entry, string why, string? mended = null) =>
        new(Rules.Mapping, LocationOf(attribute), entry, Word(attribute), _display, why)
        {
            Fix = mended is null ? null : FixProperties.Text,
            Subject = entry + "\n" + mended,
        };

    // Adds the argument; false where the types do not fit. A nullable value that the key cannot be is no entry.
    private bool Convert(ITypeSymbol source, ITypeSymbol target, string name, string wish, Match match)
    {
        if (Converts(source, target))
        {
            match.Arguments.Add(name + Bang(source, target));
            return true;
        }

        if (source is not INamedTypeSymbol { OriginalDefinition.SpecialType: SpecialType.System_Nullable_T } nullable || !Converts(nullable.TypeArguments[0], target))
        {
            return false;
        }

        var local = Local(wish);
        match.Conditions.Add($"{name} is {{ }} {local}");
        match.Arguments.Add(local);
        return true;
    }

    private bool Converts(ITypeSymbol source, ITypeSymbol target) => _compilation.ClassifyConversion(source, target) is { Exists: true, IsImplicit: true };

    private static string Bang(ITypeSymbol source, ITypeSymbol target) =>
        source is { IsReferenceType: true, NullableAnnotation: NullableAnnotation.Annotated } && target.NullableAnnotation != NullableAnnotation.Annotated ? "!" : "";

    private Problem Unmatched(AttributeData attribute, InvalidationTarget target, EntryParameter parameter)
    {
        var source = Suggestion(parameter);
        var evicts = KindOf(attribute) == "Evicts";
        var advice = source is not null ? $"write Map = new[] {{ \"{parameter.Name} = {source}\" }}"
            : $"give it one, or say where the value is with Map = new[] {{ \"{parameter.Name} = …\" }}{(evicts ? ", or evict all entries with All = true" : "")}";
        return new Problem(Rules.UnmatchedParameter, LocationOf(attribute), Word(attribute), _display, Names.Short(target.Method), parameter.Name, advice)
        {
            Fix = source is null ? null : FixProperties.Map,
            Subject = source is null ? null : $"{parameter.Name} = {source}",
        };
    }

    // user.Id for id and for userId, ID for id: what somebody surely means who has one such thing.
    private string? Suggestion(EntryParameter parameter)
    {
        var near = _method.Parameters
            .Where(p => string.Equals(p.Name, parameter.Name, StringComparison.OrdinalIgnoreCase) && Converts(p.Type, parameter.Type))
            .Select(p => p.Name)
            .ToList();
        var members = _method.Parameters
            .SelectMany(p => MemberPath.ReadableOf(p.Type), (p, member) => (Parameter: p, Member: member))
            .Where(both => string.Equals(both.Member.Name, parameter.Name, StringComparison.OrdinalIgnoreCase)
                || string.Equals(both.Parameter.Name + both.Member.Name, parameter.Name, StringComparison.OrdinalIgnoreCase)
                || string.Equals(both.Parameter.Type.Name + both.Member.Name, parameter.Name, StringComparison.OrdinalIgnoreCase))
            .Where(both => Converts(MemberPath.TypeOf(both.Member), parameter.Type))
            .Select(both => both.Parameter.Name + "." + both.Member.Name)
            .Distinct(StringComparer.Ordinal)
            .ToList();
        return near.Count == 1 ? near[0] : near.Count == 0 && members.Count == 1 ? members[0] : null;
    }
}
