using Memoize.Generators.Tests.Harness;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Memoize.Generators.Tests.Robustness;

/// <summary>
/// In an IDE the code is broken most of the time. The generator then neither throws nor adds errors of its own to those that the
/// user is about to fix, and from a broken declaration it makes nothing.
/// </summary>
public sealed class HalfTypedCodeTests
{
    const string Program =
        """
        namespace Shop
        {
            public interface IStore { string Find(int id); }
            public sealed partial class Store<T>(IStore inner) : IStore where T : struct, IEquatable<T>
            {
                [Cached(Ttl = 300, MaxSize = 1000, Eviction = Eviction.Lfu)]
                public string Find(int id) => inner.Find(id);
                [Cached(PerInstance = true)]
                public async Task<(int Sum, string? Text)> Sum<U>(T a, [CacheKey("Length")] string b, [CacheKey(Structural = true)] U[] rest, CancellationToken ct = default) where U : IEquatable<U>
                {
                    await Task.Yield();
                    return (b.Length, Find(1));
                }
                [Cached(Core = nameof(Load))] private partial int Size(ReadOnlySpan<char> text);
                int Load(ReadOnlySpan<char> text) => text.Length;
                public int Go(Store<T>? other) => Size("a") + (other?.Find(1).Length ?? 0) + new Store<T>(inner).Size("b");
            }
            public static class E { [Cached] public static int Twice(this string s, int n = 2) => s.Length * n; public static int Go() => "a".Twice(n: 3) + E.Twice("b"); }
        }
        """;

    /// <summary>Declarations that are broken themselves: nothing may be made of them.</summary>
    static readonly string[] _broken =
    [
        "class C { [Cached] }",
        "class C { [Cached] public int M<T>(T T) where T : IEquatable<T> => 1; }",
        "class C { [Cached] public }",
        "class C { [Cached] public static }",
        "class C { [Cached] public static int }",
        "class C { [Cached] public static int M }",
        "class C { [Cached] public static int M( }",
        "class C { [Cached] public static int M(int }",
        "class C { [Cached] public static int (int a) => a; }",
        "class C { [Cached] public static M(int a) => a; }",
        "class C { [Cached] public static Unknown M(int a) => default; }",
        "class C { [Cached] public static int M(Unknown a) => 1; }",
        "class C { [Cached] public static int M(List<Unknown> a) => 1; }",
        "class C { [Cached] public static Task<Unknown> M(int a) => default!; }",
        "class C { [Cached] public static int M<T>(T a) where T : Unknown => 1; }",
        "class C { [Cached] public static int M<T>(T a) where T : IEquatable<Unknown> => 1; }",
        "class C { [Cached] public static int M(Unknown<int>.Nested a) => 1; }",
        "class C { [Cached] public static (int, Unknown) M(int a) => default; }",
        "class C { [Cached] public static int M(Unknown[] a) => 1; }",
        "class C { [Cached] public static int M(Unknown? a) => 1; }",
        "class C { [Cached] public static int M([CacheKey( int a) => 1; }",
        "class C { [Cached] public static int M([CacheKey(\"X\"] int a) => 1; }",
        "class C { [Cached] public static int M([CacheKey(null)] string a) => 1; }",
        "class C { [Cached] public static int M([CacheKey(1)] string a) => 1; }",
        "class C { [Cached] public static int M(int a, int) => 1; }",
        "class C { [Cached] public static int M(int a int b) => 1; }",
        "class C { [Cached] public static partial int M(int a); }",
        "partial class C { [Cached] public static partial int M(int a); static int MCore(int ) => 1; }",
        "partial class C { [Cached] public static partial int M(int a); static Unknown MCore(int a) => 1; }",
        "partial class C { [Cached(Core = )] public static partial int M(int a); static int MCore(int a) => 1; }",
        "partial class C { [Cached(Core = nameof(X))] public static partial int M(int a); static int MCore(int a) => 1; }",
        "class C { [Cached] public int M(int a) => a + _x; public int _x; }",
        "class C { [Cached] public void M(int a) => }",
        "[Cached] class C { int M(int a) => a; }",
        "class C { [Cached] int M { get; } }",
        "class C { [Cached] C() { } }",
        "class C { [Cached] int _field; }",
        "class C { [Cached] delegate int D(int a); }",
        "[Cached] int M(int a) => a;",
        "[Cached]",
        "[Cached",
        "class { [Cached] public static int M(int a) => a; }",
        "class C<T { [Cached] public static int M(int a) => a; ",
        "class C { [Cached] public static int M(this int a) => a; [Cached] public static int M(this int a) => a; } class C { }",
        "class C { [Cached] public static int M(int a) => a; [Cached] public static int M(int b) => b; }",
        "class C { [Cached] public static int M(int a, int a) => a; }",
        "class C { [Cached] public static int M<T, T>(int a) => a; }",
        "class C { [Cached(MaxSize = \"x\")] public static int M(int a) => a; }",
        "class C { [Cached(Nope = 1)] public static int M(int a) => a; }",
        "class C { [Cached(5)] public static int M(int a) => a; }",
        "class C { [Cached(Ttl = Unknown.X)] public static int M(int a) => a; }",
        "class C { [Cached, Cached] public static int M(int a) => a; }",
        "class C : Unknown { [Cached] public int M(int a) => Base(a); }",
        "class C : C { [Cached] public int M(int a) => a; }",
        "class A : B { [Cached] public int M(int a) => a; } class B : A { }",
        "interface I { [Cached] int M(int a) }",
        "enum E { [Cached] A }",
        "class C { int this[[Cached] int a] => a; }",
        "class C { public static int operator [Cached] +(C a) => 1; }",
        "namespace N { [Cached] public static int M(int a) => a; }",
        "record R([Cached] int A);",
        "class C { [Cached] public static int M(int a) { return a; }",
        "class C { [Cached] public static abstract int M(int a); }",
        "class C { [Cached] public static int M(__arglist) => 1; }",
        "class C { [Cached] public static int M(ref) => 1; }",
    ];

    /// <summary>Sound declarations beside broken code: whatever is made of them must be sound too.</summary>
    static readonly string[] _around =
    [
        "class C { [Cached] public static int M(int a) => a; int X => M(; }",
        "class C { [Cached] public static int M(int a) => a; int X => M(1",
        "class C { [Cached] public static int M(int a) => a; int X => M(1, 2); }",
        "class C { [Cached] public static int M(int a) => a; int X => M(\"x\"); }",
        "class C { [Cached] public static int M(int a) => a; int X => M(b: 1); }",
        "class C { [Cached] public static int M(int a) => a; int X => M(Unknown); }",
        "class C { [Cached] public static int M(int a) => a; int X => Unknown.M(1); }",
        "class C { [Cached] public static int M(int a) => a; int X => .M(1); }",
        "class C { [Cached] public static int M(int a) => a; int X => C..M(1); }",
        "class C { [Cached] public static int M(int a) => a; int X => C?.M(1); }",
        "class C { [Cached] public static int M(int a) => a; int X => M<int>(1); }",
        "class C { [Cached] public static int M(int a) => a; int X => M(M(M(; }",
        "class C { [Cached] public static int M(int a) => unknown; int X => M(1); }",
        "class C { [Cached] public static int M(int a) { } int X => M(1); }",
        "class C { [Cached] public static int M(int a) => a; M(1); }",
        "class C { [Cached] public int M(int a) => a; static int X => M(1); }",
        "class C { [Cached] private int M(int a) => a; } class D { int X => new C().M(1); }",
        "class C { [Cached] public static int M<T>(T a) where T : IEquatable<T> => 1; int X => M(new object()); }",
        "class C { [Cached] public static async Task<int> M(int a) => a; int X => await M(1); }",
        "class C { [Cached] public int M(int a) => Unknown(a); }",
        "class C { [Cached] public static int M(int a) => a; } class C { int X => M(1); }",
        "class C { [Cached] public static int M(int a) => a; unsafe int X() { delegate*<int, int> f = &M; return f(1); } }",
        "static class C { [Cached] public static int M(this Unknown a) => 1; [Cached] public static int M(this int a) => 1; static int X => 1.M().M(; }",
        "class C { [Cached] public static int M(int a) => a; [M(1)] int X; }",
    ];

    public static TheoryData<string> Broken => [.. _broken];

    public static TheoryData<string> Around => [.. _around];

    [Theory, MemberData(nameof(Broken))]
    public void Nothing_is_made_of_a_broken_declaration(string code)
    {
        var run = Run(code);
        // Where the error is elsewhere in the text, a sound method may remain; what is made of it must be sound.
        AssertSound(run);
        Assert.DoesNotContain("Unknown", run.GeneratedText, StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(Around))]
    public void Broken_code_around_a_sound_declaration_adds_no_errors(string code) => AssertSound(Run(code));

    [Fact]
    public void The_program_that_is_cut_to_pieces_is_sound()
    {
        var run = Run(Program);
        AssertSound(run);
        Assert.True(run.Files.Length >= 5, run.GeneratedText);
        run.Emit();
    }

    [Fact]
    public void A_program_cut_at_every_token_adds_no_errors() => AssertAllSound(Tokens().Select(token => Program[..token.SpanStart]));

    [Fact]
    public void A_program_without_any_one_token_adds_no_errors() =>
        AssertAllSound(Tokens().Select(token => Program.Remove(token.SpanStart, token.Span.Length)));

    [Fact]
    public async Task The_analyzers_do_not_throw_on_broken_code()
    {
        foreach (var code in _broken.Concat(_around))
            await AnalyzerRun.Of(new Setup(), [("Code.cs", code)]);
    }

    static IEnumerable<SyntaxToken> Tokens()
    {
        var cancellation = TestContext.Current.CancellationToken;
        return CSharpSyntaxTree.ParseText(Program, cancellationToken: cancellation).GetRoot(cancellation).DescendantTokens();
    }

    static GeneratorRun Run(string code) => GeneratorRun.Of(new Setup(), [("Code.cs", code)]);

    static void AssertAllSound(IEnumerable<string> programs)
    {
        // One driver for the whole series, as in an editor: each program is an edit of the one before.
        var setup = new Setup();
        var driver = GeneratorRun.CreateDriver(setup);
        var compilation = Sources.Compile(setup, [("Code.cs", "")]);
        var failures = new List<string>();
        foreach (var program in programs)
        {
            var tree = compilation.SyntaxTrees[^1];
            compilation = compilation.ReplaceSyntaxTree(tree, Sources.Parse(tree.FilePath, program, (CSharpParseOptions)tree.Options));
            try
            {
                var run = GeneratorRun.Once(setup, compilation, driver);
                driver = run.Driver;
                Assert.True(run.Result.Exception is null, $"{run.Result.Exception}\n{program}");
                AssertSound(run);
            }
            catch (Xunit.Sdk.XunitException failure)
            {
                failures.Add(failure.Message.Length > 1500 ? failure.Message[..1500] : failure.Message);
            }
        }

        Assert.True(failures.Count == 0, string.Join("\n\n", failures.Take(8)));
    }

    static void AssertSound(GeneratorRun run)
    {
        foreach (var tree in run.Output.SyntaxTrees.Where(tree => !run.Input.ContainsSyntaxTree(tree)))
        {
            var errors = run.Output.GetSemanticModel(tree).GetDiagnostics(null, TestContext.Current.CancellationToken).Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error).ToList();
            Assert.True(errors.Count == 0, $"{string.Join("\n", errors)}\nfrom\n{run.Input.SyntaxTrees.Last()}\nin\n{tree}");
        }
    }
}
