using Memoize.Generators.Tests.Harness;
using Microsoft.CodeAnalysis;

namespace Memoize.Generators.Tests.CallShapes;

/// <summary>Calls into referenced assemblies whose methods carry the attribute: one cache, owned by the declaring assembly.</summary>
public sealed class AssemblyTests
{
    const string Library =
        """
        namespace Lib
        {
            public sealed class Store { [Cached] public string Find(int id, string name = "n") => Probe.Call(id + name); public string Inside(int id) => Find(id); }
            public class G<T> where T : IEquatable<T> { [Cached] public string M<U>(T a, U b) where U : IEquatable<U> => Probe.Call($"{a}{b}"); }
            public static class E { [Cached] public static async Task<string> Later(this string s, CancellationToken ct = default) { await Task.Yield(); return Probe.Call(s); } }
            public static partial class P { [Cached] public static partial int M(int a); static int MCore(int a) => Probe.Call(a); }
            public class B { [Cached] protected string Kin(int a) => Probe.Call("k" + a); [Cached] public virtual string V(int a) => Probe.Call("v" + a); }
            public readonly struct R { [Cached] public int M(int a) => Probe.Call(a); }
        }
        """;

    const string Run =
        """
        for (var i = 0; i < 2; i++)
            Say(new Lib.Store().Find(1), new Lib.Store().Inside(1), new Lib.G<string>().M("a", i - i), await D.Later(), Lib.P.M(1), new D().Go(), new Lib.B().V(1), new Lib.R().M(1));
        """;

    const string Derived = "using Lib; public sealed class D : B { public string Go() => Kin(1); public static Task<string> Later() => \"s\".Later(); }";
    const string Said = "1n 1n a0 s 1 k1 v1 1 1n 1n a0 s 1 k1 v1 1";

    [Fact]
    public async Task Both_assemblies_share_the_cache_of_the_declaring_one() =>
        Assert.Equal((Said, 7), await RunTogether(new Setup(), new Setup()));

    [Fact]
    public async Task An_assembly_with_interception_off_calls_uncached_and_its_library_stays_cached()
    {
        // Cached: the library's own call of Find, and the partial door. The other seven run the original twice each, Find included.
        Assert.Equal((Said, 1 + 1 + 6 * 2), await RunTogether(new Setup(), new Setup { Interception = false }));
    }

    [Fact]
    public async Task A_library_with_interception_off_still_works_for_its_callers()
    {
        var (said, calls) = await RunTogether(new Setup { Interception = false }, new Setup());
        Assert.Equal(Said, said);
        Assert.InRange(calls, 7, 16);
    }

    [Fact]
    public async Task A_library_that_was_compiled_without_the_generator_runs_uncached()
    {
        var plain = Library.Replace("public static partial class P { [Cached] public static partial int M(int a); static int MCore", "public static class P { [Cached] public static int M", StringComparison.Ordinal);
        var library = CompileLibrary(new Setup(), plain, withGenerator: false);
        var (said, calls) = await RunApp(new Setup(), library);
        Assert.Equal((Said, 16), (said, calls));
    }

    [Fact]
    public async Task Internal_methods_are_cached_for_friends()
    {
        var library = CompileLibrary(new Setup(),
            """
            [assembly: System.Runtime.CompilerServices.InternalsVisibleTo("App")]
            namespace Lib { internal static class S { [Cached] internal static int M(int a) => Probe.Call(a); } public static class T { [Cached] public static int M(int a) => Probe.Call(a); } }
            """);
        Assert.Equal(("1 1 1 1", 2), await RunApp(new Setup(), library, "Say(Lib.S.M(1), Lib.S.M(1), Lib.T.M(1), Lib.T.M(1));", ""));
    }

    [Fact]
    public async Task A_friend_with_types_of_the_same_names_has_its_own_caches()
    {
        const string same = "namespace Lib { internal static class Own { [Cached] internal static int M(int a) => Probe.Call(a); internal static int Go() => M(1) + M(1); } }";
        var library = CompileLibrary(new Setup(), "[assembly: System.Runtime.CompilerServices.InternalsVisibleTo(\"App\")]\n" + same.Replace("Own", "Theirs", StringComparison.Ordinal) + same);
        Assert.Equal(("2", 1), await RunApp(new Setup(), library, "Say(Lib.Mine.Go());", same.Replace("Own", "Mine", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task An_alias_of_a_reference_is_respected()
    {
        var library = CompileLibrary(new Setup(), "namespace Lib { public static class S { [Cached] public static int M(int a) => Probe.Call(a); } }");
        var reference = library.Reference.WithAliases(["other"]);
        var (said, calls) = await RunApp(new Setup(), (library.Image, reference), "Say(Caller.Go());",
            "extern alias other; public static class Caller { public static int Go() => other::Lib.S.M(1) + other::Lib.S.M(1); }", probe: true);
        Assert.Equal("2", said);
        Assert.InRange(calls, 0, 2);
    }

    [Theory]
    [InlineData("public sealed record P(int[] X);", "new(new int[1])")]
    [InlineData("public readonly record struct P(System.Collections.Generic.List<int> X);", "new(new())")]
    [InlineData("public record B(object X); public sealed record P(object X, int Y) : B(X);", "new(1, 1)")]
    public async Task A_record_of_another_assembly_is_looked_into(string declaration, string value)
    {
        var library = CompileLibrary(new Setup(), $"namespace Lib {{ {declaration} }}");
        var setup = new Setup { References = [library.Reference] };
        (string, string)[] files = [("Code.cs", $"public static class S {{ [Cached] public static int M(Lib.P p) => 1; public static int Go() => M({value}); }}")];
        Assert.Equal("", GeneratorRun.Of(setup, files).GeneratedText);
        Assert.Contains(await AnalyzerRun.Of(setup, files), diagnostic => diagnostic.Id == "MEMO0101");
    }

    [Fact]
    public async Task A_record_of_another_assembly_is_compared_strictly()
    {
        var library = CompileLibrary(new Setup(), "namespace Lib { public sealed record P(double X); public readonly record struct R(System.Uri X); }");
        Assert.Equal(("Infinity -Infinity #x #y", 4), await RunApp(new Setup(), library,
            "Say(S.M(new(0.0)), S.M(new(-0.0)), S.N(new(new(\"http://a/#x\"))), S.N(new(new(\"http://a/#y\"))));",
            "public static class S { [Cached] public static double M(Lib.P p) => Probe.Call(1 / p.X); [Cached] public static string N(Lib.R p) => Probe.Call(p.X.Fragment); }"));
    }

    static async Task<(string, int)> RunTogether(Setup library, Setup app) => await RunApp(app, CompileLibrary(library, Library));

    [Theory]
    [InlineData("public sealed record Listed(int Id, List<int> Items) : Lib.Filter(Id);", "What this call of 'Search.Run(Filter)' passes for 'filter' cannot be part of the cache key: 'Filter' may be a 'Listed', and Listed.Items is 'List<int>'")]
    [InlineData("public sealed record Priced(int Id, decimal Price) : Lib.Filter(Id);", "'Filter' may be a 'Priced', whose 'Price' is equal in several forms")]
    [InlineData("public sealed record Named(int Id, string Name) : Lib.Filter(Id);", null)]
    public async Task What_derives_here_from_a_parameter_of_a_library_is_looked_at_where_it_is_called(string derived, string? says)
    {
        var library = CompileLibrary(new Setup(), "namespace Lib { public record Filter(int Id); public static class Search { [Cached] public static string Run(Filter filter) => filter.ToString(); [Cached] public static string By([CacheKey(\"Id\")] Filter filter) => filter.ToString(); } }");
        var found = await AnalyzerRun.Of(new Setup { References = [library.Reference] }, ("Code.cs", derived + "public static class U { public static string Go(Lib.Filter f) => Lib.Search.Run(f) + Lib.Search.By(f); }"));
        var errors = found.Where(static one => one.Severity == DiagnosticSeverity.Error).Select(static one => one.GetMessage(null)).ToList();
        if (says is null)
            Assert.Empty(errors);
        else
            Assert.Contains(says, Assert.Single(errors), StringComparison.Ordinal);
    }

    static (byte[] Image, MetadataReference Reference) CompileLibrary(Setup setup, string code, bool withGenerator = true)
    {
        setup = setup with { AssemblyName = "Lib" };
        (string, string)[] files = [("Probe.cs", Probe.Text), ("Lib.cs", code)];
        var image = withGenerator ? GeneratorRun.Of(setup, files).Emit() : EmitPlain(Sources.Compile(setup, files));
        return (image, MetadataReference.CreateFromImage(image));
    }

    static byte[] EmitPlain(Compilation compilation)
    {
        using var image = new MemoryStream();
        Assert.True(compilation.Emit(image).Success);
        return image.ToArray();
    }

    static async Task<(string, int)> RunApp(Setup app, (byte[] Image, MetadataReference Reference) library, string run = Run, string code = Derived, bool probe = false)
    {
        var shape = new Shape("app", code, run, "", 0);
        var files = shape.Files.Where(file => probe || file.Path != "Probe.cs");
        var compiled = GeneratorRun.Of(app with { References = [library.Reference] }, files);
        using var program = new LoadedProgram(library.Image, compiled.Emit());
        return await program.RunScript();
    }
}
