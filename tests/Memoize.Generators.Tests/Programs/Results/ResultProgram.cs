using System.Text.RegularExpressions;

namespace Memoize.Generators.Tests.Programs.Results;

/// <summary>A random program of methods with random results, of which there may be a later version.</summary>
sealed class ResultProgram
{
    public const int Values = 9;

    /// <summary>How many of the first values of a method are such that everybody would have thought of them.</summary>
    public const int Tame = 4;

    const int Types = 10;

    /// <summary>A program.</summary>
    /// <param name="seed">Which one.</param>
    /// <param name="change">What the later version changes; null for the first version.</param>
    public ResultProgram(int seed, int? change = null)
    {
        Seed = seed;
        var random = new Random(seed);
        var enums = EnumsOf(change is { } number ? Chance.At($"enum {number}") : null);
        var known = Leaves.All.ToList();
        known.AddRange(Enums.SelectMany(type => Enumerable.Repeat(type, 3)));
        var declared = new List<DeclaredType>();
        for (var i = 0; i < Types; i++)
        {
            var own = new Random(random.Next());
            ResultType Part() => own.Next(4) switch
            {
                0 => Compound.Of(own, Plain(own), Key(own)),
                1 when declared.Count > 0 => declared[own.Next(declared.Count)].Type,
                _ => Plain(own),
            };
            declared.Add(new($"R{i}", own, Part, change is { } many ? Chance.At($"R{i} {many}") : null));
        }

        var results = declared.Select(type => type.Type).Concat(Enumerable.Range(0, Types).Select(i => new Random(random.Next())).Select(own =>
            Compound.Of(own, own.Next(2) == 0 ? declared[own.Next(declared.Count)].Type : own.Next(3) == 0 ? Compound.Of(own, Plain(own), Key(own)) : Plain(own), Key(own)))).ToArray();
        Methods = results.Length;
        Code = $$"""
            using System.Collections.Immutable;
            using System.Text.Json;
            using System.Text.Json.Serialization;
            {{Usual}}
            {{enums}}
            {{string.Concat(declared.Select(type => type.Declaration))}}
            #pragma warning restore
            {{string.Join("\n", results.Select(Method))}}
            """;

        ResultType Plain(Random own) => own.Next(8) == 0 ? known[own.Next(known.Count)] : own.Any([.. known.Where(type => type.IsKey || type.Text is "string?" or "byte[]")]);
        ResultType Key(Random own) => own.Any([.. known.Where(type => type.IsKey && (own.Next(3) > 0 || type.Text == "string"))]);
        string Method(ResultType result, int number)
        {
            var values = string.Join(", ", Enumerable.Range(0, Values).Select(i => $"{(i == Values - 1 ? "_" : i)} => {result.Value($"{number}:{i}", i < Tame)}"));
            return $"public static class S{number} {{ [Cached(Ttl = 300, MaxSize = 900, Tiers = \"{Tier(seed)}\")] public static {result.Text} M(int i) => Make(i); public static {result.Text} Make(int i) => i switch {{ {values} }}; }}";
        }
    }

    static readonly ResultType[] Enums =
    [
        ResultType.Leaf("Color", 2, "Color.Red", "Color.Blue", "Color.Crimson", "(Color)77", "(Color)9") with { IsKey = true, IsValueType = true },
        ResultType.Leaf("Rights", 1, "Rights.Read", "Rights.Read | Rights.Write", "Rights.None", "Rights.All", "(Rights)64", "(Rights)ulong.MaxValue") with { IsKey = true, IsValueType = true },
        ResultType.Leaf("Named", 2, "Named.a", "Named.B", "Named.A", "Named.b", "(Named)9") with { IsKey = true, IsValueType = true },
    ];

    public static string Tier(int seed) => $"random-{seed}";

    public int Seed { get; }

    public int Methods { get; }

    public string Code { get; }

    /// <summary>Some of the methods, with all that their results are made of.</summary>
    public string Around(IEnumerable<int> methods)
    {
        var lines = Code.Split('\n');
        var wanted = methods.Select(method => lines.Single(line => line.StartsWith($"public static class S{method} ", StringComparison.Ordinal))).ToList();
        for (var i = 0; i < wanted.Count; i++)
        {
            var names = Regex.Matches(wanted[i], @"\bR\d+").Select(match => match.Value).ToHashSet();
            wanted.AddRange(lines.Where(line => !line.Contains("class S", StringComparison.Ordinal) && names.Any(name => Regex.IsMatch(line, $@"(class|struct|record|interface) I?{name}\b"))).Except(wanted));
        }

        return string.Join("\n", wanted);
    }

    /// <summary>What calls them, from outside.</summary>
    public string Script => $$"""
        #pragma warning disable
        public static class Script
        {
            public static readonly Func<int, object?>[] Cached = [{{string.Join(", ", Enumerable.Range(0, Methods).Select(i => $"i => S{i}.M(i)"))}}];
            public static readonly Func<int, object?>[] Plain = [{{string.Join(", ", Enumerable.Range(0, Methods).Select(i => $"i => S{i}.Make(i)"))}}];
        }
        """;

    static string EnumsOf(Random? change) => (change?.Next(5)) switch
    {
        0 => "public enum Color { Blue, Red = 3, Crimson = 3 } ",
        1 => "public enum Color { Red, Blue = 4, Crimson = 4 } ",
        2 => "public enum Color : byte { Red, Green, Blue, Crimson = 3 } ",
        _ => "public enum Color { Red, Blue = 3, Crimson = 3 } ",
    } + (change?.Next(3) == 0
        ? "[Flags] public enum Rights : ulong { None = 0, Write = 1, Read = 2, All = 3 } "
        : "[Flags] public enum Rights : ulong { None = 0, Read = 1, Write = 2, All = 3 } ")
        + (change?.Next(3) == 0 ? "public enum Named { a, B, A, b }" : "[JsonConverter(typeof(JsonStringEnumConverter<Named>))] public enum Named { a, B, A, b }");

    const string Usual =
        """
        #pragma warning disable
        public sealed class Backwards<T> : IComparer<T> { public static readonly Backwards<T> Order = new(); public int Compare(T? a, T? b) => Comparer<T>.Default.Compare(b!, a!); }
        public sealed class Own<T> : JsonConverter<T>
        {
            public override T? Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options) => JsonSerializer.Deserialize<T>(ref reader, options);
            public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => JsonSerializer.Serialize(writer, value is DateTime time ? (T)(object)time.Date : value is string text ? (T)(object)text.Trim() : value, options);
        }
        """;
}
