namespace Memoize.Generators.Tests.Programs.Keys;

/// <summary>A random program of methods that look at their arguments as closely as one can, and are remembered in a tier.</summary>
sealed class KeyProgram
{
    const int Calls = 24;

    // What a text that stands between others could be taken for, and what is told apart by less than the eye sees.
    static readonly string[] _texts =
    [
        "\"a\"", "\"\"", "\"a\\\",b:\\\"c\"", "\"c\\\",a:\\\"b\"", "\"\\\"\"", "\"\\\\\"", "\"\\\\\\\"\"", "\"null\"", "\"[a, b]\"", "\"a, b\"", "\"\\n\"", "\"\\\\n\"", "\"\\0\"", "\"\\uD800\"", "\"\\uDC00\"", "\"\\uFFFD\"",
        "\"\\\\uD800\"", "\"i\"", "\"I\"", "\"ı\"", "\"İ\"", "\"é\"", "\"e\\u0301\"", "new string('k', 300) + \"a\"", "new string('k', 300) + \"b\"", "\"%20\"", "\" \"", "\"#stamp:\"",
    ];

    const string Structural = "[CacheKey(Structural = true)] ";

    static readonly Thing[] _more =
    [
        new("string", _texts, "Text(x)"),
        new("string?", [.. _texts, "null"], "Text(x)"),
        new("(string, string?)", ["(\"a\", \"b\")", "(\"a, b\", null)", "(\"a\", null)", "(\"a\", \"null\")", "(\"a\\\", \\\"b\", \"\")", "(\"\", \"a\")"], "Text(x.Item1) + Text(x.Item2)"),
        new("IReadOnlyList<string?>", ["new string?[] { \"a\", \"b\" }", "new string?[] { \"a, b\" }", "new string?[] { \"a\\\", \\\"b\" }", "new string?[] { null }", "new string?[] { \"null\" }", "new string?[0]", "new string?[] { \"\" }", "new List<string?> { \"a\", \"b\" }"], "Each(x.Select(y => Text(y)))") { Attribute = Structural },
        new("Level[]?", ["null", "new Level[0]", "new[] { Level.Low }", "new[] { (Level)(-1), (Level)2 }", "new[] { (Level)(-12) }"], "x is null ? \"none\" : Each(x.Select(y => (long)y))") { Attribute = Structural },
        new("List<(string?, int)>", ["new() { (\"a\", -1) }", "new() { (\"a\", 1) }", "new() { (null, 1) }", "new()", "new() { (\"a, 1), (b\", 1) }", "new() { (\"a\", 1), (\"b\", 1) }"], "Each(x.Select(y => Text(y.Item1) + y.Item2))") { Attribute = Structural },
        new("sbyte", ["(sbyte)-1", "(sbyte)1"], "x"),
        new("nint", ["(nint)(-1)", "(nint)1"], "x"),
        new("Int128", ["Int128.MinValue", "Int128.MaxValue", "(Int128)(-1)"], "x"),
        new("float?", ["-0f", "0f", "null", "float.NaN", "-1.5e-30f"], "x is { } y ? Bits(y) : \"none\""),
        new("DateTime?", ["null", "new DateTime(5, DateTimeKind.Utc)", "new DateTime(5, DateTimeKind.Local)", "new DateTime(5)", "DateTime.MaxValue"], "x is { } y ? y.Ticks + \"/\" + y.Kind : \"none\""),
        new("DateTimeOffset", ["new DateTimeOffset(2020, 1, 1, 10, 0, 0, TimeSpan.FromHours(-1))", "new DateTimeOffset(2020, 1, 1, 11, 0, 0, TimeSpan.Zero)", "DateTimeOffset.MaxValue"], "x.Ticks + \"/\" + x.Offset.Ticks"),
        new("TimeSpan?", ["null", "TimeSpan.MinValue", "TimeSpan.FromTicks(-1)", "TimeSpan.FromDays(-400)"], "x?.Ticks"),
        new("TimeOnly", ["TimeOnly.MinValue", "TimeOnly.MaxValue", "new TimeOnly(1)"], "x.Ticks"),
        new("decimal", ["-1.0m", "-1.00m", "1.0m", "decimal.MinValue", "0.00m", "new decimal(0, 0, 0, true, 2)"], "string.Join(\"/\", decimal.GetBits(x))"),
        new("char", ["'\\uD800'", "'\\uDC00'", "'\\uFFFD'", "'\\''", "'\\\\'", "'ı'", "'I'"], "(int)x"),
        new("System.Text.Rune", ["new System.Text.Rune('a')", "new System.Text.Rune(0x1F600)", "new System.Text.Rune('\"')"], "x.Value"),
    ];

    readonly List<string> _methods = [];
    readonly List<string> _calls = [];

    public KeyProgram(int seed)
    {
        Seed = seed;
        var random = new Random(seed);
        var all = Things.All.Concat(_more).Concat(_more).Where(thing => !thing.IsLeftOut).ToArray();
        for (var number = 0; number < Methods; number++)
        {
            var parameters = Enumerable.Range(0, random.Next(1, 4)).Select(_ => all[random.Next(all.Length)]).ToArray();
            var declared = string.Join(", ", parameters.Select((thing, i) => $"{thing.Attribute}{thing.Type} {(char)('a' + i)}"));
            var plain = string.Join(" + \";\" + ", parameters.Select((_, i) => $"Look{i}({(char)('a' + i)})"));
            var looks = string.Concat(parameters.Select((thing, i) => $" static string Look{i}({thing.Type} x) {{ using var _ = new Invariantly(); return ({thing.Look}) + \"\"; }}"));
            var names = string.Join(", ", parameters.Select((_, i) => (char)('a' + i)));
            _methods.Add($"public static class K{number} {{ [Cached(Ttl = 300, MaxSize = 900, Tiers = \"{Tier(seed)}\")] public static string M({declared}) => Count.Ran(Plain({names})); public static string Plain({declared.Replace(Structural, "", StringComparison.Ordinal)}) => {plain};{looks} }}");
            var lists = Enumerable.Range(0, Calls).Select(_ => string.Join(", ", parameters.Select(thing => $"({thing.Type})({thing.Values[random.Next(thing.Values.Length)]})"))).Distinct();
            _calls.AddRange(lists.Select(list => $"({number}, () => K{number}.M({list}), () => K{number}.Plain({list})),"));
        }
    }

    public const int Methods = 40;

    public int Seed { get; }

    public static string Tier(int seed) => $"keys-{seed}";

    public string Code => $$"""
        {{Things.Declarations}}

        public sealed class Invariantly : IDisposable
        {
            readonly CultureInfo _before = CultureInfo.CurrentCulture;
            public Invariantly() => CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
            public void Dispose() => CultureInfo.CurrentCulture = _before;
        }

        public static class Count
        {
            [NotInKey] static int _runs;
            [NotInKey] public static int Runs => _runs;
            public static string Ran(string result) { Interlocked.Increment(ref _runs); return result; }
        }

        {{string.Join("\n", _methods)}}
        """;

    public string Script => $$"""
        using System.Collections.Immutable;
        public static class Script
        {
            public static readonly (int Method, Func<string> Cached, Func<string> Plain)[] Calls =
            [
                {{string.Join("\n        ", _calls)}}
            ];
        }
        """;

    public string Method(int number) => _methods[number];
}
