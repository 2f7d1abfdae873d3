using Memoize.Generators.Tests.Harness;

namespace Memoize.Generators.Tests.Keys;

/// <summary>Values of the caller's surroundings in the key: tenants never share an entry, and handles act for the tenant at hand.</summary>
public sealed class AmbientTests
{
    const string Tenant =
        """
        using System.Globalization;
        [assembly: CacheVaryBy("tenant", typeof(TenantContext), nameof(TenantContext.CurrentId))]
        public static class TenantContext
        {
            static readonly AsyncLocal<string?> _id = new();
            public static int Reads;
            public static string? CurrentId { get { Interlocked.Increment(ref Reads); return _id.Value; } set => _id.Value = value; }
        }

        """;

    const string Default = "using System.Globalization;\n[assembly: CacheVaryBy(\"tenant\", typeof(T), \"Id\", Default = true)]\npublic static class T { [ThreadStatic] internal static int Id; }\n";

    static readonly Shape[] _shapes =
    [
        new("Tenants have entries of their own, and the value is read once per call",
            Tenant + "public static class S { [Cached(VaryBy = \"tenant\")] public static string M(int a) { var t = TenantContext.CurrentId; return Probe.Call(t + a); } }",
            "foreach (var t in new[] { \"x\", \"y\", null, \"x\", \"y\", null }) { TenantContext.CurrentId = t; Say(S.M(1)); } Say(TenantContext.Reads);",
            "x1 y1 1 x1 y1 1 9", 3),

        new("The partial door, a generic method, an instance and a task",
            Tenant +
            """
            public sealed partial class C
            {
                [Cached(VaryBy = "tenant")] public partial string P(int a);
                string PCore(int a) => Probe.Call(TenantContext.CurrentId + "p" + a);
                [Cached(VaryBy = "tenant")] public string G<T>(T a) where T : IEquatable<T> => Probe.Call(TenantContext.CurrentId + "g" + a);
                [Cached(VaryBy = "tenant")] public async Task<string> A(int a) { await Task.Yield(); return Probe.Call(TenantContext.CurrentId + "a" + a); }
                [Cached(VaryBy = "tenant")] public async ValueTask<string> V(int a, CancellationToken ct = default) { await Task.Yield(); return Probe.Call(TenantContext.CurrentId + "v" + a); }
            }
            """,
            "foreach (var t in new[] { \"x\", \"y\", \"x\", \"y\" }) { TenantContext.CurrentId = t; var c = new C(); Say(c.P(1), c.G(1), await c.A(1), await c.V(1)); }",
            "xp1 xg1 xa1 xv1 yp1 yg1 ya1 yv1 xp1 xg1 xa1 xv1 yp1 yg1 ya1 yv1", 8, 14),

        new("A method without other parameters",
            Tenant + "public static class S { [Cached(VaryBy = \"tenant\")] public static string M() => Probe.Call(\"t\" + TenantContext.CurrentId); }",
            "foreach (var t in new[] { \"x\", \"y\", \"x\" }) { TenantContext.CurrentId = t; Say(S.M()); } Say(SCache.M.EvictFor(\"x\"), SCache.M.EvictFor(\"z\"), SCache.M.Evict(), S.M());",
            "tx ty tx True False False tx", 3),

        new("A span is looked up without a copy for each tenant",
            Tenant + "public static class S { [Cached(VaryBy = \"tenant\")] public static string M(ReadOnlySpan<char> a) => Probe.Call(TenantContext.CurrentId + a.ToString()); }",
            "foreach (var t in new[] { \"x\", \"y\", \"x\", \"y\" }) { TenantContext.CurrentId = t; Say(S.M(\"s\")); }",
            "xs ys xs ys", 2, 4),

        new("Parameters may have the name of the value, and names that are no identifiers can be used",
            """
            [assembly: CacheVaryBy("order-desk", typeof(D), nameof(D.Current))]
            [assembly: CacheVaryBy("class", typeof(D), nameof(D.Current))]
            [assembly: CacheVaryBy("key", typeof(D), nameof(D.Current))]
            [assembly: CacheVaryBy("hit", typeof(D), nameof(D.Current))]
            public static class D { internal static int Value; internal static int Current() => Value; }
            public static class S { [Cached(VaryBy = "hit, key,class , order-desk")] public static string M(int order_desk, ReadOnlySpan<char> key, string other) => Probe.Call(D.Current() + ":" + order_desk + key.ToString() + other); }
            """,
            "foreach (var v in new[] { 1, 2, 1, 2 }) { D.Value = v; Say(S.M(5, \"k\", \"o\")); }",
            "1:5ko 2:5ko 1:5ko 2:5ko", 2, 4) { Allow = ["MEMO0504"] },

        new("Handles act for the tenant at the call, name another, and clear all",
            Tenant + "public static class S { [Cached(VaryBy = \"tenant\")] public static string M(int a, string b = \"b\") => Probe.Call(TenantContext.CurrentId + a + b); }",
            """
            TenantContext.CurrentId = "x"; S.M(1);
            TenantContext.CurrentId = "y"; S.M(1); Say(SCache.M.TryGet(1, out var y), y, SCache.M.Evict(1), SCache.M.TryGet(1, out _));
            Say(SCache.M.EvictFor("z", 1), SCache.M.EvictFor("x", 1), SCache.M.EvictFor("x", 1, "b"));
            SCache.M.Set(1, "set"); Say(S.M(1)); TenantContext.CurrentId = "x"; Say(S.M(1), SCache.M.Refresh(1));
            SCache.M.Clear(); TenantContext.CurrentId = "y"; Say(S.M(1));
            """,
            "True y1b True False False True False set x1b x1b y1b", 5),

        new("A default is part of every key, and a minus takes it out",
            Default + "public static class S { [Cached] public static string M(int a) => Probe.Call(T.Id + \":\" + a); [Cached(VaryBy = \"-tenant\")] public static string N(int a) => Probe.Call(T.Id + \":\" + a); [Cached(VaryBy = \"tenant\")] public static string O(int a) => Probe.Call(T.Id + \":\" + a); }",
            "foreach (var t in new[] { 1, 2, 1 }) { T.Id = t; Say(S.M(5), S.N(5), S.O(5)); }",
            "1:5 1:5 1:5 2:5 1:5 2:5 1:5 1:5 1:5", 5),

        new("The culture is its name, and what looks at it unasked is settled",
            "using System.Globalization;\n[assembly: CacheVaryBy(\"culture\", typeof(CultureInfo), nameof(CultureInfo.CurrentCulture))]\n"
            + "public static class S { [Cached(VaryBy = \"culture\")] public static string M(decimal a) => Probe.Call(a.ToString(\"N1\") + a.ToString(NumberFormatInfo.CurrentInfo) + a.ToString(CultureInfo.CurrentCulture)); }",
            """
            var old = System.Globalization.CultureInfo.CurrentCulture;
            try { foreach (var name in new[] { "de-DE", "en-US", "de-DE", "en-US" }) { System.Globalization.CultureInfo.CurrentCulture = new System.Globalization.CultureInfo(name, false); Say(S.M(1.5m)); } Say(SCache.M.EvictFor(new System.Globalization.CultureInfo("de-DE", false), 1.5m), SCache.M.EvictFor(new System.Globalization.CultureInfo("de-DE", true), 1.5m)); }
            finally { System.Globalization.CultureInfo.CurrentCulture = old; }
            """,
            "1,51,51,5 1.51.51.5 1,51,51,5 1.51.51.5 True False", 2),

        new("Overrides, keyed members and the type of the instance keep their places",
            Tenant + "public class B { [CacheKey] public int X; [Cached(VaryBy = \"tenant\")] public virtual string M(int a) => Probe.Call(\"b\" + X + TenantContext.CurrentId + a); } public sealed class D : B { public override string M(int a) => Probe.Call(\"d\" + a); }",
            "foreach (var t in new[] { \"x\", \"y\", \"x\" }) { TenantContext.CurrentId = t; B d = new D { X = 2 }; Say(new B { X = 1 }.M(1), new B { X = 2 }.M(1), d.M(1)); } Say(BCache.M.EvictFor(\"y\", new B { X = 1 }, 1));",
            "b1x1 b2x1 d1 b1y1 b2y1 d1 b1x1 b2x1 d1 True", 6),

        new("A decorator asks for the tenant of each call",
            Tenant + "public interface IPrices { [Cached(VaryBy = \"tenant\")] Task<string> Of(int a); } public sealed class Prices : IPrices { public async Task<string> Of(int a) { await Task.Yield(); return Probe.Call(TenantContext.CurrentId + a); } }",
            """
            IPrices p = new CachedPrices(new Prices());
            foreach (var t in new[] { "x", "y", "x", "y" }) { TenantContext.CurrentId = t; Say(await p.Of(1)); }
            Say(PricesCache.Of.EvictFor("x", 1), PricesCache.Of.EvictFor("z", 1)); TenantContext.CurrentId = "y"; Say(await p.Of(1)); TenantContext.CurrentId = "x"; Say(await p.Of(1));
            """,
            "x1 y1 x1 y1 True False y1 x1", 3),

        new("A tag is evicted for all tenants, and an entry for the one at hand",
            Tenant + """
            public static class S
            {
                [Cached(VaryBy = "tenant", Tags = new[] { "id:{a}" })] public static string M(int a) => Probe.Call(TenantContext.CurrentId + a);
                [EvictsTag("id:{a}")] public static void All(int a) { }
                [Evicts(nameof(M))] public static void One(int a) { }
            }
            """,
            """
            void Ask() { foreach (var t in new[] { "x", "y" }) { TenantContext.CurrentId = t; Say(S.M(1), S.M(2)); } SayCalls(); }
            Ask(); S.All(1); Ask(); TenantContext.CurrentId = "x"; S.One(1); Ask();
            """,
            "x1 x2 y1 y2 (4) x1 x2 y1 y2 (6) x1 x2 y1 y2 (7)", 7),

        new("A batch looks up and stores for the tenant at hand",
            Tenant + """
            public static class S
            {
                [Cached(VaryBy = "tenant")] public static string M(int a) => Probe.Call(TenantContext.CurrentId + a);
                [CachedBatch(nameof(M))] public static async Task<Dictionary<int, string>> All(int[] all) { Probe.Call(); await Task.Yield(); return all.ToDictionary(a => a, a => TenantContext.CurrentId + "b" + a); }
            }
            """,
            """
            TenantContext.CurrentId = "x"; Say(S.M(1)); Say(string.Join(",", (await S.All(new[] { 1, 2 })).Values));
            TenantContext.CurrentId = "y"; Say(string.Join(",", (await S.All(new[] { 1, 2 })).Values), S.M(2));
            TenantContext.CurrentId = "x"; Say(string.Join(",", (await S.All(new[] { 2, 1 })).OrderBy(p => p.Key)), S.M(2));
            """,
            "x1 x1,xb2 yb1,yb2 yb2 [1, x1],[2, xb2] xb2", 3),

        new("PerInstance and a record as the value",
            "[assembly: CacheVaryBy(\"user\", typeof(U), nameof(U.Current))]\npublic readonly record struct U(int Id, string Role) { public static U Current => new(Environment.CurrentManagedThreadId > 0 ? Script.Id : 0, \"r\"); }\n"
            + "public sealed class C { readonly int _x; public C(int x) => _x = x; [Cached(PerInstance = true, VaryBy = \"user\")] public string M(int a) => Probe.Call(_x + \":\" + U.Current.Id + a); }",
            "var c = new C(1); foreach (var id in new[] { 1, 2, 1 }) { Id = id; Say(c.M(5)); } } public static int Id; static void Nothing() {",
            "1:15 1:25 1:15", 2, 3) { Allow = ["MEMO0504"] },
    ];

    public static IEnumerable<TheoryDataRow<string>> Shapes => Table.Names(_shapes);

    [Theory, MemberData(nameof(Shapes))]
    public Task The_callers_surroundings_are_part_of_the_key(string name) => Table.Verify(_shapes, name);

    [Fact]
    public async Task The_attributes_of_the_declaring_assembly_rule()
    {
        var library = GeneratorRun.Of(new Setup { AssemblyName = "Lib" }, ("Probe.cs", Probe.Text), ("Lib.cs",
            "[assembly: CacheVaryBy(\"tenant\", typeof(Lib.T), nameof(Lib.T.Id), Default = true)]\nnamespace Lib { public static class T { [ThreadStatic] internal static int Id; public static void Set(int id) => Id = id; } public static class S { [Cached] public static string M(int a) => Probe.Call(T.Id + \":\" + a); } }")).Emit();
        var run = GeneratorRun.Of(
            new Setup { References = [Microsoft.CodeAnalysis.MetadataReference.CreateFromImage(library)] },
            ("App.cs",
            """
            public static class Own { [Cached] public static string M(int a) => Probe.Call("own" + a); }
            public static class Script { public static void Run() { foreach (var t in new[] { 1, 2, 1, 2 }) { Lib.T.Set(t); Probe.Say(Lib.S.M(5), Own.M(5)); } } }
            """));
        using var program = new LoadedProgram(library, run.Emit());
        Assert.Equal(("1:5 own5 2:5 own5 1:5 own5 2:5 own5", 3), await program.RunScript());
    }

    [Fact]
    public async Task Callers_of_many_tenants_at_once_get_their_own()
    {
        var run = GeneratorRun.Of(new Setup(), ("Probe.cs", Probe.Text), ("Code.cs", Tenant +
            """
            public static class S { [Cached(VaryBy = "tenant")] public static async Task<string> M(int a) { await Task.Yield(); return Probe.Call(TenantContext.CurrentId + ":" + a); } }
            public static class Script
            {
                public static async Task Run()
                {
                    var wrong = 0;
                    await Task.WhenAll(Enumerable.Range(0, 8).Select(worker => Task.Run(async () =>
                    {
                        for (var i = 0; i < 400; i++)
                        {
                            TenantContext.CurrentId = "t" + (worker + i) % 10;
                            if (await S.M(i % 7) != TenantContext.CurrentId + ":" + i % 7)
                                Interlocked.Increment(ref wrong);
                        }
                    })));
                    Probe.Say(wrong);
                }
            }
            """));
        using var program = new LoadedProgram(run.Emit());
        Assert.Equal(("0", 70), await program.RunScript());
    }
}
