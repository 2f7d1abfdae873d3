using Memoize.Generators.Tests.Harness;

namespace Memoize.Generators.Tests.CallShapes;

/// <summary>Names that collide, or that are not names without care.</summary>
public sealed class NameTests
{
    static readonly Shape[] _shapes =
    [
        new("Keywords are escaped everywhere",
            "namespace @namespace { public sealed class @class<@struct> where @struct : IEquatable<@struct> { [Cached] public int @int(int @in, @struct @out, string @void = \"@\") => Probe.Call(@in); } }",
            "Say(new @namespace.@class<int>().@int(1, 2), new @namespace.@class<int>().@int(@in: 1, @out: 2));",
            "1 1", 1, 2),

        new("Contextual keywords are names",
            "#pragma warning disable\npublic static class record { [Cached] public static int await(int @value, int field, int @async, int var, int nameof, int @file, int scoped) => Probe.Call(@value + field); }",
            "#pragma warning disable\nSay(record.@await(1, 2, 3, 4, 5, 6, 7), record.@await(1, 2, 3, 4, 5, 6, 7));",
            "3 3", 1, 2),

        new("Parameters named as what generated code uses do not clash",
            """
            public sealed class C
            {
                [Cached] public int M(int self, int key, int hit, int token, int other, int cache, int value, int load, int cancellationToken, int Cache, int Method, int Key, int self1, int key1)
                    => Probe.Call(self + key + hit + token + other + cache + value + load + Cache + Method + Key + self1 + key1);
                [Cached] public Task<int> A(int self, int key, int hit, int token, CancellationToken ct, int result, int task) => Task.FromResult(Probe.Call(self + key));
                [Cached] public int T(int ToString, int GetHashCode, int Equals, int obj, int other, int a, int b, int hash) => Probe.Call(ToString);
                [Cached] public int P(ReadOnlySpan<char> text, ReadOnlySpan<char> key, int probe, int frozen, int span) => Probe.Call(text.Length + span);
            }
            """,
            """
            var c = new C();
            for (var i = 0; i < 2; i++)
                Say(c.M(1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1), await c.A(1, 2, 3, 4, default, 5, 6), c.T(9, 8, 7, 6, 5, 4, 3, 2), c.P("ab", "c", 1, 2, 3));
            """,
            "13 3 9 5 13 3 9 5", 4, 8),

        new("A parameter that is called _ is no discard",
            """
            public sealed class C
            {
                [Cached] public static string M(int a, [NotInKey] object? _) => Probe.Call(a + " " + _);
                [Cached] public static int Twice(int _) => Probe.Call(_ * 2);
                [Cached] public static async Task<int> Both(int _, CancellationToken __ = default) { await Task.Yield(); return Probe.Call(_); }
                [Cached] public static int Lengths([CacheKey(Structural = true)] int[] _) => Probe.Call(_.Length);
                [Cached(PerInstance = true)] public int Found(int _, ReadOnlySpan<char> found) => Probe.Call(_ + found.Length);
                [Evicts(nameof(Twice))] public static void Write(int _) { }
            }
            """,
            """
            var c = new C();
            for (var i = 0; i < 2; i++)
                Say(C.M(1, "x"), C.Twice(3), await C.Both(4), C.Lengths([5, 6]), c.Found(7, "abc"));
            Say(CCache.M.Uncached(1, "y"), CCache.Twice.TryGet(3, out var two), two);
            C.Write(3);
            Say(CCache.Twice.TryGet(3, out _));
            """,
            "1 x 6 4 2 10 1 x 6 4 2 10 1 y True 6 False", 6),

        new("Parameters named as what the key and the lookup use do not clash",
            """
            public static class C
            {
                [Cached] public static int M(int KeyPart, string EntryTag) => Probe.Call(KeyPart + EntryTag.Length);
                [Cached(Tiers = "none")] public static int T(int KeyPart) => Probe.Call(KeyPart);
                [Cached] public static int S(ReadOnlySpan<char> text, int found, int found_) => Probe.Call(text.Length + found);
                [Cached] public static int N(ReadOnlySpan<char> found) => Probe.Call(found.Length);
            }
            """,
            "for (var i = 0; i < 2; i++) Say(C.M(1, \"x\"), C.T(3), C.S(\"ab\", 3, 4), C.N(\"abc\"));",
            "2 3 5 3 2 3 5 3", 4),

        new("Two types of the same name in different namespaces have caches of their own",
            """
            namespace A { public interface IUsers { } public sealed class Users : IUsers { [Cached] public string Get(int id) => Probe.Call("A" + id); } }
            namespace B { public sealed class Users { [Cached] public string Get(int id) => Probe.Call("B" + id); } }
            namespace A.B { public sealed class Users { [Cached] public string Get(int id) => Probe.Call("AB" + id); } }
            namespace A { public static class B_Users { [Cached] public static string Get(int id) => Probe.Call("A_" + id); } }
            public sealed class Users { [Cached] public string Get(int id) => Probe.Call("G" + id); }
            """,
            "Say(new A.Users().Get(1), new B.Users().Get(1), new A.B.Users().Get(1), A.B_Users.Get(1), new Users().Get(1), new A.Users().Get(1));",
            "A1 B1 AB1 A_1 G1 A1", 5, 6),

        new("A nested type and a type whose name looks like it are told apart",
            """
            public static class Outer { public static class Inner { [Cached] public static string M(int a) => Probe.Call("n" + a); } }
            public static class Outer_Inner { [Cached] public static string M(int a) => Probe.Call("u" + a); }
            public static class Outer_Inner_M { [Cached] public static string M(int a) => Probe.Call("m" + a); }
            namespace Outer1 { public static class Inner { [Cached] public static string M(int a) => Probe.Call("o" + a); } }
            """,
            "Say(Outer.Inner.M(1), Outer_Inner.M(1), Outer_Inner_M.M(1), Outer1.Inner.M(1), Outer.Inner.M(1));",
            "n1 u1 m1 o1 n1", 4, 5),

        new("A generic type, one of another arity and a plain one of the same name are told apart",
            """
            public static class S { [Cached] public static string M(int a) => Probe.Call("0" + a); [Cached] public static string M<T>(int a) => Probe.Call("0T" + a); }
            public static class S<A> { [Cached] public static string M(int a) => Probe.Call("1" + a); }
            public static class S<A, B> { [Cached] public static string M(int a) => Probe.Call("2" + a); }
            """,
            "Say(S.M(1), S.M<int>(1), S<int>.M(1), S<int, int>.M(1), S.M(1));",
            "01 0T1 11 21 01", 4, 5),

        new("Overloads have caches of their own",
            """
            public static class S
            {
                [Cached] public static string M(int a) => Probe.Call("i" + a);
                [Cached] public static string M(long a) => Probe.Call("l" + a);
                [Cached] public static string M(int a, int b) => Probe.Call("ii" + a + b);
                [Cached] public static string M(string? a) => Probe.Call("s" + a);
                [Cached] public static string M(in Guid a) => Probe.Call("g");
                [Cached] public static string M<T>(T? a) where T : struct, IEquatable<T> => Probe.Call("t" + a);
                [Cached] public static string M((int, int) a) => Probe.Call("p" + a);
            }
            """,
            "for (var i = 0; i < 2; i++) Say(S.M(1), S.M(1L), S.M(1, 1), S.M(\"1\"), S.M(Guid.Empty), S.M<byte>(1), S.M((1, 1)));",
            "i1 l1 ii11 s1 g t1 p(1, 1) i1 l1 ii11 s1 g t1 p(1, 1)", 7, 14),

        new("Names that differ only in case are told apart",
            """
            public static class Shop { [Cached] public static string Get(int a) => Probe.Call("G" + a); [Cached] public static string get(int a) => Probe.Call("g" + a); [Cached] public static string GET(int A) => Probe.Call("E" + A); }
            public static class SHOP { [Cached] public static string Get(int a) => Probe.Call("S" + a); }
            """,
            "for (var i = 0; i < 2; i++) Say(Shop.Get(1), Shop.get(1), Shop.GET(1), SHOP.Get(1));",
            "G1 g1 E1 S1 G1 g1 E1 S1", 4, 8),

        new("Names outside ASCII are names",
            "namespace Größe { public static class Ünïcode { [Cached] public static int Berechne_名前(int größe) => Probe.Call(größe); } }",
            "Say(Größe.Ünïcode.Berechne_名前(1), Größe.Ünïcode.Berechne_名前(1));",
            "1 1", 1, 2),

        new("User types named as framework and runtime types do not capture generated code",
            """
            namespace App
            {
                public static class System { } public static class Memoize { } public class Task { } public class Func { } public class IEquatable { } public class String { } public class Generated { }
                public static class S { [Cached] public static int M(int a) => Probe.Call(a); [Cached] public static global::System.Threading.Tasks.Task<int> A(int a) => global::System.Threading.Tasks.Task.FromResult(Probe.Call(a)); }
            }
            """,
            "Say(App.S.M(1), App.S.M(1), await App.S.A(1), await App.S.A(1));",
            "1 1 1 1", 2, 4),

        new("A method named as its handle's members, or as members of object, has a handle",
            "public static class S { [Cached] public static int Clear(int a) => Probe.Call(a); [Cached] public static int Evict(int a) => Probe.Call(a); [Cached] public static int Statistics(int a) => Probe.Call(a); [Cached] public static int Get_Hash(int a) => Probe.Call(a); }",
            "for (var i = 0; i < 2; i++) Say(S.Clear(1), S.Evict(1), S.Statistics(1), S.Get_Hash(1)); Say(SCache.Clear.Evict(1), SCache.Evict.Evict(2));",
            "1 1 1 1 1 1 1 1 True False", 4),

        new("The same cached method name in a base and a derived type are two caches",
            """
            public class B { [Cached] public string M(int a) => Probe.Call("b" + a); }
            public sealed class D : B { [Cached] public new string M(int a) => Probe.Call("d" + a); }
            """,
            "var d = new D(); Say(d.M(1), ((B)d).M(1), d.M(1), ((B)d).M(1));",
            "d1 b1 d1 b1", 2, 4),
    ];

    public static IEnumerable<TheoryDataRow<string>> Rows => Table.Names(_shapes);

    [Theory, MemberData(nameof(Rows))]
    public Task Names(string name) => Table.Verify(_shapes, name);
}
