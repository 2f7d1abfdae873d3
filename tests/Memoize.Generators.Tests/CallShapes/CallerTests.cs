using Memoize.Generators.Tests.Harness;

namespace Memoize.Generators.Tests.CallShapes;

/// <summary>Where a call stands does not matter.</summary>
public sealed class CallerTests
{
    const string Twice = "public static class S { [Cached] public static int M(int a) => Probe.Call(a * 2); }\n";

    static readonly Shape[] _shapes =
    [
        new("Top-level statements are callers",
            Twice,
            """
            Probe.Say(S.M(1), S.M(1));
            int Local(int a) => S.M(a);
            Probe.Say(Local(1), new Func<int>(() => S.M(1))());
            """,
            "2 2 2 2", 1, 4) { TopLevel = true },

        new("Top-level statements that await are callers",
            "public static class S { [Cached] public static async Task<int> M(int a) { await Task.Yield(); return Probe.Call(a); } }",
            "Probe.Say(await S.M(1), await S.M(1));",
            "1 1", 1, 2) { TopLevel = true },

        new("Lambdas, local functions and anonymous methods are callers",
            Twice,
            """
            Func<int, int> lambda = a => S.M(a);
            Func<int, int> still = static a => { return S.M(a); };
            Func<int, int> anonymous = delegate (int a) { return S.M(a); };
            static int Local(int a) => S.M(a);
            Say(lambda(1), still(1), anonymous(1), Local(1), Enumerable.Range(1, 2).Select(a => S.M(a)).Sum());
            """,
            "2 2 2 2 6", 2, 6),

        new("Query clauses over objects are callers",
            Twice,
            "Say((from a in new[] { 1, 1, 2 } where S.M(a) > 0 let b = S.M(a) orderby S.M(a) select S.M(a)).Sum());",
            "8", 2, 12),

        new("Async methods and iterators are callers",
            Twice + """
            public static class C
            {
                public static async Task<int> A() { await Task.Yield(); var a = S.M(1); await Task.Yield(); return a + S.M(1); }
                public static IEnumerable<int> I() { yield return S.M(1); yield return S.M(1); }
                public static async IAsyncEnumerable<int> B() { await Task.Yield(); yield return S.M(1); }
            }
            """,
            "Say(await C.A(), C.I().Sum()); await foreach (var b in C.B()) Say(b);",
            "4 4 2", 1, 5),

        new("Initializers, constructors, properties, indexers, operators and finalizers are callers",
            Twice + """
            public class B { public readonly int Seen; public B(int seen) => Seen = seen; }
            public sealed class C : B
            {
                static readonly int _static = S.M(1);
                readonly int _field = S.M(1);
                public int Auto { get; set; } = S.M(1);
                public C() : base(S.M(1)) => Body = S.M(1);
                public int Body;
                public int Expression => S.M(1);
                public int this[int a] { get => S.M(a); }
                public static int operator +(C l, int r) => S.M(r);
                public event Action E { add => S.M(1); remove { } }
                public int Sum() { E += () => { }; return _static + _field + Auto + Body + Seen + Expression + this[1] + (this + 1); }
            }
            public sealed class P(int a) : B(S.M(a)) { public int X { get; } = S.M(a); }
            """,
            "Say(new C().Sum(), new P(1).Seen + new P(1).X);",
            "16 4", 1, 13),

        new("Calls inside every kind of expression are intercepted",
            Twice,
            """
            var list = new List<int> { S.M(1), S.M(1) };
            int[] collection = [S.M(1), .. new[] { S.M(1) }];
            var anonymous = new { A = S.M(1) };
            var text = $"{S.M(1)}{S.M(1):D2}";
            var chosen = S.M(1) switch { 2 => S.M(1), _ => 0 };
            var tuple = (S.M(1), S.M(1));
            var cast = (long)S.M(1) + checked(S.M(1)) + (S.M(1) is var x ? x : 0);
            for (var i = 0; i < S.M(1); i++) { }
            if (S.M(1) == 2 && S.M(1) > 0) { }
            S.M(1);
            _ = S.M(1);
            Say(list.Sum(), collection.Length, anonymous.A, text, chosen, tuple, cast);
            """,
            "4 2 2 202 2 (2, 2) 6", 1, 21),

        new("A call on a line that is spread over many is intercepted",
            "public sealed class C { public C Me => this; [Cached] public int M(int a, int b) => Probe.Call(a + b); }",
            """
            var c = new C();
            Say(c
                .Me // the receiver
                ?.Me
                .M(
                    a: 1,
                    /* two */ b:
                        2), new C().Me./**/M/**/(1, 2));
            """,
            "3 3", 1, 2),

        new("Calls in parentheses, with suppression and with explicit type arguments are intercepted",
            "public static class S { [Cached] public static string? M<T>(int a) => Probe.Call<string?>(\"m\" + a); }",
            "Say((S.M<int>(1))!.Length, S.M<int>(1)!.Length, global::S.M<int>(1)!.ToUpperInvariant());",
            "2 2 M1", 1, 3),

        new("A call in a default interface method is intercepted",
            Twice + "public interface I { int D(int a) => S.M(a) + S.M(a); } public sealed class C : I { }",
            "Say(((I)new C()).D(1));",
            "4", 1, 2),

        new("Two calls on one line and twenty in one file are all intercepted",
            Twice,
            string.Concat(Enumerable.Range(0, 20).Select(i => $"Say(S.M(1) + S.M({i % 2}));")),
            "2 4 2 4 2 4 2 4 2 4 2 4 2 4 2 4 2 4 2 4", 2, 40),

        new("Two files with the same name in different folders are told apart",
            Twice,
            "Say(A.Go(), B.Go());",
            "2 4", 2, 5)
        {
            More = [("One/Same.cs", "public static class A { public static int Go() => S.M(1); }"),
                    ("Two/Same.cs", "public static class B { public static int Go() => S.M(1) + S.M(0) + S.M(1) - S.M(0); }")],
        },

        new("Two files of equal text cannot be told apart by the compiler and run uncached",
            Twice,
            "var types = new[] { typeof(Script).Assembly.GetTypes().Count(t => t.Name.EndsWith(\"Same\", StringComparison.Ordinal)) }; Say(types[0], S.M(1), S.M(1));",
            "2 2 2", 1, 2)
        {
            More = [("One/Same.cs", "file static class Same { public static int Go() => S.M(1); }"),
                    ("Two/Other.cs", "file static class Same { public static int Go() => S.M(1); }")],
            Allow = ["MEMO1001"],
        },

        new("Two files of one path are both intercepted, as code without a path is",
            Twice,
            "Say(A.Go(), B.Go());",
            "2 4", 1, 3)
        {
            More = [("One/Same.cs", "public static class A { public static int Go() => S.M(1); }"),
                    ("One/Same.cs", "public static class B { public static int Go() => S.M(1) + S.M(1); }")],
        },

        new("A file that exists twice, one of them conditionally empty, is intercepted where it can be",
            Twice,
            "Say(A.Go(), A.Go());",
            "2 2", 1, 2)
        {
            More = [("One/A.cs", "public static class A { public static int Go() => S.M(1); }"),
                    ("Two/A.cs", "#if NEVER\npublic static class A { public static int Go() => S.M(1); }\n#endif\n")],
        },

        new("Line directives do not confuse the locations",
            Twice,
            """
            #line 100 "Somewhere.razor"
            Say(S.M(1));
            #line hidden
            Say(S.M(1));
            #line (1, 1) - (1, 20) 5 "Other.razor"
            Say(S.M(1));
            #line default
            Say(S.M(1));
            """,
            "2 2 2 2", 1, 4),

        new("Windows line endings and a byte order mark do not confuse the locations",
            Twice.ReplaceLineEndings("\r\n"),
            "Say(A.Go(), A.Go());",
            "2 2", 1, 2)
        {
            More = [("A.cs", "\uFEFFpublic static class A\r\n{\r\n    // ünïcödé 𝄞\r\n    public static int Go() => S.M(1);\r\n}\r\n")],
        },

        new("Calls from code of an obsolete member to an obsolete target do not warn",
            """
            [Obsolete("old")] public static class Old { [Cached] public static int M(int a) => Probe.Call(a); }
            public static class S { [Cached, Obsolete] public static int M(int a) => Probe.Call(a); }
            public static class Caller
            {
                [Obsolete("too")] public static int Go() => Old.M(1) + Old.M(1);
            #pragma warning disable CS0612
                public static int Also() => S.M(1) + S.M(1);
            }
            """,
            "#pragma warning disable CS0618\nSay(Caller.Go(), Caller.Also());",
            "2 2", 2, 4),

        new("Experimental and unreferenced-code targets do not warn in generated code",
            """
            using System.Diagnostics.CodeAnalysis;
            #pragma warning disable EXP1
            [Experimental("EXP1")] public static class S
            {
                [Cached, RequiresUnreferencedCode("x"), RequiresDynamicCode("y")] public static int M(int a) => Probe.Call(a);
            }
            public static class Caller { public static int Go() => S.M(1) + S.M(1); }
            """,
            "Say(Caller.Go());",
            "2", 1, 2),
    ];

    public static IEnumerable<TheoryDataRow<string>> Rows => Table.Names(_shapes);

    [Theory, MemberData(nameof(Rows))]
    public Task Callers(string name) => Table.Verify(_shapes, name);
}
