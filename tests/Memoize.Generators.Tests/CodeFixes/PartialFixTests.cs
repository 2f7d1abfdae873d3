using Memoize.Generators.Tests.Harness;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;

namespace Memoize.Generators.Tests.CodeFixes;

/// <summary>A method is split into a partial declaration and its core, and then every call reaches the cache.</summary>
public sealed class PartialFixTests
{
    /// <summary>A call that passes the plain door by, so that the fix is offered.</summary>
    const string Use = "public static class Use { public static object F() { var f = S.M; return f; } }\n";

    /// <summary>The method, its type, and what both become.</summary>
    public static TheoryData<string, string> Splits => new()
    {
        {
            """
            public static class S
            {
                /// <summary>Doubles.</summary>
                /// <param name="a">What.</param>
                [Cached(Ttl = 5)]
                public static int M(int a)
                {
                    // Twice.
                    return a  +  a; // formatted by hand
                }

                public static int Other => 1;
            }
            """,
            """
            public static partial class S
            {
                /// <summary>Doubles.</summary>
                /// <param name="a">What.</param>
                [Cached(Ttl = 5)]
                public static partial int M(int a);

                private static int MCore(int a)
                {
                    // Twice.
                    return a  +  a; // formatted by hand
                }

                public static int Other => 1;
            }
            """
        },
        {
            "public static class S { [Cached] public static int M(int a) => a; }",
            "public static partial class S { [Cached] public static partial int M(int a); private static int MCore(int a) => a; }"
        },
        {
            "public static class S { [Cached] public static int M(int a, [NotInKey] object o) => a < 2 ? a : M(a - 1, o); }",
            "public static partial class S { [Cached] public static partial int M(int a, [NotInKey] object o); private static int MCore(int a, object o) => a < 2 ? a : M(a - 1, o); }"
        },
        {
            """
            static class S
            {
                [Cached] // often
                internal static int M(int a) => // why
                    a;
                static int MCore(int b) => b;
            }
            """,
            """
            static partial class S
            {
                [Cached(Core = nameof(MOriginal))] // often
                internal static partial int M(int a);

                private static int MOriginal(int a) => // why
                    a;
                static int MCore(int b) => b;
            }
            """
        },
        {
            """
            static class S
            {
                [Cached] internal static int M(int a) => a;
                static string MCore(string b) => b;
            }
            """,
            """
            static partial class S
            {
                [Cached] internal static partial int M(int a);

                private static int MCore(int a) => a;
                static string MCore(string b) => b;
            }
            """
        },
        {
            """
            static class S
            {
                [System.Runtime.CompilerServices.MethodImpl(System.Runtime.CompilerServices.MethodImplOptions.AggressiveOptimization)]
                [Cached]
                [Obsolete("x", false)]
                internal static int M(int a)
                    => a;
                public const int MCore = 1;
            }
            """,
            """
            static partial class S
            {
                [Cached(Core = nameof(MOriginal))]
                [Obsolete("x", false)]
                internal static partial int M(int a);

                [System.Runtime.CompilerServices.MethodImpl(System.Runtime.CompilerServices.MethodImplOptions.AggressiveOptimization)]
                private static int MOriginal(int a)
                    => a;
                public const int MCore = 1;
            }
            """
        },
    };

    [Theory, MemberData(nameof(Splits))]
    public async Task The_body_goes_to_the_core_and_the_rest_stays(string before, string after)
    {
        using var solution = FixedSolution.Of(new Setup(), ("Code.cs", before), ("Use.cs", "#pragma warning disable CS0618\n" + Use));
        await solution.Apply("MEMO1001", "Make 'M' partial, so that every call is cached");
        Assert.Equal(after, solution.Text());
        await solution.Verify("MEMO1001");
    }

    /// <summary>Declarations with a call that passes by, and the lines that come of them.</summary>
    public static TheoryData<string, string, string> Kinds => new()
    {
        {
            "public interface IUsers { Task<string> Get(int id, CancellationToken ct = default); } public class Users : IUsers { [Cached(Ttl = 300)] public async Task<string> Get(int id, CancellationToken ct = default) { await Task.Delay(id, ct); return \"u\" + id; } } class U { Task<string> F(IUsers u) => u.Get(1); }",
            "[Cached(Ttl = 300)] public partial Task<string> Get(int id, CancellationToken ct = default);",
            "private async Task<string> GetCore(int id, CancellationToken ct) { await Task.Delay(id, ct); return \"u\" + id; }"
        },
        {
            "public static class S { [Cached] public static string M<T>(T a, string? s = null) where T : notnull, IEquatable<T> => $\"{a}{s}\"; static object U() => (Func<int, string?, string>)S.M<int>; }",
            "public static partial string M<T>(T a, string? s = null) where T : notnull, IEquatable<T>;",
            "private static string MCore<T>(T a, string? s) where T : notnull, IEquatable<T> => $\"{a}{s}\";"
        },
        {
            "public static class S { [Cached] public static int M(this string s, [CacheKey(Structural = true)] params int[] rest) => s.Length + rest.Length; static object U() => (Func<string, int[], int>)S.M; }",
            "public static partial int M(this string s, [CacheKey(Structural = true)] params int[] rest);",
            "private static int MCore(string s, int[] rest) => s.Length + rest.Length;"
        },
        {
            "public class B { public virtual int V(int a) => -1; public int H(int a) => -1; } public class D : B { [Cached] public sealed override int V(int a) => base.V(a) + 1; } class U { int F(B b) => b.V(1); }",
            "[Cached] public sealed override partial int V(int a);",
            "private int VCore(int a) => base.V(a) + 1;"
        },
        {
            "public class B { public int H(int a) => -1; } public class D : B { [Cached] public new virtual int H(int a) => a; object U() => (Func<int, int>)H; }",
            "[Cached] public new virtual partial int H(int a);",
            "private int HCore(int a) => a;"
        },
        {
            "public abstract class B { public abstract string G<T>(T a) where T : struct, IEquatable<T>; } public class D : B { [Cached] public override string G<T>(T a) => a.ToString()!; } class U { string F(B b) => b.G(1); }",
            "[Cached] public override partial string G<T>(T a);",
            "private string GCore<T>(T a) where T : struct, IEquatable<T> => a.ToString()!;"
        },
        {
            "public struct P { public int X; public void Set() => X = 1; [Cached] public readonly int M(int a) => a; static object U() => (Func<int, int>)new P().M; }",
            "[Cached] public readonly partial int M(int a);",
            "private readonly int MCore(int a) => a;"
        },
        {
            "public static class S { [Cached] static int M(int a) => a; static object U() => (Func<int, int>)M; }",
            "[Cached] private static partial int M(int a);",
            "private static int MCore(int a) => a;"
        },
        {
            "public static class S { [Cached] async static ValueTask<int> M(int a) { await Task.Yield(); return a; } static object U() => (Func<int, ValueTask<int>>)M; }",
            "[Cached] private static partial ValueTask<int> M(int a);",
            "private async static ValueTask<int> MCore(int a) { await Task.Yield(); return a; }"
        },
        {
            "public static class S { [Cached] [return: System.Diagnostics.CodeAnalysis.NotNullIfNotNull(\"a\")] public static string? M([System.ComponentModel.Description(\"d\")] string? a) => a; static object U() => (Func<string?, string?>)M; }",
            "[Cached] [return: System.Diagnostics.CodeAnalysis.NotNullIfNotNull(\"a\")] public static partial string? M([System.ComponentModel.Description(\"d\")] string? a);",
            "[return: System.Diagnostics.CodeAnalysis.NotNullIfNotNull(\"a\")] private static string? MCore(string? a) => a;"
        },
        {
            "public class C(int x) { [Cached(PerInstance = true)] public int M(in int a) => a + x; object U() => (System.Linq.Expressions.Expression<Func<int>>)(() => M(1)); }",
            "[Cached(PerInstance = true)] public partial int M(in int a);",
            "private int MCore(in int a) => a + x;"
        },
        {
            "public static class S { [Cached] public static int @class(int @int) => @int; static object U() => (Func<int, int>)S.@class; }",
            "[Cached] public static partial int @class(int @int);",
            "private static int classCore(int @int) => @int;"
        },
    };

    [Theory, MemberData(nameof(Kinds))]
    public async Task Methods_of_all_kinds_are_split(string code, string declaration, string core)
    {
        using var solution = FixedSolution.Of(code);
        await solution.Apply("MEMO1001", "partial");
        Assert.True(solution.Text().Contains(declaration, StringComparison.Ordinal) && solution.Text().Contains(core, StringComparison.Ordinal), solution.Text());
        await solution.Verify("MEMO1001");
    }

    [Fact]
    public async Task Lines_end_as_they_did()
    {
        using var solution = FixedSolution.Of(new Setup(), ("Code.cs", "public static class S\r\n{\r\n\t[Cached]\r\n\tpublic static int M(int a)\r\n\t{\r\n\t\treturn a;\r\n\t}\r\n}\r\n"), ("Use.cs", Use));
        await solution.Apply("MEMO1001", "partial");
        Assert.Equal("public static partial class S\r\n{\r\n\t[Cached]\r\n\tpublic static partial int M(int a);\r\n\r\n\tprivate static int MCore(int a)\r\n\t{\r\n\t\treturn a;\r\n\t}\r\n}\r\n", solution.Text());
    }

    [Fact]
    public async Task The_method_may_be_in_another_project()
    {
        using var solution = FixedSolution.Of(new Setup(), ("Code.cs", "public static class S { [Cached] public static int M(int a) => a; }"));
        solution.Add("Web", ("Use.cs", Use));
        await solution.Apply("MEMO1001", "partial");
        Assert.Contains("public static partial int M(int a);", solution.Text(), StringComparison.Ordinal);
        await solution.Verify("MEMO1001");
    }

    [Theory]
    [InlineData("MEMO0004", "public static class S<T> { [Cached] static int M(int a) => a; public static int N() => M(1); }")]
    [InlineData("MEMO0004", "public class O<T> where T : class { sealed record R { public record struct Q { public interface I { class C { [Cached] internal static int M(int a) => a; static object U() => (Func<int, int>)M; } } } } }")]
    [InlineData("MEMO0004", "public class O { class P { [Cached] public static int M(int a) => a; } public static int N() => P.M(1); }")]
    public async Task Generated_code_reaches_what_is_partial(string id, string code)
    {
        using var solution = FixedSolution.Of(code);
        await solution.Apply(id, "Make 'M' partial");
        await solution.Verify(id);
    }

    [Fact]
    public async Task A_project_without_interceptors_can_have_partial_methods()
    {
        using var disabled = FixedSolution.Of("public static class S { [Cached] public static int M(int a) => a; }").WithoutInterceptors();
        await disabled.Apply("MEMO0003", "Make 'M' partial");
        await disabled.Verify("MEMO0003");
    }

    [Theory]
    [InlineData("MEMO1001", "public static partial class S { [Cached] public static partial int M(int a); public static partial int M(int a) => a; static object U() => (Func<int, int>)M; }", "it has its halves")]
    [InlineData("MEMO0004", "public static class S { sealed class H { } [Cached] internal static int M([NotInKey] IEquatable<int> a) => N(null!, 1); [Cached] static int N([NotInKey] H h, int a) => a; }", "the type of the parameter stays private")]
    public async Task It_is_not_offered_where_it_would_not_help(string id, string code, string why)
    {
        using var solution = FixedSolution.Of(code);
        Assert.True((await solution.Offered(id)).All(title => title.StartsWith("Pass a lambda", StringComparison.Ordinal)), why);
    }

    [Fact]
    public async Task It_is_not_offered_where_the_declaration_is_in_metadata()
    {
        var library = GeneratorRun.Of(new Setup { AssemblyName = "Lib" }, ("Code.cs", "public static class S { [Cached] public static int M(int a) => a; }")).Emit();
        using var solution = FixedSolution.Of(
            new Setup { References = [Microsoft.CodeAnalysis.MetadataReference.CreateFromImage(library)] }, ("Use.cs", Use));
        Assert.DoesNotContain(await solution.Offered("MEMO1001"), title => title.Contains("partial", StringComparison.Ordinal));
    }

    [Fact]
    public async Task It_is_not_offered_for_generated_code()
    {
        using var solution = FixedSolution.Of(new Setup(), ("Code.g.cs", "public static class S { [Cached] public static int M(int a) => a; }"), ("Use.cs", Use));
        Assert.DoesNotContain(await solution.Offered("MEMO1001"), title => title.Contains("partial", StringComparison.Ordinal));
    }

    [Fact]
    public async Task It_is_not_offered_where_the_language_is_too_old()
    {
        using var solution = FixedSolution.Of(
            new Setup { Language = LanguageVersion.CSharp8, ImplicitUsings = false },
            ("Code.cs", "public static class S { [Memoize.Cached] public static int M(int a) => a; }"));
        Assert.Empty(await solution.Offered("MEMO0003"));
    }

    [Theory]
    [InlineData(FixAllScope.Document)]
    [InlineData(FixAllScope.Project)]
    [InlineData(FixAllScope.Solution)]
    public async Task Many_calls_of_many_methods_are_fixed_at_once(FixAllScope scope)
    {
        using var solution = FixedSolution.Of(
            new Setup(),
            ("Code.cs", "public static class S\n{\n    [Cached]\n    public static int M(int a) => a;\n\n    [Cached]\n    public static int M(string a) => a.Length;\n\n    [Cached]\n    public static int N(int a) => a;\n}\n"),
            ("More.cs", "public static class T { public static class I { [Cached] public static int M(int a) => a; } [Cached] public static int N(int a) => a; }"),
            ("Use.cs", "public static class Use { public static object[] F() => [(Func<int, int>)S.M, (Func<int, int>)S.M, (Func<string, int>)S.M, (Func<int, int>)S.N, (Func<int, int>)T.I.M, (Func<int, int>)T.N]; }"),
            ("Use2.cs", "public static class Use2 { public static object[] F() => [(Func<int, int>)S.M, (Func<int, int>)T.I.M]; }"));
        await solution.Apply("MEMO1001", "partial", scope);
        Assert.Equal(
            "public static partial class S\n{\n    [Cached]\n    public static partial int M(int a);\n\n    private static int MCore(int a) => a;\n\n    [Cached]\n    public static partial int M(string a);\n\n    private static int MCore(string a) => a.Length;\n\n    [Cached]\n    public static partial int N(int a);\n\n    private static int NCore(int a) => a;\n}\n",
            solution.Text());
        await solution.Verify("MEMO1001");
    }
}
