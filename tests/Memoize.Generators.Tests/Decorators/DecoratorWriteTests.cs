using Memoize.Generators.Tests.Harness;

namespace Memoize.Generators.Tests.Decorators;

/// <summary>Members of an interface that evict, update and ask for many: the decorator does it, whatever implements them.</summary>
public sealed class DecoratorWriteTests
{
    const string Users =
        """
        public interface IUsers
        {
            [Cached(Ttl = 300)] string Get(int id);
            [Cached(Ttl = 300)] Task<string> GetAsync(int id, CancellationToken ct = default);
            [Cached(Ttl = 300)] string Report([CacheKey(Indexed = true)] int id, int year);

            [Evicts(nameof(Get))] [Evicts(nameof(GetAsync))] void Set(int id, string name);
            [Evicts(nameof(GetAsync))] Task SetAsync(int id, string name, CancellationToken ct = default);
            [Evicts(nameof(Get), Before = true)] void TrySet(int id, string name);
            [Evicts(nameof(Get), All = true)] ValueTask<int> ClearAsync();
            [Updates(nameof(Get))] string Rename(int id, string name);
            [Updates(nameof(GetAsync))] Task<string> RenameAsync(int id, string name);
        }
        public class Users : IUsers
        {
            public readonly Dictionary<int, string> Names = new();
            public Action? During;
            string Find(int id) => Names.TryGetValue(id, out var name) ? name : "u" + id;
            public string Get(int id) { var found = Probe.Call(Find(id)); During?.Invoke(); return found; }
            public async Task<string> GetAsync(int id, CancellationToken ct) { await Task.Yield(); return Probe.Call(Find(id)); }
            public string Report(int id, int year) => Probe.Call(Find(id) + year);
            public void Set(int id, string name) { if (name == "") throw new FormatException(); Names[id] = name; }
            public async Task SetAsync(int id, string name, CancellationToken ct) { await Task.Yield(); if (name == "") throw new FormatException(); Names[id] = name; }
            public void TrySet(int id, string name) { Names[id] = name; throw new FormatException(); }
            public async ValueTask<int> ClearAsync() { await Task.Yield(); Names.Clear(); return 3; }
            public string Rename(int id, string name) { Names[id] = name; During?.Invoke(); return name; }
            public async Task<string> RenameAsync(int id, string name) { await Task.Yield(); Names[id] = name; return name; }
        }
        """;

    static readonly Shape[] _shapes =
    [
        new("A member that evicts does so when it has succeeded", Users,
            """
            IUsers u = new CachedUsers(new Users());
            Say(u.Get(1), u.Get(2), await u.GetAsync(1)); SayCalls();
            u.Set(1, "ann"); Say(u.Get(1), u.Get(2), await u.GetAsync(1)); SayCalls();
            Throws<FormatException>(() => u.Set(1, "")); Say(u.Get(1)); SayCalls();
            """,
            "u1 u2 u1 (3) ann u2 ann (5) FormatException ann (5)", 5),

        new("A task evicts when it has succeeded, and not when it has failed", Users,
            """
            IUsers u = new CachedUsers(new Users());
            Say(await u.GetAsync(1));
            await u.SetAsync(1, "ann"); Say(await u.GetAsync(1)); SayCalls();
            try { await u.SetAsync(1, ""); } catch (FormatException) { Say("failed"); }
            Say(await u.GetAsync(1)); SayCalls();
            """,
            "u1 ann (2) failed ann (2)", 2),

        new("With Before a member that fails has evicted too", Users,
            """
            IUsers u = new CachedUsers(new Users());
            Say(u.Get(1)); Throws<FormatException>(() => u.TrySet(1, "ann")); Say(u.Get(1)); SayCalls();
            """,
            "u1 FormatException ann (2)", 2),

        new("All entries of a member are evicted", Users,
            "IUsers u = new CachedUsers(new Users()); u.Get(1); u.Get(2); Say(await u.ClearAsync(), u.Get(1), u.Get(2));",
            "3 u1 u2", 4),

        new("An eviction reaches the caches of every decorator", Users,
            """
            var users = new Users();
            IUsers a = new CachedUsers(users), b = new CachedUsers(users);
            Say(a.Get(1), b.Get(1)); a.Set(1, "ann"); Say(a.Get(1), b.Get(1));
            """,
            "u1 u1 ann ann", 4),

        new("An eviction wins over a load under way", Users,
            """
            var users = new Users();
            IUsers u = new CachedUsers(users);
            users.During = () => { users.During = null; u.Set(1, "ann"); };
            Say(u.Get(1), u.Get(1)); SayCalls();
            """,
            "u1 ann (2)", 2),

        new("A result is stored for the decorator that has run the member, and evicted from the others", Users,
            """
            IUsers a = new CachedUsers(new Users()), b = new CachedUsers(new Users());
            Say(a.Get(1), b.Get(1), b.Get(2)); SayCalls();
            Say(a.Rename(1, "ann"), a.Get(1)); SayCalls();
            Say(b.Get(1), b.Get(2)); SayCalls();
            Say(await a.GetAsync(1), await b.GetAsync(1), await b.RenameAsync(1, "bob"), await b.GetAsync(1), await a.GetAsync(1)); SayCalls();
            """,
            "u1 u1 u2 (3) ann ann (3) u1 u2 (4) ann u1 bob bob ann (7)", 7),

        new("Where something came between, a result is not stored", Users,
            """
            var users = new Users();
            IUsers u = new CachedUsers(users);
            users.During = () => { users.During = null; u.Set(1, "other"); };
            Say(u.Rename(1, "ann"), u.Get(1)); SayCalls();
            """,
            "ann other (1)", 1),

        new("A handle sets behind one decorator or behind all", Users,
            """
            IUsers a = new CachedUsers(new Users()), b = new CachedUsers(new Users());
            UsersCache.Get.Set(a, 1, "a"); Say(a.Get(1), b.Get(1)); SayCalls();
            b.Get(2); UsersCache.Get.Set(2, "both"); Say(a.Get(2), b.Get(2)); SayCalls();
            using (var update = UsersCache.Get.BeginUpdate()) UsersCache.Get.Set(a, 1, "new", update);
            Say(a.Get(1), b.Get(1)); SayCalls();
            using (var update = UsersCache.Get.BeginUpdate()) UsersCache.Get.Set(1, "whose", update);
            Say(a.Get(1), b.Get(1)); SayCalls();
            Throws<ArgumentException>(() => UsersCache.Get.Set(new Users(), 1, "x"));
            """,
            "a u1 (1) both both (2) new u1 (3) u1 u1 (5) ArgumentException", 5),

        new("A part of the key evicts in all decorators", Users,
            """
            IUsers a = new CachedUsers(new Users()), b = new CachedUsers(new Users());
            a.Report(1, 1); a.Report(1, 2); a.Report(2, 1); b.Report(1, 1); SayCalls();
            Say(UsersCache.Report.EvictWhere(1)); a.Report(1, 1); a.Report(2, 1); b.Report(1, 1); SayCalls();
            """,
            "(4) 3 (6)", 6),

        new("Tags are evicted by members, and by other types",
            """
            public sealed record User(int Id, string Name);
            public interface IPages
            {
                [Cached(Tags = new[] { "user:{id}", "pages" })] string Page(int id);
                [EvictsTag("user:{user.Id}")] Task SaveAsync(User user);
                [EvictsTag("pages", Before = true)] void Forget();
            }
            public sealed class Pages : IPages
            {
                public string Page(int id) => Probe.Call("p" + id);
                public Task SaveAsync(User user) => Task.CompletedTask;
                public void Forget() { }
            }
            public static class Elsewhere { [Cached(Tags = new[] { "user:{id}" })] public static string Of(int id) => Probe.Call("e" + id); }
            """,
            """
            IPages p = new CachedPages(new Pages());
            p.Page(1); p.Page(2); Elsewhere.Of(1); SayCalls();
            await p.SaveAsync(new User(1, "n")); p.Page(1); p.Page(2); Elsewhere.Of(1); SayCalls();
            p.Forget(); p.Page(1); p.Page(2); SayCalls();
            """,
            "(3) (5) (7)", 7),

        new("An interface that only writes has a decorator, which evicts what another remembers",
            """
            public interface IReads { [Cached] string Get(int id); }
            public interface IWrites { [Evicts(typeof(IReads), nameof(IReads.Get), Map = new[] { "id = what.Id" })] void Save((int Id, string Name) what); int Count { get; } }
            public sealed class Store : IReads, IWrites
            {
                public string Get(int id) => Probe.Call("s" + id);
                public void Save((int Id, string Name) what) { }
                public int Count => 7;
            }
            """,
            "var s = new Store(); IReads r = new CachedReads(s); IWrites w = new CachedWrites(s); r.Get(1); r.Get(2); w.Save((1, \"n\")); r.Get(1); r.Get(2); Say(w.Count);",
            "7", 3),

        new("A class may evict what the decorators of an interface remember",
            """
            public interface IReads { [Cached] string Get(int id); }
            public sealed class Reads : IReads { public string Get(int id) => Probe.Call("r" + id); }
            public static class Writer
            {
                [Evicts(typeof(IReads), nameof(IReads.Get))] public static void Save(int id) { }
                [Updates(typeof(IReads), nameof(IReads.Get))] public static string Put(int id) => "put" + id;
            }
            """,
            """
            IReads a = new CachedReads(new Reads());
            Say(a.Get(1)); Writer.Save(1); Say(a.Get(1)); SayCalls();
            Writer.Put(1); Say(a.Get(1)); SayCalls();
            IReads b = new CachedReads(new Reads()); b.Get(1); SayCalls();
            Writer.Put(1); Say(a.Get(1), b.Get(1)); SayCalls();
            GC.KeepAlive(b);
            """,
            "r1 r1 (2) put1 (2) (3) r1 r1 (5)", 5),

        new("Arguments of every kind reach the member that evicts",
            """
            public interface IAll<T> where T : class, IEquatable<T>
            {
                [Cached] string Get(int id, T scope);
                [Evicts(nameof(Get), Map = new[] { "id = made" })] bool TryMake(in long wish, T scope, ref int count, out int made, params string[] more);
                [Evicts(nameof(Get), All = true)] void Reset<U>(U value) where U : struct;
                [Updates(nameof(Get))] ValueTask<string> Put(T scope, int id = 5);
            }
            public sealed class All : IAll<string>
            {
                public string Get(int id, string scope) => Probe.Call(scope + id);
                public bool TryMake(in long wish, string scope, ref int count, out int made, params string[] more) { made = (int)wish; count += more.Length; return true; }
                public void Reset<U>(U value) where U : struct { }
                public async ValueTask<string> Put(string scope, int id) { await Task.Yield(); return "put" + id; }
            }
            """,
            """
            IAll<string> all = new CachedAll<string>(new All());
            all.Get(1, "s"); all.Get(2, "s"); SayCalls();
            Probe.Say(Make(all)); all.Get(1, "s"); all.Get(2, "s"); SayCalls();
            all.Reset(3.5); all.Get(2, "s"); SayCalls();
            Say(await all.Put("s"), all.Get(5, "s")); SayCalls();
            static int Make(IAll<string> all) { int count = 1; all.TryMake(1L, "s", ref count, out var made, "a", "b"); return made * 10 + count; }
            """,
            "(2) 13 (3) (4) put5 put5 (4)", 4),

        new("A batch asks the cache of its registration, and loads what is missing",
            """
            public interface IUsers
            {
                [Cached(Ttl = 300, Tags = new[] { "user:{id}" })] Task<string?> GetAsync(int id, CancellationToken ct = default);
                [CachedBatch(nameof(GetAsync))] Task<IReadOnlyDictionary<int, string>> GetManyAsync(IReadOnlyCollection<int> ids, CancellationToken ct = default);
                [Cached] string Name(int id);
                [CachedBatch(nameof(Name))] IReadOnlyList<string> Names(params int[] ids);
                [Evicts(nameof(Name))] void Forget(int id);
            }
            public sealed class Users(string prefix) : IUsers
            {
                public async Task<string?> GetAsync(int id, CancellationToken ct) { await Task.Yield(); return Probe.Call(prefix + id); }
                public async Task<IReadOnlyDictionary<int, string>> GetManyAsync(IReadOnlyCollection<int> ids, CancellationToken ct)
                {
                    await Task.Yield();
                    Probe.Call();
                    Probe.Say("[" + string.Join(",", ids) + "]");
                    return ids.Where(id => id < 9).ToDictionary(id => id, id => prefix + id);
                }
                public string Name(int id) => Probe.Call(prefix + id);
                public IReadOnlyList<string> Names(params int[] ids) { Probe.Call(); Probe.Say("[" + string.Join(",", ids) + "]"); return ids.Select(id => prefix + id).ToList(); }
                public void Forget(int id) { }
            }
            """,
            """
            IUsers a = new CachedUsers(new Users("a")), b = new CachedUsers(new Users("b"));
            Say((await a.GetAsync(1))!); Say(string.Join(",", (await a.GetManyAsync(new[] { 1, 2, 3, 9 })).Values.OrderBy(v => v)));
            Say((await a.GetAsync(3))!); Say(await a.GetAsync(9)); SayCalls();
            Say(string.Join(",", (await b.GetManyAsync(new[] { 1, 2 })).Values.OrderBy(v => v))); SayCalls();
            Memo.EvictTag("user:2"); await a.GetManyAsync(new[] { 1, 2 }); SayCalls();
            Say(string.Join(",", a.Names(1, 2, 1))); Say(a.Name(2)); a.Forget(1); Say(string.Join(",", a.Names(2, 1))); SayCalls();
            """,
            "a1 [2,3,9] a1,a2,a3 a3 null (2) [1,2] b1,b2 (3) [2] (4) [1,2] a1,a2,a1 a2 [1] a2,a1 (6)", 6),

        new("Inherited members that write and ask for many keep doing so",
            """
            public interface IRepo<T> where T : class
            {
                [Cached] T? Find(int id);
                [CachedBatch(nameof(Find))] IReadOnlyDictionary<int, T> FindAll(int[] ids);
                [Evicts(nameof(Find))] void Delete(int id);
                [Updates(nameof(Find))] T Put(int id, T value);
            }
            public interface IOrders : IRepo<string> { int Other(); }
            public sealed class Orders : IOrders
            {
                public string? Find(int id) => Probe.Call("o" + id);
                public IReadOnlyDictionary<int, string> FindAll(int[] ids) { Probe.Call(); Probe.Say("[" + string.Join(",", ids) + "]"); return ids.ToDictionary(id => id, id => "o" + id); }
                public void Delete(int id) { }
                public string Put(int id, string value) => value;
                public int Other() => 3;
            }
            """,
            """
            IOrders o = new CachedOrders(new Orders());
            Say(o.Find(1), o.Find(1), o.Other()); SayCalls();
            o.Delete(1); Say(o.Find(1)); SayCalls();
            Say(o.Put(2, "two"), o.Find(2)); SayCalls();
            Say(o.FindAll(new[] { 1, 2, 3 }).Count); Say(o.Find(3)); SayCalls();
            """,
            "o1 o1 3 (1) o1 (2) two two (2) [3] 3 o3 (3)", 3),

        new("Generic members are cached and evicted by their type arguments",
            """
            public interface IStore<TScope> where TScope : notnull, IEquatable<TScope>
            {
                [Cached(Ttl = 300)] T? Get<T>(TScope scope, int id) where T : class;
                [Cached(Ttl = 300)] Task<TValue> GetAsync<TKey, TValue>(TKey key) where TKey : notnull, IEquatable<TKey>;
                [Evicts(nameof(Get))] void Set<T>(TScope scope, int id, T value) where T : class;
                [Updates(nameof(Get))] T Put<T>(TScope scope, int id, T value) where T : class;
            }
            public sealed class Store : IStore<string>
            {
                public T? Get<T>(string scope, int id) where T : class { Probe.Call(); return typeof(T) == typeof(string) ? (T)(object)(scope + id) : null; }
                public async Task<TValue> GetAsync<TKey, TValue>(TKey key) where TKey : notnull, IEquatable<TKey> { await Task.Yield(); Probe.Call(); return (TValue)Convert.ChangeType(key, typeof(TValue)); }
                public void Set<T>(string scope, int id, T value) where T : class { }
                public T Put<T>(string scope, int id, T value) where T : class => value;
            }
            """,
            """
            IStore<string> s = new CachedStore<string>(new Store()), other = new CachedStore<string>(new Store());
            Say(s.Get<string>("a", 1), s.Get<string>("a", 1), s.Get<object>("a", 1), s.Get<object>("a", 1)); SayCalls();
            Say(other.Get<string>("a", 1)); SayCalls();
            s.Set("a", 1, "x"); Say(s.Get<string>("a", 1), s.Get<object>("a", 1)); SayCalls();
            Say(s.Put<object>("a", 1, "y"), s.Get<object>("a", 1), s.Get<string>("a", 1)); SayCalls();
            Say(await s.GetAsync<int, string>(1), await s.GetAsync<int, string>(1), await s.GetAsync<int, long>(1), await s.GetAsync<string, long>("1")); SayCalls();
            Say(StoreCache<string>.Get.Evict<string>("a", 1), StoreCache<string>.Get.Evict<string>("a", 1)); Say(StoreCache<string>.GetAsync.TryGet<int, string>(1, out var v), v!);
            """,
            "a1 a1 null null (2) a1 (3) a1 null (4) y y a1 (4) 1 1 1 1 (7) True False True 1", 7),

        new("An interface that only inherits has a decorator without being asked for",
            """
            public interface IRepo<T> where T : class { [Cached] T? Find(int id); }
            public interface IOrders : IRepo<string> { int Other(); }
            public interface ILists<T> : IRepo<List<T>>;
            public interface IBoth : IOrders, ILists<int>;
            [CachedDecorator(Name = "Named")] public interface INamed : IRepo<string>;
            internal interface IHidden : IOrders;
            public sealed class All : IBoth, INamed, IHidden
            {
                string? IRepo<string>.Find(int id) => Probe.Call("o" + id);
                List<int>? IRepo<List<int>>.Find(int id) => Probe.Call(new List<int> { id });
                public int Other() => 3;
            }
            """,
            """
            var all = new All();
            IOrders o = new CachedOrders(all); Say(o.Find(1), o.Find(1), o.Other());
            ILists<int> l = new CachedLists<int>(all); Say(l.Find(1)!.Count, l.Find(1)!.Count);
            IBoth b = new CachedBoth(all); IOrders bo = b; ILists<int> bl = b; Say(bo.Find(1), bo.Find(1), bl.Find(1)!.Count, bl.Find(1)!.Count);
            INamed n = new Named(all); Say(n.Find(1), n.Find(1));
            IHidden h = new CachedHidden(all); Say(h.Find(1), h.Find(1));
            """,
            "o1 o1 3 1 1 o1 o1 1 1 o1 o1 o1 o1", 6) { Allow = ["MEMO0602"] },
    ];

    public static IEnumerable<TheoryDataRow<string>> Names => Table.Names(_shapes);

    [Theory, MemberData(nameof(Names))]
    public Task Shape(string name) => Table.Verify(_shapes, name);
}
