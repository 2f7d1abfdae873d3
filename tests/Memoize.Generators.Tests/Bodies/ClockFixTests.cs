using System.Diagnostics.CodeAnalysis;
using Memoize.Generators.Tests.CodeFixes;
using Memoize.Generators.Tests.Harness;
using Microsoft.CodeAnalysis.CodeFixes;

namespace Memoize.Generators.Tests.Bodies;

/// <summary>The clock becomes a parameter, and the callers read it.</summary>
public sealed class ClockFixTests
{
    const string Title = "Take the time as a parameter";

    public static TheoryData<string, string, string> Fixes => new()
    {
        {
            "a method without parameters",
            "public static class S { [Cached] public static int M() => DateTime.UtcNow.Year; public static int Go() => M() + S.M(); }",
            "public static class S { [Cached] public static int M(DateTime utcNow) => utcNow.Year; public static int Go() => M(DateTime.UtcNow) + S.M(DateTime.UtcNow); }"
        },
        {
            "behind the other parameters",
            "public static class S { [Cached] public static bool M(DateTime until) => DateTime.Now > until; public static bool Go(DateTime d) => M(d); }",
            "public static class S { [Cached] public static bool M(DateTime until, DateTime now) => now > until; public static bool Go(DateTime d) => M(d, DateTime.Now); }"
        },
        {
            "before a token",
            "public static class S { [Cached] public static async Task<int> M(int a, CancellationToken ct = default) { await Task.Delay(1, ct); return DateTime.Today.Day + a; } public static async Task<int> Go(CancellationToken ct) => await M(1, ct) + await M(2); }",
            "public static class S { [Cached] public static async Task<int> M(int a, DateTime today, CancellationToken ct = default) { await Task.Delay(1, ct); return today.Day + a; } public static async Task<int> Go(CancellationToken ct) => await M(1, DateTime.Today, ct) + await M(2, DateTime.Today); }"
        },
        {
            "before what may be left out",
            "public static class S { [Cached] public static int M(int a, int b = 3) => DateTime.UtcNow.Hour * a + b; public static int Go() => M(1) + M(1, 2) + M(1, b: 2) + M(b: 1, a: 2); }",
            "public static class S { [Cached] public static int M(int a, DateTime utcNow, int b = 3) => utcNow.Hour * a + b; public static int Go() => M(1, DateTime.UtcNow) + M(1, DateTime.UtcNow, 2) + M(1, DateTime.UtcNow, b: 2) + M(b: 1, a: 2, utcNow: DateTime.UtcNow); }"
        },
        {
            "before a parameter array",
            "public static class S { [Cached] public static int M(string a, [CacheKey(Structural = true)] params int[] b) => DateTime.UtcNow.Hour + a.Length + b.Length; public static int Go() => M(\"x\", 1, 2) + M(\"y\"); }",
            "public static class S { [Cached] public static int M(string a, DateTime utcNow, [CacheKey(Structural = true)] params int[] b) => utcNow.Hour + a.Length + b.Length; public static int Go() => M(\"x\", DateTime.UtcNow, 1, 2) + M(\"y\", DateTime.UtcNow); }"
        },
        {
            "an instance, by all its spellings",
            "public sealed class C { [Cached] public int M(int a) => DateTimeOffset.UtcNow.Hour + a; public int Go(C? c) => M(1) + this.M(2) + (c?.M(3) ?? 0); }",
            "public sealed class C { [Cached] public int M(int a, DateTimeOffset utcNow) => utcNow.Hour + a; public int Go(C? c) => M(1, DateTimeOffset.UtcNow) + this.M(2, DateTimeOffset.UtcNow) + (c?.M(3, DateTimeOffset.UtcNow) ?? 0); }"
        },
        {
            "an extension method",
            "public static class E { [Cached] public static int M(this string s) => DateTime.UtcNow.Hour + s.Length; public static int Go() => \"a\".M() + E.M(\"b\"); }",
            "public static class E { [Cached] public static int M(this string s, DateTime utcNow) => utcNow.Hour + s.Length; public static int Go() => \"a\".M(DateTime.UtcNow) + E.M(\"b\", DateTime.UtcNow); }"
        },
        {
            "all reads of the method, also in lambdas and local functions",
            "public static class S { [Cached] public static int M(string a) { int Hour() => DateTime.UtcNow.Hour; return a.Count(c => c > DateTime.UtcNow.Minute) + Hour() + DateTime.UtcNow.Second; } }",
            "public static class S { [Cached] public static int M(string a, DateTime utcNow) { int Hour() => utcNow.Hour; return a.Count(c => c > utcNow.Minute) + Hour() + utcNow.Second; } }"
        },
        {
            "what is only logged stays",
            "public static class S { [Cached] public static int M(int a) { Console.WriteLine(DateTime.UtcNow); return DateTime.UtcNow.Hour + a; } }",
            "public static class S { [Cached] public static int M(int a, DateTime utcNow) { Console.WriteLine(DateTime.UtcNow); return utcNow.Hour + a; } }"
        },
        {
            "recursion is about one time",
            "public static class S { [Cached] public static int M(int a) => a == 0 ? DateTime.UtcNow.Hour : M(a - 1); }",
            "public static class S { [Cached] public static int M(int a, DateTime utcNow) => a == 0 ? utcNow.Hour : M(a - 1, utcNow); }"
        },
        {
            "a name that is taken",
            "public static class S { [Cached] public static bool M(DateTime now) { var utcNow = DateTime.UtcNow; return utcNow > now; } }",
            "public static class S { [Cached] public static bool M(DateTime now, DateTime utcNow_) { var utcNow = utcNow_; return utcNow > now; } }"
        },
        {
            "a call inside a call",
            "public static class S { [Cached] public static int M(int a) => DateTime.UtcNow.Hour + a; public static int Go() => M(M(1)); }",
            "public static class S { [Cached] public static int M(int a, DateTime utcNow) => utcNow.Hour + a; public static int Go() => M(M(1, DateTime.UtcNow), DateTime.UtcNow); }"
        },
        {
            "both halves of a partial method",
            "public static partial class S { [Cached] public static partial int M(int a); private static int MCore(int a) => DateTime.UtcNow.Hour + a; public static int Go() => M(1) + MCore(2); }",
            "public static partial class S { [Cached] public static partial int M(int a, DateTime utcNow); private static int MCore(int a, DateTime utcNow) => utcNow.Hour + a; public static int Go() => M(1, DateTime.UtcNow) + MCore(2, DateTime.UtcNow); }"
        },
        {
            "a name in a comment and in nameof",
            "public static class S { [Cached] public static int M(int a) => DateTime.UtcNow.Hour + a; /// <summary>See <see cref=\"M\"/>.</summary>\npublic static string Go() => nameof(M) + M(1); }",
            "public static class S { [Cached] public static int M(int a, DateTime utcNow) => utcNow.Hour + a; /// <summary>See <see cref=\"M\"/>.</summary>\npublic static string Go() => nameof(M) + M(1, DateTime.UtcNow); }"
        },
    };

    [Theory, MemberData(nameof(Fixes))]
    public async Task The_time_becomes_a_parameter([SuppressMessage("Usage", "xUnit1026", Justification = "It is the name of the case.")] string name, string code, string expected)
    {
        Assert.NotEmpty(name);
        using var solution = FixedSolution.Of(code);
        await solution.Apply("MEMO0501", Title);
        Assert.Equal(expected, solution.Text());
        await solution.Verify("MEMO0501");
    }

    [Fact]
    public async Task Calls_in_other_files_and_projects_pass_the_time()
    {
        using var solution = FixedSolution.Of(new Setup(),
            ("Code.cs", "namespace Shop; public static class S { [Cached] public static bool M(DateTime until) => DateTime.UtcNow > until; }"),
            ("Other.cs", "namespace Shop; public static class T { public static bool Go(DateTime d) => S.M(d); }"));
        solution.Add("Second", ("Third.cs", "namespace Second; public static class U { public static bool Go(DateTime d) => Shop.S.M(until: d); }"));
        await solution.Apply("MEMO0501", Title);
        Assert.Contains("S.M(d, DateTime.UtcNow)", solution.Text("Other.cs"), StringComparison.Ordinal);
        Assert.Contains("Shop.S.M(until: d, DateTime.UtcNow)", solution.Text("Third.cs"), StringComparison.Ordinal);
        await solution.Verify("MEMO0501");
    }

    [Theory]
    [InlineData(FixAllScope.Document), InlineData(FixAllScope.Project), InlineData(FixAllScope.Solution)]
    public async Task All_are_fixed_at_once(FixAllScope scope)
    {
        using var solution = FixedSolution.Of(
            "public static class S { [Cached] public static int M(int a) => DateTime.UtcNow.Hour + DateTime.Now.Minute + a; [Cached] public static int N(int a) => DateTime.Today.Day + a; public static int Go() => M(N(1)) + N(M(2)); }");
        await solution.Apply("MEMO0501", Title, scope);
        Assert.Equal(
            "public static class S { [Cached] public static int M(int a, DateTime now, DateTime utcNow) => utcNow.Hour + now.Minute + a; [Cached] public static int N(int a, DateTime today) => today.Day + a; public static int Go() => M(N(1, DateTime.Today), DateTime.Now, DateTime.UtcNow) + N(M(2, DateTime.Now, DateTime.UtcNow), DateTime.Today); }",
            solution.Text());
        await solution.Verify("MEMO0501");
    }

    [Theory]
    [InlineData("public static class S { static bool Old(DateTime t) => DateTime.UtcNow > t; [Cached] public static bool M(DateTime t) => Old(t); }", "a helper has other callers")]
    [InlineData("public interface I { bool M(DateTime t); } public sealed class C : I { [Cached] public bool M(DateTime t) => DateTime.UtcNow > t; }", "the interface decides")]
    [InlineData("public class C { [Cached] public virtual bool M(DateTime t) => DateTime.UtcNow > t; }", "overrides would no longer fit")]
    [InlineData("public static class S { [Cached] public static bool M(DateTime t) => DateTime.UtcNow > t; public static Func<DateTime, bool> Go() => M; }", "a delegate has no place for it")]
    [InlineData("public static class S { [Cached] public static int M(int a) { return Hour() + a; static int Hour() => DateTime.UtcNow.Hour; } }", "a static local function does not see it")]
    [InlineData("public static class S { [Cached] public static Guid M(int a) => Guid.NewGuid(); }", "a random value is no time")]
    [InlineData("public sealed class C(TimeProvider time) { [Cached] public bool M(DateTimeOffset t) => time.GetUtcNow() > t; }", "callers do not have the provider")]
    public async Task It_is_not_offered_where_it_would_not_help(string code, string why)
    {
        using var solution = FixedSolution.Of(code);
        Assert.True((await solution.Offered("MEMO0501")).All(title => title != Title), why);
    }
}
