using Memoize.Generators.Tests.Harness;

namespace Memoize.Generators.Tests.CallShapes;

/// <summary>Recursion becomes memoization, and every kind of result is the cached one.</summary>
public sealed class RecursionAndAsyncTests
{
    static readonly Shape[] _shapes =
    [
        new("Fibonacci computes each number once",
            "public static class Fib { [Cached] public static long Of(int n) { Probe.Call(); return n < 2 ? n : Of(n - 1) + Of(n - 2); } }",
            "Say(Fib.Of(15), Fib.Of(15), Fib.Of(10));",
            "610 610 55", 16, 1973 * 2 + 177),

        new("Recursion of an instance method through another instance is memoized",
            """
            public sealed class Grid
            {
                [Cached] public long Paths(int x, int y) { Probe.Call(); return x == 0 || y == 0 ? 1 : new Grid().Paths(x - 1, y) + this.Paths(x, y - 1); }
            }
            """,
            "Say(new Grid().Paths(5, 5));",
            "252", 35, 503),

        new("Mutual recursion is memoized",
            """
            public static class P
            {
                [Cached] public static bool Even(int n) { Probe.Call(); return n == 0 || Odd(n - 1); }
                [Cached] public static bool Odd(int n) { Probe.Call(); return n != 0 && Even(n - 1); }
            }
            """,
            "Say(P.Even(10), P.Even(10), P.Odd(9));",
            "True True True", 11, 32),

        new("Asynchronous recursion is memoized",
            """
            public static class Fib
            {
                [Cached] public static async Task<long> Of(int n)
                {
                    Probe.Call();
                    await Task.Yield();
                    return n < 2 ? n : await Of(n - 1) + await Of(n - 2);
                }
            }
            """,
            "Say(await Fib.Of(10), await Fib.Of(10));",
            "55 55", 11, 354),

        new("The same key inside its own load throws and names the method",
            """
            public static class S { [Cached] public static int Loop(int n) { Probe.Call(); return Probe.Calls > 3 ? -1 : Loop(n); } }
            """,
            "try { S.Loop(1); } catch (InvalidOperationException e) { Say(e.Message.Contains(\"Loop\", StringComparison.Ordinal)); }",
            "True", 1) { Allow = ["MEMO0601"] },

        new("The same key inside the load of another method throws and names the method",
            """
            public static class S
            {
                [Cached] public static int M(int a) { Probe.Call(); return a == 0 ? 0 : N(a); }
                [Cached] public static int N(int b) { Probe.Call(); return b == 1 ? 1 : M(b); }
            }
            """,
            "try { S.M(5); } catch (InvalidOperationException e) { Say(e.Message.Contains(\"S.M\", StringComparison.Ordinal)); } Say(S.M(0), S.N(1));",
            "True 0 1", 4) { Allow = ["MEMO0602"] },

        new("A task result is cached",
            "public static class S { [Cached] public static async Task<string?> M(int a) { await Task.Yield(); return Probe.Call(a == 0 ? null : \"m\" + a); } }",
            "Say(await S.M(1), await S.M(1), await S.M(0), await S.M(0));",
            "m1 m1 null null", 2, 4),

        new("A value task result is cached",
            "public static class S { [Cached] public static async ValueTask<int> M(int a) { await Task.Yield(); return Probe.Call(a); } [Cached] public static ValueTask<int> N(int a) => new(Probe.Call(a)); }",
            "Say(await S.M(1), await S.M(1), await S.N(1), await S.N(1), S.N(1).Result);",
            "1 1 1 1 1", 2, 5),

        new("Results of generic methods are cached tasks",
            "public static class S { [Cached] public static async Task<IReadOnlyList<T>> M<T>(T a) where T : IEquatable<T> { await Task.Yield(); return Probe.Call(new[] { a }); } }",
            "Say((await S.M(1))[0], (await S.M(1))[0], (await S.M(\"x\"))[0]);",
            "1 1 x", 2, 3),

        new("An instance method with a token reaches it, and the token is not in the key",
            """
            public sealed class C
            {
                [Cached] public async Task<bool> M(int a, CancellationToken ct = default) { await Task.Yield(); return Probe.Call(ct.CanBeCanceled); }
                [Cached] public bool N(int a, CancellationToken ct) => Probe.Call(true);
                [Cached] public async ValueTask<int> V(CancellationToken ct, int a) { await Task.Yield(); return Probe.Call(a); }
            }
            """,
            """
            using var source = new CancellationTokenSource();
            var c = new C();
            var first = await c.M(1, source.Token);
            Say(first == await c.M(1, source.Token), c.N(1, source.Token), c.N(1, default), await c.V(source.Token, 1), await c.V(default, 1));
            """,
            "True True True 1 1", 3, 6),

        new("An exception is not cached",
            "public static class S { [Cached] public static int M(int a) { Probe.Call(); throw new FormatException(); } [Cached] public static async Task<int> A(int a) { Probe.Call(); await Task.Yield(); throw new FormatException(); } }",
            """
            Throws<FormatException>(() => S.M(1));
            Throws<FormatException>(() => S.M(1));
            for (var i = 0; i < 2; i++) { try { await S.A(1); } catch (FormatException e) { Say(e.GetType().Name); } }
            """,
            "FormatException FormatException FormatException FormatException", 4, 4),

        new("Null results are remembered",
            "public static class S { [Cached] public static string? M(int a) => Probe.Call<string?>(null); [Cached] public static int? N(int a) => Probe.Call<int?>(null); }",
            "Say(S.M(1), S.M(1), S.N(1), S.N(1));",
            "null null null null", 2, 4),

        new("A method that throws synchronously before its task is not cached",
            "public static class S { [Cached] public static Task<int> M(int a) { Probe.Call(); throw new FormatException(); } }",
            "for (var i = 0; i < 2; i++) { try { await S.M(1); } catch (FormatException e) { Say(e.GetType().Name); } }",
            "FormatException FormatException", 2, 2),

        new("Sixteen tasks that ask for one cold key run the original once",
            "public static class S { [Cached] public static async Task<int> M(int a) { Probe.Call(); await Task.Delay(20); return a; } }",
            "Say((await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => Task.Run(() => S.M(1))))).Sum());",
            "16", 1, 16),

        new("Statements after awaits, using blocks and configured awaits see the value",
            "public static class S { [Cached] public static async Task<int> M(int a) { await Task.Yield(); return Probe.Call(a); } }",
            "var t = S.M(1); Say(await t.ConfigureAwait(false), (await S.M(1).ConfigureAwait(false)), S.M(1).Result, await Task.Run(async () => await S.M(1)));",
            "1 1 1 1", 1, 4),

        new("Options of every kind compile",
            """
            public static class S
            {
                [Cached(Ttl = 1800.5, Sliding = 900.25, MaxSize = 3, Eviction = Eviction.Lfu, Name = "my \"own\" name")] public static int A(int a) => Probe.Call(a);
                [Cached(Ttl = 1e8)] public static int B(int a) => Probe.Call(a);
                [Memoize.Cached(Ttl = 5 * 60, MaxSize = Size), Obsolete] public static int C(int a) => Probe.Call(a);
                [CachedAttribute()] public static int D(int a) => Probe.Call(a);
                const int Size = 1 << 20;
            }
            """,
            "#pragma warning disable CS0612\nfor (var i = 0; i < 2; i++) Say(S.A(1), S.B(1), S.C(1), S.D(1));",
            "1 1 1 1 1 1 1 1", 4, 8),

        new("Arithmetic of keys does not overflow in a checked project",
            "public static class S { [Cached] public static int M(int a, string b, long c, Guid d) => Probe.Call(1); }",
            "for (var i = 0; i < 2; i++) Say(S.M(int.MaxValue, new string('x', 100), long.MinValue, Guid.Parse(\"ffffffff-ffff-ffff-ffff-ffffffffffff\")));",
            "1 1", 1, 2) { Setup = new() { Checked = true } },

        new("A project without implicit usings compiles",
            "public static class S { [Memoize.Cached] public static System.Threading.Tasks.Task<int> M(int a, System.Threading.CancellationToken t = default) => System.Threading.Tasks.Task.FromResult(Probe.Call(a)); }",
            "Say(S.M(1).Result, S.M(1).Result);",
            "1 1", 1, 2) { Setup = new() { ImplicitUsings = false } },

        new("A release build without DEBUG intercepts",
            "public static class S { [Cached] public static int M(int a) => Probe.Call(a); }",
            "Say(S.M(1), S.M(1));",
            "1 1", 1, 2) { Setup = new() { Symbols = [] } },
    ];

    public static IEnumerable<TheoryDataRow<string>> Rows => Table.Names(_shapes);

    [Theory, MemberData(nameof(Rows))]
    public Task Recursion_and_async(string name) => Table.Verify(_shapes, name);
}
