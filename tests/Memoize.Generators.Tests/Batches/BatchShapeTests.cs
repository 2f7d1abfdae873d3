using Memoize.Generators.Tests.Harness;

namespace Memoize.Generators.Tests.Batches;

/// <summary>Batch methods of every shape: what is asked for, what is loaded, and what comes back.</summary>
public sealed class BatchShapeTests
{
    // The source says what it is asked for, so that a script shows which items reached it.
    const string Source =
        """
        public static class Source
        {
            public static Dictionary<int, string> Find(IEnumerable<int> ids)
            {
                Probe.Call();
                Probe.Say("[" + string.Join(",", ids) + "]");
                return ids.Where(id => id >= 0).ToDictionary(id => id, id => "v" + id);
            }

            public static List<string> List(IEnumerable<int> ids)
            {
                Probe.Call();
                Probe.Say("[" + string.Join(",", ids) + "]");
                return ids.Select(id => "v" + id).ToList();
            }

            public static string Text(IEnumerable<KeyValuePair<int, string>> found) => string.Join(",", found.OrderBy(p => p.Key).Select(p => p.Key + "=" + p.Value));
        }

        """;

    static readonly Shape[] _shapes =
    [
        new("What the attribute says about values, and their tags, holds for those of a batch too",
            Source + """
            public static class S
            {
                internal static bool Odd(string value, int id) => id % 2 == 1;
                [Cached(Unless = nameof(Odd), Tags = new[] { "id:{id}" })] public static string Get(int id) => Probe.Call("one" + id);
                [CachedBatch(nameof(Get))] public static Dictionary<int, string> GetMany(int[] ids) => Source.Find(ids);
            }
            """,
            "S.GetMany([1, 2, 4]); S.GetMany([1, 2, 4]); Say(Memo.EvictTag(\"id:2\")); S.GetMany([2, 4]);",
            "[1,2,4] [1] 1 [2]", 3),
        new("A task of a read-only dictionary",
            Source + """
            public static class S
            {
                [Cached(Ttl = 300)] public static async Task<string> Get(int id) { await Task.Yield(); return Probe.Call("one" + id); }
                [CachedBatch(nameof(Get))]
                public static async Task<IReadOnlyDictionary<int, string>> GetMany(IReadOnlyCollection<int> ids, CancellationToken ct = default)
                {
                    await Task.Yield();
                    return Source.Find(ids);
                }
            }
            """,
            """
            Say(await S.Get(1));
            Say(Source.Text(await S.GetMany(new[] { 1, 2, 3, 2 })));
            Say(Source.Text(await S.GetMany(new List<int> { 3, 4 })), await S.Get(4), (await S.GetMany(Array.Empty<int>())).Count);
            """,
            "one1 [2,3] 1=one1,2=v2,3=v3 [4] 3=v3,4=v4 v4 0", 3),

        new("A synchronous list in the order of the items",
            Source + """
            public static class S
            {
                [Cached] public static string Get(int id) => Probe.Call("one" + id);
                [CachedBatch(nameof(Get))] public static IReadOnlyList<string> GetMany(params int[] ids) => Source.List(ids);
            }
            """,
            "Say(S.Get(2)); Say(string.Join(\",\", S.GetMany(3, 2, 1, 3))); Say(string.Join(\",\", S.GetMany(1, 2, 3)), S.GetMany().Count);",
            "one2 [3,1] v3,one2,v1,v3 v1,one2,v3 0", 2),

        new("A value task of an array",
            Source + """
            public static class S
            {
                [Cached] public static ValueTask<string> Get(int id) => new(Probe.Call("one" + id));
                [CachedBatch(nameof(Get))] public static async ValueTask<string[]> GetMany(IEnumerable<int> ids, CancellationToken token) { await Task.Yield(); return Source.List(ids).ToArray(); }
            }
            """,
            "Say(string.Join(\",\", await S.GetMany(Enumerable.Range(1, 2), default)), await S.Get(2)); Say(string.Join(\",\", await S.GetMany(Enumerable.Range(1, 3), default)));",
            "[1,2] v1,v2 v2 [3] v1,v2,v3", 2),

        new("A partial batch of a partial method, reached through an interface",
            Source + """
            public interface IUsers { Task<string?> Get(int id); Task<IReadOnlyDictionary<int, string>> GetMany(IReadOnlyCollection<int> ids); }
            public sealed partial class Users : IUsers
            {
                [Cached(Ttl = 60)] public partial Task<string?> Get(int id);
                Task<string?> GetCore(int id) => Task.FromResult<string?>(Probe.Call("one" + id));
                [CachedBatch(nameof(Get))] public partial Task<IReadOnlyDictionary<int, string>> GetMany(IReadOnlyCollection<int> ids);
                Task<IReadOnlyDictionary<int, string>> GetManyCore(IReadOnlyCollection<int> ids) => Task.FromResult<IReadOnlyDictionary<int, string>>(Source.Find(ids));
            }
            """,
            """
            IUsers users = new Users();
            Say(Source.Text(await users.GetMany(new[] { 1, -2 })), await users.Get(-2), await users.Get(1));
            Say(Source.Text(await users.GetMany(new[] { 1, -2, 3 })));
            """,
            "[1,-2] 1=v1 null v1 [3] 1=v1,3=v3", 2),

        new("A core of another name",
            Source + """
            public static partial class S
            {
                [Cached] public static string Get(int id) => Probe.Call("one" + id);
                [CachedBatch(nameof(Get), Core = nameof(Load))] public static partial List<string> GetMany(List<int> ids);
                static List<string> Load(List<int> ids) => Source.List(ids);
            }
            """,
            "Say(string.Join(\",\", S.GetMany(new() { 1 })), string.Join(\",\", S.GetMany(new() { 1, 2 })));",
            "[1] [2] v1 v1,v2", 2),

        new("Other parameters of the key are the same for all items",
            """
            public static class S
            {
                [Cached] public static string Get(string tenant, int id, int page = 1) => Probe.Call(tenant + id + page);
                [CachedBatch(nameof(Get))]
                public static Dictionary<short, string> Many(short[] numbers, int page, string tenant, [NotInKey] string why) => Probe.Call(numbers.ToDictionary(n => n, n => tenant + n + page));
            }
            """,
            "Say(S.Many(new short[] { 1, 2 }, 1, \"a\", \"x\").Count, S.Get(\"a\", 2), S.Get(\"b\", 2), S.Many(new short[] { 2, 3 }, 1, \"a\", \"y\")[2], S.Get(\"a\", 3, 2));",
            "2 a21 b21 a21 a32", 4),

        new("Dictionaries of every kind",
            Source + """
            public static class S
            {
                [Cached] public static string Get(int id) => Probe.Call("one" + id);
                [CachedBatch(nameof(Get))] public static IReadOnlyDictionary<int, string> A(int[] ids) => Source.Find(ids);
                [CachedBatch(nameof(Get))] public static IDictionary<int, string> B(int[] ids) => Source.Find(ids);
                [CachedBatch(nameof(Get))] public static Dictionary<int, string> C(int[] ids) => Source.Find(ids);
                [CachedBatch(nameof(Get))] public static System.Collections.Immutable.ImmutableDictionary<int, string> D(int[] ids) => System.Collections.Immutable.ImmutableDictionary.ToImmutableDictionary(Source.Find(ids));
                [CachedBatch(nameof(Get))] public static System.Collections.Immutable.IImmutableDictionary<int, string> E(int[] ids) => System.Collections.Immutable.ImmutableDictionary.ToImmutableDictionary(Source.Find(ids));
                [CachedBatch(nameof(Get))] public static System.Collections.Frozen.FrozenDictionary<int, string> F(int[] ids) => System.Collections.Frozen.FrozenDictionary.ToFrozenDictionary(Source.Find(ids));
                [CachedBatch(nameof(Get))] public static Task<IDictionary<int, string>> G(int[] ids) => Task.FromResult<IDictionary<int, string>>(Source.Find(ids));
            }
            """,
            """
            S.Get(0);
            Say(Source.Text(S.A(new[] { 0, 1 })), Source.Text(S.B(new[] { 1, 2 })), Source.Text(S.C(new[] { 2, 3 })), Source.Text(S.D(new[] { 3, 4 })),
                Source.Text(S.E(new[] { 4, 5 })), Source.Text(S.F(new[] { 5, 6 })), Source.Text(await S.G(new[] { 6, 7 })), Source.Text(await S.G(new[] { 6 })));
            """,
            "[1] [2] [3] [4] [5] [6] [7] 0=one0,1=v1 1=v1,2=v2 2=v2,3=v3 3=v3,4=v4 4=v4,5=v5 5=v5,6=v6 6=v6,7=v7 6=v6", 8),

        new("Lists of every kind",
            Source + """
            public static class S
            {
                [Cached] public static string Get(int id) => Probe.Call("one" + id);
                [CachedBatch(nameof(Get))] public static IReadOnlyList<string> A(int[] ids) => Source.List(ids);
                [CachedBatch(nameof(Get))] public static IList<string> B(int[] ids) => Source.List(ids);
                [CachedBatch(nameof(Get))] public static List<string> C(int[] ids) => Source.List(ids);
                [CachedBatch(nameof(Get))] public static System.Collections.Immutable.ImmutableArray<string> D(int[] ids) => System.Collections.Immutable.ImmutableArray.ToImmutableArray(Source.List(ids));
                [CachedBatch(nameof(Get))] public static ValueTask<System.Collections.Immutable.ImmutableArray<string>> E(int[] ids) => new(System.Collections.Immutable.ImmutableArray.ToImmutableArray(Source.List(ids)));
            }
            """,
            """
            S.Get(0);
            Say(string.Join(",", S.A(new[] { 1, 0 })), string.Join(",", S.B(new[] { 2, 1 })), string.Join(",", S.C(new[] { 3, 2 })), string.Join(",", S.D(new[] { 4, 3 })), string.Join(",", await S.E(new[] { 5, 4 })));
            """,
            "[1] [2] [3] [4] [5] v1,one0 v2,v1 v3,v2 v4,v3 v5,v4", 6),

        new("Collections of every kind go on with what is missing",
            Source + """
            public static class S
            {
                [Cached] public static string Get(int id) => Probe.Call("one" + id);
                [CachedBatch(nameof(Get))] public static Dictionary<int, string> A(ICollection<int> ids) => Source.Find(ids);
                [CachedBatch(nameof(Get))] public static Dictionary<int, string> B(IList<int> ids) => Source.Find(ids);
                [CachedBatch(nameof(Get))] public static Dictionary<int, string> C(HashSet<int> ids) => Source.Find(ids);
                [CachedBatch(nameof(Get))] public static Dictionary<int, string> D(ISet<int> ids) => Source.Find(ids);
                [CachedBatch(nameof(Get))] public static Dictionary<int, string> E(IReadOnlySet<int> ids) => Source.Find(ids);
                [CachedBatch(nameof(Get))] public static Dictionary<int, string> F(System.Collections.Immutable.ImmutableArray<int> ids) => Source.Find(ids);
                [CachedBatch(nameof(Get))] public static Dictionary<int, string> G(System.Collections.Immutable.ImmutableList<int> ids) => Source.Find(ids);
                [CachedBatch(nameof(Get))] public static Dictionary<int, string> H(System.Collections.Immutable.ImmutableHashSet<int> ids) => Source.Find(ids);
                [CachedBatch(nameof(Get))] public static Dictionary<int, string> I(System.Collections.Immutable.IImmutableSet<int> ids) => Source.Find(ids);
                [CachedBatch(nameof(Get))] public static Dictionary<int, string> J(System.Collections.Frozen.FrozenSet<int> ids) => Source.Find(ids);
                [CachedBatch(nameof(Get))] public static Dictionary<int, string> K(IReadOnlyList<int> ids) => Source.Find(ids);
            }
            """,
            """
            S.Get(0);
            S.A(new[] { 0, 1 }); S.B(new[] { 1, 2 }); S.C(new() { 2, 3 }); S.D(new HashSet<int> { 3, 4 }); S.E(new HashSet<int> { 4, 5 });
            S.F(System.Collections.Immutable.ImmutableArray.Create(5, 6)); S.G(System.Collections.Immutable.ImmutableList.Create(6, 7));
            S.H(System.Collections.Immutable.ImmutableHashSet.Create(7, 8)); S.I(System.Collections.Immutable.ImmutableHashSet.Create(8, 9));
            S.J(System.Collections.Frozen.FrozenSet.ToFrozenSet(new[] { 9, 10 })); S.K(new[] { 10, 11 });
            """,
            "[1] [2] [3] [4] [5] [6] [7] [8] [9] [10] [11]", 12),

        new("Where the values may be null, a null is a value",
            """
            public static class S
            {
                [Cached] public static string? Get(int id) => Probe.Call(id < 0 ? null : "one" + id);
                [CachedBatch(nameof(Get))] public static Dictionary<int, string?> ByItem(int[] ids) => Probe.Call(ids.ToDictionary(id => id, id => id < 0 ? null : "v" + id));
                [CachedBatch(nameof(Get))] public static List<string?> InOrder(int[] ids) => Probe.Call(ids.Select(id => id < 0 ? null : "v" + id).ToList());
            }
            """,
            "Say(S.ByItem(new[] { 1, -1 })[-1], S.Get(-1), S.ByItem(new[] { -1 })[-1], S.InOrder(new[] { -1, 1 })[0], S.InOrder(new[] { -2 })[0]);",
            "null null null null null", 2),

        new("Numbers that may be missing",
            """
            public static class S
            {
                [Cached] public static int? Get(string id) => Probe.Call<int?>(null);
                [CachedBatch(nameof(Get))] public static IReadOnlyList<int?> GetMany(string[] ids) => Probe.Call(ids.Select(id => id.Length == 0 ? null : (int?)id.Length).ToList());
            }
            """,
            "Say(S.GetMany(new[] { \"ab\", \"\", \"c\" })[1], S.Get(\"ab\"), S.Get(\"\"));",
            "null 2 null", 1),

        new("Where case does not matter in the key, it does not in the result",
            """
            public static class S
            {
                [Cached] public static int Get([CacheKey(IgnoreCase = true)] string code) => Probe.Call(1);
                [CachedBatch(nameof(Get))] public static IReadOnlyDictionary<string, int> GetMany(IEnumerable<string> codes) { Probe.Say(string.Join(",", codes)); return Probe.Call(codes.ToDictionary(c => c, c => 2)); }
            }
            """,
            "var found = S.GetMany(new[] { \"a\", \"A\", \"b\" }); Say(found.Count, found[\"B\"], S.Get(\"A\"), S.GetMany(new[] { \"B\" })[\"b\"]);",
            "a,b 2 2 2 2", 1),

        new("Items of which a member is the key",
            """
            public sealed class Order { public Order(int id) => Id = id; public int Id { get; } }
            public static class S
            {
                [Cached] public static string Get([CacheKey("Id")] Order order) => Probe.Call("one" + order.Id);
                [CachedBatch(nameof(Get))] public static IReadOnlyList<string> GetMany(IReadOnlyList<Order> orders) => Probe.Call(orders.Select(o => "v" + o.Id).ToList());
            }
            """,
            "Say(S.Get(new Order(1)), string.Join(\",\", S.GetMany(new[] { new Order(2), new Order(1), new Order(2) })), S.Get(new Order(2)));",
            "one1 v2,one1,v2 v2", 2),

        new("An instance that is in the key, and one with a cache of its own",
            """
            public sealed class C
            {
                [CacheKey] readonly string _region;
                public C(string region) => _region = region;
                [Cached] public string Get(int id) => Probe.Call(_region + id);
                [CachedBatch(nameof(Get))] public List<string> GetMany(int[] ids) => Probe.Call(ids.Select(id => _region + id).ToList());
            }
            public sealed class P
            {
                string _region;
                public P(string region) => _region = region;
                [Cached(PerInstance = true)] public string Get(int id) => Probe.Call(_region + id);
                [CachedBatch(nameof(Get))] public List<string> GetMany(int[] ids) => Probe.Call(ids.Select(id => _region + id).ToList());
            }
            """,
            """
            Say(new C("a").GetMany(new[] { 1 })[0], new C("b").GetMany(new[] { 1 })[0], new C("a").Get(1), new C("b").GetMany(new[] { 1, 2 })[1]);
            var p = new P("a");
            Say(p.GetMany(new[] { 1 })[0], p.Get(1), new P("b").Get(1), new P("b").GetMany(new[] { 1 })[0]);
            """,
            "a1 b1 a1 b2 a1 a1 b1 b1", 6),

        new("An instance method of which the type is in the key",
            """
            public class B
            {
                [Cached] public virtual string Get(int id) => Probe.Call("b" + id);
                [CachedBatch(nameof(Get))] public virtual List<string> GetMany(int[] ids) => Probe.Call(ids.Select(id => "b" + id).ToList());
            }
            public sealed class D : B { public override List<string> GetMany(int[] ids) => Probe.Call(ids.Select(id => "d" + id).ToList()); }
            """,
            "B b = new B(), d = new D(); Say(b.GetMany(new[] { 1 })[0], d.GetMany(new[] { 1 })[0], d.Get(1), b.Get(1));",
            "b1 d1 d1 b1", 2),

        new("A batch in another type, and an extension method",
            """
            public sealed class Users { [Cached] public string Get(int id) => Probe.Call("one" + id); }
            public static class Batches
            {
                [CachedBatch(typeof(Users), nameof(Users.Get))] public static List<string> GetMany(this int[] ids) => Probe.Call(ids.Select(id => "v" + id).ToList());
            }
            """,
            "var users = new Users(); Say(users.Get(1), string.Join(\",\", new[] { 1, 2 }.GetMany()), users.Get(2));",
            "one1 one1,v2 v2", 2),

        new("Generic types",
            """
            public sealed class G<T> where T : IEquatable<T>
            {
                [Cached] public string Get(T id) => Probe.Call("one" + id);
                [CachedBatch(nameof(Get))] public IReadOnlyList<string> GetMany(IReadOnlyList<T> ids) => Probe.Call(ids.Select(id => "v" + id).ToList());
            }
            public sealed partial class H<T> where T : notnull, IEquatable<T>
            {
                [Cached] public partial string Get(T id);
                string GetCore(T id) => Probe.Call("one" + id);
                [CachedBatch(nameof(Get))] public partial Dictionary<T, string> GetMany(List<T> ids);
                Dictionary<T, string> GetManyCore(List<T> ids) => Probe.Call(ids.ToDictionary(id => id, id => "v" + id));
            }
            """,
            "Say(new G<int>().Get(1), string.Join(\",\", new G<int>().GetMany(new[] { 1, 2 })), new G<string>().GetMany(new[] { \"1\" })[0], new H<int>().GetMany(new() { 1 })[1], new H<int>().Get(1));",
            "one1 one1,v2 v1 v1 v1", 4),

        new("Overloads, names that clash, and keywords",
            """
            public static class S
            {
                [Cached] public static string Get(int @class) => Probe.Call("one" + @class);
                [Cached] public static string Get(string @class) => Probe.Call("text" + @class);
                [CachedBatch(nameof(Get))] public static List<string> Get(int[] batch, [NotInKey] string missing, CancellationToken token) => Probe.Call(batch.Select(id => "v" + id).ToList());
                [CachedBatch(nameof(Get))] public static List<string> Get(string[] @event, [NotInKey] string Original = "", [NotInKey] string Load = "") => Probe.Call(@event.Select(id => "w" + id).ToList());
            }
            """,
            "Say(S.Get(1), string.Join(\",\", S.Get(new[] { 1, 2 }, \"\", default)), S.Get(new[] { \"1\" })[0], S.Get(\"1\"));",
            "one1 one1,v2 w1 w1", 3),

        new("No collection at all is for the original to judge",
            """
            public static class S
            {
                [Cached] public static string Get(int id) => Probe.Call("one" + id);
                [CachedBatch(nameof(Get))] public static List<string> GetMany(int[]? ids) => Probe.Call(ids is null ? new List<string> { "none" } : ids.Select(id => "v" + id).ToList());
            }
            """,
            "Say(S.GetMany(null)[0], S.GetMany(null)[0]);",
            "none none", 2),

        new("A private batch, and one in a struct",
            """
            public sealed class C
            {
                [Cached] private string Get(int id) => Probe.Call("one" + id);
                [CachedBatch(nameof(Get))] private List<string> GetMany(int[] ids) => Probe.Call(ids.Select(id => "v" + id).ToList());
                public string Go() => string.Join(",", GetMany(new[] { 1 }).Concat(GetMany(new[] { 1, 2 })));
            }
            public readonly struct V
            {
                [Cached] public string Get(int id) => Probe.Call("one" + id);
                [CachedBatch(nameof(Get))] public List<string> GetMany(int[] ids) => Probe.Call(ids.Select(id => "v" + id).ToList());
            }
            """,
            "Say(new C().Go(), new V().GetMany(new[] { 1 })[0], new V().Get(1));",
            "v1,v1,v2 v1 v1", 3),
    ];

    [Theory]
    [MemberData(nameof(Names))]
    public Task Runs(string name) => Table.Verify(_shapes, name);

    public static IEnumerable<TheoryDataRow<string>> Names() => Table.Names(_shapes);
}
