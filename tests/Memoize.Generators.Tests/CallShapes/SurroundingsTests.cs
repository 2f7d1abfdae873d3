using Memoize.Generators.Tests.Harness;

namespace Memoize.Generators.Tests.CallShapes;

/// <summary>What stands around a cached method does not get in the way of the code that is generated for it.</summary>
public sealed class SurroundingsTests
{
    static readonly Shape[] _shapes =
    [
        new("A namespace that contains Memoize, System or Generated as a part",
            """
            namespace Acme.Memoize { public static class S { [Cached] public static int M(int a) => Probe.Call(a); } }
            namespace Acme.System.Threading { public static class S { [Cached] public static Task<int> M(int a) => Task.FromResult(Probe.Call(a)); } }
            namespace Memoize.Shop { public static partial class S { [Cached] public static partial int M(int a); static int MCore(int a) => Probe.Call(a); } }
            namespace Acme.Generated { public static class S { [Cached] public static int M(ReadOnlySpan<char> a) => Probe.Call(a.Length); } }
            """,
            "for (var i = 0; i < 2; i++) Say(Acme.Memoize.S.M(1), await Acme.System.Threading.S.M(1), Memoize.Shop.S.M(1), Acme.Generated.S.M(\"a\"));",
            "1 1 1 1 1 1 1 1", 4),

        new("User types named as the types of the runtime",
            """
            public sealed class CachedMethod { } public sealed class CacheOptions { } public sealed class KeyPart { } public sealed class Interceptors { } public sealed class SpanKey { }
            namespace Shop
            {
                public sealed class MethodCache<A, B> { } public sealed class CacheHandle { } public sealed class Key { } public sealed class Eviction { }
                public static class S { [Cached] public static int M(int a, ReadOnlySpan<char> b) => Probe.Call(a); }
                public partial class P { [Cached(Ttl = 5)] public partial int M(int a); int MCore(int a) => Probe.Call(a); }
            }
            """,
            "for (var i = 0; i < 2; i++) Say(Shop.S.M(1, \"b\"), new Shop.P().M(1));",
            "1 1 1 1", 2),

        new("Members named as what a partial type's cell uses",
            """
            public sealed partial class C
            {
                public int Key => 1; public int Cache => 2; public int Method => 3; public int Invoke => 4; public static int Load(int a) => a; public sealed class Of { }
                [Cached] public partial int M(int a);
                int MCore(int a) => Probe.Call(a);
            }
            """,
            "Say(new C().M(1), new C().M(1), new C().Key);",
            "1 1 1", 1),

        new("A type named as its namespace, and a method named as its type's namespace",
            "namespace Shop { public static class Shop { [Cached] public static int Go(int a) => Probe.Call(a); } }",
            "Say(Shop.Shop.Go(1), Shop.Shop.Go(1), Shop.ShopCache.Go.Evict(1));",
            "1 1 True", 1),

        new("A nested type inside an interface and inside a record",
            "public interface I { public static class N { [Cached] public static int M(int a) => Probe.Call(a); } } public record R { public sealed record N { [Cached] public int M(int a) => Probe.Call(a); } }",
            "Say(I.N.M(1), I.N.M(1), new R.N().M(1), new R.N().M(1));",
            "1 1 1 1", 2, 4),

        new("Attributes on parameters, results and methods that mean something to the compiler",
            """
            using System.Diagnostics.CodeAnalysis; using System.Runtime.InteropServices; using System.ComponentModel;
            public static class S
            {
                [Cached, Description("d")] public static string M(string? a, [Optional, DefaultParameterValue(7)] int b, [StringSyntax("regex")] string c = "x") => Probe.Call(a + b + c);
                [Cached, System.Runtime.CompilerServices.MethodImpl(System.Runtime.CompilerServices.MethodImplOptions.NoInlining)] public static bool Try([NotNullWhen(true)] string? a) => Probe.Call(a is not null);
                [Cached, System.Diagnostics.Contracts.Pure] public static int P(int a) => Probe.Call(a);
            }
            """,
            "string? s = Environment.NewLine; for (var i = 0; i < 2; i++) Say(S.M(\"a\"), S.M(\"a\", 7), S.Try(s) ? s.Length : 0, S.P(1));",
            "a7x a7x 1 1 a7x a7x 1 1", 3, 8),

        new("Results of every kind that may be shared",
            """
            public enum E { A } public readonly record struct R(int X); public delegate int D(int a);
            public static class S
            {
                [Cached] public static E A(int a) => Probe.Call(E.A);
                [Cached] public static R? B(int a) => Probe.Call<R?>(new R(a));
                [Cached] public static (R, string?)[] C(int a) => Probe.Call(new (R, string?)[] { (new R(a), null) });
                [Cached] public static D F(int a) => Probe.Call<D>(b => a + b);
                [Cached] public static object? G(int a) => Probe.Call<object?>(null);
                [Cached] public static Type H(int a) => Probe.Call(typeof(int));
                [Cached] public static IReadOnlyDictionary<string, IReadOnlyList<int?>>? I(int a) => Probe.Call<IReadOnlyDictionary<string, IReadOnlyList<int?>>?>(null);
                [Cached] public static Guid J(int a) => Probe.Call(Guid.Empty);
                [Cached] public static System.Collections.Immutable.ImmutableArray<int> K(int a) => Probe.Call(System.Collections.Immutable.ImmutableArray.Create(a));
            }
            """,
            "for (var i = 0; i < 2; i++) Say(S.A(1), S.B(1)!.Value.X, S.C(1).Length, S.F(1)(1), S.G(1), S.H(1).Name, S.I(1), S.J(1) == default, S.K(1)[0]);",
            "A 1 1 2 null Int32 null True 1 A 1 1 2 null Int32 null True 1", 9, 18) { Allow = ["MEMO0202", "MEMO0203"] },

        new("A class with many cached methods has one class of handles",
            $"public static class S {{ {string.Concat(Enumerable.Range(0, 40).Select(i => $"[Cached] public static int M{i}(int a) => Probe.Call(a + {i});\n"))} }}",
            $"for (var i = 0; i < 2; i++) Say({string.Join(" + ", Enumerable.Range(0, 40).Select(i => $"S.M{i}(1)"))}); Say(SCache.M39.Evict(1));",
            "820 820 True", 40),

        new("Parts of a partial type in several files with cached methods in each",
            "public static partial class S { [Cached] public static int A(int a) => Probe.Call(a); }",
            "Say(S.A(1), S.A(1), S.B(1), S.B(1), SCache.A.Evict(1), SCache.B.Evict(1));",
            "1 1 1 1 True True", 2) { More = [("Other.cs", "static partial class S { [Cached] public static int B(int a) => Probe.Call(a) + A(1) - A(1); }")] },

        new("Preprocessor regions and nullable contexts that change inside a file",
            """
            #nullable disable
            public static class S
            {
            #if DEBUG
                [Cached] public static string M(string a) => Probe.Call(a);
            #else
                public static string M(string a) => a;
            #endif
            #nullable enable
                [Cached] public static string? N(string? a) => Probe.Call(a);
            #nullable disable warnings
                [Cached] public static string O(string a) => Probe.Call((string)null);
            #nullable restore
            }
            """,
            "for (var i = 0; i < 2; i++) Say(S.M(\"a\"), S.N(null), S.O(\"x\"));",
            "a null null a null null", 3, 6),
    ];

    public static IEnumerable<TheoryDataRow<string>> Rows => Table.Names(_shapes);

    [Theory, MemberData(nameof(Rows))]
    public Task Surroundings(string name) => Table.Verify(_shapes, name);
}
