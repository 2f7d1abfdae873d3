using Memoize.Generators.Tests.Harness;

namespace Memoize.Generators.Tests.CallShapes;

/// <summary>Which kinds of methods and receivers are intercepted.</summary>
public sealed class DirectCallTests
{
    static readonly Shape[] _shapes =
    [
        new("A static method is called once per argument",
            "public static class S { [Cached] public static int M(int a) => Probe.Call(a * 2); }",
            "Say(S.M(1), S.M(1), S.M(2));",
            "2 2 4", 2, 3),

        new("A method without parameters has one entry",
            "public static class S { [Cached] public static string M() => Probe.Call(\"v\"); }",
            "Say(S.M(), S.M());",
            "v v", 1, 2),

        new("An instance method that reads no state is shared by all instances",
            "public sealed class C { [Cached] public int M(int a) => Probe.Call(a * 2); }",
            "Say(new C().M(1), new C().M(1), new C().M(2));",
            "2 2 4", 2, 3),

        new("A call through this and without a receiver is intercepted",
            """
            public sealed class C
            {
                [Cached] public int M(int a) => Probe.Call(a + 1);
                public int Plain(int a) => M(a) + this.M(a) + (this).M(a);
            }
            """,
            "Say(new C().Plain(1));",
            "6", 1, 3),

        new("A static method is intercepted through a using static and through an alias",
            "namespace Deep { public static class S { [Cached] public static int M(int a) => Probe.Call(a); } }",
            "Say(One.A(), Two.A());",
            "5 5", 1, 2)
        {
            More = [("One.cs", "using static Deep.S; public static class One { public static int A() => M(5); }"),
                    ("Two.cs", "using Q = Deep.S; public static class Two { public static int A() => Q.M(5); }")],
        },

        new("A conditional call is intercepted and a null receiver skips it",
            "public sealed class C { [Cached] public int M(int a) => Probe.Call(a * 2); }",
            """
            C? some = new C(), none = null;
            Say(some?.M(1), some?.M(1), none?.M(1), some?.M(1).ToString()?.Length);
            """,
            "2 2 null 1", 1, 3),

        new("A conditional call on a member of a member is intercepted",
            "public sealed class C { public C Next => this; [Cached] public string M(int a) => Probe.Call(\"m\" + a); }",
            "C? c = new C(); Say(c?.Next?.M(1), c?.Next.Next.M(1), c?.Next?.Next?.M(1)?.Length);",
            "m1 m1 2", 1, 3),

        new("A null receiver throws NullReferenceException, also when the entry is there",
            "public sealed class C { [Cached] public int M(int a) => Probe.Call(a); }",
            """
            C? none = null;
            Throws<NullReferenceException>(() => none!.M(1));
            Say(new C().M(1));
            Throws<NullReferenceException>(() => none!.M(1));
            """,
            "NullReferenceException 1 NullReferenceException", 1, 1),

        new("A null receiver of a virtual method throws NullReferenceException",
            "public class C { [Cached] public virtual int M(int a) => Probe.Call(a); }",
            """
            C? none = null;
            Say(new C().M(1), new C().M(1));
            Throws<NullReferenceException>(() => none!.M(1));
            """,
            "1 1 NullReferenceException", 1, 2),

        new("An extension method is intercepted in both spellings, and they share entries",
            "public static class E { [Cached] public static string Twice(this string s, int n = 2) => Probe.Call(s + n); }",
            "Say(\"a\".Twice(), E.Twice(\"a\"), E.Twice(n: 2, s: \"a\"), \"b\".Twice(3), \"a\"?.Twice());",
            "a2 a2 a2 b3 a2", 2, 5),

        new("An extension method takes a null receiver as an argument",
            "public static class E { [Cached] public static string Or(this string? s) => Probe.Call(s ?? \"none\"); }",
            "string? none = null; Say(none.Or(), none.Or(), \"x\".Or());",
            "none none x", 2, 3),

        new("An extension of a struct by in is intercepted",
            "public static class E { [Cached] public static int Twice(this in Guid g) => Probe.Call(g.ToByteArray()[0] * 2); }",
            "var g = new Guid(7, 0, 0, new byte[8]); Say(g.Twice(), E.Twice(g), E.Twice(in g));",
            "14 14 14", 1, 3),

        new("A struct that reads no state is shared, called on a variable, a field and an rvalue",
            """
            public struct P { [Cached] public int M(int a) => Probe.Call(a + 1); }
            public sealed class H { public P Field; public readonly P Fixed; }
            """,
            "var p = new P(); var h = new H(); Say(p.M(1), h.Field.M(1), h.Fixed.M(1), new P().M(1), (new P[1])[0].M(1));",
            "2 2 2 2 2", 1, 5),

        new("A method of a record and of a record struct is intercepted",
            """
            public sealed record R { [Cached] public int M(int a) => Probe.Call(a); }
            public readonly record struct S { [Cached] public int M(int a) => Probe.Call(a); }
            """,
            "Say(new R().M(1), new R().M(1), new S().M(1), new S().M(1));",
            "1 1 1 1", 2, 4),

        new("A method declared in a base class is intercepted through a derived receiver",
            """
            public class B { [Cached] public int M(int a) => Probe.Call(a); }
            public sealed class D : B { public int Own() => M(1); }
            """,
            "Say(new D().M(1), new B().M(1), new D().Own());",
            "1 1 1", 1, 3),

        new("Private and protected methods are intercepted",
            """
            public class C
            {
                [Cached] private int Hidden(int a) => Probe.Call(a + 1);
                [Cached] protected int Kin(int a) => Probe.Call(a + 2);
                [Cached] private protected int Near(int a) => Probe.Call(a + 3);
                [Cached] protected internal int Far(int a) => Probe.Call(a + 4);
                [Cached] private static int Fixed(int a) => Probe.Call(a + 5);
                public int All() => Hidden(0) + Kin(0) + Near(0) + Far(0) + Fixed(0);
            }
            public sealed class D : C { public int Both() => Kin(0) + this.Kin(0); }
            """,
            "Say(new C().All(), new C().All(), new D().Both());",
            "15 15 4", 5, 12),

        new("A private method of a struct is intercepted",
            """
            public struct P
            {
                [Cached] private int M(int a) => Probe.Call(a);
                public int Twice(int a) => M(a) + M(a);
            }
            """,
            "Say(new P().Twice(1));",
            "2", 1, 2),

        new("A type nested in generic types is intercepted",
            """
            public static class G<T> where T : IEquatable<T>
            {
                public sealed class N<U> where U : struct, IEquatable<U> { [Cached] public string M<V>(T t, U u, V v) where V : IEquatable<V> => Probe.Call($"{t}{u}{v}"); }
            }
            """,
            """
            var n = new G<string>.N<int>();
            Say(n.M("a", 1, 'x'), n.M("a", 1, 'x'), n.M("a", 1, "x"), new G<string>.N<long>().M("a", 1, 'x'));
            """,
            "a1x a1x a1x a1x", 3, 4),
    ];

    public static IEnumerable<TheoryDataRow<string>> Rows => Table.Names(_shapes);

    [Theory, MemberData(nameof(Rows))]
    public Task Direct_calls(string name) => Table.Verify(_shapes, name);
}
