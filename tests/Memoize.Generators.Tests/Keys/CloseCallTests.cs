using Memoize.Generators.Tests.Harness;

namespace Memoize.Generators.Tests.Keys;

/// <summary>Values that look equal to somebody and are not, and declarations that are told apart by little.</summary>
public sealed class CloseCallTests
{
    static readonly Shape[] _shapes =
    [
        new("Zeros of either sign in a tuple behind a type parameter are told apart",
            "public static class S { [Cached] public static string M<T>(T a) where T : IEquatable<T> => Probe.Call(a.ToString()!); }",
            "Say(S.M((0.0, 1)), S.M((-0.0, 1)), S.M((0.0, 1)));",
            "(0, 1) (-0, 1) (0, 1)", 2, 3),

        new("Kinds of dates in a tuple behind a type parameter are told apart",
            "public static class S { [Cached] public static string M<T>(T a) where T : struct, IEquatable<T> => Probe.Call(((ValueTuple<DateTime, int>)(object)a).Item1.Kind.ToString()); }",
            "Say(S.M((new DateTime(5, DateTimeKind.Utc), 1)), S.M((new DateTime(5, DateTimeKind.Local), 1)));",
            "Utc Local", 2, 2),

        new("Fragments of an address inside a record are told apart",
            "public sealed record P(Uri Address); public static class S { [Cached] public static string M(P p) => Probe.Call(p.Address.Fragment); }",
            "Say(S.M(new(new Uri(\"http://a/#x\"))), S.M(new(new Uri(\"http://a/#y\"))));",
            "#x #y", 2, 2),

        new("Zeros of either sign inside a record are told apart",
            "public sealed record P(double X); public static class S { [Cached] public static double M(P p) => Probe.Call(1 / p.X); }",
            "Say(S.M(new(0.0)), S.M(new(-0.0)));",
            "Infinity -Infinity", 2, 2),

        new("Values inside records inside records, nullable ones and tuples are told apart",
            """
            public sealed record Inner(decimal? X); public record Outer(Inner? In, int N); public readonly record struct Point(float X); public sealed record Generic<T>(T X);
            public static class S
            {
                [Cached] public static string M(Outer? o) => Probe.Call(o?.In?.X?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "none");
                [Cached] public static float N(Point? p) => Probe.Call(1 / (p?.X ?? 1f));
                [Cached] public static float T((Point, int) p) => Probe.Call(1 / p.Item1.X);
                [Cached] public static double G<U>(Generic<U> p) where U : struct, IEquatable<U> => Probe.Call(1 / Convert.ToDouble(p.X, null));
            }
            """,
            """
            Say(S.M(new(new(1.0m), 1)), S.M(new(new(1.00m), 1)), S.M(new(null, 1)), S.M(null), S.M(new(new(null), 1)), S.M(new(new(1.0m), 1)));
            Say(S.N(new(0f)), S.N(new(-0f)), S.N(null), S.T((new(0f), 1)), S.T((new(-0f), 1)), S.G(new Generic<double>(0.0)), S.G(new Generic<double>(-0.0)));
            """,
            "1.0 1.00 none none none 1.0 Infinity -Infinity 1 Infinity -Infinity Infinity -Infinity", 12, 13),

        new("Kinds and offsets of dates inside a record struct are told apart",
            "public readonly record struct P(DateTime X, DateTimeOffset Y, decimal Z); public static class S { [Cached] public static string M(P p) => Probe.Call($\"{p.X.Kind}{p.Y.Offset.Hours}{p.Z.Scale}\"); }",
            """
            var zone = new DateTimeOffset(2024, 1, 1, 1, 0, 0, TimeSpan.FromHours(1));
            Say(S.M(new(default, default, 1m)), S.M(new(new(0, DateTimeKind.Utc), default, 1m)), S.M(new(default, zone, 1m)), S.M(new(default, zone.ToUniversalTime(), 1m)), S.M(new(default, default, 1.0m)));
            """,
            "Unspecified00 Utc00 Unspecified10 Unspecified00 Unspecified01", 5, 5),

        new("Zeros of either sign in a collection are told apart",
            "public static class S { [Cached] public static double M([CacheKey(Structural = true)] IReadOnlyList<double?> a) => Probe.Call(1 / a[0]!.Value); [Cached] public static double D([CacheKey(Structural = true)] Dictionary<string, double> a) => Probe.Call(1 / a[\"k\"]); }",
            "Say(S.M(new double?[] { 0.0 }), S.M(new double?[] { -0.0 }), S.D(new() { [\"k\"] = 0.0 }), S.D(new() { [\"k\"] = -0.0 }));",
            "Infinity -Infinity Infinity -Infinity", 4, 4),

        new("Comparers of dictionaries and sets belong to the key",
            "public static class S { [Cached] public static bool M([CacheKey(Structural = true)] HashSet<string> a) => Probe.Call(a.Contains(\"A\")); [Cached] public static bool D([CacheKey(Structural = true)] Dictionary<string, int> a) => Probe.Call(a.ContainsKey(\"A\")); }",
            "Say(S.M(new() { \"a\" }), S.M(new(StringComparer.OrdinalIgnoreCase) { \"a\" }), S.D(new() { [\"a\"] = 1 }), S.D(new(StringComparer.OrdinalIgnoreCase) { [\"a\"] = 1 }));",
            "False True False True", 4, 4),

        new("A missing object and one with a missing member are told apart",
            "public sealed class O { public string? Id; } public static class S { [Cached] public static string M([CacheKey(\"Id\")] O? o) => Probe.Call(o is null ? \"none\" : o.Id ?? \"no id\"); }",
            "Say(S.M(null), S.M(new O()), S.M(new O { Id = \"\" }), S.M(null));",
            "none no id  none", 3, 4),

        new("Overloads by reference kind, arity, nullability of values and tuple shape are told apart",
            """
            public static class S
            {
                [Cached] public static string M(int a) => Probe.Call("v" + a);
                [Cached] public static string M(in int a) => Probe.Call("in" + a);
                [Cached] public static string M(int? a) => Probe.Call("q" + a);
                [Cached] public static string M<T>(int a) => Probe.Call("t" + a);
                [Cached] public static string M<T, U>(int a) => Probe.Call("tu" + a);
                [Cached] public static string M((int, int) a) => Probe.Call("p" + a);
                [Cached] public static string M((int, int, int) a) => Probe.Call("ppp" + a);
                [Cached] public static string M([CacheKey(Structural = true)] int[] a) => Probe.Call("a" + a.Length);
                [Cached] public static string M([CacheKey(Structural = true)] List<int> a) => Probe.Call("l" + a.Count);
            }
            """,
            "var n = 1; for (var i = 0; i < 2; i++) Say(S.M(1), S.M(in n), S.M((int?)1), S.M<int>(1), S.M<int, int>(1), S.M((1, 1)), S.M((1, 1, 1)), S.M(new[] { 1 }), S.M(new List<int> { 1 }));",
            "v1 in1 q1 t1 tu1 p(1, 1) ppp(1, 1, 1) a1 l1 v1 in1 q1 t1 tu1 p(1, 1) ppp(1, 1, 1) a1 l1", 9, 18),

        new("Twenty parameters are one key",
            $"public static class S {{ [Cached] public static int M({string.Join(", ", Enumerable.Range(0, 20).Select(i => (i % 2 == 0 ? "int" : "string") + " p" + i))}) => Probe.Call(p0 + p18); }}",
            $"Say(S.M({Arguments(0)}), S.M({Arguments(0)}), S.M({Arguments(1)}));",
            "18 18 19", 2, 3),

        new("A parameter span of characters is keyed by content",
            "public static class S { [Cached] public static int M(params ReadOnlySpan<char> a) => Probe.Call(a.Length); [Cached] public static int L([CacheKey(Structural = true)] params List<int> a) => Probe.Call(a.Count); [Cached] public static int E([CacheKey(Structural = true)] params IEnumerable<int> a) => Probe.Call(a.Count()); }",
            "Say(S.M('a', 'b'), S.M(\"ab\"), S.M(), S.L(1, 2), S.L(1, 2), S.E(1, 2), S.E(1, 2));",
            "2 2 0 2 2 2 2", 4, 7),

        new("An enumerable argument is read once, and the original gets what was read",
            "public static class S { [Cached] public static int M([CacheKey(Structural = true)] IEnumerable<int> a) => Probe.Call(a.Sum() + a.Count()); }",
            """
            var reads = 0;
            IEnumerable<int> Numbers() { reads++; yield return reads; yield return 1; }
            Say(S.M(Numbers()), reads, S.M(new[] { 1, 1 }), reads);
            """,
            "4 1 4 1", 1),

        new("An interface with a generic constraint is dispatched as before",
            """
            public interface IShape { int Area { get; } }
            public readonly record struct Square(int Side) : IShape { public int Area => Side * Side; }
            public static class S { [Cached] public static int Of<T>(T shape) where T : struct, IShape, IEquatable<T> => Probe.Call(shape.Area); }
            """,
            "Say(S.Of(new Square(2)), S.Of(new Square(2)), S.Of(new Square(3)));",
            "4 4 9", 2, 3),

        new("A key's equality that calls the method again does not disturb it",
            """
            public sealed class P : IEquatable<P> { public int X { get; } public P(int x) => X = x; public bool Equals(P? o) => o is not null && S.Span("inner") == 5 && X == o.X; public override bool Equals(object? o) => Equals(o as P); public override int GetHashCode() => S.Span("hash"); }
            public static class S { [Cached] public static int Span(ReadOnlySpan<char> text) => text.Length; [Cached] public static int M(ReadOnlySpan<char> text, P p) => Probe.Call(text.Length + p.X); }
            """,
            "Say(S.M(\"abc\", new(1)), S.M(\"abc\", new(1)), S.M(\"abd\", new(1)), S.M(\"abc\", new(2)));",
            "4 4 4 5", 3, 4),
    ];

    static string Arguments(int first) => string.Join(", ", Enumerable.Range(0, 20).Select(i => i % 2 == 0 ? (i == 0 ? first : i).ToString(System.Globalization.CultureInfo.InvariantCulture) : $"\"{i}\""));

    public static IEnumerable<TheoryDataRow<string>> Rows => Table.Names(_shapes);

    [Theory, MemberData(nameof(Rows))]
    public Task Close_calls(string name) => Table.Verify(_shapes, name);
}
