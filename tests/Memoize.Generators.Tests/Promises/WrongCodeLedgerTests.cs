using System.Reflection;
using Memoize.Generators.Tests.CallShapes;
using Memoize.Generators.Tests.CodeFixes;
using Memoize.Generators.Tests.Emission;
using Memoize.Generators.Tests.Language;
using Memoize.Generators.Tests.Options;
using Memoize.Generators.Tests.Refusals;
using Memoize.Generators.Tests.Robustness;
using Declarations = Memoize.Generators.Tests.Refusals.DeclarationTests;
using KeyAdvice = Memoize.Generators.Tests.Advice.KeyTests;
using OptionAdvice = Memoize.Generators.Tests.Advice.OptionTests;
using ResultAdvice = Memoize.Generators.Tests.Advice.ResultTests;
using UnkeyedTests = Memoize.Generators.Tests.Refusals.KeyTests;

namespace Memoize.Generators.Tests.Promises;

/// <summary>
/// The mistakes of caching that must be compiler messages, one by one, and the test that proves each. A test is named by its class and
/// either its method or the name of one of its rows; a row that is renamed or gone fails here.
/// </summary>
public sealed class WrongCodeLedgerTests
{
    sealed record Proof(Type Tests, string Name);

    sealed record Entry(string Area, string Mistake, Proof[] Proofs)
    {
        public string Name => $"{Area}: {Mistake}";
    }

    static Proof[] In<T>(params string[] names) => [.. names.Select(name => new Proof(typeof(T), name))];

    static Proof[] Refused(params string[] names) => In<Declarations>([.. names.Select(name => "Refused: " + name)]);

    static Proof[] Unkeyed(params string[] names) => In<UnkeyedTests>([.. names.Select(name => "Refused: " + name)]);

    static Proof[] State(params string[] names) => Unkeyed([.. names.Select(name => "instance state is read without a choice: " + name)]);

    static readonly Entry[] _ledger =
    [
        new("declaration", "void, Task, ValueTask", Refused("void gives nothing to remember", "a task without a result gives nothing to remember", "a value task without a result gives nothing to remember")),
        new("declaration", "ref returns", Refused("a reference result cannot be stored", "a read-only reference result cannot be stored")),
        new("declaration", "ref, out, pointer and ref-struct parameters", Refused("ref parameters are outputs too", "out parameters are outputs", "a pointer is not a key", "a function pointer is not a key", "a ref struct is not a key", "a writable span is not a key", "a span of other elements is not a key")),
        new("declaration", "spans of char and byte are fine", In<Keys.KeyTypeTests>("ReadOnlySpan<char>", "ReadOnlySpan<byte>")),
        new("declaration", "iterators", Refused("an iterator is run by its reader", "an asynchronous iterator is run by its reader", "an enumerator can be read once")),
        new("declaration", "async void", Refused("async void gives nothing to remember")),
        new("declaration", "abstract without a door", Refused("an abstract method has no body to remember")),
        new("declaration", "missing or ambiguous core", Refused("a partial method needs its core", "a core with other parameters is not the core", "a core of which every overload has other parameters is not the core", "a named core must exist")),
        new("declaration", "interceptors not enabled, with the line to add", In<LanguageVersionTests>("Where_interceptors_are_not_enabled_the_line_to_add_is_said")),
        new("declaration", "C# below 11, with the line to add", In<LanguageVersionTests>("Below_the_floor_nothing_is_emitted_and_the_analyzer_says_why")),

        new("keys", "parameter types without value equality", Unkeyed("List<int> without Structural is compared by reference", "a class without its own equality is compared by reference", "a class with Equals but without GetHashCode is half a key")),
        new("keys", "found through members, with the path", [.. Unkeyed("a record inside a record with a collection is compared by reference inside"), .. In<PromiseTests>("A parameter without value equality, found through members and type arguments")]),
        new("keys", "found through type arguments", Unkeyed("(int, object) has no value to compare", "Tuple<int, int[]> has no value to compare", "Nullable<System.Collections.Immutable.ImmutableArray<int>> has no value to compare")),
        new("keys", "found through inheritance, of bases and of what derives", Unkeyed("a record whose base has a member without a value is compared by reference inside", "a record may be a derived one with a collection", "a record may be a derived one of a derived one with a collection")),
        new("keys", "found through constraints", Unkeyed("an open type parameter has no value", "a type parameter that is only a struct has no value", "a type parameter of the containing type has no value")),
        new("keys", "mutable key members", [.. Unkeyed("a mutable class with its own equality would change in the cache", "a record with a settable member would change in the cache", "a record may be a derived one that can change"), .. In<KeyAdvice>("MEMO0109: a field that can be set", "MEMO0109: a property that can be set")]),
        new("keys", "collections without Structural", Unkeyed("int[] without Structural is compared by reference", "Dictionary<string, int> without Structural is compared by reference", "IEnumerable<int> without Structural is compared by reference")),
        new("keys", "delegates, streams, contexts, object, dynamic, interfaces", [.. Unkeyed("Action has no value to compare", "System.IO.Stream has no value to compare", "object has no value to compare", "dynamic has no value to compare", "IDisposable has no value to compare"), .. In<PromiseTests>("A parameter without value equality: HttpContext", "A parameter without value equality: DbContext")]),
        new("keys", "floats", In<KeyAdvice>("MEMO0105: double x", "MEMO0105: float x, int y", "MEMO0105: (double X, double Y) point", "MEMO0105: a member that is named")),
        new("keys", "culture-sensitive intent", In<Bodies.CultureTests>("string.Compare(a, b)", "a.StartsWith(\"x\", StringComparison.CurrentCulture)")),
        new("keys", "case-insensitive intent", In<KeyAdvice>("MEMO0106: string.Equals(name, \"x\", StringComparison.OrdinalIgnoreCase)", "MEMO0106: name.ToUpperInvariant() + 1")),
        new("keys", "nothing left in the key although there are parameters", In<KeyAdvice>("MEMO0107: [NotInKey] int x", "MEMO0107: [NotInKey] int x, CancellationToken token")),
        new("keys", "CacheKey paths that do not exist or are not keyable", Unkeyed("a keyed member must exist", "a keyed member of a member must exist", "a keyed member must have a value", "a keyed member must be accessible")),
        new("keys", "a tenant-like parameter marked NotInKey", In<KeyAdvice>("MEMO0108: [NotInKey] string tenantId, int x", "MEMO0108: [NotInKey] int userId, int x", "MEMO0108: [NotInKey] System.Globalization.CultureInfo c, int x", "MEMO0108: the request")),

        new("receiver", "per-instance state, directly", State("a field", "an automatic property", "a data class", "the state of a struct")),
        new("receiver", "through other members of the type", State("a computed property over a field", "a field through another method", "a field through a lambda", "a field through an indexer")),
        new("receiver", "through its bases", State("a field of a base class", "a field through a base method", "a field through base access")),
        new("receiver", "state captured by primary constructors", State("a primary constructor parameter", "a delegate of the constructor", "a value of a type parameter")),
        new("receiver", "a shared cache reached through virtual or interface dispatch", [.. State("an overridable member", "the run-time type"), .. In<RuleTests>("MEMO0104"), .. In<Keys.ReceiverTests>("A virtual method's key contains the run-time type")]),
        new("receiver", "PerInstance on a static method", Refused("per-instance caches need an instance", "a per-instance extension has no instance")),

        new("body", "DateTime.Now and UtcNow", In<Bodies.ClockTests>("DateTime.Now makes a non-deterministic body", "DateTime.UtcNow makes a non-deterministic body", "A static method of another type reads the clock")),
        new("body", "Guid.NewGuid", In<Bodies.ClockTests>("Guid.NewGuid() makes a non-deterministic body")),
        new("body", "Random", In<Bodies.ClockTests>("new Random() makes a non-deterministic body", "Random.Shared makes a non-deterministic body", "A generator in a field draws something else each time")),
        new("body", "Environment.*; its variables do not change while a process runs", In<Bodies.ClockTests>("Environment.TickCount64 makes a non-deterministic body", "Environment.CurrentDirectory makes a non-deterministic body", "Environment.CurrentManagedThreadId makes a non-deterministic body", "Variables of the environment are set before a process begins")),
        new("body", "Stopwatch", In<Bodies.ClockTests>("Stopwatch.GetTimestamp() makes a non-deterministic body", "An elapsed time is part of the result")),
        new("body", "HttpContext", In<PromiseTests>("The tenant of the request in the body")),
        new("body", "the principal", In<Bodies.CallerTests>("The current principal", "The principal of the thread", "The user of a controller")),
        new("body", "AsyncLocal", In<Bodies.CallerTests>("An AsyncLocal", "An AsyncLocal behind an ambient accessor", "An AsyncLocal behind a static method")),
        new("body", "the current culture", In<Bodies.CultureTests>("a.ToString(CultureInfo.CurrentCulture)", "CultureInfo.CurrentUICulture.Name + a", "a.ToString(\"N2\")")),
        new("body", "ambient context that is not in VaryBy", In<Bodies.AmbientTests>("A property of the tenant", "The culture", "Through a static method of another type", "It varies by it")),
        new("body", "mutable static state", In<Bodies.StaticStateTests>("A private field that a method sets", "A property that anybody can set", "A table that is filled later")),
        new("body", "writes to parameters or fields", In<Bodies.LostWriteTests>("A static counter", "A field of the instance", "A list that is passed in", "A helper writes")),
        new("body", "cheap arithmetic on the arguments", In<Bodies.CheapWorkTests>("Statements")),

        new("result", "mutable, with fixes to IReadOnlyList, ImmutableArray, FrozenDictionary", [.. In<ResultAdvice>("MEMO0202: int[]", "MEMO0202: List<string>", "MEMO0202: Dictionary<string, int>", "MEMO0203: Dto"), .. In<ResultFixTests>("MEMO0202 Return IReadOnlyList<int>", "MEMO0202 Return ImmutableArray<int>", "MEMO0202 Return FrozenDictionary<string, int>")]),
        new("result", "lazy", [.. Refused("a lazy enumerable is run by its reader", "a queryable is run by its reader", "a lazy enumerable in a task is run by its reader"), .. In<PromiseTests>("A result that is used up: Lazy<int>"), .. In<ResultAdvice>("MEMO0201: (int Total, IEnumerable<int> Items)")]),
        new("result", "one-shot", [.. Refused("a stream can be read once", "a reader can be read once", "a response message can be read once"), .. In<ResultAdvice>("MEMO0201: Download")]),
        new("result", "disposable", [.. Refused("a disposable belongs to one caller", "an asynchronous disposable belongs to one caller"), .. In<ResultAdvice>("MEMO0201: (int, System.IO.Stream)", "MEMO0201: IReadOnlyList<System.IO.Stream>")]),
        new("result", "Task<Task<T>>", Refused("a task of a task hides its failure")),
        new("result", "open file handles", Refused("an open file belongs to one caller", "a handle of an open file belongs to one caller")),

        new("options", "negative, zero or absurd times", [.. In<OptionRefusalTests>("Ttl = 0", "Ttl = -1", "Sliding = 0", "Timeout = -5", "ErrorTtl = 0"), .. In<OptionAdvice>("Ttl = 86_400_000_000", "Ttl = 0.001")]),
        new("options", "Sliding above Ttl", In<OptionRefusalTests>("Ttl = 9, Sliding = 10")),
        new("options", "MaxSize 1 or 2", Refused("a size of one is below what the cache can keep", "a size of two is below what the cache can keep")),
        new("options", "RefreshAhead outside 0 to 1", In<OptionRefusalTests>("Ttl = 9, RefreshAhead = 1", "Ttl = 9, RefreshAhead = -0.1")),
        new("options", "Jitter that empties a lifetime", In<OptionRefusalTests>("Ttl = 9, Jitter = 1")),
        new("options", "options that exclude each other", In<OptionRefusalTests>("NullTtl = 5, CacheNull = false", "StaleWhileRevalidate = 5", "Weigher = nameof(Weight)")),
        new("options", "predicates and TtlFrom or Weigher targets that do not exist or do not fit", In<OptionRefusalTests>("Unless = \"Drafty\" internal static bool Draft(string? v) => false;", "TtlFrom = nameof(R) internal static double R(string? v) => 0;", "Weigher = nameof(R), MaxBytes = 5 internal static double R(string? v) => 0;", "When = nameof(R) internal bool R() => false;")),
        new("options", "duplicate Name", In<OptionAdvice>("Two methods chose one name", "A chosen name is what another method is called")),

        new("bypass", "method group", In<BypassTests>("A method group", "A method group of an instance", "A delegate of any kind")),
        new("bypass", "delegate", In<BypassTests>("A delegate", "A delegate that is created", "A pointer to a function")),
        new("bypass", "event", In<BypassTests>("An event")),
        new("bypass", "expression tree", In<BypassTests>("An expression tree", "A query that is translated")),
        new("bypass", "base.", In<BypassTests>("A call of the base")),
        new("bypass", "type-parameter receiver", In<BypassTests>("A receiver of a type parameter")),
        new("bypass", "dynamic", In<BypassTests>("An argument that is dynamic", "A receiver that is dynamic", "A receiver that was made dynamic")),
        new("bypass", "interface dispatch", [.. In<BypassTests>("An interface", "A generic interface", "An interface that only a derived class names"), .. In<OutsideCallTests>("An interface that other projects see")]),
        new("bypass", "base-class dispatch", [.. In<BypassTests>("A base class", "A base class two levels up"), .. In<OutsideCallTests>("A base class that other projects see")]),
        new("bypass", "nameof for reflection", In<BypassTests>("nameof and reflection", "nameof and a delegate by name", "nameof and a search among all methods", "nameof in a constant")),
        new("bypass", "each with the reason", In<BypassTests>("A_way_past_the_cache_is_reported_with_its_reason")),
        new("bypass", "the fix: make it partial", [.. In<BypassTests>("And_is_closed_by_making_the_method_partial"), .. In<PartialFixTests>("The_body_goes_to_the_core_and_the_rest_stays", "Methods_of_all_kinds_are_split", "Generated_code_reaches_what_is_partial", "Lines_end_as_they_did")]),

        new("recursion", "a cached method that awaits or calls itself with provably the same key", In<Bodies.SameKeyTests>("A static method", "The task is not awaited", "The core of a partial method", "Two static methods")),

        new("fixes", "make partial", In<FixAllTests>("Partial MEMO1001 partial: Document")),
        new("fixes", "create the missing core", [.. In<CoreFixTests>("The_core_is_written"), .. In<FixAllTests>("Core MEMO0002 Write the body: Document")]),
        new("fixes", "put the member in the key", [.. In<CodeFixTests>("MEMO0103 Put 'X' into the key ([CacheKey])"), .. In<FixAllTests>("Receiver MEMO0103 [CacheKey]: Project")]),
        new("fixes", "mark NotInKey", [.. In<CodeFixTests>("MEMO0103 '_calls' cannot change the result ([NotInKey])"), .. In<FixAllTests>("KeyParameter MEMO0101 [NotInKey]: Project")]),
        new("fixes", "choose PerInstance", [.. In<CodeFixTests>("MEMO0103 PerInstance = true"), .. In<FixAllTests>("Receiver MEMO0103 PerInstance: Project")]),
        new("fixes", "add Structural", [.. In<CodeFixTests>("MEMO0101 [CacheKey(Structural = true)]"), .. In<FixAllTests>("KeyParameter MEMO0101 Structural: Project")]),
        new("fixes", "change the result type", [.. In<ResultFixTests>("Another_type_is_returned"), .. In<FixAllTests>("Result MEMO0202 IReadOnlyList<int>: Project")]),
        new("fixes", "replace the clock by a parameter", [.. In<Bodies.ClockFixTests>("The_time_becomes_a_parameter"), .. In<FixAllTests>("Clock MEMO0501 Take the time as a parameter: Project")]),
        new("fixes", "remove the nonsense option", [.. In<CodeFixTests>("MEMO0301 MaxSize"), .. In<FixAllTests>("RemoveOption MEMO0301 Remove Ttl: Project")]),
        new("fixes", "fix-all of every provider, compiling without the diagnostic", In<FixAllTests>("All_are_fixed_at_once", "Every_provider_is_tried_with_all_of_its_diagnostics")),

        new("report", "one hidden diagnostic per compilation", In<ReportTests>("A_hidden_message_counts_the_calls")),
        new("report", "a list of all cached methods, on request", In<ReportTests>("The_report_lists_methods_with_keys_options_and_calls", "Nobody_who_does_not_ask_gets_one")),
        new("robustness", "nobody throws on half-typed code", In<CutCodeTests>("Nobody_throws_on_code_that_is_being_typed", "No_fix_throws_on_code_that_is_being_typed")),
    ];

    public static IEnumerable<TheoryDataRow<string>> Mistakes => _ledger.Select(entry => new TheoryDataRow<string>(entry.Name) { TestDisplayName = "Found: " + entry.Name });

    [Theory, MemberData(nameof(Mistakes))]
    public void A_mistake_has_a_test_by_name(string name)
    {
        var missing = _ledger.Single(entry => entry.Name == name).Proofs.Where(proof => !NamesOf(proof.Tests).Contains(proof.Name)).Select(proof => $"{proof.Tests}: {proof.Name}");
        Assert.Equal([], missing);
    }

    // The methods of a class of tests, and the rows of its theories as they are listed; those of plain data by their first two texts.
    static HashSet<string> NamesOf(Type tests)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var method in tests.GetMethods().Where(method => method.GetCustomAttributes().Any(attribute => attribute is FactAttribute)))
        {
            names.Add(method.Name);
            foreach (var data in method.GetCustomAttributes<MemberDataAttribute>())
            {
                foreach (var row in ((System.Collections.IEnumerable)tests.GetProperty(data.MemberName)!.GetValue(null)!).Cast<ITheoryDataRow>())
                {
                    names.Add(row.TestDisplayName ?? string.Join(" ", row.GetData().OfType<string>().Take(2)));
                    names.Add(row.GetData().OfType<string>().FirstOrDefault() ?? "");
                }
            }
        }

        // "MEMO0104: public class …"
        names.UnionWith([.. names.Where(name => name.StartsWith("MEMO", StringComparison.Ordinal)).Select(name => name[..8])]);
        return names;
    }
}
