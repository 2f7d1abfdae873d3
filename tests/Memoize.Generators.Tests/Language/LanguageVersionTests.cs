using Memoize.Generators.Tests.Harness;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Memoize.Generators.Tests.Language;

/// <summary>Every language version from 11, with nullable annotations on and off.</summary>
public sealed class LanguageVersionTests
{
    /// <summary>A little of everything, in C# 11.</summary>
    const string Code =
        """
        namespace Shop
        {
            public sealed class Store
            {
                [Cached(Ttl = 300, MaxSize = 1000)] public string Find(int id, string name = "n") => Probe.Call(id + name);
                [Cached] public Task<int> Count<T>(T a, CancellationToken ct = default) where T : IEquatable<T> => Task.FromResult(Probe.Call(1));
                [Cached] private static int Hidden(ReadOnlySpan<char> text) => Probe.Call(text.Length);
                public int Show() => Hidden("ab") + Hidden("ab");
            }
            public static partial class Pure
            {
                [Cached] public static partial (int Sum, string Text) Add(int a, (int L, int R) b);
                static (int Sum, string Text) AddCore(int a, (int L, int R) b) => Probe.Call((a + b.L + b.R, "t"));
                [Cached(PerInstance = false)] public static ValueTask<string> Extend(this string s, [CacheKey(IgnoreCase = true)] string t) => new ValueTask<string>(Probe.Call(s + t));
                public static ValueTask<string> Go(string t) => "s".Extend(t);
            }
            public readonly struct Point { [Cached] public int M([CacheKey(Structural = true)] int[] a) => Probe.Call(a.Length); }
        }
        """;

    const string Run =
        """
        for (var i = 0; i < 2; i++)
        {
            var store = new Shop.Store();
            Say(store.Find(1), await store.Count("x"), await store.Count(2), store.Show(), Shop.Pure.Add(1, (2, 3)).Sum, await Shop.Pure.Go(i == 0 ? "T" : "t"), new Shop.Point().M(new[] { 1, 2 }));
        }
        Say(Shop.StoreCache.Find.Evict(1), Shop.PureCache.Add.TryGet(1, (2, 3), out var found), found.Text);
        """;

    const string Said = "1n 1 1 4 6 sT 2 1n 1 1 4 6 sT 2 True True t";

    public static TheoryData<LanguageVersion, bool> Versions =>
        new MatrixTheoryData<LanguageVersion, bool>(
            [
                LanguageVersion.CSharp11, LanguageVersion.CSharp12, LanguageVersion.CSharp13,
#if ROSLYN_5_OR_GREATER
                LanguageVersion.CSharp14,
#endif
                LanguageVersion.Latest, LanguageVersion.Preview,
            ],
            [false, true]).Aggregate(new TheoryData<LanguageVersion, bool>(), (data, row) => { data.Add(row.Data.Item1, row.Data.Item2); return data; });

    [Theory, MemberData(nameof(Versions))]
    public Task Compiles_without_warnings_and_runs(LanguageVersion language, bool nullable) =>
        new Shape("versions", Code, Run, Said, 7)
        {
            Setup = new() { Language = language, Nullable = nullable ? NullableContextOptions.Enable : NullableContextOptions.Disable },
        }.Verify();

    [Theory, InlineData(NullableContextOptions.Warnings), InlineData(NullableContextOptions.Annotations)]
    public Task Compiles_in_the_halves_of_the_nullable_context(NullableContextOptions nullable) =>
        new Shape("halves", Code, Run, Said, 7) { Setup = new() { Nullable = nullable } }.Verify();

    [Theory, InlineData(LanguageVersion.CSharp10), InlineData(LanguageVersion.CSharp9), InlineData(LanguageVersion.CSharp7_3)]
    public async Task Below_the_floor_nothing_is_emitted_and_the_analyzer_says_why(LanguageVersion language)
    {
        var setup = new Setup { Language = language, Nullable = NullableContextOptions.Disable, ImplicitUsings = false };
        (string, string)[] files =
        [
            ("Code.cs", "public static class S { [Memoize.Cached] public static int M(int a) { return a; } public static int Go() { return M(1); } }"),
        ];

        var run = GeneratorRun.Of(setup, files);
        Assert.Empty(run.Files);
        run.Emit();
        Assert.Contains(await AnalyzerRun.Of(setup, files), diagnostic =>
            diagnostic.Id.StartsWith("MEMO", StringComparison.Ordinal) && diagnostic.GetMessage(null).Contains("add <LangVersion>11</LangVersion>", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Where_interceptors_are_not_enabled_the_line_to_add_is_said()
    {
        var setup = new Setup { NamespaceEnabled = false };
        (string, string)[] files = [("Code.cs", "public static class S { [Cached] public static string M(int a) => string.Concat(a, a); }")];
        var found = Assert.Single(await AnalyzerRun.Of(setup, files), diagnostic => diagnostic.Severity == DiagnosticSeverity.Error);
        Assert.Equal("MEMO0003", found.Id);
        Assert.Contains("add <InterceptorsNamespaces>$(InterceptorsNamespaces);Memoize.Generated</InterceptorsNamespaces> to the project file", found.GetMessage(null), StringComparison.Ordinal);
    }

    [Fact]
    public Task Without_interception_handles_exist_and_the_plain_door_runs_the_original() =>
        new Shape(
            "off",
            "public static class S { [Cached] public static int M(int a) => Probe.Call(a); }",
            "Say(S.M(1), S.M(1), SCache.M.TryGet(1, out _), SCache.M.Evict(1)); SCache.M.Clear();",
            "1 1 False False", 2)
        { Setup = new() { Interception = false } }.Verify();
}
