using Memoize.Generators.Tests.Harness;

namespace Memoize.Generators.Tests.Handles;

/// <summary>The generated handles act on exactly the entries that calls use.</summary>
public sealed class HandleTests
{
    static readonly Shape[] _shapes =
    [
        new("Evict, Clear, TryGet, Set, Refresh, Uncached and Statistics of a static method",
            "public static class S { [Cached] public static string M(int a, string b = \"d\") => Probe.Call(a + b + Probe.Calls); }",
            """
            Say(S.M(1), SCache.M.TryGet(1, out var hit), hit, SCache.M.TryGet(2, out var miss), miss);
            Say(SCache.M.Refresh(1), S.M(1), SCache.M.Uncached(1), S.M(1));
            Say(SCache.M.Evict(1), SCache.M.Evict(1), SCache.M.TryGet(1, out _));
            S.M(5); SCache.M.Clear();
            Say(SCache.M.TryGet(5, out _), SCache.M.Statistics.Count, SCache.M.Statistics.Hits, SCache.M.Statistics.Misses, SCache.M.Name);
            """,
            "1d0 True 1d0 False null 1d1 1d1 1d2 1d1 True False False False 0 2 2 S.M(int, string)", 4),

        new("Overloads that differ in a question mark, or in how they are passed, have handles of their own",
            """
            public static class S
            {
                [Cached] public static string M(int a) => Probe.Call("i" + a);
                [Cached] public static string M(int? a) => Probe.Call("n" + a);
                [Cached] public static string P(int a) => Probe.Call("v" + a);
                [Cached] public static string P(in int a) => Probe.Call("r" + a);
            }
            """,
            """
            int one = 1;
            Say(S.M(1), S.M((int?)1), S.P(1), S.P(in one));
            Say(SCache.M.TryGet(1, out var i), i, SCache.M.TryGet((int?)1, out var n), n, SCache.P.TryGet(1, out var v), v, SCache.P.TryGet(in one, out var r), r);
            Say(SCache.M.Evict((int?)1), SCache.M.TryGet(1, out _), SCache.P.Evict(in one), SCache.P.TryGet(1, out _), SCache.P.TryGet(in one, out _));
            Say(SCache.P.Refresh(in one), SCache.P.Uncached(1));
            """,
            "i1 n1 v1 r1 True i1 True n1 True v1 True r1 True True True True False r1 v1", 6),

        new("A default that is left out means the overload that has it",
            """
            public static class S
            {
                [Cached] public static string M(int a) => Probe.Call("i" + a);
                [Cached] public static string M(byte a = 1) => Probe.Call("b" + a);
                [Cached] public static string N(long a) => Probe.Call("l" + a);
                [Cached] public static string N(long? a = 1) => Probe.Call("n" + a);
                [Cached] public static string O(int a, string? b) => Probe.Call("s" + a + b);
                [Cached] public static string O(int a, DayOfWeek? b = null) => Probe.Call("d" + a + b);
                [Cached] public static string P(int a, Version b) => Probe.Call("v" + a + b);
                [Cached] public static string P(int a, DateTime b = default, DayOfWeek c = DayOfWeek.Friday) => Probe.Call("t" + a + b.Ticks + c);
            }
            """,
            """
            SCache.M.Set("byte"); SCache.N.Set("nullable"); SCache.O.Set(1, "day"); SCache.P.Set(1, "time");
            Say(S.M(1), S.M((byte)1), S.N(1L), S.N((long?)1), S.O(1, (string?)null), S.O(1, (DayOfWeek?)null), S.P(1), SCache.P.TryGet(1, out var time), time);
            """,
            "i1 byte l1 nullable s1 day time True time", 3),

        new("Set stores what calls then see",
            "public static class S { [Cached] public static string? M(int a, int b) => Probe.Call<string?>(\"loaded\"); }",
            "SCache.M.Set(a: 1, b: 2, value: \"set\"); SCache.M.Set(3, 4, null); Say(S.M(1, 2), S.M(3, 4), S.M(5, 6), SCache.M.TryGet(3, 4, out var none), none);",
            "set null loaded True null", 1),

        new("Handles of asynchronous methods take and give values",
            "public static class S { [Cached] public static async Task<int> M(int a, CancellationToken ct = default) { await Task.Yield(); return Probe.Call(Probe.Calls); } [Cached] public static async ValueTask<int> V(int a) { await Task.Yield(); return Probe.Call(Probe.Calls); } }",
            """
            SCache.M.Set(1, 100);
            Say(await S.M(1), SCache.M.TryGet(1, out var hit), hit);
            Say(await SCache.M.Refresh(1), await S.M(1), await SCache.M.Uncached(1), SCache.M.Evict(1), await S.M(1));
            SCache.V.Set(1, 200);
            Say(await S.V(1), await SCache.V.Refresh(1), await SCache.V.Uncached(1), SCache.V.TryGet(1, out var v), v);
            """,
            "100 True 100 0 0 1 True 2 200 3 4 True 3", 5),

        new("Handles of instance methods that read no state need no instance but to run the original",
            "public sealed class C { [Cached] public int M(int a) => Probe.Call(Probe.Calls); }",
            "var c = new C(); Say(c.M(1), CCache.M.TryGet(1, out _), CCache.M.Refresh(c, 1), CCache.M.Uncached(c, 1), c.M(1), CCache.M.Evict(1), new C().M(1));",
            "0 True 1 2 1 True 3", 4),

        new("Handles take the instance first where it is part of the key",
            "public sealed class C { [CacheKey] public int State; [Cached] public int M(int a) => Probe.Call(State * 100 + Probe.Calls); }",
            """
            var one = new C { State = 1 }; var two = new C { State = 2 };
            Say(one.M(1), two.M(1), CCache.M.Evict(one, 1), CCache.M.TryGet(one, 1, out _), CCache.M.TryGet(two, 1, out var kept), kept);
            CCache.M.Set(two, 1, 7);
            Say(two.M(1), CCache.M.Refresh(two, 1), CCache.M.Uncached(two, 1));
            """,
            "100 201 True False True 201 7 202 203", 4),

        new("Handles take the instance first where each has a cache of its own",
            "public sealed class C(int state) { [Cached(PerInstance = true)] public int M(int a) => Probe.Call(state * 100 + a); }",
            """
            var one = new C(1); var two = new C(2);
            Say(one.M(1), two.M(1), CCache.M.Evict(one, 1), CCache.M.TryGet(one, 1, out _), CCache.M.TryGet(two, 1, out var kept), kept);
            CCache.M.Set(one, 1, 7); Say(one.M(1), two.M(1)); CCache.M.Clear(); Say(one.M(1), two.M(1), CCache.M.Statistics.Hits);
            """,
            "101 201 True False True 201 7 201 101 201 2", 4),

        new("Handles of virtual methods tell run-time types apart",
            "public class B { [Cached] public virtual string M(int a) => Probe.Call(\"b\"); } public sealed class D : B { public override string M(int a) => Probe.Call(\"d\"); }",
            "B b = new B(), d = new D(); Say(b.M(1), d.M(1), BCache.M.Evict(d, 1), BCache.M.TryGet(b, 1, out _), BCache.M.TryGet(d, 1, out _));",
            "b d True True False", 2),

        new("Overloads share one handle, which clears and counts all of them",
            """
            public static class S
            {
                [Cached] public static string M(int a) => Probe.Call("i" + a);
                [Cached] public static string M(string a) => Probe.Call("s" + a);
                [Cached] public static string M(int a, int b = 2) => Probe.Call("ii" + a + b);
            }
            """,
            "Say(S.M(1), S.M(\"1\"), S.M(1, 2), SCache.M.Evict(\"1\"), SCache.M.TryGet(1, 2, out var two), two, SCache.M.Statistics.Count); SCache.M.Clear(); Say(SCache.M.Statistics.Count, SCache.M.Evict(1));",
            "i1 s1 ii12 True True ii12 2 0 False", 3),

        new("Handles of generic methods take the type arguments",
            "public static class S { [Cached] public static string M<T>(T a) where T : IEquatable<T> => Probe.Call(typeof(T).Name); [Cached] public static string N<T>(int a) => Probe.Call(typeof(T).Name); }",
            "Say(S.M(1), S.M(\"1\"), SCache.M.Evict(1), SCache.M.TryGet(\"1\", out var s), s, S.N<int>(1), SCache.N.Evict<string>(1), SCache.N.Evict<int>(1)); SCache.M.Clear(); Say(SCache.M.TryGet(\"1\", out _));",
            "Int32 String True True String Int32 False True False", 3),

        new("Handles of generic types take the type arguments of the type",
            "public class G<T> where T : IEquatable<T> { [Cached] public string M(T a) => Probe.Call(typeof(T).Name); public static class N<U> { [Cached] public static string F(int a) => Probe.Call(typeof(U).Name); } }",
            "Say(new G<int>().M(1), GCache<int>.M.Evict(1), GCache<string>.M.Evict(\"1\"), G<int>.N<long>.F(1), GNCache<int, long>.F.Evict(1), GNCache<int, int>.F.Evict(1));",
            "Int32 True False Int64 True False", 2),

        new("Handles of nested types are named after all of them",
            "namespace A { public static class Outer { public static class Inner { [Cached] public static int M(int a) => Probe.Call(a); } [Cached] public static int M(int a) => Probe.Call(a); } }",
            "Say(A.Outer.Inner.M(1), A.OuterInnerCache.M.Evict(1), A.OuterCache.M.Evict(1));",
            "1 True False", 1),

        new("Handles of extension methods take the receiver as the first parameter",
            "public static class E { [Cached] public static string M(this string s, int n = 2) => Probe.Call(s + n); }",
            "Say(\"a\".M(), ECache.M.Evict(\"a\"), ECache.M.TryGet(\"a\", 2, out _), ECache.M.Uncached(\"a\"), ECache.M.Refresh(\"a\"));",
            "a2 True False a2 a2", 3),

        new("Handles of the partial door act on its cache",
            """
            public partial class C
            {
                [Cached] public partial int M(int a); int MCore(int a) => Probe.Call(Probe.Calls);
                [Cached] public static partial Task<int> T<U>(U a) where U : IEquatable<U>; static Task<int> TCore<U>(U a) where U : IEquatable<U> => Task.FromResult(Probe.Call(Probe.Calls));
            }
            """,
            "var c = new C(); Say(c.M(1), CCache.M.Evict(1), c.M(1), CCache.M.Uncached(c, 1), CCache.M.Refresh(c, 1), c.M(1), await C.T(1), CCache.T.Evict(1), CCache.T.Evict(\"1\"), await SelfRefresh());\nstatic Task<int> SelfRefresh() => CCache.T.Refresh(1);",
            "0 True 1 2 3 3 4 True False 5", 6),

        new("Handles take spans, collections, tuples and members as calls do",
            """
            public sealed class Order { public int Id; }
            public static class S
            {
                [Cached] public static int A(ReadOnlySpan<char> text) => Probe.Call(text.Length);
                [Cached] public static int B([CacheKey(Structural = true)] params int[] n) => Probe.Call(n.Length);
                [Cached] public static int C((int L, string R) pair) => Probe.Call(pair.L);
                [Cached] public static int D([CacheKey("Id")] Order order) => Probe.Call(order.Id);
                [Cached] public static int E([CacheKey(IgnoreCase = true)] string s) => Probe.Call(s.Length);
                [Cached] public static int F(in Guid g) => Probe.Call(1);
            }
            """,
            """
            Say(S.A("ab"), S.B(1, 2), S.C((1, "r")), S.D(new Order { Id = 5 }), S.E("x"), S.F(Guid.Empty));
            Say(SCache.A.Evict("xab".AsSpan(1)), SCache.B.Evict(new[] { 1, 2 }), SCache.C.Evict((1, "r")), SCache.D.Evict(new Order { Id = 5 }), SCache.E.Evict("X"), SCache.F.Evict(Guid.Empty));
            """,
            "2 2 1 5 1 1 True True True True True True", 6),

        new("Handles of internal methods are internal and of private ones are reachable inside the assembly",
            "public class C { [Cached] internal static int I(int a) => Probe.Call(a); [Cached] private static int P(int a) => Probe.Call(a); public static int Go() => P(1); [Cached] protected static int R(int a) => Probe.Call(a); [Cached] public static int U(int a) => Probe.Call(a); }",
            """
            Say(C.I(1), C.Go(), CCache.I.Evict(1), CCache.P.Evict(1), CCache.R.Evict(1));
            Say(string.Join(",", typeof(CCache).GetProperties(System.Reflection.BindingFlags.Static | System.Reflection.BindingFlags.Public).Select(p => p.Name)));
            """,
            "1 1 True True False U", 2),

        new("A taken name is replaced by the one the author chose",
            "namespace N { [CacheHandles(\"Remembered\")] public static class S { [Cached] public static int M(int a) => Probe.Call(a); } public static class SCache { } }",
            "Say(N.S.M(1), N.Remembered.M.Evict(1), typeof(N.SCache).GetMembers(System.Reflection.BindingFlags.DeclaredOnly | System.Reflection.BindingFlags.Static | System.Reflection.BindingFlags.Public).Length);",
            "1 True 0", 1),

        new("Memo lists the caches with their names and clears them",
            "public static class S { [Cached] public static int M(int a) => Probe.Call(a); [Cached(Name = \"pinned\")] public static int N(int a) => Probe.Call(a); }",
            "S.M(1); S.N(1); Say(Memo.Caches.Any(c => c.Name == \"S.M(int)\"), Memo.Caches.Any(c => c.Name == \"pinned\"), SCache.N.Name);",
            "True True pinned", 2),

        new("Keys read well in logs",
            "public sealed record P(int X); public static class S { [Cached] public static int M(string? text, int number, P point, double d, DayOfWeek day, [CacheKey(Structural = true)] int[] list) { Probe.Call(); return Probe.Calls > 3 ? 0 : M(text, number, point, d, day, list); } }",
            """
            System.Globalization.CultureInfo.CurrentCulture = System.Globalization.CultureInfo.GetCultureInfo("de-DE");
            try { S.M("a\"b", 1, new P(2), 1.5, DayOfWeek.Friday, new[] { 1, 2 }); } catch (InvalidOperationException e) { Say(e.Message.Contains("text: \"a\\\"b\", number: 1", StringComparison.Ordinal), e.Message.Contains("d: 1.5", StringComparison.Ordinal), e.Message.Contains("Friday", StringComparison.Ordinal)); }
            """,
            "True True True", 1),
    ];

    public static IEnumerable<TheoryDataRow<string>> Rows => Table.Names(_shapes);

    [Theory, MemberData(nameof(Rows))]
    public Task Handles(string name) => Table.Verify(_shapes, name);

    [Theory]
    [InlineData("namespace N { public static class S { [Cached] public static int M(int a) => a; } public static class SCache { } }", "a type has the name")]
    [InlineData("public static class Outer { public static class Inner { [Cached] public static int M(int a) => a; } } public static class OuterInner { [Cached] public static int M(int a) => a; }", "two types want the name")]
    [InlineData("[CacheHandles(\"no name\")] public static class S { [Cached] public static int M(int a) => a; }", "the name is not one")]
    [InlineData("[CacheHandles(\"\")] public static class S { [Cached] public static int M(int a) => a; }", "the name is empty")]
    public Task A_name_that_cannot_be_is_refused(string code, string why) => new Refusals.Refusal(why, code).Verify();
}
