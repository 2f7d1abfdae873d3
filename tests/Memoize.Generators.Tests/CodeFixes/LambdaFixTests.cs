using Memoize.Generators.Tests.Harness;
using Microsoft.CodeAnalysis.CodeFixes;

namespace Memoize.Generators.Tests.CodeFixes;

/// <summary>MEMO1001 of a delegate: a lambda in its place calls the method, and the call goes through the cache.</summary>
public sealed class LambdaFixTests
{
    const string Title = "Pass a lambda";
    const string S = "public static class S { [Cached] public static string M(int id) => string.Concat(id, id); [Cached] public static string N(int id, string more) => string.Concat(id, more); [Cached] public static string O() => string.Concat(1, 2); [Cached] public static string G<T>(T it) where T : IEquatable<T> => string.Concat(it, it); [Cached] public static string E(this string text, int id) => string.Concat(text, id); [Cached] public static string V(int a) => string.Concat(a, a); [Cached] public static string V(string a) => string.Concat(a, a); } ";
    const string Store = "public sealed class Store { [Cached] public string M(int id) => string.Concat(id, id); } ";

    public static TheoryData<string, string> Fixes => new()
    {
        { S + "public static class U { public static object Go(int[] all) => all.Select(S.M).ToList(); }", "all.Select(id => S.M(id)).ToList()" },
        { S + "public static class U { public static object? Go(int[]? all) => all?.Select(S.M).ToList(); }", "all?.Select(id => S.M(id)).ToList()" },
        { S + "public static class U { public static object Go(int[] all, string[] more) => all.Zip(more, S.N).ToList(); }", "all.Zip(more, (id, more_) => S.N(id, more_)).ToList()" },
        { S + "public static class U { public static string Go() { Func<string> f = S.O; return f(); } }", "Func<string> f = () => S.O();" },
        { S + "public static class U { public static string Go() { var f = S.M; return f(1); } }", "var f = (int id) => S.M(id);" },
        { S + "public static class U { public static Task<string> Go(int id) => Task.Run(S.O); }", "Task.Run(() => S.O())" },
        { S + "public static class U { public static string Go(int id) => string.Concat(new[] { id }.Select(S.M)); }", "new[] { id }.Select(id_ => S.M(id_))" },
        { S + "public static class U { public static object Go(int[] all) => all.Select(S.G<int>).ToList(); }", "all.Select(it => S.G<int>(it))" },
        { S + "public static class U { public static object Go(int[] all) => all.Select(S.G).ToList(); }", "all.Select(it => S.G(it))" },
        { S + "public static class U { public static object Go(int[] all, string text) => all.Select(text.E).ToList(); }", "all.Select(id => text.E(id))" },
        { S + "public static class U { public static object Go(int[] all) => all.Select(S.V).ToList(); }", "all.Select(a => S.V(a))" },
        { S + "public static class U { public static string Go() { Func<string, string> f = S.V; return f(\"x\"); } }", "f = a => S.V(a);" },
        { S + "public static class U { public static Func<int, string> Go(Func<int, string>? f) => f ?? S.M; }", "f ?? (id => S.M(id))" },
        { S + "public static class U { public static object Go() => (Func<int, string>)S.M; }", "(Func<int, string>)(id => S.M(id))" },
        { S + "public static class U { public static object Go() => new Func<int, string>(S.M); }", "new Func<int, string>(id => S.M(id))" },
        { S + "public static class U { public static object Go(bool yes, Func<int, string> other) => (yes ? S.M : other)(1); }", "(yes ? id => S.M(id) : other)(1)" },
        { "public static class U { [Cached] private static string M(int id) => string.Concat(id, id); public static object Go(int[] all) => all.Select(M).ToList(); }", "all.Select(id => M(id))" },
        { Store + "public static class U { public static object Go(int[] all, Store store) => all.Select(store.M).ToList(); }", "all.Select(id => store.M(id))" },
        { Store + "public sealed class U(Store store) { public object Go(int[] all) => all.Select(store.M).ToList(); }", "all.Select(id => store.M(id))" },
        { Store + "public sealed class U { readonly Store _store = new(); public object Go(int[] all) => all.Select(this._store.M).ToList(); }", "all.Select(id => this._store.M(id))" },
        { Store + "public sealed class U { Store Store { get; } = new(); public object Go(int[] all) => all.Select(Store.M).ToList(); }", "all.Select(id => Store.M(id))" },
        { "public sealed class U { [Cached] private string M(int id) => string.Concat(id, id); public object Go(int[] all) => all.Select(M).Concat(all.Select(this.M)).ToList(); }", "all.Select(id => M(id))" },
        { "public static class U { [Cached] public static string Get(int id) => string.Concat(id, id); [Evicts(nameof(Get))] public static int Set(int id) => id; public static int Go(int[] all) => all.Sum(Set); }", "all.Sum(id => Set(id))" },
    };

    [Theory, MemberData(nameof(Fixes))]
    public async Task A_lambda_is_cached(string code, string expected)
    {
        using var solution = FixedSolution.Of(code);
        await solution.Apply("MEMO1001", Title, FixAllScope.Document);
        Assert.Contains(expected, solution.Text(), StringComparison.Ordinal);
        await solution.Verify("MEMO1001");
    }

    [Theory]
    [InlineData(Store + "public static class U { public static object Go(int[] all) => all.Select(new Store().M).ToList(); }", "each call would make another receiver")]
    [InlineData(Store + "public static class U { public static Store Next = new(); public static object Go(int[] all) => all.Select(Next.M).ToList(); }", "the receiver may be another one by then")]
    [InlineData(Store + "public static class U { public static object Go(int[] all, Store s) { var f = all.Select(s.M); s = new(); return f.ToList(); } }", "the receiver is assigned later")]
    [InlineData("public struct P { [Cached] public readonly string M(int id) => string.Concat(id, id); public readonly object Go(int[] all) => all.Select(M).ToList(); }", "a lambda in a struct cannot use it")]
    [InlineData(S + "public static class U { public static event Func<int, string>? E; public static void Go() { E += S.M; E?.Invoke(1); } }", "it could not be unsubscribed")]
    [InlineData(S + "public static class U { public static bool Go(Func<int, string> f) => f == S.M; }", "a lambda is equal to nothing")]
    [InlineData("public class B { [Cached] public string M(int id) => string.Concat(id, id); } public sealed class U : B { public object Go(int[] all) => all.Select(base.M).ToList(); }", "base calls are not intercepted")]
    [InlineData(S + "public static class U { public static object Go(IQueryable<int> all) => all.Select(x => new[] { x }.Select(S.M).ToList()); }", "calls in an expression tree are not intercepted")]
    [InlineData("public static class U { [Cached] public static string M(in int id) => string.Concat(id, id); public delegate string D(in int id); public static D Go() => M; }", "the parameters would need modifiers")]
    public async Task A_lambda_is_not_offered_where_it_would_mean_something_else(string code, string why)
    {
        using var solution = FixedSolution.Of(code);
        var titles = await solution.Offered("MEMO1001");
        Assert.True(titles.All(offered => !offered.StartsWith(Title, StringComparison.Ordinal)), why);
    }

    [Fact]
    public async Task All_are_fixed_at_once()
    {
        const string use = "public static class @ { public static object Go(int[] all) => all.Select(S.M).Concat(all.Where(a => all.Select(S.M).Any()).Select(S.M)).ToList(); }";
        foreach (var scope in new[] { FixAllScope.Document, FixAllScope.Project, FixAllScope.Solution })
        {
            using var solution = FixedSolution.Of(new Setup(), ("Code.cs", S + use.Replace("@", "P", StringComparison.Ordinal)), ("Second.cs", use.Replace("@", "Q", StringComparison.Ordinal)));
            await solution.Apply("MEMO1001", Title, scope);
            Assert.DoesNotContain("Select(S.M)", solution.Text("Second.cs"), StringComparison.Ordinal);
            if (scope == FixAllScope.Document)
                Assert.Contains("Select(S.M)", solution.Text(), StringComparison.Ordinal);
            else
                await solution.Verify("MEMO1001");
        }
    }
}
