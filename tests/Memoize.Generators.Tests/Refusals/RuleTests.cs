using System.Diagnostics.CodeAnalysis;
using Memoize.Generators.Tests.Harness;

namespace Memoize.Generators.Tests.Refusals;

/// <summary>The rule that refuses, by its number, and the nearest code that it does not refuse.</summary>
public sealed class RuleTests
{
    sealed record Row(string Id, [StringSyntax("c#-test")] string Wrong, [StringSyntax("c#-test")] string Right)
    {
        public Setup Setup { get; init; } = new();

        /// <summary>Where the project makes the difference, not the code.</summary>
        public Setup RightSetup { get; init; } = new();
    }

    static readonly Row[] _rows =
    [
        new("MEMO0001", "public static class S { [Cached] public static void M(int a) { } }", "public static class S { [Cached] public static string M(int a) => string.Concat(a, a); }"),
        new("MEMO0001", "public static class S { [Cached] public static int M(ref int a) => a; }", "public static class S { [Cached] public static string M(in int a) => string.Concat(a, a); }"),
        new("MEMO0001", "public static class S { [Cached] public static IReadOnlyList<int> M(int a) { return [F(a)]; [Cached] static int F(int a) => a * a; } }", "public static class S { [Cached] public static IReadOnlyList<int> M(int a) { return [F(a)]; static int F(int a) => a * a; } }"),
        new("MEMO0002", "public static partial class S { [Cached] public static partial string M(int a); }", "public static partial class S { [Cached] public static partial string M(int a); static string MCore(int a) => string.Concat(a, a); }"),
        new("MEMO0002", "public static partial class S { [Cached] public static partial string M(int a); static string MCore(long a) => string.Concat(a, a); }", "public static partial class S { [Cached(Core = nameof(Body))] public static partial string M(int a); static string Body(int a) => string.Concat(a, a); }"),
        new("MEMO0003", "public static class S { [Cached] public static string M(int a) => string.Concat(a, a); }", "public static class S { [Cached] public static string M(int a) => string.Concat(a, a); }") { Setup = new Setup { NamespaceEnabled = false } },
        new("MEMO0004", "public static class S { sealed class Inner { [Cached] public string M(int a) => string.Concat(a, a); } }", "public static class S { internal sealed class Inner { [Cached] public string M(int a) => string.Concat(a, a); } }"),
        new("MEMO0101", "public static class S { [Cached] public static string M(List<int> a) => string.Concat(a, a); }", "public static class S { [Cached] public static string M([CacheKey(Structural = true)] List<int> a) => string.Concat(a, a); }"),
        new("MEMO0102", "public static class S { [Cached] public static string M([CacheKey(\"Nam\")] Type a) => string.Concat(a, a); }", "public static class S { [Cached] public static string M([CacheKey(\"Name\")] Type a) => string.Concat(a, a); }"),
        new("MEMO0103", "public sealed class C { public int X; [Cached] public string M(int a) => string.Concat(a, X); }", "public sealed class C { public int X; [Cached(PerInstance = true)] public string M(int a) => string.Concat(a, X); }"),
        new("MEMO0104", "public class B { [Cached] public virtual string M(int a) => string.Concat(a, a); } public class D : B { public int X; public override string M(int a) => string.Concat(a, X); }", "public class B { [Cached] public virtual string M(int a) => string.Concat(a, a); } public class D : B { public int X; public override string M(int a) => string.Concat(a, a); }"),
        new("MEMO0201", "public static class S { [Cached] public static Lazy<string> M(int a) => new(() => string.Concat(a, a)); }", "public static class S { [Cached] public static string M(int a) => string.Concat(a, a); }"),
        new("MEMO0201", "public static class S { [Cached] public static System.IO.Stream M(int a) => System.IO.Stream.Null; }", "public static class S { [Cached] public static ReadOnlyMemory<byte> M(int a) => new byte[a]; }"),
        new("MEMO0301", "public static class S { [Cached(MaxSize = 2)] public static string M(int a) => string.Concat(a, a); }", "public static class S { [Cached(MaxSize = 3)] public static string M(int a) => string.Concat(a, a); }"),
        new("MEMO0401", "public static class S { [Cached] public static string M(int a) => string.Concat(a, a); } public static class SCache;", "[CacheHandles(\"SHandles\")] public static class S { [Cached] public static string M(int a) => string.Concat(a, a); } public static class SCache;"),
    ];

    [Theory]
    [InlineData("FormattableString", "'FormattableString' is equal only to itself; name the members that matter with [CacheKey(\"…\")].")]
    [InlineData("System.IO.FileInfo", "'FileInfo' is equal only to itself; name the members")]
    [InlineData("KeyValuePair<int, int>", "'KeyValuePair<int, int>' does not override Equals and GetHashCode; name the members")]
    [InlineData("C", "'C' is equal only to itself; make it an immutable record, or name the members")]
    [InlineData("V", "'V' does not override Equals and GetHashCode; make it a record struct, or name the members")]
    public async Task Only_a_type_of_ones_own_can_be_made_a_record(string type, string says)
    {
        var found = await AnalyzerRun.Of(new Setup(), ("Code.cs", $"public sealed class C; public struct V {{ public int X; }} public static class S {{ [Cached] public static string M({type} a) => string.Concat(a, a); }}"));
        Assert.Contains(says, Assert.Single(found, diagnostic => diagnostic.Id == "MEMO0101").GetMessage(null), StringComparison.Ordinal);
    }

    public static IEnumerable<TheoryDataRow<int>> Rows =>
        _rows.Select((row, index) => new TheoryDataRow<int>(index) { TestDisplayName = $"{row.Id}: {row.Wrong}" });

    [Theory, MemberData(nameof(Rows))]
    public async Task A_rule_refuses_what_it_is_for_and_nothing_else(int index)
    {
        var row = _rows[index];
        Assert.Contains(row.Id, (await AnalyzerRun.Of(row.Setup, ("Code.cs", row.Wrong))).Select(diagnostic => diagnostic.Id));

        var run = GeneratorRun.Of(row.RightSetup, ("Code.cs", row.Right));
        Assert.NotEqual("", run.GeneratedText);
        Assert.Equal("", AnalyzerRun.Complaints(await AnalyzerRun.Of(row.RightSetup, run.Output)));
    }
}
