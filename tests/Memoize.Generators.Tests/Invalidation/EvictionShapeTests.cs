using Memoize.Generators.Tests.Harness;

namespace Memoize.Generators.Tests.Invalidation;

/// <summary>Methods that evict and update: of every kind, through both doors, compiled and run. What is read is what was written.</summary>
public sealed class EvictionShapeTests
{
    // A database of names; that its rows change is the point.
    const string Db =
        """
        public sealed record User(int Id, string Name);
        public static class Db
        {
            [NotInKey] public static Dictionary<int, string> Rows { get; } = new() { [1] = "Ada", [2] = "Bob" };
        }

        """;

    const string Get = "[Cached] public static string Get(int id) => Probe.Call(Db.Rows[id]); ";

    static readonly Shape[] _shapes =
    [
        new("A method without a result evicts one entry",
            Db + "public static class S { " + Get + "[Evicts(nameof(Get))] public static void Set(int id, string name) => Db.Rows[id] = name; }",
            "Say(S.Get(1), S.Get(2)); S.Set(1, \"Eve\"); Say(S.Get(1), S.Get(2));",
            "Ada Bob Eve Bob", 3, 4),

        new("A method with a result, named and defaulted arguments, and an instance",
            Db + """
            public sealed class C
            {
                [Cached] public string Get(int id) => Probe.Call(Db.Rows[id]);
                [Evicts(nameof(Get))] public int Set(string name, int id = 1) { Db.Rows[id] = name; return name.Length; }
            }
            """,
            "var c = new C(); Say(c.Get(1), c.Set(\"Eve\"), c.Get(1), c.Set(id: 2, name: \"Dan\"), c.Get(1), c?.Get(2));",
            "Ada 3 Eve 3 Eve Dan", 3, 4),

        new("Tasks evict when they have succeeded",
            Db + "public static class S { " + Get + """
                [Evicts(nameof(Get))] public static async Task Set(int id, string name, Task gate) { await gate; Db.Rows[id] = name; }
                [Evicts(nameof(Get))] public static async Task<int> SetT(int id, string name) { await Task.Yield(); Db.Rows[id] = name; return 7; }
                [Evicts(nameof(Get))] public static async ValueTask SetV(int id, string name) { await Task.Yield(); Db.Rows[id] = name; }
                [Evicts(nameof(Get))] public static ValueTask<int> SetVT(int id, string name) { Db.Rows[id] = name; return new(8); }
            }
            """,
            """
            var gate = new TaskCompletionSource();
            Say(S.Get(1)); var set = S.Set(1, "a", gate.Task); Say(S.Get(1)); gate.SetResult(); await set; Say(S.Get(1));
            Say(await S.SetT(1, "b"), S.Get(1)); await S.SetV(1, "c"); Say(S.Get(1), await S.SetVT(1, "d"), S.Get(1));
            """,
            "Ada Ada a 7 b c 8 d", 5, 6),

        new("What throws evicts nothing, and what throws before its task does so as ever",
            Db + "public static class S { " + Get + """
                [Evicts(nameof(Get))] public static void Set(int id, string name) { Db.Rows[id] = name; throw new InvalidOperationException(); }
                [Evicts(nameof(Get))] public static async Task SetA(int id) { await Task.Yield(); throw new InvalidOperationException(); }
                [Evicts(nameof(Get))] public static Task SetN(int id) => throw new InvalidTimeZoneException();
            }
            """,
            """
            Say(S.Get(1)); Throws<InvalidOperationException>(() => S.Set(1, "Eve")); Say(S.Get(1));
            try { await S.SetA(1); } catch (InvalidOperationException) { Say("threw"); }
            Throws<InvalidTimeZoneException>(() => { var t = S.SetN(1); }); Say(S.Get(1));
            """,
            "Ada InvalidOperationException Ada threw InvalidTimeZoneException Ada", 1),

        new("Before evicts before and after, even where the method throws",
            Db + "public static class S { " + Get + """
                [Evicts(nameof(Get), Before = true)] public static string Set(int id, string name) { Probe.Say(Get(id)); Db.Rows[id] = name; if (name.Length == 0) throw new InvalidOperationException(); return "done"; }
                [Evicts(nameof(Get), Before = true)] public static async Task<string> SetA(int id, string name) { await Task.Yield(); Probe.Say(Get(id)); Db.Rows[id] = name; if (name.Length == 0) throw new InvalidOperationException(); return "done"; }
                [Evicts(nameof(Get), Before = true)] public static Task SetN(int id) { Db.Rows[id] = "N"; throw new InvalidTimeZoneException(); }
            }
            """,
            """
            Say(S.Get(1)); Db.Rows[1] = "silent"; Say(S.Get(1), S.Set(1, "b"), S.Get(1)); Throws<InvalidOperationException>(() => S.Set(1, "")); Say(S.Get(1).Length);
            Say(await S.SetA(1, "c"), S.Get(1)); try { await S.SetA(1, ""); } catch (InvalidOperationException) { } Say(S.Get(1).Length);
            Throws<InvalidTimeZoneException>(() => { var t = S.SetN(1); }); Say(S.Get(1));
            """,
            "Ada silent Ada done b b InvalidOperationException 0  done c c 0 InvalidTimeZoneException N", 10),

        new("A partial method evicts however it is called",
            Db + """
            public interface I { void Set(int id, string name); Task<int> SetAsync(int id, string name, CancellationToken ct = default); }
            public sealed partial class C : I
            {
                [Cached] public partial string Get(int id);
                private string GetCore(int id) => Probe.Call(Db.Rows[id]);
                [Evicts(nameof(Get))] public partial void Set(int id, string name);
                private void SetCore(int id, string name) => Db.Rows[id] = name;
                [Evicts(nameof(Get))] public partial Task<int> SetAsync(int id, string name, CancellationToken ct);
                private async Task<int> SetAsyncCore(int id, string name, CancellationToken ct) { await Task.Yield(); Db.Rows[id] = name; return 5; }
            }
            """,
            "var c = new C(); I i = c; Action<int, string> f = c.Set; Say(c.Get(1)); i.Set(1, \"a\"); Say(c.Get(1)); f(1, \"b\"); Say(c.Get(1), await i.SetAsync(1, \"c\"), c.Get(1));",
            "Ada a b 5 c", 4),

        new("An extension method, in and out parameters, params and a generic method",
            Db + "public sealed class Store { } public static class S { " + Get + """
                [Evicts(nameof(Get))] public static void Set(this Store store, in int id, string name) => Db.Rows[id] = name;
                [Evicts(nameof(Get))] public static bool TryAdd(string name, out int id) { id = 1; Db.Rows[id] = name; return true; }
                [Evicts(nameof(Get))] public static void Swap(int id, ref string name) => (Db.Rows[id], name) = (name, Db.Rows[id]);
                [Evicts(nameof(Get))] public static void Many<T>(int id, params T[] names) where T : notnull => Db.Rows[id] = string.Join("+", names);
            }
            """,
            """
            Say(S.Get(1)); new Store().Set(1, "a"); Say(S.Get(1)); Say(S.TryAdd("b", out var id), id, S.Get(1));
            var name = "c"; S.Swap(1, ref name); Say(name, S.Get(1)); S.Many(1, 1, 2, 3); Say(S.Get(1));
            """,
            "Ada a True 1 b b c 1+2+3", 5, 5),

        new("A struct that the method changes is the struct that is changed",
            Db + "public struct P { public int Sum; [Evicts(typeof(S), nameof(S.Get))] public void Add(int id) { Sum += id; Db.Rows[id] = \"x\"; } } public static class S { " + Get + "}",
            "var p = new P(); Say(S.Get(1)); p.Add(1); p.Add(1); Say(p.Sum, S.Get(1));",
            "Ada 2 x", 2, 2),

        new("A private method is reached",
            Db + "public sealed class C { [Cached] internal string Get(int id) => Probe.Call(Db.Rows[id]); public void Do(int id) => Set(id, \"p\"); [Evicts(nameof(Get))] private int Set(int id, string name) { Db.Rows[id] = name; return 1; } }",
            "var c = new C(); Say(c.Get(1)); c.Do(1); Say(c.Get(1));",
            "Ada p", 2, 2),

        new("Several attributes, other types, and all entries",
            Db + """
            public static class Names { [Cached] public static string Get(int id) => Probe.Call(Db.Rows[id]); [Cached] public static int Count() => Probe.Call(Db.Rows.Count); [Cached] public static string Find(string like, int max) => Probe.Call(Db.Rows.Values.First(v => v.StartsWith(like))); }
            public static class Writer
            {
                [Evicts(typeof(Names), nameof(Names.Get))]
                [Evicts(typeof(Names), nameof(Names.Count)), Evicts(typeof(Names), nameof(Names.Find), All = true)]
                public static void Add(int id, string name) => Db.Rows[id] = name;
            }
            """,
            "Say(Names.Get(1), Names.Get(2), Names.Count(), Names.Find(\"A\", 1)); Writer.Add(1, \"Abe\"); Say(Names.Get(1), Names.Get(2), Names.Count(), Names.Find(\"A\", 1));",
            "Ada Bob 2 Ada Abe Bob 2 Abe", 7, 8),

        new("A member of a parameter is mapped, and nothing is evicted where there is none",
            Db + """
            public sealed class Owner { public User? User { get; set; } }
            public static class S
            {
                [Cached] public static string Get(int id) => Probe.Call(Db.Rows[id]);
                [Cached] public static string Find(string? name) => Probe.Call(name + "!");
                [Evicts(nameof(Get), Map = new[] { "id = user.Id" }), Evicts(nameof(Find), Map = new[] { "name = user.Name" })]
                public static void Save(User? user) { if (user is not null) Db.Rows[user.Id] = user.Name; }
                [Evicts(nameof(Get), Map = new[] { "id=owner.User.Id" })] public static async Task<int> SaveOwner(Owner? owner) { await Task.Yield(); Db.Rows[1] = "owned"; return 1; }
                [Evicts(nameof(Get))] public static void Maybe(int? id) => Db.Rows[1] = "maybe";
                [Evicts(nameof(Get), Map = new[] { "id = return.Id" })] public static User Create(string name) { Db.Rows[1] = name; return new(1, name); }
            }
            """,
            """
            Say(S.Get(1)); S.Save(new(1, "a")); Say(S.Get(1)); S.Save(null); Say(S.Get(1));
            await S.SaveOwner(null); await S.SaveOwner(new()); Say(S.Get(1)); await S.SaveOwner(new() { User = new(1, "") }); Say(S.Get(1));
            S.Maybe(null); Say(S.Get(1)); S.Maybe(1); Say(S.Get(1)); S.Create("new"); Say(S.Get(1));
            """,
            "Ada a a a owned owned maybe new", 5),

        new("The instance in the key is the one that the method is called on",
            Db + """
            public sealed class Tenant(string name)
            {
                [CacheKey] readonly string _name = name;
                [Cached] public string Get(int id) => Probe.Call(_name + Db.Rows[id]);
                [Cached(PerInstance = true)] public string Own(int id) => Probe.Call(_name + Db.Rows[id]);
                [Evicts(nameof(Get)), Evicts(nameof(Own))] public async Task Set(int id, string name) { await Task.Yield(); Db.Rows[id] = name; }
            }
            """,
            "var a = new Tenant(\"a\"); var b = new Tenant(\"b\"); Say(a.Get(1), b.Get(1), a.Own(1), b.Own(1)); await a.Set(1, \"x\"); Say(a.Get(1), b.Get(1), a.Own(1), b.Own(1));",
            "aAda bAda aAda bAda ax bAda ax bAda", 6),

        new("Every overload that fits is evicted, those too that only a token tells apart",
            Db + """
            public static class S
            {
                [Cached] public static string Get(int id) => Probe.Call(Db.Rows[id]);
                [Cached] public static Task<string> Get(int id, CancellationToken ct) => Task.FromResult(Probe.Call(Db.Rows[id]));
                [Cached] public static string Get(int id, string suffix) => Probe.Call(Db.Rows[id] + suffix);
                [Evicts(nameof(Get))] public static void Set(int id, string name) => Db.Rows[id] = name;
            }
            """,
            "Say(S.Get(1), await S.Get(1, CancellationToken.None), S.Get(1, \"!\")); S.Set(1, \"a\"); Say(S.Get(1), await S.Get(1, CancellationToken.None), S.Get(1, \"!\"));",
            "Ada Ada Ada! a a Ada!", 5),

        new("Generic types and methods evict what has the same type arguments",
            Db + """
            public class Repository<T> where T : notnull
            {
                [Cached] public string Get(int id) => Probe.Call(typeof(T).Name + Db.Rows[id]);
                [Cached] public static string Of<U>(U id) where U : IEquatable<U> => Probe.Call(typeof(U).Name + Db.Rows[1]);
                [Evicts(nameof(Get))] public void Set(int id, string name) => Db.Rows[id] = name;
                [Evicts(nameof(Of))] public static void SetOf<U>(U id, string name) where U : IEquatable<U> => Db.Rows[1] = name;
            }
            public static class W { [Evicts(typeof(Repository<int>), nameof(Repository<int>.Get))] public static void Set(int id, string name) => Db.Rows[id] = name; }
            """,
            """
            var i = new Repository<int>(); var s = new Repository<string>(); Say(i.Get(1), s.Get(1)); i.Set(1, "a"); Say(i.Get(1), s.Get(1)); W.Set(1, "b"); Say(i.Get(1), s.Get(1));
            Say(Repository<int>.Of(1), Repository<int>.Of("1")); Repository<int>.SetOf(1, "c"); Say(Repository<int>.Of(1), Repository<int>.Of("1"));
            """,
            "Int32Ada StringAda Int32a StringAda Int32b StringAda Int32b Stringb Int32c Stringb", 7),

        new("A result is stored as if the cached method had returned it",
            Db + """
            public static class S
            {
                [Cached] public static User Get(int id) => Probe.Call(new User(id, Db.Rows[id]));
                [Cached] public static async Task<User?> GetAsync(int id) { await Task.Yield(); return Probe.Call(new User(id, Db.Rows[id])); }
                [Updates(nameof(Get)), Updates(nameof(GetAsync))] public static User Set(int id, string name) { Db.Rows[id] = name; return new(id, name); }
                [Updates(nameof(GetAsync), Map = new[] { "id = user.Id" })] public static async Task<User?> Save(User user) { await Task.Yield(); Db.Rows[user.Id] = user.Name; return user; }
                [Updates(nameof(Get))] public static ValueTask<User?> Forget(int id) { Db.Rows[id] = "gone"; return new((User?)null); }
            }
            """,
            """
            Say(S.Get(1).Name); S.Set(1, "a"); Say(S.Get(1).Name, (await S.GetAsync(1))!.Name); await S.Save(new(1, "b")); Say((await S.GetAsync(1))!.Name, S.Get(1).Name);
            await S.Forget(1); Say(S.Get(1).Name);
            """,
            "Ada a a b a gone", 2),

        new("Two writes that overlap leave nothing behind that could be out of date",
            Db + """
            public static class S
            {
                [Cached] public static string Get(int id) => Probe.Call(Db.Rows[id]);
                [Updates(nameof(Get))] public static async Task<string> Set(int id, string name, Task gate) { Db.Rows[id] = name; await gate; return name; }
                [Updates(nameof(Get))] public static Task<string> Fail(int id) => throw new InvalidOperationException();
            }
            """,
            """
            var first = new TaskCompletionSource(); var one = S.Set(1, "a", first.Task); await S.Set(1, "b", Task.CompletedTask);
            Say(S.Get(1)); first.SetResult(); await one; Say(S.Get(1), S.Get(1)); Throws<InvalidOperationException>(() => { var t = S.Fail(1); });
            await S.Set(1, "c", Task.CompletedTask); Say(S.Get(1));
            """,
            "b b b InvalidOperationException c", 1),

        new("Names that generated code would like for itself",
            Db + "public static class S { [Cached] public static string Get(int @class, int result, int self) => Probe.Call(Db.Rows[@class]); " + """
                [Evicts(nameof(Get))] public static async Task<int> Set(int self, int result, int @class, string running, string update, string After, string Evict) { await Task.Yield(); Db.Rows[@class] = running; return 3; }
                [Updates(nameof(Get), Map = new[] { "class = user.Id", "result = user.Id", "self = update" })] public static string Up(User user, int update, int value) { Db.Rows[user.Id] = user.Name; return user.Name; }
            }
            """,
            "Say(S.Get(1, 2, 3)); Say(await S.Set(3, 2, 1, \"a\", \"\", \"\", \"\"), S.Get(1, 2, 3)); S.Up(new(1, \"b\"), 3, 0); Say(S.Get(1, 1, 3));",
            "Ada 3 a b", 2, 3),

        new("Types in the global namespace and nested types",
            Db + "public static class Outer { public static class Inner { " + Get + "[Evicts(nameof(Get))] public static void Set(int id, string name) => Db.Rows[id] = name; } } namespace N { public static class S { " + Get.Replace("Get", "GetN") + "[Evicts(nameof(GetN)), Evicts(typeof(Outer.Inner), nameof(Outer.Inner.Get))] public static void Set(int id, string name) => Db.Rows[id] = name; } }",
            "Say(Outer.Inner.Get(1), N.S.GetN(1)); Outer.Inner.Set(1, \"a\"); Say(Outer.Inner.Get(1), N.S.GetN(1)); N.S.Set(1, \"b\"); Say(Outer.Inner.Get(1), N.S.GetN(1));",
            "Ada Ada a Ada b b", 5),
    ];

    [Theory]
    [MemberData(nameof(Names))]
    public Task Works(string name) => Table.Verify(_shapes, name);

    public static IEnumerable<TheoryDataRow<string>> Names() => Table.Names(_shapes);
}
