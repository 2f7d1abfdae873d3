using Memoize.Generators.Model;

namespace Memoize.Generators.Emit;

// What the user's methods say: When before the lookup, the others about each value that is loaded or set.
internal sealed partial class CellEmitter
{
    private string EntryRules => $"{_library}EntryRules<{_method.ValueType}>";

    /// <summary>The rules as an argument that follows another; nothing where there are none.</summary>
    private string RulesArgument =>
        _method.Rules.HasTerms ? $", {_words.Rules}{TypeArguments}({string.Join(", ", _method.Rules.Arguments.Select(LoadArgument))})" : "";

    private void When(string cache)
    {
        if (_method.Rules.When is not { } when)
        {
            return;
        }

        var arguments = string.Join(", ", ReceiverName.Concat(_method.Parameters.Select(p => p.Name)));
        _writer.Line($"if (!{when})");
        _writer.OpenBrace();
        _writer.Line($"{cache}.CountBypass();");
        _writer.Line($"return {_words.Original}{TypeArguments}({arguments});");
        _writer.Close();
        _writer.Line();
    }

    private void Terms()
    {
        if (!_method.Rules.HasTerms)
        {
            return;
        }

        var parameters = string.Join(", ", _method.Rules.Arguments.Select(p => p.Type + " " + p.Name));
        _writer.Line("/// <summary>What the attribute says about each value.</summary>");
        _writer.Line($"internal static {EntryRules} {_words.Rules}{TypeArguments}({parameters}){Constraints}");
        _writer.Indent().Line($"=> new() {{ Terms = {_words.Value} => {Judged(_method.Rules)} }};").Outdent();
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
