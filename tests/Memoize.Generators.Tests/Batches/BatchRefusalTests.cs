using Memoize.Generators.Tests.Harness;
using Microsoft.CodeAnalysis;

namespace Memoize.Generators.Tests.Batches;

/// <summary>Methods that cannot be the batch they want to be: one message, at the right place, and no wrapper.</summary>
public sealed class BatchRefusalTests
{
    const string Get = "[Cached] public static string Get(int id) => id.ToString(); ";
    const string Result = "new Dictionary<int, string>();";

    static string S(string members) => $"public static class S {{ {members} }}";

    static readonly (string Name, string Code, string Id, string Message)[] _refusals =
    [
        ("a name that does not exist", S(Get + "[CachedBatch(\"Gett\")] public static Dictionary<int, string> All(int[] ids) => " + Result),
            "MEMO0801", "'S.All(int[])' is a batch of 'Gett', but 'S' has no such method; did you mean 'Get'?"),
        ("a name that is near nothing", S(Get + "[CachedBatch(\"Customers\")] public static Dictionary<int, string> All(int[] ids) => " + Result),
            "MEMO0801", "'S.All(int[])' is a batch of 'Customers', but 'S' has no such method"),
        ("a method that is not cached", S("static string Get(int id) => \"\"; [CachedBatch(nameof(Get))] public static Dictionary<int, string> All(int[] ids) => " + Result),
            "MEMO0801", "'S.All(int[])' is a batch of 'Get', but that is not cached; put [Cached] on it"),
        ("a generic method", S("[Cached] public static string Get<T>(int id) => \"\"; [CachedBatch(nameof(Get))] public static Dictionary<int, string> All(int[] ids) => " + Result),
            "MEMO0801", "that is generic, and each combination of type arguments has entries of its own"),
        ("a method of another generic type", "public static class G<T> { [Cached] public static string Get(int id) => \"\"; } " + S("[CachedBatch(typeof(G<int>), \"Get\")] public static Dictionary<int, string> All(int[] ids) => " + Result),
            "MEMO0801", "that is declared in the generic type 'G<int>', and then the batch must be declared there, too"),
        ("a member of an interface", "public interface I { [Cached] string Get(int id); } " + S("[CachedBatch(typeof(I), \"Get\")] public static Dictionary<int, string> All(int[] ids) => " + Result),
            "MEMO0801", "that is a member of an interface, whose entries belong to each of its decorators"),
        ("a method whose When decides call by call", S("internal static bool Ok(int id) => id > 0; [Cached(When = nameof(Ok))] public static string Get(int id) => \"\"; [CachedBatch(nameof(Get))] public static Dictionary<int, string> All(int[] ids) => " + Result),
            "MEMO0801", "'S.All(int[])' is a batch of 'Get', but its When decides call by call, which a batch cannot"),
        ("two overloads that fit", S("[Cached] public static string Get(int id) => \"\"; [Cached] public static string Get(long id) => \"\"; [CachedBatch(nameof(Get))] public static Dictionary<int, string> All(int[] ids) => " + Result),
            "MEMO0801", "'S.Get(int)' and 'S.Get(long)' fit; give one of them another name"),

        ("no collection", S(Get + "[CachedBatch(nameof(Get))] public static Dictionary<int, string> All(int from) => " + Result),
            "MEMO0802", "no parameter is a collection of 'int id'"),
        ("items of another type", S(Get + "[CachedBatch(nameof(Get))] public static Dictionary<string, string> All(string[] names) => new Dictionary<string, string>();"),
            "MEMO0802", "the items of 'names' are 'string', and that takes 'int id'"),
        ("a sequence that cannot be made anew", S(Get + "[CachedBatch(nameof(Get))] public static Dictionary<int, string> All(Queue<int> ids) => " + Result),
            "MEMO0802", "'ids' is 'Queue<int>', which cannot be passed on with the missing items only"),
        ("nothing varies", S(Get + "[CachedBatch(nameof(Get))] public static Dictionary<int, string> All(int id) => " + Result),
            "MEMO0802", "takes all parameters in its key as that does"),
        ("no key", S("[Cached] public static string Get() => \"\"; [CachedBatch(nameof(Get))] public static Dictionary<int, string> All(int[] ids) => " + Result),
            "MEMO0802", "that has one entry for all calls"),
        ("two parameters that could vary", S("[Cached] public static string Get(int shop, int id) => \"\"; [CachedBatch(nameof(Get))] public static Dictionary<int, string> All(int[] ids) => " + Result),
            "MEMO0802", "it is not clear which parameter varies: 'ids' could be many of 'shop' or 'ids' could be many of 'id'"),
        ("a key of a span", S("[Cached] public static string Get(ReadOnlySpan<char> id) => \"\"; [CachedBatch(nameof(Get))] public static Dictionary<string, string> All(string[] ids) => new Dictionary<string, string>();"),
            "MEMO0802", "no collection can hold spans; cache a method that takes a string"),

        ("no result", S(Get + "[CachedBatch(nameof(Get))] public static void All(int[] ids) { }"),
            "MEMO0803", "it returns nothing; return IReadOnlyDictionary"),
        ("a result that cannot be put together", S(Get + "[CachedBatch(nameof(Get))] public static IEnumerable<string> All(int[] ids) => ids.Select(id => \"\");"),
            "MEMO0803", "'IEnumerable<string>' cannot be put together from what is remembered and what is loaded"),
        ("other values", S(Get + "[CachedBatch(nameof(Get))] public static Dictionary<int, object> All(int[] ids) => new();"),
            "MEMO0803", "its result holds 'object', and that returns 'string'"),
        ("values by something else", S(Get + "[CachedBatch(nameof(Get))] public static Dictionary<long, string> All(int[] ids) => new();"),
            "MEMO0803", "its result is by 'long', and the items of 'ids' are 'int'"),
        ("a list that follows a set", S(Get + "[CachedBatch(nameof(Get))] public static List<string> All(HashSet<int> ids) => new();"),
            "MEMO0803", "'ids' is a set, which has no order that a list of values could follow"),
        ("a list without room for null", S("[Cached] public static string? Get(int id) => null; [CachedBatch(nameof(Get))] public static List<string> All(int[] ids) => new();"),
            "MEMO0803", "that may return null, which would stand in the list; return a list of 'string?', or a dictionary"),

        ("a parameter in the key that the batch lacks", S("[Cached] public static string Get(string tenant, int id) => \"\"; [CachedBatch(nameof(Get))] public static Dictionary<int, string> All(int[] ids) => " + Result),
            "MEMO0804", "has no parameter 'tenant', which is in the key of that: add a parameter of that name"),
        ("a parameter of a near name", S("[Cached] public static string Get(string tenant, int id) => \"\"; [CachedBatch(nameof(Get))] public static Dictionary<int, string> All(string tenantId, int[] ids) => " + Result),
            "MEMO0804", "has no parameter 'tenant', which is in the key of that: rename 'tenantId', or add a parameter of that name"),
        ("a parameter of another type", S("[Cached] public static string Get(string tenant, int id) => \"\"; [CachedBatch(nameof(Get))] public static Dictionary<int, string> All(int tenant, int[] ids) => " + Result),
            "MEMO0804", "'tenant' is 'int' here and 'string' there; take the same type"),
        ("a parameter that is in no key", S(Get + "[CachedBatch(nameof(Get))] public static Dictionary<int, string> All(int[] ids, bool deleted) => " + Result),
            "MEMO0804", "parameter 'deleted' is not in the key of that"),

        ("both attributes", S(Get + "[Cached, CachedBatch(nameof(Get))] public static Dictionary<int, string> All([CacheKey(Structural = true)] int[] ids) => " + Result),
            "MEMO0805", "'S.All(int[])' carries [Cached] and [CachedBatch]"),

        ("a static batch of entries that belong to instances", "public sealed class C { [CacheKey] readonly string _a = \"\"; public C(string a) => _a = a; [Cached] public string Get(int id) => _a; [CachedBatch(nameof(Get))] public static Dictionary<int, string> All(int[] ids) => new(); }",
            "MEMO0806", "the entries of that belong to an instance of 'C', and a static method or one of another type is not called on it; declare the batch there, without static"),
        ("an override that shares entries", "public class C { [Cached] public string Get(int id) => \"\"; [CachedBatch(nameof(Get))] public virtual Dictionary<int, string> All(int[] ids) => new(); }",
            "MEMO0806", "it can be overridden and that cannot"),
        ("a member in the key that the cached method does not read", "public sealed class C { [CacheKey] readonly string _a = \"\"; public C(string a) => _a = a; [Cached] public string Get(int id) => \"\"; [CachedBatch(nameof(Get))] public Dictionary<int, string> All(int[] ids) => ids.ToDictionary(id => id, _ => _a); }",
            "MEMO0806", "reads '_a', which that does not read"),
        ("state that nobody has decided about", "public sealed class C { readonly string _a = \"\"; public C(string a) => _a = a; [Cached] public string Get(int id) => \"\"; [CachedBatch(nameof(Get))] public Dictionary<int, string> All(int[] ids) => ids.ToDictionary(id => id, _ => _a); }",
            "MEMO0103", "reads the field '_a'"),

        ("an out parameter", S(Get + "[CachedBatch(nameof(Get))] public static Dictionary<int, string> All(int[] ids, out int count) { count = 0; return new(); }"),
            "MEMO0001", "parameter 'count': an out parameter is a second result"),
        ("a generic batch", S(Get + "[CachedBatch(nameof(Get))] public static Dictionary<int, string> All<T>(int[] ids) => " + Result),
            "MEMO0001", "a batch method cannot have type parameters"),
        ("a static member of an interface", "public interface I { [Cached] string Get(int id); [CachedBatch(\"Get\")] static Dictionary<int, string> All(int[] ids) => " + Result + " }",
            "MEMO0001", "it is static, so no decorator can stand before it"),
        ("a sealed member of an interface", "public interface I { [Cached] string Get(int id); [CachedBatch(\"Get\")] sealed Dictionary<int, string> All(int[] ids) => " + Result + " }",
            "MEMO0001", "it is not virtual, so no decorator can stand before it"),
        ("an interface member, of a method of a class", "public static class C { [Cached] public static string Get(int id) => string.Concat(id, id); } public interface I { [CachedBatch(typeof(C), \"Get\")] Dictionary<int, string> All(int[] ids); }",
            "MEMO0801", "that is no member of 'I', and a decorator has the caches of its own members"),
        ("an abstract method", "public abstract class C { [Cached] public string Get(int id) => \"\"; [CachedBatch(nameof(Get))] public abstract Dictionary<int, string> All(int[] ids); }",
            "MEMO0001", "it is abstract"),
        ("an iterator", S(Get + "[CachedBatch(nameof(Get))] public static IEnumerable<string> All(int[] ids) { yield break; }"),
            "MEMO0001", "it is an iterator"),
        ("a span of items", S(Get + "[CachedBatch(nameof(Get))] public static List<string> All(ReadOnlySpan<int> ids) => new();"),
            "MEMO0001", "a ref struct cannot be kept for the load; take an array or a list"),
    ];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Refuses(string name)
    {
        var (_, code, id, message) = _refusals.Single(refusal => refusal.Name == name);
        var setup = new Setup();
        (string, string)[] files = [("Code.cs", code)];
        var input = Sources.Compile(setup, files);
        Assert.DoesNotContain(input.GetDiagnostics(TestContext.Current.CancellationToken), diagnostic => diagnostic.Severity == DiagnosticSeverity.Error);

        Assert.DoesNotContain("a batch of", GeneratorRun.Of(setup, input).GeneratedText, StringComparison.Ordinal);
        var error = Assert.Single(await AnalyzerRun.Of(setup, input), diagnostic => diagnostic.Severity == DiagnosticSeverity.Error);
        Assert.Equal(id, error.Id);
        Assert.Contains(message, error.GetMessage(null), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_partial_batch_without_its_core_is_refused()
    {
        var input = Sources.Compile(new Setup(), ("Code.cs", "public static partial class S { " + Get + "[CachedBatch(nameof(Get))] public static partial Dictionary<int, string> All(int[] ids); }"));
        var error = Assert.Single(await AnalyzerRun.Of(new Setup(), input), diagnostic => diagnostic.Severity == DiagnosticSeverity.Error);
        Assert.Equal("MEMO0002", error.Id);
        Assert.Contains("AllCore", error.GetMessage(null), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_error_of_the_cached_method_is_the_only_one()
    {
        var input = Sources.Compile(new Setup(), ("Code.cs", S("[Cached] public static string Get(object id) => \"\"; [CachedBatch(nameof(Get))] public static Dictionary<int, string> All(int[] ids) => " + Result)));
        var error = Assert.Single(await AnalyzerRun.Of(new Setup(), input), diagnostic => diagnostic.Severity == DiagnosticSeverity.Error);
        Assert.Equal("MEMO0101", error.Id);
    }

    [Fact]
    public async Task A_delegate_of_a_batch_passes_it_by()
    {
        var input = Sources.Compile(new Setup(), ("Code.cs", S(Get + "[CachedBatch(nameof(Get))] public static Dictionary<int, string> All(int[] ids) => new(); public static Func<int[], Dictionary<int, string>> F = All;")));
        Assert.Equal("MEMO1001", Assert.Single(await AnalyzerRun.Of(new Setup(), input), diagnostic => diagnostic.Severity >= DiagnosticSeverity.Warning).Id);
    }

    [Theory]
    [InlineData("Thread.CurrentPrincipal?.Identity?.Name", "MEMO0502")]
    [InlineData("DateTime.Now.ToString(\"o\")", "MEMO0501")]
    public async Task What_the_body_of_a_batch_reads_is_looked_at(string read, string id)
    {
        var input = Sources.Compile(new Setup(), ("Code.cs", S(Get + $"[CachedBatch(nameof(Get))] public static Dictionary<int, string> All(int[] ids) => ids.ToDictionary(i => i, _ => {read} ?? \"\");")));
        Assert.Equal(id, Assert.Single(await AnalyzerRun.Of(new Setup(), input), diagnostic => diagnostic.Severity >= DiagnosticSeverity.Warning).Id);
    }

    public static IEnumerable<TheoryDataRow<string>> Names() =>
        _refusals.Select(refusal => new TheoryDataRow<string>(refusal.Name) { TestDisplayName = "Refused: " + refusal.Name });
}
