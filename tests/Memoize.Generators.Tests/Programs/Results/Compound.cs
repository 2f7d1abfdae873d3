namespace Memoize.Generators.Tests.Programs.Results;

/// <summary>Types that the framework makes of others: collections, tuples, and what may be null.</summary>
static class Compound
{
    /// <summary>One of them, around a part.</summary>
    /// <param name="random">Which one.</param>
    /// <param name="part">The part.</param>
    /// <param name="key">What a dictionary has as its key.</param>
    public static ResultType Of(Random random, ResultType part, ResultType key)
    {
        var sorted = key.Text == "Uri" ? part with { Text = "string", Value = (path, _) => "\"" + path + "\"" } : key;
        var bare = part with { Text = part.Text.TrimEnd('?') };
        return random.Next(26) switch
        {
            0 or 1 when part.IsValueType && part.Text == bare.Text => OrNull(bare),
            0 or 1 or 2 => Sequence(Jagged(part.Text), $"new {Jagged(part.Text)} {{ # }}", part),
            3 or 4 => Sequence($"List<{part.Text}>", $"new List<{part.Text}> {{ # }}", part),
            5 => Sequence($"IReadOnlyList<{part.Text}>", $"new {Jagged(part.Text)} {{ # }}", part),
            6 => Sequence($"IEnumerable<{part.Text}>", $"new List<{part.Text}> {{ # }}.Where(_ => true)", part),
            7 => Sequence($"ICollection<{part.Text}>", $"new List<{part.Text}> {{ # }}", part),
            8 => Sequence($"ImmutableArray<{part.Text}>", $"ImmutableArray.Create(new {Jagged(part.Text)} {{ # }})", part, "default") with { IsValueType = true },
            9 => Sequence($"ImmutableList<{part.Text}>", $"ImmutableList.Create(new {Jagged(part.Text)} {{ # }})", part),
            10 => Set($"HashSet<{key.Text}>", $"new HashSet<{key.Text}>", key),
            11 => Set($"IReadOnlySet<{key.Text}>", $"new HashSet<{key.Text}>", key),
            12 => Set($"SortedSet<{sorted.Text}>", $"new SortedSet<{sorted.Text}>", sorted),
            13 => Sequence($"ImmutableHashSet<{key.Text}>", $"ImmutableHashSet.Create(new {key.Text}[] {{ # }})", key, IgnoringCase(key, $"ImmutableHashSet.Create(StringComparer.OrdinalIgnoreCase, \"a\")")),
            14 => Sequence($"ImmutableSortedSet<{sorted.Text}>", $"ImmutableSortedSet.Create(new {sorted.Text}[] {{ # }})", sorted, $"ImmutableSortedSet.Create<{sorted.Text}>(Backwards<{sorted.Text}>.Order, new {sorted.Text}[] {{ # }})"),
            15 or 16 => Map($"Dictionary<{key.Text}, {part.Text}>", key, part, ""),
            17 => Map($"IReadOnlyDictionary<{key.Text}, {part.Text}>", key, part, ""),
            18 => Map($"ImmutableDictionary<{key.Text}, {part.Text}>", key, part, $".ToImmutableDictionary()"),
            19 => Map($"ImmutableSortedDictionary<{sorted.Text}, {part.Text}>", sorted, part, $".ToImmutableSortedDictionary()", $".ToImmutableSortedDictionary(Backwards<{sorted.Text}>.Order)"),
            20 => Map($"SortedDictionary<{sorted.Text}, {part.Text}>", sorted, part, null),
            21 => new($"({part.Text} A, {key.Text} B)", (path, isTame) => $"({part.Value(path + "/1", isTame)}, {key.Value(path + "/2", isTame)})") { IsValueType = true },
            22 => new($"KeyValuePair<{key.Text}, {part.Text}>", (path, isTame) => $"new KeyValuePair<{key.Text}, {part.Text}>({key.Value(path + "/k", isTame)}, {part.Value(path + "/v", isTame)})") { IsValueType = true },
            23 => new($"Tuple<{key.Text}, {part.Text}>", (path, isTame) => $"new Tuple<{key.Text}, {part.Text}>({key.Value(path + "/k", isTame)}, {part.Value(path + "/v", isTame)})"),
            24 => Sequence(random.Any("Queue", "Stack", "LinkedList") + $"<{part.Text}>", $"new([ # ])", part),
            _ => new($"{part.Text}[,]", (path, isTame) => $"new {part.Text}[,] {{ {{ {part.Value(path, isTame)} }} }}"),
        };
    }

    static ResultType OrNull(ResultType part) => new(part.Text + "?", (path, isTame) => !isTame && Chance.At(path).Next(3) == 0 ? "null" : part.Value(path, isTame)) { IsValueType = true };

    // The brackets of the outermost come first.
    static string Jagged(string element) => element.EndsWith(']') && element.LastIndexOf('[') is var inner ? Jagged(element[..inner]) + element[inner..] : element + "[]";

    static ResultType Sequence(string text, string made, ResultType part, string? wild = null) => new(text, (path, isTame) =>
    {
        var random = Chance.At(path);
        var elements = string.Join(", ", Enumerable.Range(0, isTame ? 2 : random.Next(4)).Select(i => part.Value($"{path}[{i}]", isTame)).Distinct());
        return (wild is not null && !isTame && random.Next(3) == 0 ? wild : made).Replace("#", elements, StringComparison.Ordinal);
    });

    static ResultType Set(string text, string made, ResultType key) => new(text, (path, isTame) =>
        made + (!isTame && key.Text == "string" && Chance.At(path).Next(2) == 0 ? "(StringComparer.OrdinalIgnoreCase)" : "") + $" {{ {key.Value(path + "/1", isTame)}, {key.Value(path + "/2", isTame)} }}");

    static ResultType Map(string text, ResultType key, ResultType part, string? then, string? wild = null) => new(text, (path, isTame) =>
    {
        var random = Chance.At(path);
        var made = then is null ? $"new {text}" : $"new Dictionary<{key.Text}, {part.Text}>";
        var isCaseless = !isTame && key.Text == "string" && random.Next(2) == 0;
        var entries = string.Join(", ", Enumerable.Range(0, isTame ? 2 : random.Next(4)).Select(i => $"[{key.Value($"{path}/k{i}", isTame)}] = {part.Value($"{path}/v{i}", isTame)}"));
        return $"{made}{(isCaseless ? "(StringComparer.OrdinalIgnoreCase)" : "()")} {{ {entries} }}{(wild is not null && !isTame && random.Next(2) == 0 ? wild : then)}";
    });

    static string? IgnoringCase(ResultType key, string text) => key.Text == "string" ? text : null;
}
