using Memoize.Generators.Tests.Harness;
using Microsoft.CodeAnalysis;

namespace Memoize.Generators.Tests.CallShapes;

/// <summary>
/// Calls that an interceptor would change the meaning of, or cannot reach. They run the original, mean what they meant, and the
/// analyzer says so at the place.
/// </summary>
public sealed class SkippedCallTests
{
    /// <summary>Name, declarations, script, what it says, how often originals run with and without interception.</summary>
    static readonly Shape[] _shapes =
    [
        new("A base call runs the base method, once, and does not recurse",
            """
            public class B { [Cached] public virtual int M(int a) => Probe.Call(a); }
            public sealed class D : B { public override int M(int a) => Probe.Call(100) + base.M(a); }
            """,
            "Say(new D().M(1), new D().M(1));",
            "101 101", 4, 4),

        new("An expression tree keeps the call to the original",
            "public static class S { [Cached] public static int M(int a) => Probe.Call(a); }",
            """
            System.Linq.Expressions.Expression<Func<int, int>> tree = a => S.M(a);
            var call = (System.Linq.Expressions.MethodCallExpression)tree.Body;
            Say(call.Method.DeclaringType!.Name, call.Method.Name, tree.Compile()(1), tree.Compile()(1));
            """,
            "S M 1 1", 2, 2),

        new("A lambda inside an expression tree keeps the call to the original",
            "public static class S { [Cached] public static int M(int a) => Probe.Call(a); }",
            """
            System.Linq.Expressions.Expression<Func<int[], int>> tree = all => all.Sum(a => S.M(a));
            Say(tree.ToString(), tree.Compile()(new[] { 1, 1 }));
            """,
            "all => all.Sum(a => M(a)) 2", 2, 2),

        new("A queryable query keeps the call to the original",
            "public static class S { [Cached] public static int M(int a) => Probe.Call(a); }",
            "var query = from a in new[] { 1, 1 }.AsQueryable() where S.M(a) > 0 select S.M(a); Say(query.Expression.ToString().Contains(\"M(a)\"), query.Sum());",
            "True 2", 4, 4),

        new("A receiver of type-parameter type keeps its meaning",
            """
            public interface ICount { int M(int a); }
            public struct C : ICount { [Cached] public int M(int a) => Probe.Call(a); }
            public static class G { public static int Go<T>(ref T c) where T : ICount => c.M(1) + c.M(1); }
            public class K { [Cached] public int M(int a) => Probe.Call(a); }
            public static class H { public static int Go<T>(T c) where T : K => c.M(1) + c.M(1); }
            """,
            "var c = new C(); Say(G.Go(ref c), H.Go(new K()));",
            "2 2", 4, 4),

        new("A dynamic call keeps its meaning",
            "public sealed class C { [Cached] public int M(int a) => Probe.Call(a); [Cached] public static int F(int a) => Probe.Call(a); }",
            "dynamic c = new C(); dynamic one = 1; Say(c.M(1), c.M(1), C.F(one), C.F(one));",
            "1 1 1 1", 4, 4),

        new("Method groups and delegates run the original",
            "public static class S { [Cached] public static int M(int a) => Probe.Call(a); }",
            "Func<int, int> f = S.M; var g = S.M; Say(f(1), f(1), g(1), new[] { 1 }.Select(S.M).Single());",
            "1 1 1 1", 4, 4),

        new("An interface call to an annotated implementation runs the original",
            "public interface I { int M(int a); } public sealed class C : I { [Cached] public int M(int a) => Probe.Call(a); }",
            "I i = new C(); Say(i.M(1), i.M(1));",
            "1 1", 2, 2),

        new("A call bound to an unannotated base runs the annotated override uncached",
            "public abstract class B { public abstract int M(int a); } public sealed class D : B { [Cached] public override int M(int a) => Probe.Call(a); }",
            "B b = new D(); var d = new D(); Say(b.M(1), b.M(1), d.M(1), d.M(1));",
            "1 1 1 1", 3, 4),
    ];

    static readonly (string Name, string Code, string Run)[] _silent =
    [
        ("nameof is not a call", "public static class S { [Cached] public static int M(int a) => Probe.Call(a); }", "Say(nameof(S.M));"),
        ("A local function of the same name is not the method",
            "public static class S { [Cached] public static int M(int a) => Probe.Call(a); }", "int M(int a) => a; Say(M(1), M(1));"),
        ("A delegate field of the same name is not the method",
            "public static class S { [Cached] public static int M(int a) => Probe.Call(a); } public static class T { public static Func<int, int> M = a => a; }",
            "Say(T.M(1), T.M(1));"),
        ("An unannotated overload is not the method",
            "public static class S { [Cached] public static int M(int a) => Probe.Call(a); public static int M(long a) => 7; }", "Say(S.M(1L));"),
        ("A foreign attribute of the same name is nothing",
            "namespace Other { public sealed class CachedAttribute : Attribute; public static class S { [Cached] public static int M(int a) => a; } }", "Say(Other.S.M(1));"),
    ];

    public static IEnumerable<TheoryDataRow<string>> Rows => Table.Names(_shapes);

    public static IEnumerable<TheoryDataRow<string>> Silent => _silent.Select(row => new TheoryDataRow<string>(row.Name) { TestDisplayName = row.Name });

    [Theory, MemberData(nameof(Rows))]
    public async Task Skipped_calls_mean_what_they_meant_and_are_reported(string name)
    {
        var shape = _shapes.Single(row => row.Name == name);
        var reported = (await AnalyzerRun.Of(shape.Setup, shape.Files)).Where(diagnostic => diagnostic.Severity >= DiagnosticSeverity.Info).ToList();
        await (shape with { Allow = [.. reported.Select(diagnostic => diagnostic.Id)] }).Verify();

        Assert.NotEmpty(reported);
        Assert.All(reported, diagnostic =>
        {
            Assert.StartsWith("MEMO10", diagnostic.Id, StringComparison.Ordinal);
            Assert.NotEqual(DiagnosticSeverity.Error, diagnostic.Severity);
        });
    }

    [Theory, MemberData(nameof(Silent))]
    public async Task What_is_not_a_call_of_the_method_is_neither_intercepted_nor_reported(string name)
    {
        var (_, code, script) = _silent.Single(row => row.Name == name);
        var shape = new Shape(name, code, script, "", 0);
        Assert.Empty(await AnalyzerRun.Of(shape.Setup, shape.Files));
        Assert.DoesNotContain("InterceptsLocation(", GeneratorRun.Of(shape.Setup, shape.Files).GeneratedText, StringComparison.Ordinal);
    }
}
