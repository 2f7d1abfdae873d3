namespace Memoize.Generators.Tests.CodeFixes;

/// <summary>A result that callers could change, or that may be lazy, becomes a collection that can be handed out again.</summary>
public sealed class ResultFixTests
{
    public static TheoryData<string, string, string, string> Fixes => new()
    {
        { "MEMO0202", "Return IReadOnlyList<int>", "public static class S { [Cached] public static List<int> M(int a) => [a]; }", "public static IReadOnlyList<int> M(int a) => [a];" },
        { "MEMO0202", "Return ImmutableArray<int>", "public static class S { [Cached] public static List<int> M(int a) => [a]; }", "public static ImmutableArray<int> M(int a) => [a];" },
        { "MEMO0202", "Return IReadOnlyList<string?>", "public static class S { [Cached] public static string?[] M(int a) { if (a > 1) { return new string?[a]; } return null!; } }", "public static IReadOnlyList<string?> M(int a)" },
        { "MEMO0202", "Return ImmutableArray<string>", "public static class S { [Cached] public static string[] M(string a) { var x = a.Split(','); return a.Length > 1 ? x : []; } }", "return (a.Length > 1 ? x : []).ToImmutableArray();" },
        { "MEMO0202", "Return IReadOnlyList<int>", "public static class S { [Cached] public static List<int>? M(int a) => a > 1 ? new List<int> { a } : null; }", "public static IReadOnlyList<int>? M(int a)" },
        { "MEMO0202", "Return ReadOnlyMemory<byte>", "public static class S { [Cached] public static byte[] M(int a) => new byte[a]; }", "public static ReadOnlyMemory<byte> M(int a) => new byte[a];" },
        { "MEMO0202", "Return IReadOnlyDictionary<string, int>", "public static class S { [Cached] public static Dictionary<string, int> M(string a) => new Dictionary<string, int> { [a] = 1 }; }", "public static IReadOnlyDictionary<string, int> M" },
        { "MEMO0202", "Return FrozenDictionary<string, int>", "public static class S { [Cached] public static Dictionary<string, int> M(string a) { var d = new Dictionary<string, int> { [a] = 1 }; return d; } }", "return d.ToFrozenDictionary();" },
        { "MEMO0202", "Return IReadOnlySet<int>", "public static class S { [Cached] public static HashSet<int> M(int a) => new HashSet<int> { a }; }", "public static IReadOnlySet<int> M" },
        { "MEMO0202", "Return FrozenSet<int>", "public static class S { [Cached] public static ISet<int> M(int a) => new HashSet<int> { a }; }", "public static FrozenSet<int> M(int a) => new HashSet<int> { a }.ToFrozenSet();" },
        { "MEMO0202", "Return IReadOnlyList<int>", "public static class S { [Cached] public static async Task<List<int>> M(int a) { await Task.Yield(); return new List<int> { a }; } }", "public static async Task<IReadOnlyList<int>> M" },
        { "MEMO0202", "Return IReadOnlyList<int>", "public static class S { [Cached] public static ValueTask<List<int>> M(int a) => ValueTask.FromResult(new List<int> { a }); }", "public static ValueTask<IReadOnlyList<int>> M(int a) => ValueTask.FromResult<IReadOnlyList<int>>(new List<int> { a });" },
        { "MEMO0202", "Return ImmutableArray<int>", "public static class S { [Cached] public static Task<int[]> M(int a) => Task.FromResult(new int[a]); }", "Task.FromResult<ImmutableArray<int>>((new int[a]).ToImmutableArray());" },
        { "MEMO0202", "Return IReadOnlyList<int>", "public static class S { static Task<List<int>> L(int a) => Task.FromResult(new List<int> { a }); [Cached] public static Task<List<int>> M(int a) => L(a); }", "public static async Task<IReadOnlyList<int>> M(int a) => await L(a);" },
        { "MEMO0202", "Return ImmutableArray<int>", "public static class S { static Task<List<int>> L(int a) => Task.FromResult(new List<int> { a }); [Cached] public static Task<List<int>> M(int a) { return L(a); } }", "{ return (await L(a)).ToImmutableArray(); }" },
        { "MEMO0202", "Return IReadOnlyList<int>", "public static partial class S { [Cached] public static partial Task<List<int>> M(int a); static async Task<List<int>> MCore(int a) { await Task.Yield(); return [a]; } }", "public static partial Task<IReadOnlyList<int>> M(int a); static async Task<IReadOnlyList<int>> MCore(int a)" },
        { "MEMO0202", "Return IReadOnlyList<int>", "public interface I { List<int> M(int a); } public sealed partial class S : I { [Cached] public partial List<int> M(int a); List<int> MCore(int a) => [a]; }", "public interface I { IReadOnlyList<int> M(int a); }" },
        { "MEMO0201", "Return IReadOnlyList<int>", "public static class S { [Cached] public static IEnumerable<int> M(int a) => Enumerable.Range(0, a).Where(x => x > 1); }", "public static IReadOnlyList<int> M(int a) => Enumerable.Range(0, a).Where(x => x > 1).ToList();" },
        { "MEMO0201", "Return IReadOnlyList<int>", "public static class S { [Cached] public static IEnumerable<int> M(int a) { if (a == 0) return Array.Empty<int>(); var l = new List<int>(); l.Add(a); return l; } }", "public static IReadOnlyList<int> M(int a) { if (a == 0) return Array.Empty<int>(); var l = new List<int>(); l.Add(a); return l; }" },
        { "MEMO0201", "Return IReadOnlyList<int>", "public static class S { [Cached] public static IQueryable<int> M(int a) => from x in new[] { a }.AsQueryable() where x > a select x; }", "=> (from x in new[] { a }.AsQueryable() where x > a select x).ToList();" },
        { "MEMO0201", "Return IReadOnlyList<int>", "public static class S { static Task<IEnumerable<int>> L() => Task.FromResult(Enumerable.Empty<int>()); [Cached] public static Task<IEnumerable<int>> M(int a) => L(); }", "public static async Task<IReadOnlyList<int>> M(int a) => (await L()).ToList();" },
    };

    [Theory, MemberData(nameof(Fixes))]
    public async Task Another_type_is_returned(string id, string title, string code, string expected)
    {
        using var solution = FixedSolution.Of(code);
        await solution.Apply(id, title);
        Assert.True(solution.Text().Contains(expected, StringComparison.Ordinal), solution.Text());
        await solution.Verify(id);
    }

    [Theory]
    [InlineData("MEMO0202", "public class B { public virtual List<int> M(int a) => []; } public class S : B { [Cached] public override List<int> M(int a) => []; }", "the base class says what is returned")]
    [InlineData("MEMO0202", "public class B { [Cached] public virtual List<int> M(int a) => []; } public class S : B { public override List<int> M(int a) => []; }", "an override returns the same")]
    [InlineData("MEMO0202", "public interface I { List<int> M(int a); } public class A : I { public List<int> M(int a) => []; } public class S : I { [Cached] public List<int> M(int a) => []; }", "another class implements the interface")]
    [InlineData("MEMO0202", "public static class S { [Cached] public static Dictionary<int, int> M(int a) => new(); }", "the type of new() would change")]
    [InlineData("MEMO0202", "public static class S { [Cached] public static int[,] M(int a) => new int[a, a]; }", "there is no read-only form")]
    [InlineData("MEMO0202", "public static class S { [Cached] public static (int, List<int>) M(int a) => (a, new List<int>()); }", "it is inside of the result")]
    [InlineData("MEMO0201", "public static class S { [Cached] public static System.IO.Stream M(string a) => System.IO.File.OpenRead(a); }", "a stream is no collection")]
    public async Task Nothing_is_offered_where_it_takes_thought(string id, string code, string why)
    {
        using var solution = FixedSolution.Of(code);
        var titles = await solution.Offered(id);
        Assert.True(titles is [], $"{why}: {string.Join(", ", titles)}");
    }
}
