namespace Memoize.Generators.Tests.CodeFixes;

/// <summary>What is advised and what is simply in the wrong place, mended by one edit.</summary>
public sealed class AdviceFixTests
{
    const string Other = "public static class Other { [Cached] public static string M(int a) => string.Concat(a, a); } ";
    const string Usings = "using System.Globalization;\n";

    static string S(string members) => Other + $"public static class S {{ {members} }}";

    static string Of(string result, string parameters, string body) => Usings + $"public static class S {{ [Cached] public static {result} M({parameters}) => {body}; }}";

    public static TheoryData<string, string, string, string> Fixes => new()
    {
        { "MEMO0001", "Remove [Cached]", S("[Cached] public static void M(int a) { }"), "{ public static void M(int a) { } }" },
        { "MEMO0001", "Remove [Cached]", S("[Cached] public static int M(ref int a) => a;"), "{ public static int M(ref int a) => a; }" },
        { "MEMO0001", "Remove [Cached]", S("public static IReadOnlyList<int> M(int a) { return [F(a)]; [Cached] static int F(int a) => a * a; }"), " static int F(int a) => a * a;" },
        { "MEMO0001", "Remove [Cached]", S("public static Func<int, int> M() => [Cached] (a) => a * a;"), "=> (a) => a * a;" },
        { "MEMO0001", "Remove [CachedBatch]", S("[CachedBatch(typeof(Other), \"M\")] public static IEnumerable<KeyValuePair<int, string>> All(int[] a) { yield return new(1, \"\"); }"), "{ public static IEnumerable" },
        { "MEMO0106", "Ignore case", Of("string", "string a", "string.Concat(a.ToUpperInvariant(), \"b\")"), "M([CacheKey(IgnoreCase = true)] string a)" },
        { "MEMO0107", "Put 'a' back", S("[Cached] public static string M([NotInKey] int a, [NotInKey] int b) => string.Concat(a, b);"), "M(int a, [NotInKey] int b)" },
        { "MEMO0108", "Put 'tenantId' back", S("[Cached] public static string M(int a, [NotInKey] string tenantId) => string.Concat(a, tenantId);"), "M(int a, string tenantId)" },
        { "MEMO0109", "Make 'State' read-only", "public sealed class C { [CacheKey] public int State { get; set; } [Cached] public string M(int a) => string.Concat(State, a); } public static class U { public static C New() => new() { State = 1 }; }", "[CacheKey] public int State { get; init; }" },
        { "MEMO0109", "Make '_state' read-only", "public sealed class C { [CacheKey] private int _state; public C(int state) { _state = state; } [Cached] public string M(int a) => string.Concat(_state, a); }", "[CacheKey] private readonly int _state;" },
        { "MEMO0203", "Make 'Id', 'Name' read-only", "public sealed class Dto { public int Id { get; set; } public string Name { get; set; } = \"\"; } public static class S { [Cached] public static Dto M(int a) => new() { Id = a }; }", "public int Id { get; init; } public string Name { get; init; }" },
        { "MEMO0303", "Remove Name", S("[Cached(Name = \"n\")] public static string M(int a) => string.Concat(a, a); [Cached(Name = \"n\", Ttl = 5)] public static string N(int a) => string.Concat(a, a);"), "[Cached] public static string M" },
        { "MEMO0304", "Use 'Rule'", S("public static bool Rule(string v) => v.Length == 0; [Cached(Unless = \"Rul\")] public static string M(int a) => string.Concat(a, a);"), "[Cached(Unless = nameof(Rule))]" },
        { "MEMO0304", "Remove Unless", S("public static bool Rule(string v) => v.Length == 0; [Cached(Unless = \"Rul\", Ttl = 5)] public static string M(int a) => string.Concat(a, a);"), "[Cached(Ttl = 5)]" },
        { "MEMO0401", "Name the handles 'SHandles'", "public static class S { [Cached] public static string M(int a) => string.Concat(a, a); } public static class SCache;", "[CacheHandles(\"SHandles\")]\npublic static class S" },
        { "MEMO0401", "Name the handles 'SHandles2'", "[CacheHandles(\"X\")] public static class S { [Cached] public static string M(int a) => string.Concat(a, a); } public static class X; public static class SHandles;", "[CacheHandles(\"SHandles2\")] public static class S" },
        { "MEMO0503", "Use InvariantCulture", Of("string", "double a", "a.ToString(CultureInfo.CurrentCulture)"), "a.ToString(CultureInfo.InvariantCulture)" },
        { "MEMO0503", "Use InvariantInfo", Of("string", "double a", "a.ToString(NumberFormatInfo.CurrentInfo)"), "a.ToString(NumberFormatInfo.InvariantInfo)" },
        { "MEMO0503", "Use OrdinalIgnoreCase", Of("IReadOnlyList<string>", "string a", "a.Split(',').Order(StringComparer.CurrentCultureIgnoreCase).ToList()"), "Order(StringComparer.OrdinalIgnoreCase)" },
        { "MEMO0507", "Pass CultureInfo.InvariantCulture", Of("string", "decimal a", "a.ToString(\"N2\") + 1"), "a.ToString(\"N2\", CultureInfo.InvariantCulture) + 1" },
        { "MEMO0507", "Pass CultureInfo.InvariantCulture", "public static class S { [Cached] public static string M(decimal a) => string.Format(\"{0:N2} {1}\", a, 1); }", "string.Format(CultureInfo.InvariantCulture, \"{0:N2} {1}\", a, 1)" },
        { "MEMO0507", "Pass CultureInfo.InvariantCulture", Of("double[]", "string a", "[double.Parse(a)]").Replace("double[] M", "IReadOnlyList<double> M", StringComparison.Ordinal), "double.Parse(a, CultureInfo.InvariantCulture)" },
        { "MEMO0507", "Pass StringComparison.Ordinal", Of("string", "string a, string b", "a.StartsWith(b) ? a + b : b"), "a.StartsWith(b, StringComparison.Ordinal)" },
        { "MEMO0507", "Use ToUpperInvariant", Of("string", "string a", "a.ToUpper() + a"), "a.ToUpperInvariant() + a" },
        { "MEMO0507", "Write it in the invariant culture", Of("string", "double a, DateTime b", "$\"{a} at {b}\""), "FormattableString.Invariant($\"{a} at {b}\")" },
        { "MEMO0506", "Remove [Cached]", S("[Cached] public static int M(int a) => a * a;"), "{ public static int M(int a)" },
        { "MEMO0805", "Remove [Cached]", Other + "public static class S { [Cached, CachedBatch(typeof(Other), \"M\")] public static IReadOnlyDictionary<int, string> All(int[] a) => a.ToDictionary(x => x, x => string.Concat(x, x)); }", "[CachedBatch(typeof(Other), \"M\")] public static" },
        { "MEMO0901", "Remove [Cached]", "public interface I { [Cached] string M(int a); } public sealed class C : I { [Cached] public string M(int a) => string.Concat(a, a); }", "class C : I { public string M" },
        { "MEMO1101", "Remove Tiers", "public sealed class C { [Cached(Ttl = 9, PerInstance = true, Tiers = \"disk\")] public string M(int a) => string.Concat(a, a); }", "[Cached(Ttl = 9, PerInstance = true)]" },
    };

    [Theory, MemberData(nameof(Fixes))]
    public async Task A_fix_leaves_code_that_nobody_complains_about(string id, string title, string code, string expected)
    {
        using var solution = FixedSolution.Of(code);
        await solution.Apply(id, title);
        Assert.Contains(expected, solution.Text(), StringComparison.Ordinal);
        await solution.Verify(id);
    }

    public static TheoryData<string, string, string, string> NoFixes => new()
    {
        { "MEMO0109", "read-only", "public sealed class C { [CacheKey] private int _state; public void Set(int s) => _state = s; [Cached] public string M(int a) => string.Concat(_state, a); }", "it is changed" },
        { "MEMO0109", "read-only", "public sealed class C { [CacheKey] public int State { get; set; } [Cached] public string M(int a) => string.Concat(State, a); } public static class U { public static void Set(C c) { (c.State, _) = (1, 2); } }", "it is changed by another" },
        { "MEMO0203", "read-only", "public sealed class Dto { public int Id { get; set; } public int N; } public static class S { [Cached] public static Dto M(int a) => new() { Id = a, N = 1 }; }", "a field cannot be set where an object is made" },
        { "MEMO0503", "Use", Usings + "public static class S { static string Text(double a) => a.ToString(CultureInfo.CurrentCulture); [Cached] public static string M(double a) => Text(a) + 1; }", "the helper may have other callers" },
        { "MEMO0503", "Use", Usings + "public static class S { [Cached] public static string M(int a) => RegionInfo.CurrentRegion.Name + a; }", "there is no invariant region" },
        { "MEMO0507", "Pass", Usings + "public static class S { [Cached] public static string M(IReadOnlyList<double> a) => string.Join(\",\", a.Select(x => x)); }".Replace("IReadOnlyList<double> a", "[CacheKey(Structural = true)] IReadOnlyList<double> a", StringComparison.Ordinal), "there is no overload with a culture" },
    };

    [Theory, MemberData(nameof(NoFixes))]
    public async Task A_fix_is_not_offered_where_it_would_not_help(string id, string title, string code, string why)
    {
        using var solution = FixedSolution.Of(code);
        var titles = await solution.Offered(id);
        Assert.True(titles.All(offered => !offered.Contains(title, StringComparison.Ordinal)), $"{why}: {string.Join(", ", titles)}");
    }
}
