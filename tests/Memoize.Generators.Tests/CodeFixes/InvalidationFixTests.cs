using Memoize.Generators.Tests.Harness;

namespace Memoize.Generators.Tests.CodeFixes;

/// <summary>Evictions and updates that cannot be followed, mended by an edit of the attribute, of the method, or of what it names.</summary>
public sealed class InvalidationFixTests
{
    const string Get = "[Cached] public static string Get(int id) => string.Concat(id, id); ";
    const string Way = "[Cached] public static string Way(int from, int to) => string.Concat(from, to); ";
    const string OfInstance = "public sealed class C(string a) { [CacheKey] readonly string _a = a; [Cached] public string Get(int id) => string.Concat(_a, id); ";

    static string S(string members) => $"public static class S {{ {Get}{Way}{members} }}";

    public static TheoryData<string, string, string, string> Fixes => new()
    {
        { "MEMO0702", "Put [Cached] on 'Other'", S("public static string Other(int id) => string.Concat(id, 1); [Evicts(nameof(Other))] public static void Set(int id) { }"), "[Cached] public static string Other(int id)" },
        { "MEMO0702", "Remove [Evicts]", S("public static string Other(int id) => string.Concat(id, 1); [Evicts(nameof(Other))] public static void Set(int id) { }"), " public static void Set(int id)" },
        { "MEMO0702", "Remove [EvictsAttribute]", S("public static string Other(int id) => string.Concat(id, 1); [Obsolete, Memoize.EvictsAttribute(nameof(Other))] public static void Set(int id) { }"), "[Obsolete] public static void Set(int id)" },
        { "MEMO0704", "Change the type of 'id'", S("[Evicts(nameof(Get))] public static void Set(string id) => Console.WriteLine(id);"), "Set(int id)" },
        { "MEMO0704", "Change the type of 'to'", S("[Evicts(nameof(Way))] public static void Close(int from, long to) { } public static void Run() => Close(1, 2);"), "Close(int from, int to)" },
        { "MEMO0706", "Evict all entries (All = true)", OfInstance + "[Evicts(nameof(Get))] public static void Set(int id) { } }", "[Evicts(nameof(Get), All = true)]" },
        { "MEMO0706", "Evict all entries (All = true)", OfInstance + "[Evicts(nameof(Get), Before = true, Map = new[] { \"id = key\" })] public static void Set(int key) { } }", "[Evicts(nameof(Get), Before = true, All = true)]" },
        { "MEMO0706", "Make 'Inner' internal", "public static partial class Outer { private sealed partial class Inner { [Cached] public partial string Get(int id); string GetCore(int id) => string.Concat(id, id); } [Evicts(typeof(Inner), \"Get\")] public static void Set(int id) { } }", "internal sealed partial class Inner" },
        { "MEMO0707", "Evict with [Evicts]", S("[Updates(nameof(Get))] public static int Set(int id) => id;"), "[Evicts(nameof(Get))]" },
        { "MEMO0707", "Evict with [Evicts]", S("[Memoize.Updates(typeof(S), nameof(Get), Map = new[] { \"id = key\" })] public static void Set(int key) { }"), "[Evicts(typeof(S), nameof(Get), Map = new[] { \"id = key\" })]" },
        { "MEMO0708", "Evict with [Evicts]", S("[Cached] public static string Two(int id) => string.Concat(id, id); [Cached] public static string Two(int id, string more) => string.Concat(id, more); [Updates(nameof(Two))] public static string Set(int id, string more) => more;"), "[Evicts(nameof(Two))]" },
        { "MEMO0709", "Return a Task", S("[Evicts(nameof(Get))] public static async void Set(int id) { await Task.Yield(); }"), "public static async Task Set(int id)" },
        { "MEMO0709", "Remove [Evicts]", S("[Cached, Evicts(nameof(Get))] public static string Set(int id) => string.Concat(id, id);"), "[Cached] public static string Set" },
        { "MEMO0709", "Remove [Evicts, EvictsTag]", S("[Evicts(nameof(Get))] [EvictsTag(\"a\")] public static IEnumerable<int> Set(int id) { yield return id; }"), " public static IEnumerable<int> Set" },
        { "MEMO0711", "Say in Map", S("[Evicts(nameof(Way))] public static void Close(int to, int from) { }"), "[Evicts(nameof(Way), Map = new[] { \"from = from\", \"to = to\" })]" },
    };

    const string Foreign = "public interface IReads { int Get(int id); } public interface IWrites { int Set(int id); int Set(string id); void Key(int key); } ";

    static string F(string attribute) => "[assembly: CachedDecorator(typeof(IReads))] [assembly: CachedMember(typeof(IReads), \"Get\")] [assembly: CachedDecorator(typeof(IWrites))] " + attribute + " " + Foreign;

    public static TheoryData<string, string, string, string> ForeignFixes => new()
    {
        { "MEMO0701", "Use 'Get'", F("[assembly: EvictingMember(typeof(IWrites), nameof(IWrites.Set), typeof(IReads), \"Gett\", typeof(int))]"), "typeof(IReads), nameof(IReads.Get), typeof(int))]" },
        { "MEMO0705", "Write \"id = key\"", F("[assembly: EvictingMember(typeof(IWrites), nameof(IWrites.Key), typeof(IReads), \"Get\", Map = new[] { \"id = kye\" })]"), "Map = new[] { \"id = key\" })]" },
        { "MEMO0707", "Evict with [EvictingMember]", F("[assembly: UpdatingMember(typeof(IWrites), nameof(IWrites.Key), typeof(IReads), \"Get\", Map = new[] { \"id = key\" })]"), "[assembly: EvictingMember(typeof(IWrites), nameof(IWrites.Key), typeof(IReads), \"Get\", Map = new[] { \"id = key\" })]" },
    };

    [Theory, MemberData(nameof(ForeignFixes))]
    public async Task A_fix_of_an_attribute_of_the_assembly_leaves_code_that_evicts(string id, string title, string code, string expected)
    {
        using var solution = FixedSolution.Of(code);
        await solution.Apply(id, title);
        Assert.Contains(expected, solution.Text(), StringComparison.Ordinal);
        await solution.Verify(id);
    }

    [Theory, MemberData(nameof(Fixes))]
    public async Task A_fix_leaves_code_that_evicts(string id, string title, string code, string expected)
    {
        using var solution = FixedSolution.Of(code);
        await solution.Apply(id, title);
        Assert.Contains(expected, solution.Text(), StringComparison.Ordinal);
        await solution.Verify(id);
    }

    public static TheoryData<string, string, string, string> NoFixes => new()
    {
        { "MEMO0702", "Put", S("public static void Other(int id) { } [Evicts(nameof(Other))] public static void Set(int id) { }"), "there is no result to remember" },
        { "MEMO0702", "Put", S("[Evicts(typeof(string), \"Trim\")] public static void Set(int id) { }"), "it is not ours" },
        { "MEMO0704", "Change", S("[Evicts(nameof(Get))] public static void Set(string id) => Console.WriteLine(id.Length);"), "the body needs a text" },
        { "MEMO0704", "Change", S("[Evicts(nameof(Get))] public static void Set(string id) { } public static void Run() => Set(\"1\");"), "a caller passes a text" },
        { "MEMO0704", "Change", "public interface I { void Set(string id); } public sealed class C : I { [Cached] public string Get(int id) => string.Concat(id, id); [Evicts(nameof(Get))] public void Set(string id) { } }", "the interface decides" },
        { "MEMO0706", "All", OfInstance + "[Updates(nameof(Get))] public static string Set(int id) => string.Concat(id, id); }", "an update is of one entry" },
        { "MEMO0709", "Task", S("[Evicts(nameof(Get))] public static async void Set(int id) { await Task.Yield(); } public static Action<int> F() => Set;"), "it is handed over as something that returns nothing" },
    };

    [Theory, MemberData(nameof(NoFixes))]
    public async Task A_fix_is_not_offered_where_it_would_not_help(string id, string title, string code, string why)
    {
        using var solution = FixedSolution.Of(code);
        var titles = await solution.Offered(id);
        Assert.True(titles.All(offered => !offered.Contains(title, StringComparison.Ordinal)), $"{why}: {string.Join(", ", titles)}");
    }

    [Fact]
    public async Task A_caller_in_another_file_is_asked_as_well()
    {
        using var solution = FixedSolution.Of(
            new Setup(),
            ("Code.cs", S("[Evicts(nameof(Get))] public static void Set(string id) { }")),
            ("Caller.cs", "public static class Caller { public static void Run(string text) => S.Set(text); }"));
        Assert.Empty(await solution.Offered("MEMO0704"));
    }
}
