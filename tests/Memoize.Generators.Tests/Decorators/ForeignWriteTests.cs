using Memoize.Generators.Tests.Harness;
using Microsoft.CodeAnalysis;

namespace Memoize.Generators.Tests.Decorators;

/// <summary>What evicts, updates and asks for many in an interface that cannot be edited: attributes of the assembly say so.</summary>
public sealed class ForeignWriteTests
{
    const string Users =
        """
        public sealed record User(int Id, string Name);
        public interface IUsers
        {
            Task<User?> GetAsync(int id, object trace);
            User? Get(int id);
            string Report(string name);
            Task<IReadOnlyDictionary<int, User>> GetManyAsync(IReadOnlyCollection<int> ids);
            Task DeleteAsync(int id);
            void Delete(string name);
            void Delete(int id);
            Task<User> SaveAsync(User user);
            void Import(int id);
            int Count { get; }
        }
        public class Users : IUsers
        {
            public readonly SortedDictionary<int, User> All = new() { [1] = new(1, "ann"), [2] = new(2, "bob"), [3] = new(3, "cid") };
            User? Find(int id) => All.TryGetValue(id, out var user) ? user : null;
            public async Task<User?> GetAsync(int id, object trace) { await Task.Yield(); return Probe.Call(Find(id)); }
            public User? Get(int id) => Probe.Call(Find(id));
            public string Report(string name) => Probe.Call(name + All.Count);
            public async Task<IReadOnlyDictionary<int, User>> GetManyAsync(IReadOnlyCollection<int> ids)
            {
                await Task.Yield();
                Probe.Call();
                var found = new Dictionary<int, User>();
                foreach (var id in ids) if (Find(id) is { } user) found.Add(id, user);
                return found;
            }
            public async Task DeleteAsync(int id) { await Task.Yield(); if (!All.Remove(id)) throw new FormatException(); }
            public void Delete(string name) => All.Remove(1);
            public void Delete(int id) => All.Remove(id);
            public async Task<User> SaveAsync(User user) { await Task.Yield(); All[user.Id] = user; return user; }
            public void Import(int id) { All[id] = new(id, "imported"); throw new FormatException(); }
            public int Count => All.Count;
        }
        """;

    // In one assembly with the interface or in another, it is the same.
    const string Spoken =
        """
        [assembly: CachedDecorator(typeof(IUsers))]
        [assembly: CachedMember(typeof(IUsers), nameof(IUsers.GetAsync), Ttl = 60, NotInKey = new[] { "trace" })]
        [assembly: CachedMember(typeof(IUsers), nameof(IUsers.Get), Tags = new[] { "user:{id}" })]
        [assembly: CachedMember(typeof(IUsers), nameof(IUsers.Report))]
        [assembly: CachedBatchMember(typeof(IUsers), nameof(IUsers.GetManyAsync), nameof(IUsers.GetAsync))]
        [assembly: EvictingMember(typeof(IUsers), nameof(IUsers.DeleteAsync), nameof(IUsers.GetAsync))]
        [assembly: EvictingMember(typeof(IUsers), nameof(IUsers.DeleteAsync), nameof(IUsers.Get))]
        [assembly: EvictingMember(typeof(IUsers), nameof(IUsers.Delete), typeof(IUsers), nameof(IUsers.Report), typeof(string))]
        [assembly: EvictingMember(typeof(IUsers), nameof(IUsers.Delete), nameof(IUsers.Report), typeof(int), All = true)]
        [assembly: UpdatingMember(typeof(IUsers), nameof(IUsers.SaveAsync), nameof(IUsers.GetAsync), Map = new[] { "id = user.Id" })]
        [assembly: TagEvictingMember(typeof(IUsers), nameof(IUsers.Import), "user:{id}", Before = true)]
        """;

    static readonly Shape[] _shapes =
    [
        new("A member that evicts does so when its task has succeeded, from several methods", Spoken + Users,
            """
            IUsers u = new CachedUsers(new Users());
            Say((await u.GetAsync(1, "x"))!.Name, (await u.GetAsync(1, "y"))!.Name, u.Get(1)!.Name, u.Get(2)!.Name); SayCalls();
            await u.DeleteAsync(1); Say(await u.GetAsync(1, "z"), u.Get(1), u.Get(2)!.Name); SayCalls();
            try { await u.DeleteAsync(1); } catch (FormatException) { Say("failed"); }
            Say(u.Get(1), u.Count); SayCalls();
            """,
            "ann ann ann bob (3) null null bob (5) failed null 2 (5)", 5),

        new("Overloads that evict are told apart by their parameters", Spoken + Users,
            """
            IUsers u = new CachedUsers(new Users());
            Say(u.Report("a"), u.Report("b"));
            u.Delete("a"); Say(u.Report("a"), u.Report("b"));
            u.Delete(2); Say(u.Report("a"), u.Report("b"));
            """,
            "a3 b3 a2 b3 a1 b1", 5),

        new("A member that updates stores its result for its own decorator, and others forget the entry", Spoken + Users,
            """
            var users = new Users();
            IUsers a = new CachedUsers(users), b = new CachedUsers(users);
            Say((await a.GetAsync(1, ""))!.Name, (await b.GetAsync(1, ""))!.Name); SayCalls();
            await a.SaveAsync(new User(1, "eve")); Say((await a.GetAsync(1, ""))!.Name); SayCalls();
            Say((await b.GetAsync(1, ""))!.Name); SayCalls();
            """,
            "ann ann (2) eve (2) eve (3)", 3),

        new("A member that is a batch loads what is missing in one call", Spoken + Users,
            """
            IUsers u = new CachedUsers(new Users());
            Say((await u.GetAsync(2, ""))!.Name); SayCalls();
            var many = await u.GetManyAsync(new[] { 1, 2, 3, 9 }); Say(many.Count, many[1].Name, many[2].Name); SayCalls();
            Say((await u.GetAsync(3, ""))!.Name); await u.GetManyAsync(new[] { 1, 2, 3 }); SayCalls();
            """,
            "bob (1) 3 ann bob (2) cid (2)", 2),

        new("A member that fails evicts a tag with Before", Spoken + Users,
            """
            IUsers u = new CachedUsers(new Users());
            Say(u.Get(1)!.Name, u.Get(2)!.Name); Throws<FormatException>(() => u.Import(1)); Say(u.Get(1)!.Name, u.Get(2)!.Name); SayCalls();
            """,
            "ann bob FormatException imported bob (3)", 3),

        new("A class of ours evicts what the decorator of a foreign interface remembers",
            Spoken + Users + "public sealed partial class Importer { public int Runs; [Evicts(typeof(IUsers), nameof(IUsers.Get))] public partial void Reset(int id); void ResetCore(int id) => Runs++; }",
            """
            var users = new Users();
            IUsers u = new CachedUsers(users);
            Say(u.Get(1)!.Name); users.All[1] = new(1, "new"); Say(u.Get(1)!.Name);
            new Importer().Reset(1); Say(u.Get(1)!.Name);
            """,
            "ann ann new", 2),

        new("An interface that only writes evicts what another remembers",
            """
            [assembly: CachedDecorator(typeof(IReads))]
            [assembly: CachedMember(typeof(IReads), nameof(IReads.Get))]
            [assembly: CachedDecorator(typeof(IWrites))]
            [assembly: EvictingMember(typeof(IWrites), nameof(IWrites.Set), typeof(IReads), nameof(IReads.Get))]
            public interface IReads { string Get(int id); }
            public interface IWrites { void Set(int id, string text); }
            public sealed class Store : IReads, IWrites
            {
                readonly Dictionary<int, string> texts = new();
                public string Get(int id) => Probe.Call(texts.TryGetValue(id, out var text) ? text : "none");
                public void Set(int id, string text) => texts[id] = text;
            }
            """,
            "var s = new Store(); IReads r = new CachedReads(s); IWrites w = new CachedWrites(s); Say(r.Get(1), r.Get(1)); w.Set(1, \"a\"); Say(r.Get(1));",
            "none none a", 2),

        new("Members of a generic interface, and inherited ones",
            """
            [assembly: CachedDecorator(typeof(IRepository<>))]
            [assembly: CachedDecorator(typeof(IOrders))]
            [assembly: CachedMember(typeof(IRepository<>), nameof(IRepository<int>.Get))]
            [assembly: CachedBatchMember(typeof(IRepository<>), "GetMany", "Get")]
            [assembly: EvictingMember(typeof(IRepository<>), "Delete", "Get")]
            [assembly: CachedMember(typeof(IOrders), nameof(IOrders.Total))]
            [assembly: EvictingMember(typeof(IOrders), nameof(IOrders.Delete), nameof(IOrders.Total), All = true)]
            public interface IRepository<T> where T : notnull { T Get(int id); IReadOnlyList<T> GetMany(int[] id); void Delete(int id); }
            public interface ITotals { int Total(string customer); void Delete(string customer); }
            public interface IOrders : ITotals { }
            public sealed class Repository : IRepository<string>
            {
                public string Get(int id) => Probe.Call("r" + id);
                public IReadOnlyList<string> GetMany(int[] id) { Probe.Call(); return Array.ConvertAll(id, i => "r" + i); }
                public void Delete(int id) { }
            }
            public sealed class Orders : IOrders { public int Total(string customer) => Probe.Call(1); public void Delete(string customer) { } }
            """,
            """
            IRepository<string> r = new CachedRepository<string>(new Repository());
            Say(r.Get(1), r.Get(1)); r.Delete(1); Say(r.Get(1)); SayCalls();
            Say(r.GetMany(new[] { 1, 2 })[1], r.Get(2)); SayCalls();
            IOrders o = new CachedOrders(new Orders());
            Say(o.Total("a"), o.Total("a")); o.Delete("a"); Say(o.Total("a")); SayCalls();
            """,
            "r1 r1 r1 (2) r2 r2 (3) 1 1 1 (5)", 5),

        new("An interface and one that inherits it both have decorators, and one class of handles",
            """
            [assembly: CachedDecorator(typeof(IBase))]
            [assembly: CachedDecorator(typeof(IMore))]
            [assembly: CachedMember(typeof(IBase), nameof(IBase.Get))]
            [assembly: CachedMember(typeof(IMore), nameof(IBase.Other))]
            [assembly: EvictingMember(typeof(IBase), nameof(IBase.Delete), nameof(IBase.Get))]
            public interface IBase { string Get(int id); string Other(int id); void Delete(int id); }
            public interface IMore : IBase { string More(int id); }
            public sealed class Impl : IMore { public string Get(int id) => Probe.Call("g"); public string Other(int id) => Probe.Call("o"); public void Delete(int id) { } public string More(int id) => Probe.Call("m"); }
            """,
            """
            IBase b = new CachedBase(new Impl()); IMore m = new CachedMore(new Impl());
            Say(b.Get(1), b.Get(1), m.Get(1), m.Get(1)); SayCalls();
            Say(b.Other(1), b.Other(1), m.Other(1), m.Other(1), m.More(1)); SayCalls();
            m.Delete(1); Say(b.Get(1), m.Get(1)); BaseCache.Other.Evict(1); Say(m.Other(1)); SayCalls();
            """,
            "g g g g (2) o o o o m (6) g g o (9)", 9),
    ];

    public static IEnumerable<TheoryDataRow<string>> Names => Table.Names(_shapes);

    [Theory, MemberData(nameof(Names))]
    public Task Shape(string name) => Table.Verify(_shapes, name);

    const string Two = "public interface I { int Get(int id); int Other(int id); void Set(int id); void Set(string id); void Key(int key); int Way(int a, int b); void Close(int b, int a); Task<int[]> Many(int[] ids); [Obsolete] event Action E; } ";

    static string Of(string attributes) => "[assembly: CachedDecorator(typeof(I))] [assembly: CachedMember(typeof(I), \"Get\")] [assembly: CachedMember(typeof(I), \"Way\")] " + attributes + Two;

    public static TheoryData<string, string, string> Refused => new()
    {
        { "MEMO0701", "[EvictingMember] on 'I.Key(int)' names 'Gt', which is no method of 'I'; did you mean 'Get'?", Of("[assembly: EvictingMember(typeof(I), \"Key\", \"Gt\")]") },
        { "MEMO0702", "'I.Other(int)', which is not cached: add [assembly: CachedMember(typeof(I), nameof(I.Other))]", Of("[assembly: EvictingMember(typeof(I), \"Set\", \"Other\", typeof(int))]") },
        { "MEMO0703", "has no parameter 'id'", Of("[assembly: EvictingMember(typeof(I), \"Key\", \"Get\")]") },
        { "MEMO0704", "'id' is 'string'", Of("[assembly: EvictingMember(typeof(I), \"Set\", \"Get\", typeof(string))]") },
        { "MEMO0705", "\"id = ky\" in [EvictingMember] on 'I.Key(int)' leads nowhere", Of("[assembly: EvictingMember(typeof(I), \"Key\", \"Get\", Map = new[] { \"id = ky\" })]") },
        { "MEMO0707", "it has none", Of("[assembly: UpdatingMember(typeof(I), \"Set\", \"Get\", typeof(int))]") },
        { "MEMO0709", "it is cached", Of("[assembly: EvictingMember(typeof(I), \"Get\", \"Get\")]") },
        { "MEMO0712", "is no tag", Of("[assembly: TagEvictingMember(typeof(I), \"Key\", \"user:{id}\")]") },
        { "MEMO0801", "did you mean 'Get'?", Of("[assembly: CachedBatchMember(typeof(I), \"Many\", \"Gett\")]") },
        { "MEMO0801", "that is not cached; add [assembly: CachedMember(typeof(I), nameof(I.Other))]", Of("[assembly: CachedBatchMember(typeof(I), \"Many\", \"Other\")]") },
        { "MEMO0802", "it takes all parameters in its key as that does", Of("[assembly: CachedBatchMember(typeof(I), \"Other\", \"Get\")]") },
        { "MEMO0805", "carries [Cached] and [CachedBatch]", Of("[assembly: CachedBatchMember(typeof(I), \"Get\", \"Get\")]") },
        { "MEMO0903", "add the types of the parameters behind the names, or write [Evicts]", Of("[assembly: EvictingMember(typeof(I), \"Set\", \"Get\")]") },
        { "MEMO0903", "[EvictingMember(typeof(I), \"Ste\", …)] does not fit: 'I' has no method of that name", Of("[assembly: EvictingMember(typeof(I), \"Ste\", \"Get\")]") },
        { "MEMO0903", "there is no decorator that it speaks of", "[assembly: EvictingMember(typeof(I), \"Key\", \"Get\", All = true)] " + Two },
        { "MEMO0801", "the decorator of 'IBase' does not cache that; add", "[assembly: CachedDecorator(typeof(IMore))] [assembly: CachedDecorator(typeof(IBase))] [assembly: CachedMember(typeof(IMore), \"Get\")] [assembly: CachedBatchMember(typeof(IBase), \"Many\", \"Get\")] public interface IBase { string Get(int id); IReadOnlyDictionary<int, string> Many(int[] ids); } public interface IMore : IBase { }" },
    };

    [Fact]
    public async Task A_result_that_a_tier_does_not_give_back_is_refused_where_tiers_are_named()
    {
        const string Attribute = "[assembly: CachedDecorator(typeof(I))] [assembly: CachedMember(typeof(I), \"Pair\", Ttl = 9, Tiers = \"disk\")] ";
        (string, string)[] files = [("Probe.cs", Probe.Text), ("Code.cs", Attribute + "public interface I { (int, string) Pair(int id); }")];
        var error = Assert.Single(await AnalyzerRun.Of(new Setup(), Sources.Compile(new Setup(), files)), static diagnostic => diagnostic.Severity == DiagnosticSeverity.Error);
        Assert.Equal("MEMO1102", error.Id);
    }

    [Theory, MemberData(nameof(Refused))]
    public async Task Is_refused_where_it_is_written(string id, string part, string code)
    {
        (string, string)[] files = [("Probe.cs", Probe.Text), ("Code.cs", code)];
        var diagnostics = await AnalyzerRun.Of(new Setup(), Sources.Compile(new Setup(), files));
        var error = Assert.Single(diagnostics, diagnostic => diagnostic.Severity == DiagnosticSeverity.Error && diagnostic.Id.StartsWith("MEMO", StringComparison.Ordinal));
        Assert.Equal(id, error.Id);
        Assert.Contains(part, error.GetMessage(null), StringComparison.Ordinal);
        Assert.StartsWith("assembly: ", code[(error.Location.SourceSpan.Start - "assembly: ".Length)..], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("MEMO0710", DiagnosticSeverity.Warning, "[assembly: EvictingMember(typeof(I), \"Close\", \"Way\", Map = new[] { \"a = b\", \"b = a\" })]")]
    [InlineData("MEMO0711", DiagnosticSeverity.Info, "[assembly: EvictingMember(typeof(I), \"Close\", \"Way\")]")]
    public async Task What_is_only_doubtful_is_said_and_done(string id, DiagnosticSeverity severity, string attribute)
    {
        (string, string)[] files = [("Probe.cs", Probe.Text), ("Code.cs", Of(attribute))];
        var diagnostics = await AnalyzerRun.Of(new Setup(), Sources.Compile(new Setup(), files));
        Assert.Equal(severity, Assert.Single(diagnostics, diagnostic => diagnostic.Id == id).Severity);
        Assert.Contains("ICache.Way.Evict(", GeneratorRun.Of(new Setup(), files).GeneratedText, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_interface_may_be_in_an_assembly_that_knows_nothing_of_it()
    {
        var library = GeneratorRun.Of(new Setup { AssemblyName = "Lib" }, ("Probe.cs", Probe.Text), ("Lib.cs", Users));
        Assert.Empty(library.Files);
        var image = library.Emit();
        var setup = new Setup { References = [MetadataReference.CreateFromImage(image)] };
        (string, string)[] files =
        [
            ("Said.cs", Spoken),
            ("Program.cs",
                """
                public static class Script
                {
                    public static async Task Run()
                    {
                        IUsers u = new CachedUsers(new Users());
                        Probe.Say((await u.GetAsync(1, ""))!.Name, (await u.GetManyAsync(new[] { 1, 2 }))[2].Name, u.Get(1)!.Name); Probe.SayCalls();
                        await u.DeleteAsync(1); await u.SaveAsync(new User(2, "eve"));
                        Probe.Say(await u.GetAsync(1, ""), (await u.GetAsync(2, ""))!.Name, u.Get(1)); Probe.SayCalls();
                    }
                }
                """),
        ];
        using var program = new LoadedProgram(image, GeneratorRun.Of(setup, files).Emit());
        Assert.Equal(("ann bob ann (3) null eve null (5)", 5), await program.RunScript());
        var diagnostics = await AnalyzerRun.Of(setup, Sources.Compile(setup, files));
        Assert.Equal("", AnalyzerRun.Complaints(diagnostics));
    }
}
