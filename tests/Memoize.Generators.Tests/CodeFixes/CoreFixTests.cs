using Memoize.Generators.Tests.Harness;
using Microsoft.CodeAnalysis.CodeFixes;

namespace Memoize.Generators.Tests.CodeFixes;

/// <summary>A cached partial method gets the core that it lacks.</summary>
public sealed class CoreFixTests
{
    public static TheoryData<string, string, string> Missing => new()
    {
        {
            "Write the body in 'GetAsyncCore'",
            """
            public sealed partial class Users
            {
                /// <summary>A user.</summary>
                [Cached(Ttl = 300)]
                public partial Task<string> GetAsync(int id, CancellationToken ct = default);

                public int Other => 1;
            }
            """,
            """
            public sealed partial class Users
            {
                /// <summary>A user.</summary>
                [Cached(Ttl = 300)]
                public partial Task<string> GetAsync(int id, CancellationToken ct = default);

                private Task<string> GetAsyncCore(int id, CancellationToken ct)
                {
                    throw new NotImplementedException();
                }

                public int Other => 1;
            }
            """
        },
        {
            "Write the body in 'MCore'",
            "static partial class S { [Cached] internal static partial string M<T>(this T a, params string[] b) where T : IEquatable<T>; }".Replace("params", "[CacheKey(Structural = true)] params", StringComparison.Ordinal),
            "static partial class S { [Cached] internal static partial string M<T>(this T a, [CacheKey(Structural = true)] params string[] b) where T : IEquatable<T>; private static string MCore<T>(T a, string[] b) where T : IEquatable<T> { throw new NotImplementedException(); } }"
        },
        {
            "Write the body in 'Compute'",
            "static partial class S { [Cached(Core = nameof(Compute))] internal static partial int M(int a); }",
            "static partial class S { [Cached(Core = nameof(Compute))] internal static partial int M(int a); private static int Compute(int a) { throw new NotImplementedException(); } }"
        },
        {
            "Declare 'S' partial",
            "public static class O { public static class S { [Cached] public static partial int M(int a); static int MCore(int a) => a; } }",
            "public static partial class O { public static partial class S { [Cached] public static partial int M(int a); static int MCore(int a) => a; } }"
        },
        {
            "Give 'MCore' the parameters of 'M'",
            "public static partial class S { [Cached] public static partial Task<int> M(int a, [CacheKey(IgnoreCase = true)] string s = \"\", CancellationToken ct = default); static Task<int> MCore(int b) => Task.FromResult(b); }",
            "public static partial class S { [Cached] public static partial Task<int> M(int a, [CacheKey(IgnoreCase = true)] string s = \"\", CancellationToken ct = default); static Task<int> MCore(int b, string s, CancellationToken ct) => Task.FromResult(b); }"
        },
    };

    [Theory, MemberData(nameof(Missing))]
    public async Task The_core_is_written(string title, string before, string after)
    {
        using var solution = FixedSolution.Of(before);
        await solution.Apply("MEMO0002", title.Contains("'S'", StringComparison.Ordinal) ? "partial" : title);
        Assert.Equal(after, solution.Text());
        await solution.Verify("MEMO0002");
    }

    [Theory]
    [InlineData("public static partial class S { [Cached] public static partial int M(int a); static string MCore(string a) => a; }", "it returns something else")]
    [InlineData("public static partial class S { [Cached] public static partial int M(int a); static int MCore(string a) => 1; }", "it takes something else")]
    [InlineData("public static partial class S { [Cached] public static partial int M(int a); static int MCore(int a, int b) => 1; }", "it takes more")]
    [InlineData("public static partial class S { [Cached] public static partial int M(int a, string b); static int MCore(string a) => 1; }", "it has another parameter of that name")]
    public async Task A_core_that_does_something_else_is_left_alone(string code, string why)
    {
        using var solution = FixedSolution.Of(code);
        Assert.True(await solution.Offered("MEMO0002") is [], why);
    }

    [Fact]
    public async Task All_cores_are_written_at_once()
    {
        using var solution = FixedSolution.Of(
            new Setup(),
            ("Code.cs", "static partial class S\n{\n    [Cached]\n    internal static partial int M(int a);\n    [Cached]\n    internal static partial int M(string a);\n}\n"),
            ("More.cs", "partial class T { [Cached] public partial int N(int a); }"));
        await solution.Apply("MEMO0002", "Write the body", FixAllScope.Solution);
        await solution.Verify("MEMO0002");
    }

    [Fact]
    public async Task All_types_are_declared_partial_at_once()
    {
        using var solution = FixedSolution.Of(
            new Setup(),
            ("Code.cs", "public static class O { static int MCore(int a) => a; [Cached] public static partial int M(int a); public struct P { [Cached] public static partial int M(int a); static int MCore(int a) => a; } }"),
            ("More.cs", "class T { [Cached] public partial int N(int a); int NCore(int a) => a; }"));
        await solution.Apply("MEMO0002", "partial", FixAllScope.Project);
        await solution.Verify("MEMO0002");
    }
}
