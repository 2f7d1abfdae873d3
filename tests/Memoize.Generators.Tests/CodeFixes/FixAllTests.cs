using System.Diagnostics.CodeAnalysis;
using Memoize.Generators.Tests.Harness;
using Microsoft.CodeAnalysis.CodeFixes;

namespace Memoize.Generators.Tests.CodeFixes;

/// <summary>
/// Every fix of every provider, for all of its diagnostics at once: of a document, which leaves the others as they are, of a project and
/// of a solution. What comes of it compiles, and nobody complains.
/// </summary>
public sealed class FixAllTests
{
    /// <param name="Provider">The provider, without the end of its name.</param>
    /// <param name="Id">The diagnostic, which stands at least twice in the code.</param>
    /// <param name="Title">Words of the fix.</param>
    /// <param name="Code">The code, with an @ in the names of its types: it is in two documents, under two names.</param>
    sealed record Case(string Provider, string Id, string Title, [StringSyntax("c#-test")] string Code)
    {
        public bool WithoutInterceptors { get; init; }

        public string Name => $"{Provider} {Id} {Title}";

        public string Of(string name) => Code.Replace("@", name, StringComparison.Ordinal);
    }

    /// <summary>What the cases share, in a document of its own.</summary>
    const string Shared =
        """
        [assembly: CacheVaryBy("tenant", typeof(Tenants), "Id")]
        public static class Tenants { static readonly AsyncLocal<string?> Value = new(); public static string? Id => Value.Value; }
        public sealed record Filter(string Region, List<string> Tags);
        public sealed record User(int Id, string Name);
        public static class Other { [Cached] public static string M(int a) => string.Concat(a, a); }
        """;

    const string Get = "[Cached] public static string Get(int id) => string.Concat(id, id); ";
    const string Way = "[Cached] public static string Way(int from, int to) => string.Concat(from, to); ";
    const string Batch = "(int[] ids) => ids.ToDictionary(id => id, id => string.Concat(id, id)); ";

    static string S(string members) => $"public static class @ {{ {members} }}";

    static readonly Case[] _cases =
    [
        new("Clock", "MEMO0501", "Take the time as a parameter", S("[Cached] public static int M(int a) => DateTime.UtcNow.Hour + DateTime.Now.Minute + a; [Cached] public static int N(int a) => DateTime.Today.Day + a; public static int Go() => M(N(1)) + N(M(2));")),
        new("Core", "MEMO0002", "Write the body", "public static partial class @ { [Cached] public static partial int M(int a); [Cached] public static partial int M(string a); }"),
        new("Core", "MEMO0002", "partial", "public static class @ { static int MCore(int a) => a; [Cached] public static partial int M(int a); public static class In { [Cached] public static partial int M(int a); static int MCore(int a) => a; } }"),
        new("Core", "MEMO0002", "the parameters of", "public static partial class @ { [Cached] public static partial int M(int a, string b); static int MCore(int a) => a; [Cached] public static partial int N(int a, CancellationToken b = default); static int NCore(int a) => a; }"),
        new("Culture", "MEMO0503", "Use", "using System.Globalization;\n" + S("[Cached] public static string M(double a) => a.ToString(CultureInfo.CurrentCulture) + 1; [Cached] public static string N(double a) => a.ToString(NumberFormatInfo.CurrentInfo) + 2; [Cached] public static string O(double a) => a.ToString(CultureInfo.CurrentCulture) + 3;")),
        new("Culture", "MEMO0507", "Pass", S("[Cached] public static string M(double a) => a.ToString() + a.ToString(\"N2\"); [Cached] public static string N(double a) => a.ToString() + 1;")),
        new("HandleName", "MEMO0401", "Name the handles", S(Get) + " public static class @Cache; public static class R@ { " + Get + "} public static class R@Cache;"),
        new("InvalidationShape", "MEMO0702", "Put [Cached]", S("public static string O1(int id) => string.Concat(id, 1); [Evicts(nameof(O1))] public static void S1(int id) { } [Evicts(nameof(O1))] public static void S2(int id) { } public static string O2(int id) => string.Concat(id, 2); [Evicts(nameof(O2))] public static void S3(int id) { }")),
        new("InvalidationShape", "MEMO0706", "All = true", "public sealed class @(string a) { [CacheKey] readonly string _a = a; [Cached] public string Get(int id) => string.Concat(_a, id); [Evicts(nameof(Get))] public static void S1(int id) { } [Evicts(nameof(Get), Map = new[] { \"id = key\" })] public static void S2(int key) { } }"),
        new("InvalidationShape", "MEMO0706", "internal", "public static partial class @ { private sealed partial class In { [Cached] public partial string Get(int id); string GetCore(int id) => string.Concat(id, id); } [Evicts(typeof(In), \"Get\")] public static void S1(int id) { } [Evicts(typeof(In), \"Get\")] public static void S2(int id) { } }"),
        new("InvalidationShape", "MEMO0707", "Evict with", S(Get + Way + "[Updates(nameof(Get))] public static int S1(int id) => id; [Updates(nameof(Way))] public static void S2(int from, int to) { }")),
        new("InvalidationShape", "MEMO0708", "Evict with", S(Get + "[Cached] public static string Get(int id, string more) => string.Concat(id, more); [Updates(nameof(Get))] public static string S1(int id, string more) => more; [Updates(nameof(Get))] public static string S2(string more, int id) => more;")),
        new("InvalidationShape", "MEMO0709", "Return a Task", S(Get + "[Evicts(nameof(Get))] public static async void S1(int id) { await Task.Yield(); } [Evicts(nameof(Get))] public static async void S2(int id) { await Task.Yield(); }")),
        new("InvalidationText", "MEMO0703", "Map", S(Get + "[Evicts(nameof(Get))] public static void S1(User user) { } [Evicts(nameof(Get))] public static void S2(User who) { }")),
        new("InvalidationText", "MEMO0705", "Write", S(Get + "[Evicts(nameof(Get), Map = new[] { \"idd = user.Id\" })] public static void S1(User user) { } [Evicts(nameof(Get), Map = new[] { \"id = usr.Id\" })] public static void S2(User user) { }")),
        new("InvalidationText", "MEMO0710", "by name", S(Way + "[Evicts(nameof(Way), Map = new[] { \"from = to\", \"to = from\" })] public static void S1(int from, int to) { } [Evicts(nameof(Way), Map = new[] { \"from = to\", \"to = from\" })] public static void S2(int from, int to) { }")),
        new("InvalidationText", "MEMO0711", "Say", S(Way + "[Evicts(nameof(Way))] public static void S1(int to, int from) { } [Evicts(nameof(Way))] public static void S2(int to, int from) { }")),
        new("InvalidationText", "MEMO0712", "Write", S(Get + "[EvictsTag(\"user:{idd}\")] public static void S1(int id) { } [EvictsTag(\"user:{user.Idd}:x\")] public static void S2(User user) { }")),
        new("KeyAdvice", "MEMO0106", "Ignore case", S("[Cached] public static string M(string a, string b) => string.Concat(a.ToUpperInvariant(), b.ToUpperInvariant());")),
        new("KeyAdvice", "MEMO0107", "Put 'a' back", S("[Cached] public static string M([NotInKey] int a, [NotInKey] int b) => string.Concat(a, b); [Cached] public static string N([NotInKey] int a) => string.Concat(a, a);")),
        new("KeyAdvice", "MEMO0108", "Put", S("[Cached] public static string M(int a, [NotInKey] string tenantId, [NotInKey] string userId) => string.Concat(a, tenantId, userId);")),
        new("KeyAttribute", "MEMO0102", "Use 'Region", S("[Cached] public static int M([CacheKey(\"region\", \"Region.length\")] Filter f) => 1; [Cached] public static int N([CacheKey(\"region\")] Filter f) => 1;")),
        new("KeyAttribute", "MEMO0102", "Remove [CacheKey]", S("[Cached] public static int M([CacheKey(IgnoreCase = true)] int a, [CacheKey(IgnoreCase = true)] int b) => 1;")),
        new("KeyAttribute", "MEMO0102", "Remove Structural", S("[Cached] public static int M([CacheKey(IgnoreCase = true, Structural = true)] string a) => 1; [Cached] public static int N([CacheKey(IgnoreCase = true, Structural = true)] string a) => 1;")),
        new("KeyParameter", "MEMO0101", "[NotInKey]", S("[Cached] public static int M(int a, List<int> b, object c) => a; [Cached] public static int N(int a, Action b) => a;")),
        new("KeyParameter", "MEMO0101", "Structural", S("[Cached] public static int M(List<int> b, int[] c) => 1;")),
        new("KeyParameter", "MEMO0101", "as the key", "public sealed class K@ { public int Id { get; set; } } " + S("[Cached] public static int M(K@ b, K@ c) => 1; [Cached] public static int N(Filter f) => f.Region.Length;")),
        new("Lambda", "MEMO1001", "Pass a lambda", S(Get + "public static object Go(int[] all) => all.Select(Get).Concat(all.Select(@.Get)).ToList(); public static Func<int, string> F() => Get;")),
        new("ParameterType", "MEMO0704", "Change the type", S(Get + "[Evicts(nameof(Get))] public static void S1(string id) => Console.WriteLine(id); [Evicts(nameof(Get))] public static void S2(long id) { }")),
        new("Partial", "MEMO1001", "partial", S(Get + Way + "public static object[] Go() => [(Func<int, string>)Get, (Func<int, string>)@.Get, (Func<int, int, string>)Way];")),
        new("Partial", "MEMO1003", "partial", "public interface I@ { string M(int a); string N(int a); } public sealed class @ : I@ { [Cached] public string M(int a) => string.Concat(a, a); [Cached] public string N(int a) => string.Concat(a, 1); }"),
        new("Partial", "MEMO0003", "partial", S(Get + Way)) { WithoutInterceptors = true },
        new("Partial", "MEMO0004", "partial", "public static class @<T> { [Cached] static string M(int a) => string.Concat(a, a); [Cached] static string N(int a) => string.Concat(a, 1); public static string Go() => M(1) + N(1); }"),
        new("Receiver", "MEMO0103", "PerInstance", "public sealed class @ { public int X; [Cached] public int M(int a) => a + X; [Cached] public int N(int a) => a - X; }"),
        new("Receiver", "MEMO0103", "[CacheKey]", "public sealed class @ { public readonly int X; [Cached] public int M(int a) => a + X; [Cached] public int N(int a) => a - X; }"),
        new("Receiver", "MEMO0103", "[NotInKey]", "public sealed class @ { public int X; [Cached] public int M(int a) => a + X; [Cached] public int N(int a) => a - X; }"),
        new("Receiver", "MEMO0104", "PerInstance", "public class @ { [Cached] public virtual int M(int a) => a; } public class D@ : @ { public int X; public override int M(int a) => a + X; } public class E@ : @ { public int X; public override int M(int a) => a + X; }"),
        new("Receiver", "MEMO0104", "[NotInKey]", "public class @ { [Cached] public virtual int M(int a) => a; } public class D@ : @ { public int X; public override int M(int a) => a + X; } public class E@ : @ { public int X; public override int M(int a) => a + X; }"),
        new("RemoveAttribute", "MEMO0001", "Remove [Cached]", S(Get + "[Cached] public static void M(int a) { } [Cached] public static Task N(int a) => Task.CompletedTask;")),
        new("RemoveAttribute", "MEMO0506", "Remove [Cached]", S("[Cached] public static int M(int a) => a * a; [Cached] public static int N(int a) => a + 1;")),
        new("RemoveAttribute", "MEMO0702", "Remove [Evicts]", S("public static string O(int id) => string.Concat(id, 1); [Evicts(nameof(O))] public static void S1(int id) { } [Evicts(nameof(O))] public static void S2(int id) { }")),
        new("RemoveAttribute", "MEMO0709", "Remove [Evicts]", S(Get + "[Cached, Evicts(nameof(Get))] public static string S1(int id) => string.Concat(id, id); [Evicts(nameof(Get))] public static IEnumerable<int> S2(int id) { yield return id; }")),
        new("RemoveAttribute", "MEMO0805", "Remove [Cached]", S("[Cached, CachedBatch(typeof(Other), \"M\")] public static IReadOnlyDictionary<int, string> All" + Batch + "[Cached, CachedBatch(typeof(Other), \"M\")] public static IReadOnlyDictionary<int, string> Some" + Batch)),
        new("RemoveAttribute", "MEMO0901", "Remove [Cached]", "public interface I@ { [Cached] string M(int a); [Cached] string N(int a); } public sealed class @ : I@ { [Cached] public string M(int a) => string.Concat(a, a); [Cached] public string N(int a) => string.Concat(a, 1); }"),
        new("RemoveOption", "MEMO0301", "Remove Ttl", S("[Cached(Ttl = -1, Sliding = -1)] public static int M(int a) => 1; [Cached(MaxSize = 1, Ttl = 0)] public static int N(int a) => 1;")),
        new("RemoveOption", "MEMO0302", "Remove Ttl", S("[Cached(Ttl = 1e12)] public static string M(int a) => string.Concat(a, a); [Cached(Ttl = 1e12, MaxSize = 10)] public static string N(int a) => string.Concat(a, a);")),
        new("RemoveOption", "MEMO0303", "Remove Name", S("[Cached(Name = \"@\")] public static string M(int a) => string.Concat(a, a); [Cached(Name = \"@\", Ttl = 5)] public static string N(int a) => string.Concat(a, a);")),
        new("RemoveOption", "MEMO0304", "Use 'Rule'", S("public static bool Rule(string v) => v.Length == 0; [Cached(Unless = \"Rul\")] public static string M(int a) => string.Concat(a, a); [Cached(Unless = \"Rulle\")] public static string N(int a) => string.Concat(a, a);")),
        new("RemoveOption", "MEMO0304", "Remove Unless", S("public static bool Rule(string v) => v.Length == 0; [Cached(Unless = \"Rul\")] public static string M(int a) => string.Concat(a, a); [Cached(Ttl = 5, Unless = \"Nothing\")] public static string N(int a) => string.Concat(a, a);")),
        new("RemoveOption", "MEMO1101", "Remove Tiers", "public sealed class @ { [Cached(Ttl = 9, PerInstance = true, Tiers = \"disk\")] public string M(int a) => string.Concat(a, a); [Cached(Ttl = 9, PerInstance = true, Tiers = \"disk\")] public string N(int a) => string.Concat(a, 1); }"),
        new("Result", "MEMO0201", "IReadOnlyList<int>", S("[Cached] public static IEnumerable<int> M(int a) => Enumerable.Range(0, a); [Cached] public static IQueryable<int> N(int a) => new[] { a }.AsQueryable();")),
        new("Result", "MEMO0202", "IReadOnlyList<int>", S("[Cached] public static List<int> M(int a) => new List<int> { a }; [Cached] public static int[] N(int a) => new int[a]; [Cached] public static Task<int[]> R(int a) => Task.FromResult(new int[a]);")),
        new("Result", "MEMO0202", "ImmutableArray<int>", S("[Cached] public static List<int> M(int a) => new List<int> { a }; [Cached] public static int[] N(int a) => new int[a];")),
        new("Result", "MEMO0202", "FrozenDictionary<string, int>", S("[Cached] public static Dictionary<string, int> M(string a) => new Dictionary<string, int> { [a] = 1 }; [Cached] public static Dictionary<string, int> N(string a) => new Dictionary<string, int> { [a] = 2 };")),
        new("Settable", "MEMO0109", "read-only", "public sealed class @ { [CacheKey] private int _a; [CacheKey] public int B { get; set; } public @(int a) { _a = a; } [Cached] public string M(int x) => string.Concat(_a, x); [Cached] public string N(int x) => string.Concat(B, x); }"),
        new("Settable", "MEMO0203", "read-only", "public sealed class D@ { public int Id { get; set; } } public sealed class E@ { public string Name { get; set; } = \"\"; } " + S("[Cached] public static D@ M(int a) => new() { Id = a }; [Cached] public static E@ N(int a) => new() { Name = string.Concat(a, a) };")),
        new("TargetName", "MEMO0701", "Use 'Get'", S(Get + "[Evicts(\"Gett\")] public static void S1(int id) { } [Updates(\"Gt\")] public static string S2(int id) => \"\";")),
        new("TargetName", "MEMO0801", "Use 'Get'", S(Get + "[CachedBatch(\"Gett\")] public static Dictionary<int, string> All" + Batch + "[CachedBatch(\"Gt\")] public static Dictionary<int, string> Some" + Batch)),
        new("VaryBy", "MEMO0110", "Vary by 'tenant'", S("[Cached(VaryBy = \"tennant\")] public static string M(int a) => string.Concat(a, a); [Cached(VaryBy = \"tenent\")] public static string N(int a) => string.Concat(a, a);")),
        new("VaryBy", "MEMO0112", "Vary by 'tenant'", S("[Cached] public static string M(int a) => Tenants.Id + a; [Cached(Ttl = 5)] public static string N(int a) => Tenants.Id + a;")),
    ];

    public static IEnumerable<TheoryDataRow<string, FixAllScope>> Rows =>
        from one in _cases
        from scope in new[] { FixAllScope.Document, FixAllScope.Project, FixAllScope.Solution }
        select new TheoryDataRow<string, FixAllScope>(one.Name, scope) { TestDisplayName = $"{one.Name}: {scope}" };

    [Theory, MemberData(nameof(Rows))]
    public async Task All_are_fixed_at_once(string name, FixAllScope scope)
    {
        var one = _cases.Single(candidate => candidate.Name == name);
        using var solution = FixedSolution.Of(new Setup(), ("Code.cs", one.Of("P")), ("Second.cs", one.Of("Q")), ("Shared.cs", Shared));
        if (one.WithoutInterceptors)
            solution.WithoutInterceptors();
        Assert.True(await Count("Code.cs") >= 2, "One diagnostic is not all.");

        await solution.Apply(one.Id, one.Title, scope, of: one.Provider + nameof(CodeFixProvider), at: "Code.cs");
        if (scope == FixAllScope.Document)
        {
            Assert.Equal(one.Of("Q"), solution.Text("Second.cs"));
            Assert.Equal(Shared, solution.Text("Shared.cs"));
            Assert.Equal(0, await Count("Code.cs"));
        }
        else
        {
            await solution.Verify(one.Id);
        }

        async Task<int> Count(string file) => (await solution.Diagnostics(solution.Solution.Projects.Single()))
            .Count(diagnostic => diagnostic.Id == one.Id && diagnostic.Location.SourceTree!.FilePath.EndsWith("/" + file, StringComparison.Ordinal));
    }

    [Fact]
    public void Every_provider_is_tried_with_all_of_its_diagnostics()
    {
        var offered = FixedSolution.Providers.SelectMany(provider => provider.FixableDiagnosticIds, (provider, id) => $"{provider.GetType().Name} {id}");
        Assert.Equal(offered.Order(StringComparer.Ordinal), _cases.Select(one => $"{one.Provider}{nameof(CodeFixProvider)} {one.Id}").Distinct().Order(StringComparer.Ordinal));
    }
}
