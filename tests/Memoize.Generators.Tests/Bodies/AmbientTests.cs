using Memoize.Generators.Tests.Harness;

namespace Memoize.Generators.Tests.Bodies;

/// <summary>MEMO0110 to MEMO0112: what is declared with CacheVaryBy, what methods say about it, and what they read.</summary>
public sealed class AmbientTests
{
    const string Tenant =
        """
        [assembly: CacheVaryBy("tenant", typeof(Tenants), nameof(Tenants.Current))]
        public static class Tenants { static readonly AsyncLocal<string> _id = new(); public static string Current => _id.Value!; public static string Raw => _id.Value!; }

        """;

    const string Culture = "using System.Globalization;\n[assembly: CacheVaryBy(\"culture\", typeof(CultureInfo), nameof(CultureInfo.CurrentCulture))]\n";
    const string CultureName = "using System.Globalization;\n[assembly: CacheVaryBy(\"culture\", typeof(L), \"Name\")]\npublic static class L { public static string Name => CultureInfo.CurrentCulture.Name; }\n";
    const string Language = "using System.Globalization;\n[assembly: CacheVaryBy(\"culture\", typeof(L), \"Name\")]\npublic static class L { public static string Name => CultureInfo.CurrentCulture.TwoLetterISOLanguageName; }\n";

    static readonly BodyCase[] _read =
    [
        new("A property of the tenant", Tenant + "public static class S { [Cached] public static string M(int a) => Tenants.Current + a; }", "Tenants.Current") { Says = ["VaryBy = \"tenant\""] },
        new("Through a helper", Tenant + "public static class S { static string T() => Tenants.Current; [Cached] public static string M(int a) => T() + a; }", "Tenants.Current") { Says = ["in 'T'"] },
        new("Through an accessor of another type", Tenant + "public static class Now { public static string Who => Tenants.Current; } public static class S { [Cached] public static string M(int a) => Now.Who + a; }", "Now.Who"),
        new("In the core of a partial method", Tenant + "public static partial class S { [Cached] public static partial string M(int a); static string MCore(int a) => Tenants.Current + a; }", "Tenants.Current"),
        new("Through a static method of another type", Tenant + "public static class Now { public static string Who() => Tenants.Current; } public static class S { [Cached] public static string M(int a) => Now.Who() + a; }", "Now.Who()"),
        new("In a lambda", Tenant + "public static class S { [Cached] public static int M(string a) => a.Count(c => Tenants.Current.Contains(c)); }", "Tenants.Current"),
        new("A method", "[assembly: CacheVaryBy(\"t\", typeof(X), \"Get\")]\npublic static class X { public static int Get() => 1; }\npublic static class S { [Cached] public static string M(int a) => $\"{X.Get()}{a}\"; }", "X.Get()"),
        new("A method group", "[assembly: CacheVaryBy(\"t\", typeof(X), \"Get\")]\npublic static class X { public static int Get() => 1; }\npublic static class S { static string Ask(Func<int> f) => f() + \"\"; [Cached] public static string M(int a) => Ask(X.Get) + a; }", "X.Get"),
        new("A field", "[assembly: CacheVaryBy(\"t\", typeof(X), \"Id\")]\npublic static class X { public static int Id; }\npublic static class S { [Cached] public static string M(int a) => X.Id + \":\" + a; }", "X.Id"),
        new("The culture", Culture + "public static class S { [Cached] public static string M(decimal a) => a.ToString(CultureInfo.CurrentCulture); }", "CultureInfo.CurrentCulture"),
        new("One method of two", Tenant + "public static class S { [Cached(VaryBy = \"-tenant\")] public static string M(int a) => Tenants.Current + a; [Cached] public static string N(int a) => Tenants.Current + a; }", "Tenants.Current"),
    ];

    static readonly BodyCase[] _decided =
    [
        new("It varies by it", Tenant + "public static class S { [Cached(VaryBy = \"tenant\")] public static string M(int a) => Tenants.Current + a; }"),
        new("It says that it does not matter", Tenant + "public static class S { [Cached(VaryBy = \"-tenant\")] public static string M(int a) => Tenants.Current + a; }"),
        new("All methods vary by it", Tenant.Replace("Current))", "Current), Default = true)", StringComparison.Ordinal) + "public static class S { [Cached] public static string M(int a) => Tenants.Current + a; }"),
        new("Only the name is used", Tenant + "public static class S { [Cached] public static string M(int a) => nameof(Tenants.Current) + a; }"),
        new("It is only logged", Tenant + "public sealed class C(Microsoft.Extensions.Logging.ILogger log) { [Cached] public int M(int a) { Microsoft.Extensions.Logging.LoggerExtensions.LogInformation(log, Tenants.Current); return (int)Math.Pow(a, 2); } }") { More = Libraries.Logging },
        new("A keyed property reads it", Tenant + "public sealed class C { [CacheKey] private string T => Tenants.Current; [Cached] public string M(int a) => T + a; }"),
        new("Another cached method reads it", Tenant + "public static class S { [Cached(VaryBy = \"tenant\")] public static string N(int a) => Tenants.Current + a; [Cached(VaryBy = \"-tenant\")] public static string M(int a) => N(a) + a; }"),
    ];

    // The rules that spoke about the same reads before: silent where the method varies, and with the advice to where it could.
    static readonly (string Rule, BodyCase Case)[] _others =
    [
        ("MEMO0502", new("The tenant that is in the key", Tenant + "public static class S { [Cached(VaryBy = \"tenant\")] public static string M(int a) => Tenants.Current + a; }")),
        ("MEMO0502", new("The tenant past the declared source", Tenant + "public static class S { [Cached] public static string M(int a) => Tenants.Raw + a; }", "Tenants.Raw") { Says = ["CacheVaryBy ('tenant') and set VaryBy"] }),
        ("MEMO0502", new("A caller where nothing is declared", "public static class X { static readonly AsyncLocal<string> _id = new(); public static string Raw => _id.Value!; } public static class S { [Cached] public static string M(int a) => X.Raw + a; }", "X.Raw") { Says = ["take the user or tenant as a parameter"] }),
        ("MEMO0503", new("The culture in the key", Culture + "public static class S { [Cached(VaryBy = \"culture\")] public static string M(decimal a) => a.ToString(CultureInfo.CurrentCulture) + NumberFormatInfo.CurrentInfo.PercentSymbol; }")),
        ("MEMO0503", new("The name of the culture in the key", CultureName + "public static class S { [Cached(VaryBy = \"culture\")] public static string M(decimal a) => a.ToString(CultureInfo.CurrentCulture); }")),
        ("MEMO0503", new("The language alone is not the culture", Language + "public static class S { [Cached(VaryBy = \"culture\")] public static string M(decimal a) => a.ToString(CultureInfo.CurrentCulture); }", "CultureInfo.CurrentCulture")),
        ("MEMO0503", new("Another way to the declared culture", Culture + "public static class S { [Cached] public static string M(decimal a) => a.ToString(NumberFormatInfo.CurrentInfo); }", "NumberFormatInfo.CurrentInfo") { Says = ["or set VaryBy = \"culture\""] }),
        ("MEMO0503", new("The culture of texts is another one", Culture + "public static class S { [Cached(VaryBy = \"culture\")] public static string M(int a) => CultureInfo.CurrentUICulture.Name + a; }", "CultureInfo.CurrentUICulture")),
        ("MEMO0507", new("An unspoken culture in the key", Culture + "public static class S { [Cached(VaryBy = \"culture\")] public static string M(decimal a) => a.ToString(\"N2\"); }")),
        ("MEMO0507", new("An unspoken culture that is declared", Culture + "public static class S { [Cached] public static string M(decimal a) => a.ToString(\"N2\"); }", "a.ToString(\"N2\")") { Says = ["or set VaryBy = \"culture\""] }),
        ("MEMO0504", new("A static field in the key", "[assembly: CacheVaryBy(\"t\", typeof(X), \"Id\")]\npublic static class X { public static int Id; public static void Set(int id) => Id = id; }\npublic static class S { [Cached(VaryBy = \"t\")] public static string M(int a) => X.Id + \":\" + a; }")),
        ("MEMO0504", new("A static field beside the declared one", "[assembly: CacheVaryBy(\"t\", typeof(X), \"Id\")]\npublic static class X { public static int Id => Raw; public static int Raw; public static void Set(int id) => Raw = id; }\npublic static class S { [Cached] public static string M(int a) => X.Raw + \":\" + a; }", "X.Raw") { Says = ["('t') and set VaryBy"] }),
    ];

    static readonly (string Declaration, string Says)[] _wrong =
    [
        ("\"t\", typeof(X), \"Curent\"", "did you mean 'Current'?"),
        ("\"t\", typeof(X), \"Nowhere\"", "'X' has no member 'Nowhere'"),
        ("\"t\", typeof(X), \"OfInstance\"", "not static"),
        ("\"t\", typeof(X), \"Hidden\"", "make it internal"),
        ("\"t\", typeof(X), \"HiddenGetter\"", "make it internal"),
        ("\"t\", typeof(X), \"List\"", "is a collection"),
        ("\"t\", typeof(X), \"Thing\"", "'object'"),
        ("\"t\", typeof(X), \"WithParameter\"", "without parameters"),
        ("\"t\", typeof(X), \"Nothing\"", "gives a value"),
        ("\"t\", typeof(X), \"SetOnly\"", "gives a value"),
        ("\"t\", typeof(X), \"Later\"", "Task"),
        ("\"\", typeof(X), \"Current\"", "a name begins with a letter"),
        ("\"a,b\", typeof(X), \"Current\"", "a name begins with a letter"),
        ("\"-a\", typeof(X), \"Current\"", "a name begins with a letter"),
        ("\"t\", typeof(int[]), \"Length\"", "no type with members"),
        ("\"t\", typeof(List<>), \"Count\"", "no type with members"),
    ];

    public static IEnumerable<TheoryDataRow<string>> Read => BodyCase.Names(_read);
    public static IEnumerable<TheoryDataRow<string>> Decided => BodyCase.Names(_decided);
    public static IEnumerable<TheoryDataRow<string>> Others => BodyCase.Names(_others.Select(one => one.Case));
    public static IEnumerable<TheoryDataRow<string>> Wrong => _wrong.Select(row => new TheoryDataRow<string>(row.Declaration));

    [Theory, MemberData(nameof(Read))]
    public Task A_read_of_a_declared_value_does_not_compile(string name) => BodyCase.Verify(_read, name, "MEMO0112");

    [Theory, MemberData(nameof(Decided))]
    public Task A_method_that_has_decided_does(string name) => BodyCase.Verify(_decided, name, "MEMO0112");

    [Theory, MemberData(nameof(Others))]
    public Task Other_rules_leave_declared_values_to_their_declaration(string name)
    {
        var (rule, one) = _others.Single(other => other.Case.Name == name);
        return one.Verify(rule);
    }

    [Theory, MemberData(nameof(Wrong))]
    public async Task A_declaration_that_cannot_be_read_is_refused_where_it_stands(string declaration)
    {
        var row = _wrong.Single(candidate => candidate.Declaration == declaration);
        var code = $$"""
            [assembly: CacheVaryBy({{declaration}}, Default = true)]
            public sealed class X
            {
                public static int Current => 1; public int OfInstance => 1; static int Hidden => 1; public static int HiddenGetter { private get; set; } public static List<int> List => []; public static object Thing => 1;
                public static int WithParameter(int a) => a; public static void Nothing() { } public static int SetOnly { set { } } public static Task<string> Later() => Task.FromResult("");
            }
            public static class S { [Cached] public static string M(int a) => string.Concat(a, a); }
            """;
        var problem = Assert.Single(await AnalyzerRun.Of(new Setup(), ("Code.cs", code)), diagnostic => diagnostic.Severity == Microsoft.CodeAnalysis.DiagnosticSeverity.Error);
        Assert.Equal("MEMO0111", problem.Id);
        Assert.Contains(row.Says, problem.GetMessage(null), StringComparison.Ordinal);
        Assert.StartsWith("CacheVaryBy(", problem.Location.SourceTree!.GetText(TestContext.Current.CancellationToken).ToString(problem.Location.SourceSpan), StringComparison.Ordinal);
        Assert.Equal("", GeneratorRun.Of(new Setup(), ("Code.cs", code)).GeneratedText);
    }

    [Theory]
    [InlineData("tennant", "did you mean 'tenant'?")]
    [InlineData("TENANT", "did you mean 'tenant'?")]
    [InlineData("user", "declared are 'tenant'")]
    [InlineData("", "names nothing")]
    [InlineData("tenant,", "names nothing")]
    [InlineData("-", "names nothing")]
    [InlineData("tenant,-tenant", "named twice")]
    [InlineData("-user", "no [assembly: CacheVaryBy(\"user\", …)]")]
    public async Task A_name_that_nobody_declares_is_refused(string varyBy, string says)
    {
        var code = Tenant + $"public static class S {{ [Cached(VaryBy = \"{varyBy}\")] public static string M(int a) => string.Concat(a, a); }}";
        var problem = Assert.Single(await AnalyzerRun.Of(new Setup(), ("Code.cs", code)), diagnostic => diagnostic.Severity == Microsoft.CodeAnalysis.DiagnosticSeverity.Error);
        Assert.Equal("MEMO0110", problem.Id);
        Assert.Contains(says, problem.GetMessage(null), StringComparison.Ordinal);
        Assert.Equal("", GeneratorRun.Of(new Setup(), ("Code.cs", code)).GeneratedText);
    }

    [Fact]
    public async Task What_is_behind_a_declared_source_is_not_reported_a_second_time()
    {
        const string code = Tenant + "public static class S { [Cached] public static string M(int a) => Tenants.Current + a; }";
        Assert.Equal("MEMO0112", Assert.Single(await AnalyzerRun.Of(new Setup(), ("Code.cs", code)), diagnostic => diagnostic.Id.StartsWith("MEMO", StringComparison.Ordinal)).Id);
    }

    [Fact]
    public async Task Two_sources_of_one_name_are_refused_at_the_second()
    {
        const string code = "[assembly: CacheVaryBy(\"t\", typeof(X), \"A\")]\n[assembly: CacheVaryBy(\"t\", typeof(X), \"B\")]\npublic static class X { public static int A => 1; public static int B => 2; }";
        var problem = Assert.Single(await AnalyzerRun.Of(new Setup(), ("Code.cs", code)), diagnostic => diagnostic.Id == "MEMO0111");
        Assert.Contains("declared twice", problem.GetMessage(null), StringComparison.Ordinal);
        Assert.Equal(1, problem.Location.GetLineSpan().StartLinePosition.Line);
    }
}
