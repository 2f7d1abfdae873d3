using Memoize.Generators.Tests.Harness;
using Microsoft.CodeAnalysis;

namespace Memoize.Generators.Tests.Invalidation;

/// <summary>Attributes that cannot be followed: one message, at the right place, and no wrapper.</summary>
public sealed class InvalidationRefusalTests
{
    const string User = "public sealed record User(int Id, string Name, User? Boss = null); ";
    const string Get = "[Cached] public static string Get(int id) => string.Concat(id, id); ";
    const string Move = "[Cached] public static string Way(int from, int to) => string.Concat(from, to); ";

    static string S(string members) => User + $"public static class S {{ {members} }}";

    static readonly (string Name, string Code, string Id, string Message)[] _refusals =
    [
        ("a name that does not exist", S(Get + "[Evicts(\"Gett\")] public static void Set(int id) { }"), "MEMO0701", "[Evicts] on 'S.Set(int)' names 'Gett', which is no method of 'S'; did you mean 'Get'?"),
        ("a name of another type", S(Get + "[Updates(typeof(User), \"Get\")] public static string Set(int id) => \"\";"), "MEMO0701", "[Updates] on 'S.Set(int)' names 'Get', which is no method of 'User'"),
        ("a method that is not cached", S("public static string Get(int id) => \"\"; [Evicts(nameof(Get))] public static void Set(int id) { }"), "MEMO0702", "names 'S.Get(int)', which is not cached"),
        ("a parameter that is missing", S(Get + "[Evicts(nameof(Get))] public static void Set(string name) { }"), "MEMO0703", "has no parameter 'id': give it one, or say where the value is with Map = new[] { \"id = …\" }, or evict all entries with All = true"),
        ("a parameter that could be mapped", S(Get + "[Evicts(nameof(Get))] public static void Set(User user) { }"), "MEMO0703", "has no parameter 'id': write Map = new[] { \"id = user.Id\" }"),
        ("a parameter of another case", S(Get + "[Evicts(nameof(Get))] public static void Set(int ID) { }"), "MEMO0703", "write Map = new[] { \"id = ID\" }"),
        ("a parameter of another type", S(Get + "[Evicts(nameof(Get))] public static void Set(string id) { }"), "MEMO0704", "'id' is 'string', and parameter 'id' of 'S.Get(int)' is 'int'"),
        ("a wider type", S(Get + "[Evicts(nameof(Get))] public static void Set(long id) { }"), "MEMO0704", "'id' is 'long'"),
        ("a member of another type", S(Get + "[Evicts(nameof(Get), Map = new[] { \"id = user.Name\" })] public static void Set(User user) { }"), "MEMO0704", "'user.Name' is 'string'"),
        ("a mapping without sides", S(Get + "[Evicts(nameof(Get), Map = new[] { \"user.Id\" })] public static void Set(User user, int id) { }"), "MEMO0705", "\"user.Id\" in [Evicts] on 'S.Set(User, int)' leads nowhere: write the parameter"),
        ("a mapping from nowhere", S(Get + "[Evicts(nameof(Get), Map = new[] { \"id = usr.Id\" })] public static void Set(User user) { }"), "MEMO0705", "'usr' is no parameter of 'S.Set(User)'; did you mean 'user'?"),
        ("a member that does not exist", S(Get + "[Evicts(nameof(Get), Map = new[] { \"id = user.Ident\" })] public static void Set(User user) { }"), "MEMO0705", "'User' has no readable member 'Ident'; did you mean 'Id'?"),
        ("a mapping to nowhere", S(Get + "[Evicts(nameof(Get), Map = new[] { \"idd = id\" })] public static void Set(int id) { }"), "MEMO0705", "'idd' is no parameter in the key of 'S.Get(int)'; did you mean 'id'?"),
        ("a mapping given twice", S(Get + "[Evicts(nameof(Get), Map = new[] { \"id = a\", \"id = b\" })] public static void Set(int a, int b) { }"), "MEMO0705", "'id' is mapped twice"),
        ("a result that there is none of", S(Get + "[Evicts(nameof(Get), Map = new[] { \"id = return.Id\" })] public static void Set(User user) { }"), "MEMO0705", "the method returns nothing"),
        ("a result before there is one", S(Get + "[Evicts(nameof(Get), Map = new[] { \"id = return.Id\" }, Before = true)] public static User Set(User user) => user;"), "MEMO0705", "before the method has run there is no result"),
        ("an update under a key that comes out of the result", S("[Cached] public static User Get(int id) => new(id, \"\"); [Updates(nameof(Get), Map = new[] { \"id = return.Id\" })] public static User Add(string name) => new(1, name);"), "MEMO0705", "which entry is updated must be known before the method runs"),
        ("an instance that there is none of", User + "public sealed class C { [CacheKey] readonly string _a = \"\"; public C(string a) => _a = a; [Cached] public string Get(int id) => string.Concat(_a, id); [Evicts(nameof(Get))] public static void Set(int id) { } }", "MEMO0706", "its entries belong to an instance of 'C', and 'C.Set(int)' is not called on one"),
        ("a type argument that nobody gives", "public static class R<T> { [Cached] public static string Get(int id) => string.Concat(id, id); } " + S("[Evicts(typeof(R<>), \"Get\")] public static void Set(int id) { }"), "MEMO0706", "has no type parameter 'T' that says which of its caches is meant"),
        ("no result to store", S(Get + "[Updates(nameof(Get))] public static void Set(int id) { }"), "MEMO0707", "it has none; return what was written, or evict with [Evicts]"),
        ("a result of another type", S(Get + "[Updates(nameof(Get))] public static int Set(int id) => id;"), "MEMO0707", "it is 'int', and that is 'string'"),
        ("an update that fits two overloads", S("[Cached] public static string Get(int id) => string.Concat(id, id); [Cached] public static string Get(int id, string more) => string.Concat(id, more); [Updates(nameof(Get))] public static string Set(int id, string more) => more;"), "MEMO0708", "fits 'S.Get(int)' and 'S.Get(int, string)'"),
        ("a cached method", S(Get + "[Cached, Evicts(nameof(Get))] public static string Set(int id) => string.Concat(id, id);"), "MEMO0709", "'S.Set(int)' cannot evict or update: it is cached"),
        ("an async void method", S(Get + "[Evicts(nameof(Get))] public static async void Set(int id) { await Task.Yield(); }"), "MEMO0709", "nobody can wait for an async void method"),
        ("an iterator", S(Get + "[Evicts(nameof(Get))] public static IEnumerable<int> Set(int id) { yield return id; }"), "MEMO0709", "it is an iterator"),
        ("a static member of an interface", "public interface I { [EvictsTag(\"a\")] static void Set(int id) { } }", "MEMO0709", "it is static, so no decorator can stand before it"),
        ("a sealed member of an interface", "public interface I { [EvictsTag(\"a\")] sealed void Set(int id) { } }", "MEMO0709", "it is not virtual, so no decorator can stand before it"),
        ("a local function", S("public static int F(int a) { return G(a); [EvictsTag(\"a\")] static int G(int a) => a; }"), "MEMO0709", "only methods of a type can"),
        ("an option without meaning", S(Get + "[Evicts(nameof(Get), All = true, Map = new[] { \"id = a\" })] public static void Set(int a) { }"), "MEMO0301", "All = true evicts every entry"),

        ("an empty tag", S("[EvictsTag(\"\")] public static void Set(int id) { }"), "MEMO0712", "\"\" on 'S.Set(int)' is no tag: it is empty"),
        ("a name in a tag that does not exist", S("[EvictsTag(\"user:{idd}\")] public static void Set(int id) { }"), "MEMO0712", "'idd' is no parameter of the method; did you mean 'id'?"),
        ("a brace that is not closed", S("[Cached(Tags = new[] { \"user:{id\" })] public static string Get(int id) => string.Concat(id, id);"), "MEMO0712", "it has a { without a }"),
        ("a brace that is not opened", S("[Cached(Tags = new[] { \"user:id}\" })] public static string Get(int id) => string.Concat(id, id);"), "MEMO0712", "it has a } without a {"),
        ("empty braces", S("[EvictsTag(\"user:{}\")] public static void Set(int id) { }"), "MEMO0712", "it has empty braces"),
        ("a tag that begins with a value", S("[EvictsTag(\"{id}:user\")] public static void Set(int id) { }"), "MEMO0712", "it begins with a value"),
        ("values that run into each other", S("[EvictsTag(\"user:{id}{id}\")] public static void Set(int id) { }"), "MEMO0712", "runs into what stands beside it"),
        ("a value that runs into text", S("[EvictsTag(\"user{id}\")] public static void Set(int id) { }"), "MEMO0712", "runs into what stands beside it"),
        ("a value without a text of its own", S("[EvictsTag(\"user:{user}\")] public static void Set(User user) { }"), "MEMO0712", "'user' is 'User', which has no text that tells its values apart; name a member of it, as in {user.Id}"),
        ("a member in a tag that does not exist", S("[EvictsTag(\"user:{user.Idd}\")] public static void Set(User user) { }"), "MEMO0712", "'User' has no readable member 'Idd'"),
        ("a tag of what is not in the key", S("[Cached(Tags = new[] { \"user:{id}\" })] public static string Get(int key, [NotInKey] int id) => string.Concat(key, key);"), "MEMO0712", "'id' is not in the key, so entries would have the tag of whoever came first"),
        ("an index of several members", S("[Cached] public static string Get([CacheKey(\"Id\", \"Name\", Indexed = true)] User user) => string.Concat(user.Id, user.Name);"), "MEMO0102", "an index is of one value"),
        ("an index of an overloaded method", S("[Cached] public static string Get([CacheKey(Indexed = true)] int id) => string.Concat(id, id); [Cached] public static string Get(string id) => string.Concat(id, id);"), "MEMO0102", "the cached method is overloaded"),
    ];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Refuses(string name)
    {
        var (_, code, id, message) = _refusals.Single(refusal => refusal.Name == name);
        var input = Sources.Compile(new Setup(), ("Code.cs", code));
        Assert.DoesNotContain(input.GetDiagnostics(TestContext.Current.CancellationToken), diagnostic => diagnostic.Severity == DiagnosticSeverity.Error);

        Assert.DoesNotContain(": evicts", GeneratorRun.Of(new Setup(), input).GeneratedText, StringComparison.Ordinal);
        var error = Assert.Single(await AnalyzerRun.Of(new Setup(), input), diagnostic => diagnostic.Severity == DiagnosticSeverity.Error);
        Assert.Equal(id, error.Id);
        Assert.Contains(message, error.GetMessage(null), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("MEMO0710", "[Evicts(nameof(Way), Map = new[] { \"from = to\", \"to = from\" })] public static void Close(int from, int to) { }")]
    [InlineData("MEMO0711", "[Evicts(nameof(Way))] public static void Close(int to, int from) { }")]
    public async Task Warns_and_evicts(string id, string code)
    {
        var input = Sources.Compile(new Setup(), ("Code.cs", S(Move + code)));
        Assert.Contains(": evicts", GeneratorRun.Of(new Setup(), input).GeneratedText, StringComparison.Ordinal);
        Assert.Equal(id, Assert.Single(await AnalyzerRun.Of(new Setup(), input), diagnostic => diagnostic.Severity >= DiagnosticSeverity.Info).Id);
    }

    [Theory]
    [InlineData("[Evicts(nameof(Way))] public static void Close(int from, int to) { }")]
    [InlineData("[Evicts(nameof(Way))] public static void Close(int from, int other, int to) { }")]
    [InlineData("[Evicts(nameof(Way), Map = new[] { \"from = a\", \"to = b\" })] public static void Close(int a, int b) { }")]
    public async Task Says_nothing(string code)
    {
        var input = Sources.Compile(new Setup(), ("Code.cs", S(Move + code)));
        Assert.DoesNotContain(await AnalyzerRun.Of(new Setup(), input), diagnostic => diagnostic.Severity >= DiagnosticSeverity.Info);
    }

    [Theory]
    [InlineData("public static Action<int> F = Set;")]
    [InlineData("public static System.Linq.Expressions.Expression<Action<int>> F = id => Set(id);")]
    public async Task A_call_that_passes_the_wrapper_by_is_pointed_at(string code)
    {
        var input = Sources.Compile(new Setup(), ("Code.cs", S(Get + "[Evicts(nameof(Get))] public static void Set(int id) { } " + code)));
        var warning = Assert.Single(await AnalyzerRun.Of(new Setup(), input), diagnostic => diagnostic.Severity >= DiagnosticSeverity.Warning);
        Assert.Equal("MEMO1001", warning.Id);
        Assert.StartsWith("This call of 'S.Set(int)' evicts nothing: ", warning.GetMessage(null), StringComparison.Ordinal);
    }

    public static IEnumerable<TheoryDataRow<string>> Names() =>
        _refusals.Select(refusal => new TheoryDataRow<string>(refusal.Name) { TestDisplayName = "Refused: " + refusal.Name });
}
