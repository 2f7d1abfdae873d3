using Memoize.Generators.Tests.Harness;

namespace Memoize.Generators.Tests.CallShapes;

/// <summary>A partial method is the cached wrapper itself, so no way of calling it passes the cache by.</summary>
public sealed class PartialDoorTests
{
    static readonly Shape[] _shapes =
    [
        new("A static partial method is cached through delegates, reflection and expression trees too",
            "public static partial class S { [Cached] public static partial int M(int a); static int MCore(int a) => Probe.Call(a * 2); }",
            """
            Func<int, int> f = S.M;
            System.Linq.Expressions.Expression<Func<int, int>> tree = a => S.M(a);
            dynamic one = 1;
            Say(S.M(1), f(1), tree.Compile()(1), S.M(one), typeof(S).GetMethod("M")!.Invoke(null, new object[] { 1 }));
            """,
            "2 2 2 2 2", 1),

        new("An instance partial method is shared where it reads no state",
            "public sealed partial class C { [Cached] public partial string M(int a, string b = \"d\"); private string MCore(int a, string b) => Probe.Call(a + b); }",
            "Say(new C().M(1), new C().M(1), new C().M(1, \"d\"), new C().M(b: \"e\", a: 1));",
            "1d 1d 1d 1e", 2),

        new("A partial method implements an interface member",
            """
            public interface I { int M(int a); Task<int> A(int a, CancellationToken ct); }
            public sealed partial class C : I
            {
                [Cached] public partial int M(int a);
                int MCore(int a) => Probe.Call(a);
                [Cached] public partial Task<int> A(int a, CancellationToken ct);
                async Task<int> ACore(int a, CancellationToken ct) { await Task.Yield(); return Probe.Call(a); }
            }
            """,
            "I i = new C(); Say(i.M(1), i.M(1), new C().M(1), await i.A(1, default), await i.A(1, default));",
            "1 1 1 1 1", 2),

        new("Task and value task results are cached",
            """
            public static partial class S
            {
                [Cached(Ttl = 300)] public static partial Task<string?> T(int a, CancellationToken ct = default);
                static async Task<string?> TCore(int a, CancellationToken ct) { await Task.Yield(); return Probe.Call((string?)null); }
                [Cached(Ttl = 300)] public static partial ValueTask<int> V(int a, CancellationToken ct = default);
                static async ValueTask<int> VCore(int a, CancellationToken ct) { await Task.Yield(); return Probe.Call(a); }
            }
            """,
            "Say(await S.T(1), await S.T(1), await S.V(1), await S.V(1));",
            "null null 1 1", 2),

        new("A generic partial method copies its constraints",
            """
            public static partial class S
            {
                [Cached] public static partial string M<T, U>(T a, U? b) where T : notnull, IEquatable<T> where U : struct, IEquatable<U>;
                static string MCore<T, U>(T a, U? b) where T : notnull, IEquatable<T> where U : struct, IEquatable<U> => Probe.Call($"{a}{b}");
            }
            """,
            "Say(S.M<string, int>(\"a\", 1), S.M<string, int>(\"a\", 1), S.M<string, long>(\"a\", 1), S.M<int, int>(1, null));",
            "a1 a1 a1 1", 3),

        new("Partial methods in generic and nested types are cached",
            """
            public partial class G<T> where T : IEquatable<T>
            {
                internal sealed partial class N { [Cached] public partial string M(T a); string MCore(T a) => Probe.Call("n" + a); }
                partial struct P { [Cached] public static partial string M(T a); static string MCore(T a) => Probe.Call("p" + a); }
                public partial record R { [Cached] public partial string M(T a); string MCore(T a) => Probe.Call("r" + a); }
                public partial record struct Q { [Cached] public static partial string M(T a); static string MCore(T a) => Probe.Call("q" + a); }
                public static string Private(T a) => P.M(a);
            }
            """,
            "for (var i = 0; i < 2; i++) Say(new G<int>.N().M(1), G<int>.Private(1), new G<int>.R().M(1), G<int>.Q.M(1), new G<string>.N().M(\"x\"));",
            "n1 p1 r1 q1 nx n1 p1 r1 q1 nx", 5),

        new("The core may have another name and another accessibility",
            """
            public partial class C
            {
                [Cached(Core = nameof(Compute))] public partial int M(int a);
                protected virtual int Compute(int a) => Probe.Call(a);
                [Cached(Core = "Compute")] private partial int Hidden(int a);
                public int Twice(int a) => Hidden(a) + Hidden(a);
            }
            """,
            "Say(new C().M(1), new C().M(1), new C().Twice(1));",
            "1 1 2", 2),

        new("Modifiers of the declaration are repeated",
            """
            public class B { public virtual int V(int a) => -1; public int H(int a) => -1; }
            public partial class D : B
            {
                [Cached] public override partial int V(int a);
                int VCore(int a) => Probe.Call(a);
                [Cached] public new virtual partial int H(int a);
                int HCore(int a) => Probe.Call(a);
                [Cached] protected internal virtual partial int P(int a);
                int PCore(int a) => Probe.Call(a);
            }
            public sealed partial class E : B { [Cached] public sealed override partial int V(int a); int VCore(int a) => Probe.Call(a + 10); }
            """,
            "B b = new D(); for (var i = 0; i < 2; i++) Say(b.V(1), new D().H(1), new D().P(1), new E().V(1));",
            "1 1 1 11 1 1 1 11", 4),

        new("A generic override inherits its constraints",
            """
            public abstract class B
            {
                public abstract string V<T, U, W>(T a, U? b, W? c) where T : notnull, IEquatable<T> where U : struct, IEquatable<U> where W : class, IEquatable<W>;
            }
            public partial class D : B
            {
                [Cached] public override partial string V<T, U, W>(T a, U? b, W? c) where U : struct where W : class;
                string VCore<T, U, W>(T a, U? b, W? c) where T : notnull, IEquatable<T> where U : struct, IEquatable<U> where W : class, IEquatable<W> => Probe.Call($"{a}{b}{c}");
            }
            """,
            "B b = new D(); for (var i = 0; i < 2; i++) Say(b.V<int, int, string>(1, 2, \"c\"), b.V<int, int, string>(1, null, null));",
            "12c 1 12c 1", 2),

        new("A partial extension method is cached in both spellings",
            "public static partial class E { [Cached] public static partial string Twice(this string s, int n = 2); static string TwiceCore(string s, int n) => Probe.Call(s + n); }",
            "Say(\"a\".Twice(), E.Twice(\"a\"), \"a\".Twice(3));",
            "a2 a2 a3", 2),

        new("Parameters by in, params, tuples and keywords are repeated",
            """
            public static partial class S
            {
                [Cached] public static partial (int Sum, string? @Text) M(in (int L, int R) @in, string? @class = null, [CacheKey(Structural = true)] params int[] rest);
                static (int Sum, string? @Text) MCore(in (int L, int R) @in, string? @class, int[] rest) => Probe.Call((@in.L + @in.R + rest.Length, @class));
            }
            """,
            "Say(S.M((1, 2)).Sum, S.M((1, 2), null).Sum, S.M((1, 2), \"t\", 1, 2), S.M((1, 2), \"t\", 1, 2).Text);",
            "3 3 (5, t) t", 2),

        new("Spans are keyed by their content",
            "public static partial class S { [Cached] public static partial int M(ReadOnlySpan<char> text); static int MCore(ReadOnlySpan<char> text) => Probe.Call(text.Length); }",
            "Say(S.M(\"ab\"), S.M(\"xab\".AsSpan(1)), S.M(\"b\"));",
            "2 2 1", 2),

        new("Recursion through the partial method is memoized, through the core it is not",
            "public static partial class Fib { [Cached] public static partial long Of(int n); static long OfCore(int n) { Probe.Call(); return n < 2 ? n : Of(n - 1) + Of(n - 2); } }",
            "Say(Fib.Of(30));",
            "832040", 31),

        new("The declaration and the core may be in different files and different parts",
            "public static partial class S { [Cached] public static partial int M(int a); }",
            "Say(S.M(1), S.M(1));",
            "1 1", 1) { More = [("Core.cs", "static partial class S { private static int MCore(int a) => Probe.Call(a); }")] },

        new("Overloads find their own cores",
            """
            public static partial class S
            {
                [Cached] public static partial string M(int a);
                [Cached] public static partial string M(string a);
                [Cached] public static partial string M(int a, int b);
                static string MCore(int a) => Probe.Call("i" + a);
                static string MCore(string a) => Probe.Call("s" + a);
                static string MCore(int a, int b) => Probe.Call("ii" + a + b);
            }
            """,
            "for (var i = 0; i < 2; i++) Say(S.M(1), S.M(\"1\"), S.M(1, 1));",
            "i1 s1 ii11 i1 s1 ii11", 3),

        new("Callers with interception off get the cached result of a partial method",
            "public static partial class S { [Cached] public static partial int M(int a); static int MCore(int a) => Probe.Call(a); }",
            "Say(S.M(1), S.M(1));",
            "1 1", 1, 1),

        new("A partial method that has its body already takes the plain door",
            "public static partial class S { [Cached] public static partial int M(int a); public static partial int M(int a) => Probe.Call(a); }",
            "Say(S.M(1), S.M(1));",
            "1 1", 1, 2),

        new("A partial method is not intercepted on top of itself",
            "public static partial class S { [Cached] public static partial int M(int a); static int MCore(int a) => Probe.Call(a); }",
            "S.M(1); S.M(1); S.M(1); Say(SCache.M.Statistics.Hits, SCache.M.Statistics.Misses);",
            "2 1", 1),
    ];

    public static IEnumerable<TheoryDataRow<string>> Rows => Table.Names(_shapes);

    [Theory, MemberData(nameof(Rows))]
    public Task Partial_door(string name) => Table.Verify(_shapes, name);
}
