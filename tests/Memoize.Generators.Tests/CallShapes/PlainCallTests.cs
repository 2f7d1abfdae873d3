using Memoize.Generators.Parsing;
using Memoize.Generators.Tests.Harness;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Memoize.Generators.Tests.CallShapes;

/// <summary>
/// Most calls are understood without binding them. That this says what the compiler says is checked for every program of these tests
/// (<see cref="PlainCallCheck"/>); here is which calls it is, and what keeps a call from being one.
/// </summary>
public sealed class PlainCallTests
{
    const string Stores =
        """
        public interface IStore { int M(int a); }
        public class Store : IStore { public int M(int a) => a; public static int S(int a) => a; }
        public sealed class Two { public int M(int a) => a; public int M(long a) => 2; }
        public sealed class Narrow { public int M(string a) => 3; public Func<int, int> D = a => a; }
        public static class Extensions { public static int M(this Narrow narrow, int a) => 4; public static int E(this Store store, int a) => 5; }
        """;

    /// <summary>What it shows, the members of a class C that has one call of M, S, D or E, and whether it is understood without binding.</summary>
    static readonly (string Name, string Code, bool IsPlain)[] _calls =
    [
        ("A parameter", "class C { int Run(Store store) => store.M(1); }", true),
        ("A parameter of an interface", "class C { int Run(IStore store) { return store.M(1); } }", true),
        ("A parameter whose name is a keyword", "class C { int Run(Store @in) => @in.M(1); }", true),
        ("A parameter that comments and texts name as well", "class C { /* store */ string Run(Store store) => \"store\" + store.M(1); }", true),
        ("A field", "class C { readonly Store store = new(); int Run() => store.M(1); }", true),
        ("An inherited property", "class B { protected Store Store { get; } = new(); } class C : B { int Run() => Store.M(1); }", true),
        ("A property that is named as its type", "class C { Store Store { get; } = new(); int Run() => Store.M(1); }", true),
        ("A parameter of a primary constructor", "class C(Store store) { int Run() => store.M(1); }", true),
        ("A field that hides a parameter of a primary constructor", "class C(Two store) { readonly Store store = new(); int Run() => store.M(store is null ? 0 : 1); }", true),
        ("A static method of a type", "class C { int Run() => Store.S(1); }", true),
        ("A method of the same class", "class C { int M(int a) => a; int Run() => M(1); }", true),
        ("A method of the same class, by this", "class C { int M(int a) => a; int Run() => this.M(1); }", true),
        ("In a property", "class C { readonly Store store = new(); int Run => store.M(1); }", true),
        ("In an accessor", "class C { readonly Store store = new(); int Run { get { return store.M(1); } } }", true),
        ("In a constructor", "class C { public C(Store store) { store.M(1); } }", true),
        ("In a local function", "class C { int Run(Store store) { return Inner(); int Inner() => store.M(1); } }", true),
        ("In a record", "record C(Store Store) { int Run() => Store.M(1); }", true),
        ("In a nested type that hides a member of the outer one", "class C { Two store = new(); class N { Store store = new(); int Run() => store.M(1); } }", true),

        ("A local variable", "class C { int Run() { var store = new Store(); return store.M(1); } }", false),
        ("A local variable that hides a field", "class C { Two store = new(); int Run() { var store = new Store(); return store.M(1); } }", false),
        ("A field beside a variable of its name in another block", "class C { Store store = new(); int Run() { { var store = 1; _ = store; } return store.M(1); } }", false),
        ("A parameter of a local function", "class C { Two store = new(); int Run() { return Inner(new()); static int Inner(Store store) => store.M(1); } }", false),
        ("A pattern variable", "class C { int Run(object o) => o is Store store ? store.M(1) : 0; }", false),
        ("A parameter of a lambda", "class C { Func<Store, int> Run() => store => store.M(1); }", false),
        ("In a lambda", "class C { Func<int> Run(Store store) => () => store.M(1); }", false),
        ("In an expression tree", "class C { System.Linq.Expressions.Expression<Func<int>> Run(Store store) => () => store.M(1); }", false),
        ("In a query", "class C { object Run(Store store) => from a in new[] { 1 }.AsQueryable() select store.M(1); }", false),
        ("In an initializer", "class C(Store store) { int run = store.M(1); }", false),
        ("In the call of another constructor", "class C { C(int a) { } C(Store store) : this(store.M(1)) { } }", false),
        ("A method with an overload", "class C { int Run(Two store) => store.M(1); }", false),
        ("A method beside an extension method of its name", "class C { int Run(Narrow store) => store.M(1); }", false),
        ("An extension method", "class C { int Run(Store store) => store.E(1); }", false),
        ("A delegate", "class C { int Run(Narrow store) => store.D(1); }", false),
        ("A local function that is named as a method", "class C { int M(int a) => a; int Run() { return M(1); int M(int a) => 2; } }", false),
        ("A receiver of a type parameter", "class C { int Run<T>(T store) where T : Store => store.M(1); }", false),
        ("A parameter that is named as a type parameter of a local function",
            "class C { int Run(Store store) { return Inner<int>(); int Inner<@store>() => 1 + store.M(1); } }", false),
        ("The value of a setter", "class C { Two value = new(); Store Run { set { value.M(1); } } }", false),
        ("Behind base", "class C : Store { int Run() => base.M(1); }", false),
        ("In an indexer", "class C { int this[Store store] => store.M(1); }", false),
        ("A name with an escape", "class C { int Run(Store store) { { var \\u0073tore2 = 1; } return store.M(1); } }", false),
        ("A name with a character that does not count", "class C { Two store = new(); int Run(Store sto\u200Dre) => store.M(1); }", false),
        ("An argument may be dynamic", "class C { int Run(Store store, object o) => store.M((dynamic)o); }", false),
        ("Another file names dynamic", "class C { int Run(Store store) => store.M(1); } class D { dynamic? d; }", false),
    ];

    public static IEnumerable<TheoryDataRow<string>> Rows => _calls.Select(row => new TheoryDataRow<string>(row.Name) { TestDisplayName = row.Name });

    [Theory, MemberData(nameof(Rows))]
    public void What_a_call_means_is_certain_or_left_to_the_compiler(string name)
    {
        var (_, code, isPlain) = _calls.Single(row => row.Name == name);
        var compilation = Compile(code);
        PlainCallCheck.AssertAsBound(compilation);
        Assert.Equal(isPlain, HasPlainCall(compilation));
    }

    /// <summary>Whatever has the name of the receiver, and wherever it stands: never another method than the compiler's.</summary>
    [Fact]
    public void Names_that_hide_each_other_are_the_ones_that_the_compiler_finds()
    {
        string[] fields = ["", "Two x = new();", "Store x = new();", "static readonly Narrow x = new();", "Store x => new();", "class x { public static int M(int a) => 6; }"];
        string[] parameters = ["", "Store x", "Two x", "int y, Store x", "Func<int, int> M"];
        string[] before =
        [
            "", "var x = new Two();", "{ var x = new Two(); _ = x; }", "foreach (var x in new Two[0]) { _ = x; }", "if (new object() is Two x) { _ = x.M(1); }",
            "int M(int a) => a;", "Func<Two, int> f = x => x.M(1);", "static int L(Two x) => x.M(2);", "_ = new { x = 1 };", "_ = (x: 1, y: 2);", "_ = \"x.M(1)\"; // x",
            "try { } catch (Exception x) { _ = x; }", "_ = from x in new[] { 1 } select x;", "#if NEVER\nvar x = 1;\n#endif", "void G<x>() { }", "x: ;",
        ];
        string[] calls = ["x.M(1)", "M(1)", "this.M(1)", "Run2(x.M(1))", "x.M(x.M(1))", "x?.M(1) ?? 0", "((Func<int>)(() => x.M(1)))()"];

        string[] inherited = ["", "protected Two x = new();", "protected int M(int a) => 7;", "protected Store x = new();"];
        string[] primaries = ["", "(Store x)", "(Two x)"];

        // 645,000 programs in all; these are a thousand of them, always the same.
        var random = new Random(1);
        string Any(string[] of) => of[random.Next(of.Length)];
        for (var i = 0; i < 1_000; i++)
        {
            PlainCallCheck.AssertAsBound(Compile(
                $$"""
                public class B { {{Any(inherited)}} }
                public class C{{Any(primaries)}} : B
                {
                    {{Any(fields)}}
                    int Run2(int a) => a;
                    int M(int a, int b = 0) => a + b;
                    int Run({{Any(parameters)}})
                    {
                        {{Any(before)}}
                        {{Any(before)}}
                        return {{Any(calls)}};
                    }
                }
                """));
        }
    }

    [Fact]
    public void The_framework_itself_has_no_dynamic_values() => Assert.Equal((false, 0), Known(Compile("")));

    [Theory]
    [InlineData("public class L { public dynamic? Value; }", "Value")]
    [InlineData("public class L { public dynamic? Value { get; set; } }", "Value get_Value set_Value")]
    [InlineData("public class L { public System.Collections.Generic.List<dynamic>? Find(int a) => null; }", "Find")]
    [InlineData("public class L { public void Find(out dynamic? a) => a = null; }", "Find")]
    [InlineData("public class L { public object? Find(object a) => (dynamic)a; }", "")]
    public void Members_of_a_library_that_are_dynamic_are_known_by_name(string library, string names)
    {
        var sources = DynamicSources.In(Compile("", Library(library)));
        Assert.False(sources.AreEverywhere);
        Assert.Equal(names, string.Join(" ", sources.Names.Order(StringComparer.Ordinal).Where(name => !name.StartsWith('<'))));
    }

    [Theory]
    [InlineData("public class L : System.Collections.Generic.List<dynamic> { }")]
    [InlineData("public class L { public dynamic? this[int a] => null; }")]
    [InlineData("public delegate dynamic? L(int a);")]
    [InlineData("public class L { public static dynamic operator +(L a, L b) => a; }")]
    [InlineData("public class L { public void Deconstruct(out dynamic? a, out int b) => (a, b) = (null, 1); }")]
    public void A_library_whose_dynamic_values_have_no_name_where_they_are_used_leaves_all_calls_to_the_compiler(string library) =>
        Assert.True(DynamicSources.In(Compile("", Library(library))).AreEverywhere);

    [Fact]
    public void A_project_that_is_referenced_as_source_is_looked_at_as_one()
    {
        CSharpCompilation Project(string code) => Sources.Compile(new Setup { AssemblyName = "Other" }, ("L.cs", code));

        Assert.True(DynamicSources.In(Compile("", Project("public class L { public dynamic? Value; }").ToMetadataReference())).AreEverywhere);
        Assert.False(DynamicSources.In(Compile("", Project("public class L { public object? Value; /* dynamic */ }").ToMetadataReference())).AreEverywhere);
    }

    [Theory]
    [InlineData("var id = library.Value; return store.M(id);", false)]
    [InlineData("var id = library.Plain; return store.M(id);", true)]
    public void A_member_that_names_one_is_left_to_the_compiler(string body, bool isPlain)
    {
        var compilation = Compile(
            $$"""class C { int Run(Store store, L library) { {{body}} } }""",
            Library("public class L { public dynamic Value => 1; public int Plain => 1; }"));
        PlainCallCheck.AssertAsBound(compilation);
        Assert.Equal(isPlain, HasPlainCall(compilation));
    }

    static bool HasPlainCall(Compilation compilation) =>
        PlainCallCheck.Calls(compilation, "C.cs").Any(call => PlainCallCheck.Understood(call, compilation) is not null);

    static (bool, int) Known(Compilation compilation) => (DynamicSources.In(compilation) is var sources && sources.AreEverywhere, sources.Names.Count);

    static MetadataReference Library(string code)
    {
        using var image = new MemoryStream();
        var result = Sources.Compile(new Setup { AssemblyName = "Library" }, ("L.cs", code)).Emit(image, cancellationToken: TestContext.Current.CancellationToken);
        Assert.True(result.Success, string.Join("\n", result.Diagnostics));
        return MetadataReference.CreateFromImage(image.ToArray());
    }

    static CSharpCompilation Compile(string code, params MetadataReference[] references) =>
        Sources.Compile(new Setup { References = [.. references] }, ("Stores.cs", Stores), ("C.cs", code));
}
