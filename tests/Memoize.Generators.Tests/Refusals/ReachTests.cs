using Memoize.Generators.Tests.Harness;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Memoize.Generators.Tests.Refusals;

/// <summary>MEMO0004: what generated code cannot name, each reason with its words; and what it can, though the compiler warns of it.</summary>
public sealed class ReachTests
{
    public static TheoryData<string, string> Hidden => new()
    {
        { "'S.Inner' is private; make it internal", "public class S { [Cached] public static string Go(int a) => string.Concat(a, 1); sealed class Inner { [Cached] public string M(int a) => string.Concat(a, a); } }" },
        { "'S.Inner' is protected; make it internal", "public class S { protected sealed class Inner { [Cached] public string M(int a) => string.Concat(a, a); } }" },
        { "'S.P' is private; make it internal", "public class S { record P(int X); [Cached] static string M(P a) => a.X.ToString(); }" },
        { "'S.P' is private; make it internal", "public class S { record P(int X); [Cached] static P M(int a) => new(a); }" },
        { "'S.P' is private; make it internal", "public class S { record P(int X); [Cached] static string M([CacheKey(Structural = true)] List<P[]> a, [NotInKey] int b) => string.Concat(a, a); [Cached] static Task<List<P>> N(int a) => null!; }" },
        { "'S.I' is private; make it internal", "public class S { interface I; [Cached] static string M<T>(T a) where T : IEquatable<T>, I => $\"{a}\"; }" },
        { "'P' is local to its file; make it internal", "file record P(int X); public class S { [Cached] internal static string N(int a) => string.Concat(a, 1); } file class T { [Cached] internal static string M(P a) => a.X.ToString(); }" },
        { "it is a private method of a static class, which can be reached only from .NET 10 on, and not in a generic class", "public static class S<T> { [Cached] static string M(int a) => string.Concat(a, a); }" },
        { "'T' is obsolete as an error, and only code that is obsolete itself can name it", "[Obsolete(\"old\", true)] public record T(int X); public static class S { [Obsolete, Cached] public static string M(T a) => string.Concat(a.X, 1); }" },
        { "'T' is obsolete as an error", "[Obsolete(\"old\", error: true)] public record T(int X); public static class S { [Obsolete, Cached] public static Task<T[]> M(int a) => null!; }" },
        { "'O' is obsolete as an error", "[Obsolete(\"old\", true)] public class O { public record T(int X); } public static class S { [Obsolete, Cached] public static string M(O.T a) => string.Concat(a.X, 1); }" },
        { "it is obsolete as an error", "public static class S { [Obsolete(\"old\", true), Cached] public static string M(int a) => string.Concat(a, 1); }" },
        { "'S' is obsolete as an error", "[Obsolete(\"old\", true)] public static class S { [Cached] public static string M(int a) => string.Concat(a, 1); }" },
        { "'T' is obsolete as an error", "[Obsolete(\"old\", true)] public record T(int X); [Obsolete] public static class S { [Cached] public static string G(int id) => string.Concat(id, 1); [Evicts(nameof(G), All = true)] public static void M(T a) { } }" },
    };

    [Theory, MemberData(nameof(Hidden))]
    public Task Each_reason_is_said(string reason, string code) => Verify(new Setup(), reason, code);

    // Unsafe accessors came with .NET 8, and learned about generics and about static classes later.
    public static TheoryData<string, string> HiddenFromOldest => new()
    {
        { "it is private and generic, which can be reached only from .NET 9 on; make it internal, or the cached method partial", "public class S { [Cached] static string M<T>(T a) where T : IEquatable<T> => string.Concat(a, a); }" },
        { "it is private and generic", "public class S<T> { [Cached] string M(int a) => string.Concat(a, a); }" },
        { "'TtlOf' is private and generic", "public class S<T> { [Cached(TtlFrom = nameof(TtlOf))] public string M(int a) => string.Concat(a, a); static TimeSpan TtlOf(string value) => TimeSpan.FromSeconds(value.Length); }" },
        { "it is a private method of a static class, which can be reached only from .NET 10 on", "public static class S { [Cached] static string M(int a) => string.Concat(a, a); }" },
        { "members of a generic type that are private can be reached only from .NET 9 on; make the member in the key internal, or the method partial", "public class S<T>(int b) { [CacheKey] readonly int _b = b; [Cached] public string M(int a) => string.Concat(a, _b); }" },
        { "members of a generic type that are private", "public class S<T> { [CacheKey] int B { get; } = 1; [Cached] public string M(int a) => string.Concat(a, B); }" },
        { "members of a generic type that are private", "public class S<T>([CacheKey] int b) { [Cached] public string M(int a) => string.Concat(a, b); }" },
    };

    [Theory, MemberData(nameof(HiddenFromOldest))]
    public async Task What_a_later_framework_reaches_is_refused_on_the_oldest(string reason, string code)
    {
        await Verify(new Setup { Oldest = true }, reason, code);
        Assert.DoesNotContain(await AnalyzerRun.Of(new Setup(), ("Code.cs", code)), diagnostic => diagnostic.Severity == DiagnosticSeverity.Error);
    }

    [Fact]
    public async Task What_is_private_and_not_generic_is_reached_on_the_oldest()
    {
        var setup = new Setup { Oldest = true };
        var run = GeneratorRun.Of(setup, ("Code.cs", """
            public class S(int b)
            {
                [CacheKey] readonly int _b = b;
                [Cached] string M(int a) => string.Concat(a, _b);
                [Cached] static string N(int a) => string.Concat(a, a);
                public string Go() => M(1) + N(1);
            }
            """));
        run.Emit();
        Assert.Contains("UnsafeAccessor", run.GeneratedText, StringComparison.Ordinal);
        Assert.Equal("", AnalyzerRun.Complaints(await AnalyzerRun.Of(setup, run.Input)));
    }

    static async Task Verify(Setup setup, string reason, string code)
    {
        var input = Sources.Compile(setup, ("Code.cs", code));
        Assert.DoesNotContain(input.GetDiagnostics(TestContext.Current.CancellationToken), finding => finding.Severity == DiagnosticSeverity.Error);
        var run = GeneratorRun.Of(setup, input);
        Assert.DoesNotContain(run.Output.GetDiagnostics(TestContext.Current.CancellationToken), finding => finding.Severity == DiagnosticSeverity.Error);
        var found = (await AnalyzerRun.Of(setup, run.Output)).Where(diagnostic => diagnostic.Id == "MEMO0004").ToList();
        Assert.NotEmpty(found);
        Assert.Contains(reason, found[0].GetMessage(null), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Obsolete")]
    [InlineData("Obsolete(\"old\")")]
    [InlineData("Obsolete(\"old\", false)")]
    [InlineData("Obsolete(\"old\", DiagnosticId = \"MARK01\")")]
    [InlineData("System.Diagnostics.CodeAnalysis.Experimental(\"MARK01\")")]
    [InlineData("System.Runtime.Versioning.RequiresPreviewFeatures")]
    public void What_is_only_warned_of_is_no_obstacle(string mark)
    {
        var setup = new Setup();
        var run = GeneratorRun.Of(setup, ("Code.cs", $$"""
            #pragma warning disable CS0612, CS0618, MARK01
            [{{mark}}] public sealed record T(int X);
            [{{mark}}] public interface I { [Cached] T Get(T a); [Evicts(nameof(Get))] void Forget(T a); void Other(T a); }
            public static partial class S
            {
                [Cached] public static string M(T a, [CacheKey(Structural = true)] List<T> b) => string.Concat(a, b);
                [{{mark}}, Cached] public static partial T N(int id);
                static T NCore(int id) => new(id);
                [{{mark}}, Cached] public static T P<U>(U id) where U : IEquatable<U> => new(1);
                [CachedBatch(nameof(N))] public static Dictionary<int, T> All(int[] ids) => ids.ToDictionary(id => id, id => new T(id));
                [Updates(nameof(N))] public static T Set(int id) => new(id);
                public static object Go(T t) => (M(t, [t]), P(1), All([1]), Set(1), N(1));
            }
            """));

        // As the package's own build writes it; that of these tests shows all warnings.
        var generated = run.Files.Select(file => CSharpSyntaxTree.ParseText(
            file.SourceText.ToString().Replace("#pragma warning disable CS0108, CS0612, CS0618, CS1591, CS8981", "#pragma warning disable", StringComparison.Ordinal), Sources.ParseOptions(setup), file.HintName));
        var findings = run.Input.AddSyntaxTrees(generated).GetDiagnostics(TestContext.Current.CancellationToken)
            .Where(finding => finding.Severity >= DiagnosticSeverity.Warning && !finding.IsSuppressed && finding.Id != "CS1591");
        Assert.Equal("", string.Join("\n", findings));
    }
}
