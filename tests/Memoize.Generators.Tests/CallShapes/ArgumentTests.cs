using Memoize.Generators.Tests.Harness;

namespace Memoize.Generators.Tests.CallShapes;

/// <summary>However a call spells its arguments, the key and the values that the original sees are the same.</summary>
public sealed class ArgumentTests
{
    static readonly Shape[] _shapes =
    [
        new("Five spellings of one call are one computation",
            "public static class S { [Cached] public static string M(int a, int b = 1) => Probe.Call(a + \",\" + b); }",
            "Say(S.M(1), S.M(1, 1), S.M(a: 1), S.M(1, b: 1), S.M(b: 1, a: 1));",
            "1,1 1,1 1,1 1,1 1,1", 1, 5),

        new("Reordered arguments are evaluated once and in the order they are written",
            "public static class S { [Cached] public static string M(int a, int b) => Probe.Call(a + \",\" + b); }",
            """
            var n = 0;
            int Next() => ++n;
            Say(S.M(b: Next(), a: Next()), S.M(2, 1), n);
            """,
            "2,1 2,1 2", 1, 2),

        new("Defaults of every kind are those of the original",
            """
            public static class S
            {
                [Cached] public static string M(int a = -1, string? s = null, string t = "q\"\\\n", char c = '\'', double d = 0.1, decimal m = 1.50m,
                    DayOfWeek e = DayOfWeek.Friday, Guid g = default, int? o = 5, bool b = true, long l = long.MinValue, float f = float.NaN)
                    => Probe.Call($"{a}{s}{t.Length}{c}{m}{e}{o}{b}".ToString(System.Globalization.CultureInfo.InvariantCulture));
            }
            """,
            "Say(S.M(), S.M(-1, null), S.M(e: DayOfWeek.Friday), S.M(e: DayOfWeek.Monday));",
            "-14'1.50Friday5True -14'1.50Friday5True -14'1.50Friday5True -14'1.50Monday5True", 2, 4),

        new("A params array is keyed by its elements",
            "public static class S { [Cached] public static int Sum([CacheKey(Structural = true)] params int[] n) => Probe.Call(n.Sum()); }",
            "Say(S.Sum(), S.Sum(1, 2), S.Sum(new[] { 1, 2 }), S.Sum(2, 1), S.Sum());",
            "0 3 3 3 0", 3, 5),

        new("Arguments by in are values",
            """
            public readonly record struct P(int X, int Y);
            public static class S { [Cached] public static int M(in P p, in int n) => Probe.Call(p.X + p.Y + n); }
            """,
            "var p = new P(1, 2); var n = 3; Say(S.M(p, n), S.M(in p, in n), S.M(new P(1, 2), 3));",
            "6 6 6", 1, 3),

        new("Arguments by ref readonly are values",
            "public static class S { [Cached] public static int M(ref readonly int n) => Probe.Call(n * 2); }",
            "var n = 3; var same = 3; Say(S.M(in n), S.M(in same), S.M(ref n));",
            "6 6 6", 1, 3),

        new("Caller information is filled at the call and is not in the key",
            """
            using System.Runtime.CompilerServices;
            public static class S
            {
                [Cached] public static string M(int a, [CallerMemberName] string member = "", [CallerLineNumber] int line = 0, [CallerFilePath] string file = "",
                    [CallerArgumentExpression("a")] string expression = "") => Probe.Call(a + member + (line > 0) + expression);
            }
            """,
            """
            Say(S.M(1));
            Say(S.M(1));
            Say(S.M(1));
            """,
            "1RunTrue1 1RunTrue1 1RunTrue1", 1, 3),

        new("A tuple parameter and a tuple result keep their names",
            """
            public static class S
            {
                [Cached] public static (int Sum, string Text) M((int Left, int Right) pair, (int, (string Inner, int)) nested = default) => Probe.Call((pair.Left + pair.Right, "t"));
            }
            """,
            "Say(S.M((1, 2)).Sum, S.M((Left: 1, Right: 2)).Text);",
            "3 t", 1, 2),

        new("A tuple inside a generic result keeps its names",
            """
            public static class S
            {
                [Cached] public static IReadOnlyDictionary<string, (int Count, string? Last)> M(int a) => Probe.Call(new Dictionary<string, (int, string?)> { ["k"] = (a, null) });
            }
            """,
            "Say(S.M(1)[\"k\"].Count, S.M(1)[\"k\"].Last);",
            "1 null", 1, 2),

        new("A dynamic result stays dynamic",
            "public static class S { [Cached] public static dynamic M(int a) => Probe.Call<object>(\"text\" + a); }",
            "Say(S.M(1).Length, S.M(1).Length);",
            "5 5", 1, 2),

        new("Native integers are keyed by value",
            "public static class S { [Cached] public static nint M(nint a, nuint b, IntPtr c) => Probe.Call(a + (nint)b + c); }",
            "Say(S.M(1, 2, 3), S.M(1, 2, 3), S.M(1, 2, 4));",
            "6 6 7", 2, 3),

        new("Nullable annotations of parameters, results and type arguments are kept",
            """
            public static class S
            {
                [Cached] public static string? M(string? a, string b, int? n) => Probe.Call(a ?? (n is null ? null : b));
                [Cached] public static IReadOnlyList<string?>? L(Tuple<string?, string>? t) => Probe.Call<IReadOnlyList<string?>?>(t is null ? null : new[] { t.Item1, t.Item2 });
            }
            """,
            "Say(S.M(null, \"b\", null), S.M(null, \"b\", null), S.M(null, \"b\", 1), S.L(null), S.L(null), S.L(Tuple.Create((string?)null, \"x\"))?[1]);",
            "null null b null null x", 4, 6),

        new("An oblivious method is called from annotated code",
            """
            #nullable disable
            public static class S { [Cached] public static string M(string a, Tuple<string> t) => Probe.Call(a); }
            """,
            "Say(S.M(null, null), S.M(null, null), S.M(\"x\", null));",
            "null null x", 2, 3),

        new("Nullable attributes of the original still inform the callers",
            """
            using System.Diagnostics.CodeAnalysis;
            public static class S { [Cached] [return: NotNullIfNotNull(nameof(a))] public static string? M(string? a) => Probe.Call(a); }
            """,
            "string sure = S.M(\"x\"); Say(sure, S.M(\"x\").Length, S.M(null));",
            "x 1 null", 2, 3),

        new("Implicit conversions of arguments happen before the key",
            "public static class S { [Cached] public static string M(long a, double b) => Probe.Call(a + \"\" + b); }",
            "byte small = 1; Say(S.M(small, 2), S.M('\\u0001', 2f), S.M(1L, 2d));",
            "12 12 12", 1, 3),

        new("Spans are keyed by their content",
            "public static class S { [Cached] public static int M(ReadOnlySpan<char> text, ReadOnlySpan<byte> bytes) => Probe.Call(text.Length * 10 + bytes.Length); }",
            "var a = new char[] { 'a', 'b' }; Say(S.M(\"ab\", \"x\"u8), S.M(a, new byte[] { (byte)'x' }), S.M(\"ba\", \"x\"u8), S.M(default, default), S.M(\"\", \"\"u8));",
            "21 21 21 0 0", 3, 5),

        new("A scoped span is keyed by its content",
            "public static class S { [Cached] public static int M(scoped ReadOnlySpan<char> text) => Probe.Call(text.Length); }",
            "Span<char> buffer = stackalloc char[2]; buffer.Fill('x'); Say(S.M(buffer), S.M(\"xx\"));",
            "2 2", 1, 2),

        new("An argument that a cached call computes is cached as well",
            "public static class S { [Cached] public static int M(int a) => Probe.Call(a + 1); }",
            "Say(S.M(S.M(S.M(1))), S.M(S.M(2)));",
            "4 4", 3, 5),

        new("Cancellation tokens, progress and loggers are not in the key",
            "public static class S { [Cached] public static int M(int a, IProgress<int>? progress = null, CancellationToken token = default) => Probe.Call(a); }",
            """
            using var source = new CancellationTokenSource();
            Say(S.M(1), S.M(1, new Progress<int>()), S.M(1, token: source.Token));
            """,
            "1 1 1", 1, 3),
    ];

    public static IEnumerable<TheoryDataRow<string>> Rows => Table.Names(_shapes);

    [Theory, MemberData(nameof(Rows))]
    public Task Arguments(string name) => Table.Verify(_shapes, name);
}
