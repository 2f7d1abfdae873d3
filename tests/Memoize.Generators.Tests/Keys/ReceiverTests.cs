using Memoize.Generators.Tests.Harness;

namespace Memoize.Generators.Tests.Keys;

/// <summary>What an instance method remembers about its instance, and what is left out on the author's word.</summary>
public sealed class ReceiverTests
{
    static readonly Shape[] _shapes =
    [
        new("Services, constants and read-only statics are not state",
            """
            using System.IO;
            public interface IClock { int Now { get; } } public abstract class Repository { public abstract int Get(int a); } public sealed class Db : Repository { public override int Get(int a) => a; }
            public sealed class Fixed : IClock { public int Now => 1; }
            public sealed class Service(IClock clock, Repository repository)
            {
                const int Factor = 2; static readonly string Prefix = "p"; readonly IClock _clock = clock; IClock Again => _clock;
                [Cached] public string M(int a) => Probe.Call(Prefix + repository.Get(a) * Factor + _clock.Now + Again.Now);
            }
            """,
            "Say(new Service(new Fixed(), new Db()).M(1), new Service(new Fixed(), new Db()).M(1));",
            "p211 p211", 1, 2),

        new("PerInstance gives every instance a cache of its own",
            "public sealed class C { readonly int _state; public C(int state) => _state = state; [Cached(PerInstance = true)] public string M(int a) => Probe.Call(_state + \":\" + a); }",
            "var one = new C(1); var two = new C(2); Say(one.M(1), one.M(1), two.M(1), two.M(1), new C(1).M(1));",
            "1:1 1:1 2:1 2:1 1:1", 3, 5),

        new("PerInstance holds instances by identity, not by their equality",
            "public sealed record C(int State) { public int Extra; [Cached(PerInstance = true)] public string M(int a) => Probe.Call(Extra + \":\" + a); }",
            "var one = new C(1) { Extra = 1 }; var two = new C(1) { Extra = 2 }; Say(one.M(1), two.M(1), one.M(1), two.M(1));",
            "1:1 2:1 1:1 2:1", 2, 4),

        new("PerInstance works for generic types, tasks and the partial door",
            """
            public partial class G<T>(T state) where T : notnull
            {
                [Cached(PerInstance = true)] public async Task<string> A(int a) { await Task.Yield(); return Probe.Call(state + ":" + a); }
                [Cached(PerInstance = true)] public partial string P<U>(U a) where U : IEquatable<U>;
                string PCore<U>(U a) where U : IEquatable<U> => Probe.Call(state + ":" + a);
            }
            """,
            "var one = new G<int>(1); var two = new G<int>(2); for (var i = 0; i < 2; i++) Say(await one.A(1), await two.A(1), one.P(1), two.P(1), two.P(\"1\"));",
            "1:1 2:1 1:1 2:1 2:1 1:1 2:1 1:1 2:1 2:1", 5),

        new("An instance with a cache of its own can be collected",
            """
            using System.Runtime.CompilerServices;
            public sealed class C { public int State; [Cached(PerInstance = true)] public object M(int a) => Probe.Call<object>(new[] { this }); }
            public static class Maker { [MethodImpl(MethodImplOptions.NoInlining)] public static WeakReference Make() { var c = new C(); c.M(1); c.M(1); return new WeakReference(c); } }
            """,
            "var weak = Maker.Make(); for (var i = 0; i < 10 && weak.IsAlive; i++) { GC.Collect(); GC.WaitForPendingFinalizers(); } Say(weak.IsAlive);",
            "False", 1, 2),

        new("Keyed fields and properties are part of the key",
            """
            public sealed class C
            {
                [CacheKey] public int Field;
                [CacheKey] public double Property { get; set; }
                [Cached] public string M(int a) => Probe.Call(Field + ":" + Property + ":" + a);
            }
            """,
            "Say(new C { Field = 1 }.M(1), new C { Field = 1 }.M(1), new C { Property = 1 }.M(1), new C { Property = 0.0 }.M(1), new C { Property = -0.0 }.M(1));",
            "1:0:1 1:0:1 0:1:1 0:0:1 0:-0:1", 4, 5),

        new("A keyed collection is compared by its elements, through a copy",
            """
            public class Shelf(string name)
            {
                [CacheKey(Structural = true)] readonly List<string> _all = [name];
                [CacheKey(Structural = true)] internal HashSet<int>? Some { get; set; }
                public void Add(string one) => _all.Add(one);
                [Cached] public string Has([CacheKey(Structural = true)] int[] all, [NotInKey] string some) => Probe.Call(some + string.Concat(_all) + all.Length + Some?.Count);
            }
            """,
            """
            var shelf = new Shelf("a");
            Say(shelf.Has([1], ""), new Shelf("a").Has([1], ""), ShelfCache.Has.TryGet(shelf, [1], out _), ShelfCache.Has.Refresh(shelf, [1], "x"));
            shelf.Add("b");
            Say(shelf.Has([1], ""), shelf.Has([1], ""), new Shelf("a").Has([1], ""));
            shelf.Some = [4];
            Say(shelf.Has([1], ""), ShelfCache.Has.Evict(shelf, [1]), shelf.Has([1], ""), ShelfCache.Has.Statistics.Count);
            """,
            "a1 a1 True xa1 ab1 ab1 xa1 ab11 True ab11 3", 5),

        new("A keyed collection of a type that cannot be copied sends the call past the cache",
            """
            public class Shelf(ICollection<string> all)
            {
                [CacheKey(Structural = true)] internal readonly ICollection<string> All = all;
                [Cached] public int Count(int a) => Probe.Call(All.Count + a);
            }
            """,
            """
            var keys = new Dictionary<string, int> { ["a"] = 1 }.Keys;
            Say(new Shelf(keys).Count(1), new Shelf(keys).Count(1), new Shelf(["a"]).Count(1), new Shelf(["a"]).Count(1), ShelfCache.Count.Statistics.Bypassed, ShelfCache.Count.Statistics.Count);
            """,
            "2 2 2 2 2 1", 3),

        new("A keyed primary constructor parameter is part of the key",
            "public sealed class C([CacheKey] string region) { [Cached] public string M(int a) => Probe.Call(region + a); }",
            "Say(new C(\"r\").M(1), new C(\"r\").M(1), new C(\"s\").M(1));",
            "r1 r1 s1", 2, 3),

        new("A keyed member of a base class is part of the key",
            "public class B { [CacheKey] public int Tenant; } public sealed class D : B { [Cached] public string M(int a) => Probe.Call(Tenant + \":\" + a); }",
            "Say(new D { Tenant = 1 }.M(1), new D { Tenant = 1 }.M(1), new D { Tenant = 2 }.M(1));",
            "1:1 1:1 2:1", 2, 3),

        new("Only the members that the method reads are part of its key",
            "public sealed class C { [CacheKey] public int Read; [CacheKey] public int Other; [Cached] public int M(int a) => Probe.Call(Read + a); [Cached] public int N(int a) => Probe.Call(Other + a); }",
            "Say(new C { Read = 1, Other = 1 }.M(1), new C { Read = 1, Other = 2 }.M(1), new C { Read = 1, Other = 2 }.N(1));",
            "2 2 3", 2, 3),

        new("A member that is not in the key by the author's word is shared",
            "public sealed class C { [NotInKey] public int Timeout; [NotInKey] readonly List<int> _pool = new(); [Cached] public int M(int a) => Probe.Call(a + Timeout - Timeout + _pool.Count); }",
            "Say(new C { Timeout = 1 }.M(1), new C { Timeout = 2 }.M(1));",
            "1 1", 1, 2),

        new("A parameter that is not in the key by the author's word is shared",
            "public static class S { [Cached] public static int M(int a, [NotInKey] List<int> log, [NotInKey] object tag) => Probe.Call(a); }",
            "Say(S.M(1, new(), 1), S.M(1, new() { 1 }, \"x\"), S.M(2, new(), 1));",
            "1 1 2", 2, 3),

        new("A virtual method's key contains the run-time type",
            """
            public class B { [Cached] public virtual string M(int a) => Probe.Call("b" + a); }
            public sealed class D : B { }
            public sealed class E : B { public override string M(int a) => Probe.Call("e" + a); }
            """,
            "B b = new B(), d = new D(), e = new E(); for (var i = 0; i < 2; i++) Say(b.M(1), d.M(1), e.M(1));",
            "b1 b1 e1 b1 b1 e1", 3, 6),

        new("A struct with keyed state is keyed by it",
            "public struct P { [CacheKey] public int X; [Cached] public int M(int a) => Probe.Call(X * 10 + a); } public readonly struct R { [CacheKey] readonly int _x; public R(int x) => _x = x; [Cached] public int M(int a) => Probe.Call(_x * 10 + a); }",
            "var p = new P { X = 1 }; Say(p.M(1), p.M(1)); p.X = 2; Say(p.M(1), new R(1).M(1), new R(1).M(1), new R(2).M(1));",
            "11 11 21 11 11 21", 4, 6),

        new("A write to static state is warned of, and cached all the same",
            "public static class S { static int _n; [Cached] public static int M(int a) { _n++; return Probe.Call(a); } }",
            "Say(S.M(1), S.M(1));",
            "1 1", 1, 2) { Allow = ["MEMO0505"] },
    ];

    public static IEnumerable<TheoryDataRow<string>> Rows => Table.Names(_shapes);

    [Theory, MemberData(nameof(Rows))]
    public Task Receivers(string name) => Table.Verify(_shapes, name);
}
