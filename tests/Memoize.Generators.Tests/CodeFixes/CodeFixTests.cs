using Memoize.Generators.Tests.Harness;

namespace Memoize.Generators.Tests.CodeFixes;

/// <summary>What a fix writes compiles, is cached, and has no complaint left.</summary>
public sealed class CodeFixTests
{
    const string Filter = "public sealed record Filter(string Region, List<string> Tags);";

    const string Ambient = "[assembly: CacheVaryBy(\"tenant\", typeof(T), \"Id\")]\n[assembly: CacheVaryBy(\"user\", typeof(T), \"User\")]\npublic static class T { public static int Id => 1; public static string User => \"u\"; }\n";

    public static TheoryData<string, string, string, string> Fixes => new()
    {
        { "MEMO0103", "PerInstance = true", "public sealed class C { public int X; [Cached] public int M(int a) => a + X; }", "[Cached(PerInstance = true)]" },
        { "MEMO0103", "PerInstance = true", "public sealed class C { public int X; [Cached(Ttl = 5, MaxSize = 10)] public int M(int a) => a + X; }", "[Cached(Ttl = 5, MaxSize = 10, PerInstance = true)]" },
        { "MEMO0103", "PerInstance = true", "public sealed class C(int x) { [Obsolete, Memoize.CachedAttribute()] public int M(int a) => a + x; }", "PerInstance = true" },
        { "MEMO0103", "PerInstance = true", "using Remember = Memoize.CachedAttribute;\npublic sealed class C(int x) { [Remember] public int M(int a) => a + x; }", "[Remember(PerInstance = true)]" },
        { "MEMO0103", "PerInstance = true", "public sealed partial class C { public int X; [Cached] public partial int M(int a); int MCore(int a) => a + X; }", "[Cached(PerInstance = true)] public partial int M" },
        { "MEMO0103", "Put 'X' into the key ([CacheKey])", "public sealed class C { public readonly int X; [Cached] public int M(int a) => a + X; }", "[CacheKey] public readonly int X;" },
        { "MEMO0103", "Put '_x' into the key ([CacheKey])", "public sealed class C\n{\n    /// <summary>X.</summary>\n    private readonly int _x = System.Environment.ProcessorCount;\n\n    [Cached] public int M(int a) => a + _x;\n}", "    /// <summary>X.</summary>\n    [CacheKey]\n    private readonly int _x = System.Environment.ProcessorCount;\n" },
        { "MEMO0103", "Put 'X' into the key ([CacheKey])", "public sealed class C { [Obsolete] public int Y; public int X { get; init; } [Cached] public int M(int a) => a + X; }", "[CacheKey] public int X { get; init; }" },
        { "MEMO0103", "Put 'x' into the key ([CacheKey])", "public sealed class C(string s, int x) { public string S => s; [Cached] public int M(int a) => a + x; }", "C(string s, [CacheKey] int x)" },
        { "MEMO0103", "Put 'X' into the key ([CacheKey])", "public sealed record C(int X) { [Cached] public int M(int a) => a + X; }", "C([property: CacheKey] int X)" },
        { "MEMO0103", "Put 'X' into the key ([CacheKey(Structural = true)])", "public sealed class C { public readonly List<int> X = []; [Cached] public int M(int a) => a + X.Count; }", "[CacheKey(Structural = true)] public readonly List<int> X" },
        { "MEMO0103", "Put 'X' into the key", "public readonly struct P { public readonly int X; [Cached] public int M(int a) => a + X; }", "[CacheKey] public readonly int X;" },
        { "MEMO0103", "'_calls' cannot change the result ([NotInKey])", "public sealed class C { int _calls; [Cached] public int M(int a) { _calls++; return a; } }", "[NotInKey] int _calls;" },
        { "MEMO0103", "'Options' cannot change the result ([NotInKey])", "public sealed class C { public Action[] Options { get; set; } = []; [Cached] public int M(int a) => a + Options.Length; }", "[NotInKey] public Action[] Options" },
        { "MEMO0104", "PerInstance = true on 'B.M(int)'", "public class B { [Cached] public virtual int M(int a) => a; } public sealed class D : B { public int X; public override int M(int a) => a + X; }", "[Cached(PerInstance = true)] public virtual int M" },
        { "MEMO0104", "PerInstance = true on 'B.M(int)'", "public class B { [Cached] public virtual string M(int a) => \"b\" + a; } public class D(string x) : B { [CacheKey] readonly string _x = x; public override string M(int a) => _x + a; }", "[Cached(PerInstance = true)] public virtual string M" },
        { "MEMO0104", "'X' cannot change the result", "public class B<T> { [Cached] public virtual int M(int a) => a; } public sealed class D : B<int> { public int X; public override int M(int a) => a + X; }", "[NotInKey] public int X;" },
        { "MEMO0101", "[CacheKey(Structural = true)]", "public static class S { [Cached] public static int M(int a, List<int> list) => a; }", "CacheKey(Structural = true)] List<int> list" },
        { "MEMO0101", "[CacheKey(Structural = true)]", "public static class S { [Cached] public static int M([CacheKey] int[] a) => a.Length; }", "M([CacheKey(Structural = true)] int[] a)" },
        { "MEMO0101", "[CacheKey(Structural = true)]", "public sealed class C { [CacheKey] public readonly int[] X = []; [Cached] public int M(int a) => a + X.Length; }", "[CacheKey(Structural = true)] public readonly int[] X" },
        { "MEMO0101", "[NotInKey]", "public static class S { [Cached] public static int M(int a, List<int> list) => a; }", "NotInKey] List<int> list" },
        { "MEMO0101", "[NotInKey]", "public static class S { [Cached] public static int M(int a, object tag) => a; }", "NotInKey] object tag" },
        { "MEMO0101", "[NotInKey]", "public static class S { [Cached] public static int M([System.ComponentModel.Description(\"x\")] Action log, int a) => a; }", "Action log" },
        { "MEMO0101", "[NotInKey]", Filter + "public static class S { [Cached] public static int M(int a, [CacheKey(\"Tags\")] Filter f) => a; }", "int a, [NotInKey] Filter f" },
        { "MEMO0101", "[NotInKey]", "public sealed class C { [CacheKey] public Action X = () => { }; [Cached] public int M(int a) { X(); return a; } }", "[NotInKey] public Action X" },
        { "MEMO0101", "Use this member as the key: Region", Filter + "public static class S { [Cached] public static int M(Filter f) => f.Region.Length; }", "[CacheKey(\"Region\")] Filter f" },
        { "MEMO0101", "Use this member as the key: Id", "public sealed class User { public int Id { get; set; } public string Name { get; set; } = \"\"; } public static class S { [Cached] public static int M(User u) => u.Id; }", "[CacheKey(\"Id\")] User u" },
        { "MEMO0101", "Use this member as the key: OrderId", "public sealed class Order { public Guid OrderId { get; set; } public string Code { get; set; } = \"\"; } public static class S { [Cached] public static int M(Order o) => 1; }", "[CacheKey(\"OrderId\")] Order o" },
        { "MEMO0101", "Use these members as the key: From, To", "public sealed class Span { public DateTime From { get; set; } public DateTime To { get; set; } public object? Tag { get; set; } } public static class S { [Cached] public static int M(Span s) => 1; }", "[CacheKey(\"From\", \"To\")] Span s" },
        { "MEMO0101", "Use this member as the key: Id", "public interface IHasId { int Id { get; } } public interface IUser : IHasId { string Login { get; } } public static class S { [Cached] public static int M(IUser u) => 1; }", "[CacheKey(\"Id\")] IUser u" },
        { "MEMO0102", "Use 'Region'", Filter + "public static class S { [Cached] public static int M([CacheKey(\"region\")] Filter f) => 1; }", "[CacheKey(\"Region\")] Filter f" },
        { "MEMO0102", "Use 'Region.Length'", Filter + "public static class S { [Cached] public static int M([CacheKey(\"Reg.Len\", IgnoreCase = true)] Filter f) => 1; }", "[CacheKey(\"Region.Length\", IgnoreCase = true)] Filter f" },
        { "MEMO0102", "Use 'Region'", Filter + "public static class S { const string P = \"Regions\"; [Cached] public static int M([CacheKey(\"Region.Length\", P)] Filter f) => P.Length; }", "[CacheKey(\"Region.Length\", \"Region\")] Filter f" },
        { "MEMO0102", "Remove [CacheKey]", "public static class S { [Cached] public static int M([CacheKey(IgnoreCase = true)] int a) => a; }", "M(int a)" },
        { "MEMO0102", "Remove [CacheKey]", "public static class S { [Cached] public static int M(int a, [CacheKey] [NotInKey] int b) => a; }", "int a, [NotInKey] int b" },
        { "MEMO0102", "Remove [CacheKey]", "public static class S { [Cached] public static int M(int a, [NotInKey, CacheKey] int b) => a; }", "int a, [NotInKey] int b" },
        { "MEMO0102", "Remove [CacheKey]", "public static class S { [Cached] public static int M([CacheKey] ReadOnlySpan<char> a) => a.Length; }", "M(ReadOnlySpan<char> a)" },
        { "MEMO0102", "Remove [NotInKey]", "public static class S { [Cached] public static int M([NotInKey] ReadOnlySpan<char> a) => 1; }", "M(ReadOnlySpan<char> a)" },
        { "MEMO0102", "Remove Structural", "public static class S { [Cached] public static int M([CacheKey(IgnoreCase = true, Structural = true)] string a) => 1; }", "[CacheKey(IgnoreCase = true)] string a" },
        { "MEMO0102", "Use the whole value ([CacheKey])", "public sealed class C { [CacheKey(\"Length\")] public readonly string X = \"\"; [Cached] public int M(int a) => a + X.Length; }", "[CacheKey] public readonly string X" },
        { "MEMO0301", "MaxSize", "public static class S { [Cached(MaxSize = 1)] public static int M(int a) => a; }", "[Cached]" },
        { "MEMO0301", "MaxSize", "public static class S { [Cached(Ttl = 5, MaxSize = 0, Name = \"n\")] public static int M(int a) => a; }", "[Cached(Ttl = 5, Name = \"n\")]" },
        { "MEMO0301", "Ttl", "public static class S { [Cached(Ttl = -1, MaxSize = 10)] public static int M(int a) => a; }", "[Cached(MaxSize = 10)]" },
        { "MEMO0301", "PerInstance", "public static class S { [Cached(PerInstance = true)] public static int M(int a) => a; }", "[Cached]" },
        { "MEMO0301", "Core", "public static class S { [Cached(Core = \"X\")] public static int M(int a) => a; }", "[Cached]" },
        { "MEMO0110", "Vary by 'tenant'", Ambient + "public static class S { [Cached(VaryBy = \"tennant\")] public static string M(int a) => string.Concat(a, a); }", "[Cached(VaryBy = \"tenant\")]" },
        { "MEMO0110", "Vary by '-tenant,user'", Ambient + "public static class S { [Cached(Ttl = 5, VaryBy = \"-tenent, user\")] public static string M(int a) => string.Concat(a, a); }", "[Cached(Ttl = 5, VaryBy = \"-tenant,user\")]" },
        { "MEMO0112", "Vary by 'tenant'", Ambient + "public static class S { [Cached] public static string M(int a) => $\"{T.Id}{a}\"; }", "[Cached(VaryBy = \"tenant\")]" },
        { "MEMO0112", "Vary by 'tenant'", Ambient + "public static class S { [Cached(VaryBy = \"user\")] public static string M(int a) => $\"{T.Id}{T.User}{a}\"; }", "[Cached(VaryBy = \"user,tenant\")]" },
        { "MEMO0112", "Vary by 'tenant'", Ambient + "public static class S { const string U = \"user\"; [Cached(VaryBy = U)] public static string M(int a) => $\"{T.Id}{T.User}{a}\"; }", "[Cached(VaryBy = U + \",tenant\")]" },
        { "MEMO0112", "Vary by 'tenant'", Ambient + "public static partial class S { static string Helper() => T.Id + \":\"; [Cached(Ttl = 5)] public static partial string M(int a); static string MCore(int a) => Helper() + a; }", "[Cached(Ttl = 5, VaryBy = \"tenant\")] public static partial" },
        { "MEMO0302", "Ttl", "public static class S { [Cached(Ttl = 1e12, MaxSize = 10)] public static string M(int a) => string.Concat(a, a); }", "[Cached(MaxSize = 10)]" },
        { "MEMO0701", "Use 'Get'", "public sealed record User(int Id, string Name); public static class S { [Cached] public static string Get(int id) => string.Concat(id, id); [Cached] public static string Way(int from, int to) => string.Concat(from, to); [Evicts(\"Gett\")] public static void Set(int id) { } }", "[Evicts(nameof(Get))]" },
        { "MEMO0701", "Use 'Get'", "public sealed record User(int Id, string Name); public static class S { [Cached] public static string Get(int id) => string.Concat(id, id); [Cached] public static string Way(int from, int to) => string.Concat(from, to); } public static class T { [Updates(typeof(S), \"Gt\")] public static string Set(int id) => \"\"; }", "[Updates(typeof(S), nameof(S.Get))]" },
        { "MEMO0703", "Map \"id = user.Id\"", "public sealed record User(int Id, string Name); public static class S { [Cached] public static string Get(int id) => string.Concat(id, id); [Cached] public static string Way(int from, int to) => string.Concat(from, to); [Evicts(nameof(Get))] public static void Set(User user) { } }", "[Evicts(nameof(Get), Map = new[] { \"id = user.Id\" })]" },
        { "MEMO0703", "Map \"to = TO\"", "public sealed record User(int Id, string Name); public static class S { [Cached] public static string Get(int id) => string.Concat(id, id); [Cached] public static string Way(int from, int to) => string.Concat(from, to); [Evicts(nameof(Way), Map = new[] { \"from = a\" })] public static void Close(int a, int TO) { } }", "Map = new[] { \"from = a\", \"to = TO\" })]" },
        { "MEMO0705", "Write \"id = user.Id\"", "public sealed record User(int Id, string Name); public static class S { [Cached] public static string Get(int id) => string.Concat(id, id); [Cached] public static string Way(int from, int to) => string.Concat(from, to); [Evicts(nameof(Get), Map = new[] { \"id = usr.Id\" })] public static void Set(User user) { } }", "Map = new[] { \"id = user.Id\" }" },
        { "MEMO0705", "Write \"id = user.Id\"", "public sealed record User(int Id, string Name); public static class S { [Cached] public static string Get(int id) => string.Concat(id, id); [Cached] public static string Way(int from, int to) => string.Concat(from, to); [Evicts(nameof(Get), Map = new[] { \"id = user.Ident\" })] public static void Set(User user) { } }", "Map = new[] { \"id = user.Id\" }" },
        { "MEMO0705", "Write \"id = key\"", "public sealed record User(int Id, string Name); public static class S { [Cached] public static string Get(int id) => string.Concat(id, id); [Cached] public static string Way(int from, int to) => string.Concat(from, to); [Evicts(nameof(Get), Map = new[] { \"idd = key\" })] public static void Set(int key) { } }", "Map = new[] { \"id = key\" }" },
        { "MEMO0710", "by name", "public sealed record User(int Id, string Name); public static class S { [Cached] public static string Get(int id) => string.Concat(id, id); [Cached] public static string Way(int from, int to) => string.Concat(from, to); [Evicts(nameof(Way), Map = new[] { \"from = to\", \"to = from\" })] public static void Close(int from, int to) { } }", "[Evicts(nameof(Way))] public static void Close" },
        { "MEMO0712", "Write \"user:{id}\"", "public sealed record User(int Id, string Name); public static class S { [Cached] public static string Get(int id) => string.Concat(id, id); [Cached] public static string Way(int from, int to) => string.Concat(from, to); [EvictsTag(\"user:{idd}\")] public static void Set(int id) { } }", "[EvictsTag(\"user:{id}\")]" },
        { "MEMO0712", "Write \"user:{user.Id}:x\"", "public sealed record User(int Id, string Name); public static class S { [Cached] public static string Get(int id) => string.Concat(id, id); [Cached] public static string Way(int from, int to) => string.Concat(from, to); [EvictsTag(\"user:{user.Idd}:x\")] public static void Set(User user) { } }", "[EvictsTag(\"user:{user.Id}:x\")]" },
        { "MEMO0712", "Write \"a:{number}\"", "public sealed record User(int Id, string Name); public static class S { [Cached] public static string Get(int id) => string.Concat(id, id); [Cached] public static string Way(int from, int to) => string.Concat(from, to); [Cached(Tags = new[] { \"a:{numbr}\" })] public static string N(int number) => string.Concat(number, number); }", "Tags = new[] { \"a:{number}\" }" },
        { "MEMO0801", "Use 'Get'", "public static class S { [Cached] public static string Get(int id) => string.Concat(id, id); [CachedBatch(\"Gett\")] public static Dictionary<int, string> All(int[] ids) => ids.ToDictionary(id => id, id => string.Concat(id, id)); }", "[CachedBatch(nameof(Get))]" },
        { "MEMO0801", "Use 'GetUser'", "public static class U { [Cached] public static string GetUser(int id) => string.Concat(id, id); } public static class S { [CachedBatch(typeof(U), \"GetUsr\")] public static Dictionary<int, string> All(int[] ids) => ids.ToDictionary(id => id, id => string.Concat(id, id)); }", "[CachedBatch(typeof(U), nameof(U.GetUser))]" },
    };

    [Theory, MemberData(nameof(Fixes))]
    public async Task A_fix_leaves_code_that_is_cached(string id, string title, string code, string expected)
    {
        using var solution = FixedSolution.Of(code);
        await solution.Apply(id, title);
        Assert.Contains(expected, solution.Text(), StringComparison.Ordinal);
        await solution.Verify(id);
    }

    [Theory]
    [InlineData("MEMO0103", "PerInstance", "public struct P { public int X; [Cached] public readonly int M(int a) => a + X; }", "a struct has no identity")]
    [InlineData("MEMO0103", "[CacheKey", "public sealed class C { public object X = 1; [Cached] public int M(int a) => a + X.GetHashCode(); }", "an object is no key")]
    [InlineData("MEMO0103", "Key]", "public sealed class C { public int X, Y; [Cached] public int M(int a) => a + X; }", "the attribute would be on Y as well")]
    [InlineData("MEMO0103", "Key]", "public class C { public virtual int X => 1; [Cached] public int M(int a) => a + X; }", "an override may read other members")]
    [InlineData("MEMO0103", "Key]", "public sealed class C { [Cached] public int M(int a) => a + GetHashCode(); }", "there is no single member")]
    [InlineData("MEMO0104", "into the key", "public class B { [Cached] public virtual int M(int a) => a; } public sealed class D : B { public int X; public override int M(int a) => a + X; }", "it would not be in the key of B.M")]
    [InlineData("MEMO0101", "Structural", "public static class S { [Cached] public static int M(object a) => 1; }", "an object has no elements")]
    [InlineData("MEMO0101", "Structural", "public static class S { [Cached] public static int M(List<object> a) => 1; }", "its elements are no keys")]
    [InlineData("MEMO0101", "as the key", "public static class S { [Cached] public static int M(List<int> a) => 1; }", "the length is not the list")]
    [InlineData("MEMO0101", "as the key", "public static class S { [Cached] public static int M(System.IO.Stream a) => 1; }", "nobody knows what identifies a stream")]
    [InlineData("MEMO0101", "as the key", "public sealed class L { public int A { get; set; } public int B { get; set; } public int C { get; set; } public int D { get; set; } public int E { get; set; } } public static class S { [Cached] public static int M(L l) => 1; }", "to choose some of many would be to guess")]
    [InlineData("MEMO0102", "Use", "public sealed record F(string A); public static class S { [Cached] public static int M([CacheKey(\"Xyz\")] F f) => 1; }", "nothing is near")]
    public async Task A_fix_is_not_offered_where_it_would_not_help(string id, string title, string code, string why)
    {
        using var solution = FixedSolution.Of(code);
        var titles = await solution.Offered(id);
        Assert.True(titles.All(offered => !offered.Contains(title, StringComparison.Ordinal)), $"{why}: {string.Join(", ", titles)}");
    }

    [Fact]
    public async Task A_member_is_marked_where_it_is_declared()
    {
        using var solution = FixedSolution.Of(
            new Setup(),
            ("Code.cs", "public sealed partial class C { [Cached] public int M(int a) => a + _x; }"),
            ("State.cs", "partial class C\n{\n    private readonly int _x = System.Environment.ProcessorCount;\n}\n"));
        await solution.Apply("MEMO0103", "[CacheKey]");
        Assert.Contains("    [CacheKey]\n    private readonly int _x", solution.Text("State.cs"), StringComparison.Ordinal);
        await solution.Verify("MEMO0103");
    }

    [Fact]
    public async Task A_using_is_added_where_there_is_none()
    {
        using var solution = FixedSolution.Of(
            new Setup { ImplicitUsings = false },
            ("Code.cs", "namespace App;\n\npublic sealed partial class C { [Memoize.Cached] public int M(int a) => a + _x; }"),
            ("State.cs", "namespace App;\n\npartial class C\n{\n    private readonly int _x = System.Environment.ProcessorCount;\n}\n"));
        await solution.Apply("MEMO0103", "[CacheKey]");
        Assert.StartsWith("using Memoize;", solution.Text("State.cs"), StringComparison.Ordinal);
        await solution.Verify("MEMO0103");
    }

    [Theory]
    [InlineData("Code.g.cs", "")]
    [InlineData("Code.Designer.cs", "")]
    [InlineData("Code2.cs", "// <auto-generated/>\n")]
    public async Task Nothing_is_changed_in_generated_code(string path, string header)
    {
        using var solution = FixedSolution.Of(
            new Setup(),
            ("Code.cs", "public sealed partial class C { [Cached] public int M(int a) => a + _x; }"),
            (path, header + "partial class C { private int _x = System.Environment.ProcessorCount; }"));
        Assert.Equal(["Give every instance its own cache (PerInstance = true)"], await solution.Offered("MEMO0103"));
    }

    public static TheoryData<string> Rules => [.. AnalyzerRun.All.SelectMany(analyzer => analyzer.SupportedDiagnostics).Select(rule => rule.Id).Distinct().Order(StringComparer.Ordinal)];

    [Theory, MemberData(nameof(Rules))]
    public void A_rule_offers_a_fix_that_is_tested_or_its_page_says_why_not(string id)
    {
        var page = File.ReadLines(Path.Combine(Snapshot.ProjectDirectory, "..", "..", "docs", "rules", id + ".md")).ElementAt(2);
        var isOffered = FixedSolution.Providers.Any(provider => provider.FixableDiagnosticIds.Contains(id));
        Assert.Contains(isOffered ? "· **Code fix:** " : "· **Code fix:** none, because ", page, StringComparison.Ordinal);
        Assert.Equal(isOffered, !page.Contains("**Code fix:** none", StringComparison.Ordinal));
        if (isOffered)
            Assert.Contains(Directory.EnumerateFiles(Path.Combine(Snapshot.ProjectDirectory), "*Fix*Tests.cs", SearchOption.AllDirectories), file => File.ReadAllText(file).Contains($"\"{id}\"", StringComparison.Ordinal));
    }

    [Fact]
    public void Every_provider_can_fix_all_and_names_its_diagnostics()
    {
        Assert.NotEmpty(FixedSolution.Providers);
        Assert.All(FixedSolution.Providers, provider =>
        {
            Assert.NotNull(provider.GetFixAllProvider());
            Assert.All(provider.FixableDiagnosticIds, id => Assert.StartsWith("MEMO", id, StringComparison.Ordinal));
        });
    }
}
