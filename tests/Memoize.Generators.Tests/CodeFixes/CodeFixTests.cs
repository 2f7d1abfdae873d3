using Memoize.Generators.Tests.Harness;

namespace Memoize.Generators.Tests.CodeFixes;

/// <summary>What a fix writes compiles, is cached, and has no complaint left.</summary>
public sealed class CodeFixTests
{
    public static TheoryData<string, string, string, string> Fixes => new()
    {
        { "MEMO0103", "PerInstance = true", "public sealed class C { public int X; [Cached] public int M(int a) => a + X; }", "[Cached(PerInstance = true)]" },
        { "MEMO0103", "PerInstance = true", "public sealed class C { public int X; [Cached(Ttl = 5, MaxSize = 10)] public int M(int a) => a + X; }", "[Cached(Ttl = 5, MaxSize = 10, PerInstance = true)]" },
        { "MEMO0103", "PerInstance = true", "public sealed class C(int x) { [Obsolete, Memoize.CachedAttribute()] public int M(int a) => a + x; }", "PerInstance = true" },
        { "MEMO0101", "[CacheKey(Structural = true)]", "public static class S { [Cached] public static int M(int a, List<int> list) => a; }", "CacheKey(Structural = true)] List<int> list" },
        { "MEMO0101", "[NotInKey]", "public static class S { [Cached] public static int M(int a, List<int> list) => a; }", "NotInKey] List<int> list" },
        { "MEMO0101", "[NotInKey]", "public static class S { [Cached] public static int M(int a, object tag) => a; }", "NotInKey] object tag" },
        { "MEMO0101", "[NotInKey]", "public static class S { [Cached] public static int M([System.ComponentModel.Description(\"x\")] Action log, int a) => a; }", "Action log" },
        { "MEMO0301", "MaxSize", "public static class S { [Cached(MaxSize = 1)] public static int M(int a) => a; }", "[Cached]" },
        { "MEMO0301", "MaxSize", "public static class S { [Cached(Ttl = 5, MaxSize = 0, Name = \"n\")] public static int M(int a) => a; }", "[Cached(Ttl = 5, Name = \"n\")]" },
        { "MEMO0301", "Ttl", "public static class S { [Cached(Ttl = -1, MaxSize = 10)] public static int M(int a) => a; }", "[Cached(MaxSize = 10)]" },
        { "MEMO0301", "PerInstance", "public static class S { [Cached(PerInstance = true)] public static int M(int a) => a; }", "[Cached]" },
        { "MEMO0301", "Core", "public static class S { [Cached(Core = \"X\")] public static int M(int a) => a; }", "[Cached]" },
    };

    [Theory, MemberData(nameof(Fixes))]
    public async Task A_fix_leaves_code_that_is_cached(string id, string title, string code, string expected)
    {
        var (titles, mended) = await CodeFixRun.Apply(code, id, title);
        Assert.True(mended is not null, $"offered: {string.Join(", ", titles)}");
        Assert.Contains(expected, mended, StringComparison.Ordinal);
        (string, string)[] files = [("Code.cs", mended)];
        Assert.Equal("", AnalyzerRun.Complaints(await AnalyzerRun.Of(new Setup(), files)));
        var run = GeneratorRun.Of(new Setup(), files);
        run.Emit();
        Assert.NotEmpty(run.Files);
    }

    [Theory]
    [InlineData("MEMO0103", "PerInstance", "public struct P { public int X; [Cached] public readonly int M(int a) => a + X; }", "a struct has no identity")]
    [InlineData("MEMO0101", "Structural", "public static class S { [Cached] public static int M(object a) => 1; }", "an object has no elements")]
    public async Task A_fix_is_not_offered_where_it_would_not_help(string id, string title, string code, string why)
    {
        var (titles, _) = await CodeFixRun.Apply(code, id, title);
        Assert.True(titles.All(offered => !offered.Contains(title, StringComparison.Ordinal)), $"{why}: {string.Join(", ", titles)}");
    }

    [Fact]
    public void Every_provider_can_fix_all_and_names_its_diagnostics()
    {
        Assert.NotEmpty(CodeFixRun.Providers);
        Assert.All(CodeFixRun.Providers, provider =>
        {
            Assert.NotNull(provider.GetFixAllProvider());
            Assert.All(provider.FixableDiagnosticIds, id => Assert.StartsWith("MEMO", id, StringComparison.Ordinal));
        });
    }
}
