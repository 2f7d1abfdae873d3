namespace Memoize.Generators.Tests.Advice;

/// <summary>MEMO0105 to MEMO0109: keys that are possible, and not what the author wants.</summary>
public sealed class KeyTests
{
    static AdviceCase Takes(string parameters, string rule, params string[] expected) => new(
        $"{rule}: {parameters}", rule, $"public static class S {{ [Cached] public static string M({parameters}) => string.Concat(\"a\", \"b\"); }}", expected);

    static AdviceCase Uses(string body, params string[] expected) => new(
        $"MEMO0106: {body}", "MEMO0106", $"public static class S {{ static string Other(string a) => a + a; [Cached] public static object M(string name, string other) => {body}; }}", expected);

    static readonly AdviceCase[] _cases =
    [
        Takes("double x", "MEMO0105", "Parameter 'x' of 'S.M(double)' is a double"),
        Takes("float x, int y", "MEMO0105", "float"),
        Takes("double? x", "MEMO0105", "double?"),
        Takes("(double X, double Y) point", "MEMO0105", "point"),
        Takes("Half x", "MEMO0105", "Half"),
        Takes("[CacheKey(Structural = true)] double[] x", "MEMO0105"),
        Takes("decimal x", "MEMO0105"),
        Takes("long x, string y", "MEMO0105"),
        Takes("[NotInKey] double x, int y", "MEMO0105"),
        new("MEMO0105: a member that is named", "MEMO0105", "public sealed class Order { public int Id { get; set; } public double Total { get; set; } } public static class S { [Cached] public static string M([CacheKey(\"Id\", \"Total\")] Order o) => string.Concat(o.Id, o.Total); }", "Parameter 'o.Total' of 'S.M(Order)' is a double"),
        new("MEMO0105: a member that is not named", "MEMO0105", "public sealed class Order { public int Id { get; set; } public double Total { get; set; } } public static class S { [Cached] public static string M([CacheKey(\"Id\")] Order o) => string.Concat(o.Id, o.Total); }"),

        Uses("string.Equals(name, \"x\", StringComparison.OrdinalIgnoreCase)", "'S.M(string, string)' uses parameter 'name' only without regard to case"),
        Uses("name.ToUpperInvariant() + 1", "CacheKey(IgnoreCase = true)"),
        Uses("string.IsNullOrEmpty(name) ? \"\" : name.ToLowerInvariant()", "name"),
        Uses("name is null ? \"\" : name.StartsWith(\"a\", StringComparison.OrdinalIgnoreCase)", "name"),
        Uses("name.ToUpperInvariant() + name"),
        Uses("name == \"x\""),
        Uses("Other(name)"),
        Uses("name.Equals(other, StringComparison.Ordinal)"),
        Uses("string.IsNullOrEmpty(name)"),
        new("MEMO0106: ignored in the key as well", "MEMO0106", "public static class S { [Cached] public static object M([CacheKey(IgnoreCase = true)] string name) => name.ToUpperInvariant() + 1; }"),
        new("MEMO0106: the core of a partial method", "MEMO0106", "public static partial class S { [Cached] public static partial string M(string name); static string MCore(string name) => name.ToUpperInvariant() + 1; }", "name"),

        Takes("[NotInKey] int x", "MEMO0107", "All calls of 'S.M(int)' share one entry, because none of its parameters is part of the key: 'x' is marked [NotInKey]"),
        Takes("[NotInKey] int x, [NotInKey] string y", "MEMO0107", "'x', 'y' are marked"),
        Takes("[NotInKey] int x, CancellationToken token", "MEMO0107", "'x' is"),
        Takes("", "MEMO0107"),
        Takes("CancellationToken token", "MEMO0107"),
        Takes("[NotInKey] int x, int y", "MEMO0107"),
        new("MEMO0107: a member of the instance is in the key", "MEMO0107", "public sealed class C { [CacheKey] readonly int _x = 1; [Cached] public string M([NotInKey] int a) => _x + \"\" + a; }"),

        Takes("[NotInKey] string tenantId, int x", "MEMO0108", "tells tenants apart, and then one tenant would get"),
        Takes("[NotInKey] int userId, int x", "MEMO0108", "users apart"),
        Takes("[NotInKey] int user_id, int x", "MEMO0108", "users apart"),
        Takes("[NotInKey] string currentUser, int x", "MEMO0108", "users"),
        Takes("[NotInKey] System.Security.Claims.ClaimsPrincipal who, int x", "MEMO0108", "users"),
        Takes("[NotInKey] System.Globalization.CultureInfo c, int x", "MEMO0108", "cultures"),
        Takes("[NotInKey] string language, int x", "MEMO0108", "languages"),
        Takes("[NotInKey] IFormatProvider format, int x", "MEMO0108", "cultures"),
        Takes("[NotInKey] System.Security.Principal.IIdentity who, int x", "MEMO0108", "users"),
        new("MEMO0108: the request", "MEMO0108", "public static class S { [Cached] public static string M(int a, [NotInKey] Microsoft.AspNetCore.Http.HttpContext context) => string.Concat(a, a); }", "tells users apart") { More = Bodies.Libraries.AspNetCore },
        Takes("string tenantId, int x", "MEMO0108"),
        Takes("[NotInKey] int retries, int x", "MEMO0108"),
        Takes("[NotInKey] string useragent, int x", "MEMO0108"),
        Takes("[NotInKey] Action<string> userCallback, int x", "MEMO0108"),
        Takes("[NotInKey] IComparable userService, int x", "MEMO0108"),

        new("MEMO0109: a field that can be set", "MEMO0109", "public sealed class C { [CacheKey] public int X; [Cached] public string M(int a) => X + \"\" + a; }", "'X' is part of the key of 'C.M(int)' and can be set"),
        new("MEMO0109: a property that can be set", "MEMO0109", "public sealed class C { [CacheKey] public int X { get; set; } [Cached] public string M(int a) => X + \"\" + a; }", "'X'"),
        new("MEMO0109: a read-only field", "MEMO0109", "public sealed class C { [CacheKey] readonly int _x = 1; [Cached] public string M(int a) => _x + \"\" + a; }"),
        new("MEMO0109: an init property", "MEMO0109", "public sealed class C { [CacheKey] public int X { get; init; } [Cached] public string M(int a) => X + \"\" + a; }"),
        new("MEMO0109: a primary constructor", "MEMO0109", "public sealed class C([CacheKey] int x) { [Cached] public string M(int a) => x + \"\" + a; }"),
        new("MEMO0109: a member that is not read", "MEMO0109", "public sealed class C { [CacheKey] public int X; [Cached] public string M(int a) => string.Concat(a, a); }"),
        new("MEMO0109: a struct is copied", "MEMO0109", "public struct C { [CacheKey] public int X; [Cached] public readonly string M(int a) => X + \"\" + a; }"),
    ];

    public static IEnumerable<TheoryDataRow<string>> Rows => AdviceCase.Names(_cases);

    [Theory, MemberData(nameof(Rows))]
    public Task Keys_that_are_not_meant(string name) => AdviceCase.Verify(_cases, name);
}
