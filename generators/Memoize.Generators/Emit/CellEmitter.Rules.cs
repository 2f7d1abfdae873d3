using Memoize.Generators.Model;

namespace Memoize.Generators.Emit;

// What the user's methods say: When before the lookup, the others about each value that is loaded or set.
internal sealed partial class CellEmitter
{
    /// <summary>The rules as an argument that follows another; nothing where there are none.</summary>
    private string RulesArgument => (_method.HasRules, _method.KeyMayChange) switch
    {
        (true, false) => ", " + CallRules(_method, _words, LoadArgument),
        (true, true) => $", {CallRules(_method, _words, LoadArgument)} with {{ {KeyHolds} }}",
        (false, true) => $", new {_library}EntryRules<{_method.ValueType}> {{ {KeyHolds} }}",
        _ => "",
    };

    private string KeyHolds => $"KeyHolds = () => {KeyAnew(_method.Receiver?.Name)}.Equals({_words.KeyLocal})";

    /// <summary>The call that makes the rules of an entry.</summary>
    public static string CallRules(CachedMethodModel method, Words words, Func<ParameterModel, string> argument) =>
        $"{words.Rules}{Words.TypeArguments(method.TypeParameters.Select(p => p.Name))}({string.Join(", ", method.RuleParameters.Select(argument))})";

    private void When(string cache)
    {
        if (_method.Rules.When is { } when)
        {
            GoPast($"!{when}", cache, []);
        }
    }

    // A load gets a copy. Of a type that is not known none can be made that behaves alike, and only the original knows its comparer.
    private void Copies(string cache, IReadOnlyList<(string Local, ProbeModel Probe)> collections)
    {
        var unfit = collections.Where(c => c.Probe.IsCopied).Select(c => $"{c.Local} is {{ {c.Probe.Fits(inTiers: _method.Shape is not null)}: false }}").ToList();
        if (unfit.Count > 0)
        {
            GoPast(string.Join(" || ", unfit), cache, collections.Select(c => $"{c.Local}?.Return();"));
        }
    }

    private void GoPast(string condition, string cache, IEnumerable<string> before)
    {
        var arguments = string.Join(", ", ReceiverName.Concat(_method.Parameters.Select(p => p.Name)));
        _writer.Line($"if ({condition})");
        _writer.OpenBrace();
        foreach (var line in before)
        {
            _writer.Line(line);
        }

        _writer.Line($"{cache}.CountBypass();");
        _writer.Line($"return {_words.Original}{TypeArguments}({arguments});");
        _writer.Close();
        _writer.Line();
    }

    private void MakeRules()
    {
        if (!_method.HasRules)
        {
            return;
        }

        var rules = new List<string>();
        if (_method.Rules.HasTerms)
        {
            rules.Add($"Terms = {_words.Value} => {Judged(_method.Rules)}");
        }

        if (_method.HasTags)
        {
            // Known before the load, so that an eviction also finds loads under way.
            var tag = _method.Door == Door.Plain ? "EntryTag" : "global::Memoize.Tags.EntryTag";
            var tags = _method.Tags.Select(text => $"{tag}.Of({text})")
                .Concat(Indexed(_method).Select((field, index) => $"{tag}.{Part(field)}({index}, {field.Value})"));
            rules.Add($"Tags = new[] {{ {string.Join(", ", tags)} }}");
        }

        var summary = (_method.Rules.HasTerms, _method.HasTags) switch
        {
            (true, false) => "What the attribute says about each value.",
            (false, true) => "What the entry can be evicted by, besides its key.",
            _ => "What the attribute says about each value, and what the entry can be evicted by, besides its key.",
        };
        var parameters = string.Join(", ", _method.RuleParameters.Select(p => p.Type + " " + p.Name));
        _writer.Line($"/// <summary>{summary}</summary>");
        _writer.Line($"internal static {_library}EntryRules<{_method.ValueType}> {_words.Rules}{TypeArguments}({parameters}){Constraints}");
        if (rules.Count == 1)
        {
            _writer.Indent().Line($"=> new() {{ {rules[0]} }};").Outdent();
        }
        else
        {
            _writer.Indent().Line("=> new()").Line("{");
            foreach (var rule in rules)
            {
                _writer.Line($"    {rule},");
            }

            _writer.Line("};").Outdent();
        }

        _writer.Line();
    }

    // A value that is not kept is not asked for its lifetime or weight: it may have none.
    private string Judged(RulesModel rules)
    {
        var kept = string.Join(", ", new[] { ("Lifetime", rules.TtlFrom), ("Weight", rules.Weigher) }
            .Where(term => term.Item2 is not null)
            .Select(term => $"{term.Item1} = {Of(term.Item2!)}"));
        return rules.Unless switch
        {
            null => New(kept),
            { } unless when kept.Length == 0 => New("Discard = " + Of(unless)),
            { } unless => $"{Of(unless)} ? {New("Discard = true")} : {New(kept)}",
        };

        string Of(string expression) => expression.Replace("{0}", _words.Value);

        string New(string terms) => $"new {_library}EntryTerms {{ {terms} }}";
    }
}
