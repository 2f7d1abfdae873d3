using Memoize.Generators.Tests.Harness;

namespace Memoize.Generators.Tests.Promises;

// Bugs of other caches, each of which gave wrong data or no caching to somebody: what runs here counts how often originals ran.
public sealed partial class PromiseTests
{
    static readonly Shape[] _bugs =
    [
        new("Arguments are not joined with a space",
            "public static class S { [Cached] public static string M(string a, string b) => Probe.Call(a + \"|\" + b); }",
            "Say(S.M(\"a_b\", \"c\"), S.M(\"a b\", \"c\"), S.M(\"a\", \"b c\"));",
            "a_b|c a b|c a|b c", 3),

        new("Arguments are not joined with a colon",
            "public static class S { [Cached] public static string M(string a, string b) => Probe.Call(a + \"|\" + b); }",
            "Say(S.M(\"a:b\", \"c\"), S.M(\"a\", \"b:c\"), S.M(\"\", \"a:b:c\"));",
            "a:b|c a|b:c |a:b:c", 3),

        new("Methods of the same name in two classes of one file do not share",
            "public sealed class A { [Cached] public string M(int a) => Probe.Call(\"A\" + a); } public sealed class B { [Cached] public string M(int a) => Probe.Call(\"B\" + a); }",
            "Say(new A().M(1), new B().M(1));",
            "A1 B1", 2, 2),

        new("Interfaces of two services with the same member do not share",
            """
            public interface IUsers { string Get(int id); } public interface IOrders { string Get(int id); }
            public sealed partial class Both : IUsers, IOrders
            {
                [Cached] public partial string Get(int id);
                string GetCore(int id) => Probe.Call("user" + id);
                string IOrders.Get(int id) => Order(id);
                [Cached] string Order(int id) => Probe.Call("order" + id);
            }
            """,
            "var both = new Both(); for (var i = 0; i < 2; i++) Say(((IUsers)both).Get(1), ((IOrders)both).Get(1));",
            "user1 order1 user1 order1", 2),

        new("Two instances with different state do not share where the state is keyed",
            "public sealed class C { [CacheKey] public int State; [Cached] public string M(int a) => Probe.Call(State + \":\" + a); }",
            "var one = new C { State = 1 }; var two = new C { State = 2 }; Say(one.M(1), two.M(1), one.M(1), new C { State = 1 }.M(1)); one.State = 2; Say(one.M(1));",
            "1:1 2:1 1:1 1:1 2:1", 2, 5),

        new("Numbers and their texts do not share",
            "public static class S { [Cached] public static string M(int a, int b) => Probe.Call(\"i\" + a + b); [Cached] public static string M(string a, string b) => Probe.Call(\"s\" + a + b); }",
            "Say(S.M(1, 1), S.M(\"1\", \"1\"));",
            "i11 s11", 2, 2),

        new("Companions are normalised as calls are, defaults included",
            "public static class S { [Cached] public static int M(int a, int b = 1) => Probe.Call(a + b); }",
            "Say(S.M(1), SCache.M.Evict(1), S.M(1), SCache.M.Evict(b: 1, a: 1), S.M(1, 1), SCache.M.Evict(1, 2));",
            "2 True 2 True 2 False", 3),

        new("A default that is omitted or given is one call",
            "public static class S { [Cached] public static int M(int a, int b = 1) => Probe.Call(a + b); }",
            "Say(S.M(1), S.M(1, 1), S.M(a: 1), S.M(1, b: 1));",
            "2 2 2 2", 1, 4),

        new("Two functions with equal arguments do not share, and 1, 1.0 and true are three keys",
            """
            public static class S
            {
                [Cached] public static string F(int a) => Probe.Call("f" + a); [Cached] public static string G(int a) => Probe.Call("g" + a);
                [Cached] public static string T<T>(T a) where T : struct, IEquatable<T> => Probe.Call(typeof(T).Name + a);
            }
            """,
            "Say(S.F(1), S.G(1), S.T(1), S.T(1.0), S.T(true), S.T(1));",
            "f1 g1 Int321 Double1 BooleanTrue Int321", 5, 6),

        new("Overloads do not collide",
            "public static class S { [Cached] public static string M(int a) => Probe.Call(\"i\" + a); [Cached] public static string M(long a) => Probe.Call(\"l\" + a); [Cached] public static string M(int a, string? b = null) => Probe.Call(\"o\" + a); }",
            "Say(S.M(1), S.M(1L), S.M(1, null));",
            "i1 l1 o1", 3, 3),

        new("Generic type arguments of equal simple names do not collide",
            "namespace A { public sealed record Id(int N); } namespace B { public sealed record Id(int N); } public static class S { [Cached] public static string M<T>(T a) where T : class, IEquatable<T> => Probe.Call(typeof(T).Namespace + a); }",
            "Say(S.M(new A.Id(1)), S.M(new B.Id(1)), S.M(new A.Id(1)));",
            "AId { N = 1 } BId { N = 1 } AId { N = 1 }", 2, 3),

        new("Null is neither the text null nor the empty text",
            "public static class S { [Cached] public static string M(string? a) => Probe.Call(a is null ? \"none\" : \"'\" + a + \"'\"); }",
            "Say(S.M(null), S.M(\"null\"), S.M(\"\"), S.M(null));",
            "none 'null' '' none", 3, 4),

        new("Times that differ below a second are different",
            "public static class S { [Cached] public static long M(DateTime a) => Probe.Call(a.Ticks); [Cached] public static long N(DateTimeOffset a) => Probe.Call(a.Ticks); }",
            "Say(S.M(new(1)), S.M(new(2)), S.N(new(1, default)), S.N(new(2, default)));",
            "1 2 1 2", 4, 4),

        new("The current culture does not change a key",
            "public static class S { [Cached] public static string M(double a, DateTime b, decimal c) => Probe.Call(a.ToString(System.Globalization.CultureInfo.InvariantCulture)); }",
            """
            Say(S.M(1.5, new(5), 1.5m));
            System.Globalization.CultureInfo.CurrentCulture = System.Globalization.CultureInfo.GetCultureInfo("de-DE");
            Say(S.M(1.5, new(5), 1.5m));
            """,
            "1.5 1.5", 1, 2),

        new("Case is never folded unasked, and when asked never by culture",
            "public static class S { [Cached] public static string M(string a) => Probe.Call(a); [Cached] public static string I([CacheKey(IgnoreCase = true)] string a) => Probe.Call(a); }",
            """
            Say(S.M("I"), S.M("i"));
            System.Globalization.CultureInfo.CurrentCulture = System.Globalization.CultureInfo.GetCultureInfo("tr-TR");
            Say(S.I("TITLE"), S.I("title"), S.I("tıtle"));
            """,
            "I i TITLE TITLE tıtle", 4),

        new("A hash is not an identity",
            """
            public readonly struct Weak : IEquatable<Weak> { public readonly int X; public Weak(int x) => X = x; public bool Equals(Weak o) => X == o.X; public override bool Equals(object? o) => o is Weak w && Equals(w); public override int GetHashCode() => 1; }
            public static class S { [Cached] public static long M(long a) => Probe.Call(a); [Cached] public static int W(Weak a, Weak b) => Probe.Call(a.X * 10 + b.X); }
            """,
            "Say(S.M(0L), S.M(-1L), S.M(4294967296L), S.M(1L), S.W(new(1), new(2)), S.W(new(2), new(1)), S.W(new(1), new(2)));",
            "0 -1 4294967296 1 12 21 12", 6, 7),

        new("Guid arguments are in the key",
            "public static class S { [Cached] public static Guid M(Guid a) => Probe.Call(a); }",
            "Say(S.M(Guid.Empty) == Guid.Empty, S.M(new(-1, -1, -1, new byte[8])) != Guid.Empty, S.M(Guid.Empty) == Guid.Empty);",
            "True True True", 2, 3),

        new("A cancellation token is not in the key",
            "public static class S { [Cached] public static async Task<int> M(int a, CancellationToken ct) { await Task.Yield(); return Probe.Call(a); } }",
            "using var one = new CancellationTokenSource(); using var two = new CancellationTokenSource(); Say(await S.M(1, one.Token), await S.M(1, two.Token), await S.M(1, default));",
            "1 1 1", 1, 3),

        new("The first caller's token is not captured by the load of the others",
            "public static class S { public static readonly TaskCompletionSource Gate = new(); [Cached] public static async Task<int> M(int a, CancellationToken ct) { Probe.Call(); await Gate.Task; ct.ThrowIfCancellationRequested(); return a; } }",
            """
            using var one = new CancellationTokenSource();
            var first = S.M(1, one.Token); var second = S.M(1, CancellationToken.None);
            one.Cancel();
            try { await first; } catch (OperationCanceledException) { Say("cancelled"); }
            S.Gate.SetResult();
            Say(await second);
            """,
            "cancelled 1", 1),

        new("The load sees the caller's execution context",
            "public static class S { public static readonly AsyncLocal<string?> User = new(); [Cached] public static async Task<string?> M(int a) { await Task.Yield(); return Probe.Call(User.Value); } [Cached] public static string? N(int a) => Probe.Call(User.Value); }",
            "S.User.Value = \"ann\"; Say(await S.M(1), S.N(1));",
            "ann ann", 2, 2) { Allow = ["MEMO0502"] },

        new("An eviction during the load is not lost",
            "public static class S { public static readonly TaskCompletionSource Gate = new(); [Cached] public static async Task<int> M(int a) { var n = Probe.Call(Probe.Calls); if (n == 0) await Gate.Task; return n; } }",
            "var old = S.M(1); SCache.M.Evict(1); S.Gate.SetResult(); Say(await old, await S.M(1), await S.M(1));",
            "0 1 1", 2),

        new("A full cache still takes new entries",
            "public static class S { [Cached(MaxSize = 3)] public static int M(int a) => Probe.Call(a); }",
            "for (var i = 0; i < 50; i++) S.M(i); Say(S.M(49), SCache.M.Statistics.Count <= 3);",
            "49 True", 50),

        new("Every new instance shares the cache of its type",
            "public sealed class Service { readonly IDisposable? _db; public Service(IDisposable? db = null) => _db = db; [Cached] public int M(int a) { _db?.Dispose(); return Probe.Call(a); } }",
            "for (var i = 0; i < 10; i++) Say(new Service().M(1));",
            "1 1 1 1 1 1 1 1 1 1", 1, 10),

        new("A change of the caller's list does not reach the cache",
            "public static class S { [Cached] public static int M([CacheKey(Structural = true)] List<int> a) => Probe.Call(a.Sum()); }",
            "var list = new List<int> { 1 }; Say(S.M(list)); list.Add(2); Say(S.M(list), S.M(new() { 1 }), S.M(new() { 1, 2 }));",
            "1 3 1 3", 2, 4),

        new("A parameter is left out of the key by one word, however calls name it",
            "public static class S { [Cached] public static int M(int a, [NotInKey] string note = \"\") => Probe.Call(a); }",
            "Say(S.M(1, \"x\"), S.M(1, note: \"y\"), S.M(note: \"z\", a: 1), S.M(1));",
            "1 1 1 1", 1, 4),

        new("Numbers of different scale and times of different kind are different",
            "public static class S { [Cached] public static string M(decimal a) => Probe.Call(a.ToString(System.Globalization.CultureInfo.InvariantCulture)); [Cached] public static string K(DateTime a) => Probe.Call(a.Kind.ToString()); }",
            "Say(S.M(1.0m), S.M(1.00m), S.K(new(5, DateTimeKind.Utc)), S.K(new(5, DateTimeKind.Local)), S.K(new(5)), S.M(1.0m));",
            "1.0 1.00 Utc Local Unspecified 1.0", 5, 6),

        new("Loggers, progress and tokens are left out of the key",
            """
            public sealed class Progress : IProgress<int> { public void Report(int value) { } }
            public static class S { [Cached] public static int M(int a, IProgress<int>? progress, Microsoft.Extensions.Logging.ILogger? log, CancellationToken ct) => Probe.Call(a); }
            """,
            "using var one = new CancellationTokenSource(); Say(S.M(1, null, null, default), S.M(1, new Progress(), null, one.Token));",
            "1 1", 1, 2) { More = [("Libraries.cs", "#nullable enable\n#pragma warning disable CS1591\n" + Bodies.Libraries.Logging)] },

        new("Null results are remembered, of references and of values",
            "public static class S { [Cached] public static string? M(int a) => Probe.Call<string?>(null); [Cached] public static async Task<int?> N(int a) { await Task.Yield(); return Probe.Call<int?>(null); } }",
            "Say(S.M(1), S.M(1), await S.N(1), await S.N(1));",
            "null null null null", 2, 4),

        new("A hit of a value type boxes nothing",
            "public readonly record struct Point(int X, int Y); public static class S { [Cached] public static Point M(int a, Guid b) => Probe.Call(new Point(a, a)); }",
            """
            var sum = 0;
            for (var i = 0; i < 100; i++) sum += S.M(1, Guid.Empty).X;
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < 1000; i++) sum += S.M(1, Guid.Empty).X;
            var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            Say(allocated, sum);
            """,
            "0 1100", 1),

        new("A value task that is not ready is handed out and not blocked on",
            "public static class S { public static readonly TaskCompletionSource Gate = new(); [Cached] public static async ValueTask<int> M(int a) { Probe.Call(); await Gate.Task; return a; } }",
            "var first = S.M(1); var second = S.M(1); Say(first.IsCompleted, second.IsCompleted); S.Gate.SetResult(); Say(await first, await second);",
            "False False 1 1", 1),

        new("The load runs inside the activity of its caller",
            "public static class S { [Cached] public static async Task<string?> M(int a) { await Task.Yield(); Probe.Call(); return System.Diagnostics.Activity.Current?.OperationName; } }",
            "using var activity = new System.Diagnostics.Activity(\"request\").Start(); Say(await S.M(1), await S.M(1));",
            "request request", 1, 2) { Allow = ["MEMO0501", "MEMO0502", "MEMO0504"] },

        new("Fifty callers of one cold key run the original once, unasked",
            "public static class S { [Cached] public static async Task<int> M(int a) { Probe.Call(); await Task.Delay(20); return a; } }",
            "Say((await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => Task.Run(() => S.M(1))))).Sum());",
            "50", 1, 50),

        new("Fifty callers of a load that fails share the failure, and the next call tries again",
            "public static class S { public static readonly TaskCompletionSource Gate = new(); [Cached] public static async Task<int> M(int a) { Probe.Call(); await Gate.Task; throw new FormatException(); } }",
            """
            var all = Enumerable.Range(0, 50).Select(_ => S.M(1)).ToList();
            S.Gate.SetResult();
            var failed = 0;
            foreach (var one in all) { try { await one; } catch (FormatException) { failed++; } }
            SayCalls();
            try { await S.M(1); } catch (FormatException) { failed++; }
            Say(failed);
            """,
            "(1) 51", 2),

        new("A hung load does not hold its key for ever",
            "public static class S { public static readonly TaskCompletionSource Gate = new(); [Cached(Timeout = 0.05)] public static async Task<int> M(int a) { var n = Probe.Call(Probe.Calls); if (n == 0) await Gate.Task; return n; } }",
            "try { await S.M(1); } catch (TimeoutException) { Say(\"given up\"); } Say(await S.M(1)); S.Gate.SetResult(); await Task.Yield(); Say(await S.M(1));",
            "given up 1 1", 2),

        new("A static cache does not keep instances alive",
            """
            public sealed class Service { [Cached] public int M(int a) => Probe.Call(a); }
            public sealed class Own { int _n; public Own(int n) => _n = n; public void Set(int n) => _n = n; [Cached(PerInstance = true)] public int M(int a) => Probe.Call(a + _n); }
            public static class Holder
            {
                [System.Runtime.CompilerServices.MethodImpl(System.Runtime.CompilerServices.MethodImplOptions.NoInlining)]
                public static WeakReference[] Use()
                {
                    var service = new Service(); var own = new Own(1);
                    Say(service.M(1), service.M(1), own.M(1), own.M(1));
                    return new[] { new WeakReference(service), new WeakReference(own) };
                }
                static void Say(params object?[] values) => Probe.Say(values);
            }
            """,
            """
            var used = Holder.Use();
            for (var i = 0; i < 10 && used.Any(one => one.IsAlive); i++) { GC.Collect(); GC.WaitForPendingFinalizers(); }
            Say(used.Count(one => one.IsAlive), new Service().M(1));
            """,
            "1 1 2 2 0 1", 2),

        new("Instances with state of their own have entries of their own",
            "public sealed class C { int _state; public C(int state) => _state = state; public void Set(int s) => _state = s; [Cached(PerInstance = true)] public string M(int a) => Probe.Call(_state + \":\" + a); }",
            "var one = new C(1); var two = new C(2); for (var i = 0; i < 2; i++) Say(one.M(1), two.M(1));",
            "1:1 2:1 1:1 2:1", 2, 4),

        new("A private method is cached, and so is a call through a base class of a partial one",
            """
            public abstract class Base { public abstract int M(int a); }
            public sealed partial class C : Base
            {
                [Cached] public override partial int M(int a);
                int MCore(int a) => Hidden(a) + Hidden(a);
                [Cached] private int Hidden(int a) => Probe.Call(a);
            }
            """,
            "Base c = new C(); Say(c.M(1), c.M(1));",
            "2 2", 1),

        new("An eviction waits for success, and a failed write evicts nothing",
            "public static class S { [NotInKey] public static bool Fails; [Cached] public static int M(int a) => Probe.Call(a); [Evicts(nameof(M))] public static void Set(int a) { if (Fails) throw new FormatException(); } }",
            "S.M(1); S.Fails = true; Throws<FormatException>(() => S.Set(1)); S.M(1); SayCalls(); S.Fails = false; S.Set(1); S.M(1); SayCalls();",
            "FormatException (1) (2)", 2),
    ];

    public static IEnumerable<TheoryDataRow<string>> BugRows => Table.Names(_bugs);

    [Theory, MemberData(nameof(BugRows))]
    public Task Bugs_of_other_caches_do_not_happen(string name) => Table.Verify(_bugs, name);
}
