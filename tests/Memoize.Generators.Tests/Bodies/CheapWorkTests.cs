namespace Memoize.Generators.Tests.Bodies;

/// <summary>MEMO0506: less work than a lookup.</summary>
public sealed class CheapWorkTests
{
    static BodyCase Of(string result, string parameters, string expression, params string[] expected) => new(
        $"{expression} of ({parameters})", $"public static class S {{ [Cached] public static {result} M({parameters}) => {expression}; }}", expected);

    static readonly BodyCase[] _reported =
    [
        Of("int", "int a", "a * a", "M"),
        Of("int", "int a, int b", "a + b", "M"),
        Of("decimal", "decimal net", "net * 0.19m", "M"),
        Of("int", "int a, int b", "Math.Max(a, b)", "M"),
        Of("double", "double a", "Math.Round(Math.Abs(a))", "M"),
        Of("bool", "string a", "a.Length > 3", "M"),
        Of("string", "int a", "a switch { 1 => \"one\", 2 => \"two\", _ => \"many\" }", "M"),
        Of("string", "bool a", "a ? \"yes\" : \"no\"", "M"),
        Of("int", "int? a", "a ?? 0", "M"),
        Of("Task<int>", "int a", "Task.FromResult(a * 2)", "M"),
        Of("ValueTask<int>", "int a", "new(a * 2)", "M"),
        new("Statements", "public static class S { const int Rate = 3; [Cached] public static int M(int a) { if (a < 0) throw new ArgumentOutOfRangeException(nameof(a)); var b = a * Rate; b += 1; return b; } }", "M"),
    ];

    static readonly BodyCase[] _silent =
    [
        new("A loop", "public static class S { [Cached] public static int M(int a) { var n = 0; for (var i = 0; i < a; i++) n += i; return n; } }"),
        new("Recursion", "public static class Fib { [Cached] public static long Of(int n) => n < 2 ? n : Of(n - 1) + Of(n - 2); }"),
        Of("string", "string a", "a.Trim()"),
        Of("string", "string a, string b", "a + b"),
        Of("string", "int a", "$\"{a}\""),
        Of("string", "int a", "a.ToString()"),
        Of("object", "int a", "new object()"),
        Of("IReadOnlyList<int>", "int a", "new[] { a }"),
        Of("IReadOnlyList<int>", "int a", "[a]"),
        Of("double", "double a", "Math.Pow(a, 3)"),
        Of("int", "string a", "a.Count(c => c == 'x')"),
        new("A helper", "public static class S { static int N(int a) => a; [Cached] public static int M(int a) => N(a); }"),
        new("A service", "public interface I { int N(int a); } public sealed class C(I i) { [Cached] public int M(int a) => i.N(a); }"),
        new("An override may do more", "public class C { [Cached] public virtual int M(int a) => a; }"),
        new("An await", "public static class S { [Cached] public static async Task<int> M(int a) { await Task.Yield(); return a; } }"),
        new("An operator of the program", "public readonly record struct V(int X) { public static V operator +(V a, V b) => new(a.X + b.X); } public static class S { [Cached] public static V M(V a) => a + a; }"),
        new("Something else is wrong with it", "public static class S { static int _n; [Cached] public static int M(int a) { _n++; return a; } }"),
    ];

    public static IEnumerable<TheoryDataRow<string>> Reported => BodyCase.Names(_reported);
    public static IEnumerable<TheoryDataRow<string>> Silent => BodyCase.Names(_silent);

    [Theory, MemberData(nameof(Reported))]
    public Task Arithmetic_is_not_worth_a_lookup(string name) => BodyCase.Verify(_reported, name, "MEMO0506");

    [Theory, MemberData(nameof(Silent))]
    public Task Work_is(string name) => BodyCase.Verify(_silent, name, "MEMO0506");
}
