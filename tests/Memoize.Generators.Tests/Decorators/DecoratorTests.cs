using Memoize.Generators.Tests.Harness;

namespace Memoize.Generators.Tests.Decorators;

/// <summary>A decorator caches what the attribute says and passes everything else on, to the letter.</summary>
public sealed class DecoratorTests
{
    const string Weather =
        """
        public interface IWeather
        {
            [Cached(Ttl = 300)] Task<string> Get(string city, CancellationToken ct = default);
            int Plain(int a);
        }
        public sealed class Weather(string name = "w") : IWeather
        {
            public async Task<string> Get(string city, CancellationToken ct) { await Task.Yield(); return Probe.Call(name + city); }
            public int Plain(int a) => Probe.Call(a);
        }
        """;

    static readonly Shape[] _shapes =
    [
        new("A decorator caches the annotated method and passes the others on", Weather,
            "IWeather w = new CachedWeather(new Weather()); Say(await w.Get(\"a\"), await w.Get(\"a\"), await w.Get(\"b\"), w.Plain(1), w.Plain(1));",
            "wa wa wb 1 1", 4),

        new("Two decorators do not share an entry", Weather,
            "var a = new CachedWeather(new Weather(\"a\")); var b = new CachedWeather(new Weather(\"b\")); Say(await a.Get(\"x\"), await b.Get(\"x\"), await a.Get(\"x\"), await b.Get(\"x\"));",
            "ax bx ax bx", 2),

        new("Decorators of one registration share their entries", Weather,
            "var r = new CachedWeather.Registration(); Say(await new CachedWeather(new Weather(), r).Get(\"x\"), await new CachedWeather(new Weather(), r).Get(\"x\"));",
            "wx wx", 1),

        new("A default that is left out at a handle is not taken for an instance",
            "public interface IClock { [Cached] string M(DateTime at = default); } public sealed class Clock : IClock { public string M(DateTime at) => Probe.Call(\"t\" + at.Ticks); }",
            "IClock c = new CachedClock(new Clock()); c.M(); ClockCache.M.Set(\"set\"); Say(c.M(), ClockCache.M.TryGet(out var t), t); ClockCache.M.Set(c, \"one\"); Say(c.M());",
            "set True set one", 1),

        new("A handle acts on all caches of the method", Weather,
            """
            IWeather a = new CachedWeather(new Weather("a")), b = new CachedWeather(new Weather("b"));
            await a.Get("x"); await b.Get("x");
            Say(WeatherCache.Get.TryGet("x", out _), WeatherCache.Get.Evict("x"), WeatherCache.Get.Evict("x"));
            Say(await a.Get("x"), await b.Get("x")); SayCalls();
            WeatherCache.Get.Set("x", "s"); Say(await a.Get("x"), await b.Get("x"));
            Say(await WeatherCache.Get.Refresh(a, "x"), await a.Get("x"), await b.Get("x"));
            Say(await WeatherCache.Get.Uncached(a, "x")); SayCalls();
            WeatherCache.Get.Clear(); Say(WeatherCache.Get.Statistics.Count);
            Throws<ArgumentException>(() => WeatherCache.Get.Refresh(new Weather(), "x"));
            """,
            "True True False ax bx (4) s s ax ax s ax (6) 0 ArgumentException", 6),

        new("The rules of interface members are asked before and after the implementation",
            """
            public interface IQuotes
            {
                [Cached(Ttl = 300, When = nameof(IsCacheable), Unless = nameof(IsEmpty), TtlFrom = nameof(LifeOf))]
                string Get(string name);

                static bool IsCacheable(string name) => name != "skip";
                static bool IsEmpty(string value) => value.Length == 0;
                static TimeSpan LifeOf(string value) => value == "now" ? TimeSpan.Zero : TimeSpan.FromSeconds(60);
            }
            public sealed class Quotes : IQuotes { public string Get(string name) => Probe.Call(name == "none" ? "" : name); }
            """,
            """
            IQuotes q = new CachedQuotes(new Quotes());
            q.Get("a"); q.Get("a"); SayCalls();
            q.Get("skip"); q.Get("skip"); SayCalls();
            q.Get("none"); q.Get("none"); SayCalls();
            q.Get("now"); q.Get("now"); SayCalls();
            Say(QuotesCache.Get.Statistics.Bypassed, QuotesCache.Get.Statistics.NotStoredByRule);
            """,
            "(1) (3) (5) (7) 2 4", 7),

        new("Every kind of member is passed on",
            """
            #nullable enable
            public delegate void Handler(string text);
            public interface IBase { string Name { get; set; } int Same(); }
            public interface IAll<T> : IBase where T : notnull, IEquatable<T>
            {
                [Cached] int Get(T key);
                void Change(ref int a, out string b, in long c);
                bool TryGet(T key, [System.Diagnostics.CodeAnalysis.MaybeNullWhen(false)] out T value);
                U Echo<U>(U value, params U[] more) where U : class, IComparable<U>;
                U? Maybe<U>(U? value);
                int this[int i] { get; set; }
                int this[string s] { get; }
                event Handler? Said;
                void Raise(string text);
                ref int Slot();
                int Default(int a = 7, string? s = "x", DayOfWeek d = DayOfWeek.Friday) => a + s!.Length + (int)d;
                new int Same();
                int ToString(int a);
                IEnumerable<(int A, T? B)> Tuples();
            }
            public sealed class All : IAll<string>
            {
                int _slot = 5; readonly Dictionary<int, int> _items = new() { [1] = 10 };
                public int Get(string key) => Probe.Call(key.Length);
                public string Name { get; set; } = "n";
                int IBase.Same() => 1;
                public int Same() => 2;
                public void Change(ref int a, out string b, in long c) { a += (int)c; b = "b" + a; }
                public bool TryGet(string key, [System.Diagnostics.CodeAnalysis.MaybeNullWhen(false)] out string value) { value = key; return true; }
                public U Echo<U>(U value, params U[] more) where U : class, IComparable<U> => more.Length > 0 ? more[0] : value;
                public U? Maybe<U>(U? value) => value;
                public int this[int i] { get => _items[i]; set => _items[i] = value; }
                public int this[string s] => s.Length;
                public event Handler? Said;
                public void Raise(string text) => Said?.Invoke(text);
                public ref int Slot() => ref _slot;
                public int ToString(int a) => a + 1;
                public IEnumerable<(int A, string? B)> Tuples() => new[] { (1, (string?)"t") };
            }
            """,
            """
            IAll<string> all = new CachedAll<string>(new All());
            Say(all.Get("abc"), all.Get("abc"));
            all.Name = "m"; Say(all.Name);
            int a = 1; all.Change(ref a, out var b, 4L); Say(a, b);
            Say(all.TryGet("k", out var v), v!);
            Say(all.Echo("x", "y"), all.Maybe<int>(3), all.Maybe<string>(null));
            all[1] = 11; Say(all[1], all["four"]);
            Handler h = t => Say(t); all.Said += h; all.Raise("hi"); all.Said -= h; all.Raise("no");
            all.Slot() = 9; Say(all.Slot());
            Say(all.Default(), all.Default(1, "", DayOfWeek.Monday), all.Same(), ((IBase)all).Same(), all.ToString(1));
            foreach (var t in all.Tuples()) Say(t.A, t.B);
            """,
            "3 3 m 5 b5 True k y 3 null 11 4 hi 9 13 2 2 1 2 1 t", 1),

        new("Generic methods and value tasks have caches for each combination of type arguments and registration",
            """
            public interface IStore { [Cached] ValueTask<T?> Get<T>(string key) where T : class; [Cached] string Get(int key); [Cached] string Get(string key); }
            public sealed class Store : IStore
            {
                public async ValueTask<T?> Get<T>(string key) where T : class { await Task.Yield(); return Probe.Call((T?)(object?)key); }
                public string Get(int key) => Probe.Call("i" + key);
                public string Get(string key) => Probe.Call("s" + key);
            }
            """,
            "IStore s = new CachedStore(new Store()); Say(await s.Get<string>(\"a\"), await s.Get<string>(\"a\"), await s.Get<object>(\"a\"), s.Get(1), s.Get(1), s.Get(\"1\"), s.Get(\"1\"));"
            + " IStore o = new CachedStore(new Store()); Say(await o.Get<string>(\"a\"));",
            "a a a i1 i1 s1 s1 a", 5),

        new("Inherited cached methods are cached in the decorator of the inheriting interface",
            """
            public interface IRepo<T> where T : class { [Cached] T? Find(int id); }
            public interface IOrders : IRepo<string> { [Cached] int Count(string customer); }
            [CachedDecorator] public interface IPlain : IRepo<string> { int Other(); }
            public sealed class Orders : IOrders, IPlain { public string? Find(int id) => Probe.Call("o" + id); public int Count(string customer) => Probe.Call(1); public int Other() => 3; }
            """,
            "IOrders o = new CachedOrders(new Orders()); IPlain p = new CachedPlain(new Orders()); Say(o.Find(1), o.Find(1), o.Count(\"c\"), o.Count(\"c\"), p.Find(1), p.Find(1), p.Other());"
            + " RepoCache<string>.Find.Evict(1); Say(o.Find(1), p.Find(1));",
            "o1 o1 1 1 o1 o1 3 o1 o1", 5),

        new("A decorator that somebody constructed disposes what it decorates; one of a container leaves it to the container",
            """
            public interface IThing : IDisposable, IAsyncDisposable { [Cached] int M(int a); }
            public sealed class Thing : IThing
            {
                public int M(int a) => a;
                public void Dispose() => Probe.Call();
                public ValueTask DisposeAsync() { Probe.Call(); return default; }
            }
            """,
            "using (var t = new CachedThing(new Thing())) Say(t.M(1)); SayCalls(); await using (var t = new CachedThing(new Thing())) Say(t.M(1)); SayCalls();"
            + " using (var t = new CachedThing(new Thing(), new CachedThing.Registration())) { await t.DisposeAsync(); } SayCalls();",
            "1 (1) 1 (2) (2)", 2),

        new("A default interface method can be cached, and a call from it goes through the inner service",
            "public interface I { int A(int a); [Cached] int B(int a) => A(a) + 1; } public sealed class C : I { public int A(int a) => Probe.Call(a); }",
            "I i = new CachedI(new C()); Say(i.B(1), i.B(1), i.A(1));",
            "2 2 1", 2),

        new("Keys of a decorator follow the attributes of the interface",
            """
            public interface I
            {
                [Cached] int A([CacheKey(IgnoreCase = true)] string a, [NotInKey] object trace);
                [Cached] int B([CacheKey(Structural = true)] int[] ids);
                [Cached] int C(ReadOnlySpan<char> text);
            }
            public sealed class Impl : I { public int A(string a, object trace) => Probe.Call(1); public int B(int[] ids) => Probe.Call(ids.Length); public int C(ReadOnlySpan<char> text) => Probe.Call(text.Length); }
            """,
            "I i = new CachedI(new Impl()); Say(i.A(\"a\", 1), i.A(\"A\", 2), i.B(new[] { 1, 2 }), i.B(new[] { 1, 2 }), i.C(\"abc\"), i.C(\"abc\"));",
            "1 1 2 2 3 3", 3),

        new("A nested and an internal interface have decorators beside them",
            "public static class Outer { internal interface IInner { [Cached] int M(int a); } internal sealed class C : IInner { public int M(int a) => Probe.Call(a); } }",
            "Outer.IInner i = new CachedOuterInner(new Outer.C()); Say(i.M(1), i.M(1)); OuterInnerCache.M.Clear();",
            "1 1", 1),

        new("The name of the decorator can be chosen",
            "[CachedDecorator(Name = \"Fast\")] public interface I { [Cached] int M(int a); } public sealed class C : I { public int M(int a) => Probe.Call(a); }",
            "I i = new Fast(new C()); Say(i.M(1), i.M(1));",
            "1 1", 1),

        new("A failure is not remembered and a decorator over a decorator is two caches",
            "public interface I { [Cached] int M(int a); } public sealed class C : I { public int M(int a) { Probe.Call(); if (Probe.Calls < 2) throw new InvalidOperationException(); return a; } }",
            "I i = new CachedI(new CachedI(new C())); Throws<InvalidOperationException>(() => i.M(1)); Say(i.M(1), i.M(1));",
            "InvalidOperationException 1 1", 2),

        new("An interface that is not ours is decorated as attributes of the assembly say",
            """
            [assembly: CachedDecorator(typeof(IAsyncResult<>), Name = "Fast")]
            [assembly: CachedMember(typeof(IAsyncResult<>), nameof(IAsyncResult<int>.Get), Ttl = 60, NotInKey = new[] { "trace" })]
            [assembly: CachedDecorator(typeof(IFormatProvider))]
            [assembly: CachedMember(typeof(IFormatProvider), nameof(IFormatProvider.GetFormat), typeof(Type), MaxSize = 10)]
            public interface IAsyncResult<T> { T Get(int id, object trace); string Other(T value); }
            public sealed class Texts : IAsyncResult<string> { public string Get(int id, object trace) => Probe.Call("t" + id); public string Other(string value) => Probe.Call(value); }
            public sealed class Formats : IFormatProvider { public object? GetFormat(Type? type) => Probe.Call("f"); }
            """,
            """
            IAsyncResult<string> c = new Fast<string>(new Texts());
            Say(c.Get(1, "x"), c.Get(1, "y"), c.Other("o"), c.Other("o"));
            IFormatProvider f = new CachedFormatProvider(new Formats());
            Say(f.GetFormat(typeof(int)), f.GetFormat(typeof(int)));
            FormatProviderCache.GetFormat.Evict(typeof(int)); Say(f.GetFormat(typeof(int)));
            """,
            "t1 t1 o o f f f", 5),
    ];

    public static IEnumerable<TheoryDataRow<string>> Names => Table.Names(_shapes);

    [Theory, MemberData(nameof(Names))]
    public Task Shape(string name) => Table.Verify(_shapes, name);
}
