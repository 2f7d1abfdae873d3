using Memoize.Generators.Tests.Harness;

namespace Memoize.Generators.Tests.Promises;

/// <summary>
/// Which test stands for which of the bugs that other caches have: diagnostics that are owed to their users, and what must not happen.
/// A row of a table of this folder is named by its name, any other test by its file and method.
/// </summary>
public sealed class LedgerTests
{
    const string Core = "tests/Memoize.Tests/";
    const string Memcached = "tests/Memoize.Memcached.Tests/";
    const string Here = "tests/Memoize.Generators.Tests/";

    static readonly (string Bug, string[] Tests)[] _ledger =
    [
        // Mistakes that are to be compiler messages.
        ("void or Task-only return", ["A method that returns nothing"]),
        ("unkeyable parameter type", [
            "A parameter without value equality: int[]", "A parameter without value equality: List<int>", "A parameter without value equality: Action", "A parameter without value equality: System.IO.Stream",
            "A parameter without value equality: object", "A parameter without value equality: IDisposable", "A parameter without value equality: a class without Equals", "A parameter without value equality: HttpContext",
            "A parameter without value equality: DbContext", "A parameter without value equality, found through members and type arguments"]),
        ("CancellationToken, ILogger, IProgress are left out of the key", ["Loggers, progress and tokens are left out of the key", "A cancellation token is not in the key"]),
        ("floats, scale of decimals, kind of times, culture-sensitive text in the key", [
            "A floating-point number in the key", "Numbers of different scale and times of different kind are different", "A text that is compared without regard to case", "A text that is compared by the current culture"]),
        ("mutable argument captured in the key; ref, out, in, spans", [
            "A mutable argument that would be captured", "A change of the caller's list does not reach the cache", "Parameters that are results", "A parameter that is passed by read-only reference is a parameter"]),
        ("mutable result shared by reference", ["A result that callers share: an array, a list, an object"]),
        ("instance state read but not in the key; instance kept alive by a static cache", [
            "State of the instance that is in no key", "Instances with state of their own have entries of their own", "A static cache does not keep instances alive"]),
        ("generic method or type without a concrete key", ["A generic method whose type parameter is no key", "Generic type arguments of equal simple names do not collide"]),
        ("two methods sharing a region with incompatible keys or values", ["Two methods that would share one region", "Two methods in one store do not share, whatever their keys and values are"]),
        ("eviction of what is missing, unmatched, renamed or in another order", [
            "An eviction of a method that does not exist", "An eviction without the parameter of the entry", "An eviction after a parameter was renamed", "An eviction whose parameters have changed places",
            "An eviction from a method that is not cached"]),
        ("negative, zero or overflowing Ttl", ["An option without meaning: Ttl = -1", "An option without meaning: Ttl = 0", "An option without meaning: Ttl = double.PositiveInfinity", "A lifetime that overflows"]),
        ("Ttl of more than 30 days on Memcached", [Memcached + "StoreTests.cs: A_lifetime_of_more_than_30_days_is_no_time_in_1970"]),
        ("Sliding above Ttl; stale times without a lifetime", ["An option without meaning: Ttl = 5, Sliding = 6", "An option without meaning: StaleWhileRevalidate = 5"]),
        ("Ttl of memory above the Ttl of the store", [
            "Memory never outlives what is behind it: there is one lifetime for all tiers, so that no rule can find a longer one", Core + "Tiers/TierTests.cs: Memory_does_not_keep_longer_than_the_tier"]),
        ("MaxSize below 3; parts outside 0 to 1", ["An option without meaning: MaxSize = 2", "An option without meaning: Ttl = 5, RefreshAhead = 1", "An option without meaning: Ttl = 5, Jitter = 1.5"]),
        ("a default that is out of its range", [Here + "Options/DefaultsTests.cs: A_default_that_means_nothing"]),
        ("value not serializable by the chosen serializer, or its context missing", [
            "A result that the serializer of a tier would not give back: a tuple, an abstract type, a property without a way to set it",
            "A type that the chosen serializer does not know is not stored, and no call fails", Core + "Tiers/TierTests.cs: What_the_serializer_does_not_give_back_as_it_was_is_not_stored"]),
        ("interface, abstract or partial misuse; private method on the path of a proxy", [
            "An abstract method and a member of an operator", "A partial method without its body", "A private type that generated code cannot name", "A call that goes through an interface",
            "A private method is cached, and so is a call through a base class of a partial one"]),
        ("recursion under single flight", ["Recursion that would wait for itself", "Recursion through another cached method that would wait for itself"]),
        ("a result that is used up: iterators, streams, queries, lazy, disposable", [
            "A result that is used up: IAsyncEnumerable<int>", "A result that is used up: IEnumerator<int>", "A result that is used up: System.IO.Stream", "A result that is used up: IQueryable<int>",
            "A result that is used up: Lazy<int>", "A result that is used up: System.Net.Http.HttpResponseMessage", "A result that is used up: IDisposable", "A result that is used up: Task<Task<int>>", "A result that is used up: an iterator"]),
        ("tenant or user used in the body but not in the key", [
            "The tenant of the request in the body", "A user behind an accessor of the program", "A declared tenant that is read and not in the key", "A tenant that the author took out of the key"]),
        ("non-deterministic body", ["The clock, chance and a new identity in the body"]),
        ("key over the limit of a backend, or with characters that it refuses", [
            "A key of any length and any characters is its own", "A tag that no backend could tell apart", Memcached + "KeyTests.cs: A_key_is_readable_on_the_wire",
            Memcached + "KeyTests.cs: A_long_key_ends_with_its_hash_which_is_the_same_everywhere", Memcached + "KeyTests.cs: Keys_of_all_kinds_and_lengths_are_told_apart"]),
        ("cache name or policy that nobody has registered", ["A tier that nobody has registered is passed over, and memory caches", "Of two tiers the one that is registered is used", "A value that no caller declared to vary by"]),

        // Bugs of attribute caches, read in their sources.
        ("a key without the type", ["Methods of the same name in two classes of one file do not share", "Interfaces of two services with the same member do not share"]),
        ("two overloads collide", ["Overloads do not collide", "Numbers and their texts do not share", "Two functions with equal arguments do not share, and 1, 1.0 and true are three keys"]),
        ("generic type arguments by simple name only", ["Generic type arguments of equal simple names do not collide"]),
        ("separators that are not escaped", ["Arguments are not joined with a colon", "Arguments are not joined with a space"]),
        ("null equals a text", ["Null is neither the text null nor the empty text"]),
        ("the text of a time loses what is below a second", ["Times that differ below a second are different"]),
        ("the text of a key varies by culture", ["The current culture does not change a key"]),
        ("lower case merges different keys", ["Case is never folded unasked, and when asked never by culture"]),
        ("a hash as identity", ["A hash is not an identity"]),
        ("Guid arguments are ignored", ["Guid arguments are in the key"]),
        ("a token in the key", ["A cancellation token is not in the key"]),
        ("null results are never cached", ["Null results are remembered, of references and of values"]),
        ("a result is boxed on every hit", ["A hit of a value type boxes nothing"]),
        ("the first caller's token is captured by the shared load", ["The first caller's token is not captured by the load of the others"]),
        ("a value task is blocked on", ["A value task that is not ready is handed out and not blocked on"]),
        ("the load runs without its execution context", ["The load sees the caller's execution context", "The load runs inside the activity of its caller"]),
        ("a background refresh with a disposed scope", ["tests/Memoize.Integration.Tests/Background/BackgroundScopeTests.cs: A_load_in_the_background_has_a_scope_of_its_own_which_is_disposed_after_it"]),
        ("a registration that gives every resolve its own cache", ["Every new instance shares the cache of its type"]),
        ("a full cache refuses new entries", ["A full cache still takes new entries"]),
        ("a hung load holds its key for ever", ["A hung load does not hold its key for ever"]),
        ("an invalidation during the load is lost", ["An eviction during the load is not lost"]),
        ("a payload of the previous release throws", [Core + "Tiers/TierTests.cs: A_result_of_another_shape_is_a_miss"]),
        ("stampede protection is off by default", ["Fifty callers of one cold key run the original once, unasked", "Fifty callers of a load that fails share the failure, and the next call tries again"]),
    ];

    public static IEnumerable<TheoryDataRow<string>> Bugs => _ledger.Select(row => new TheoryDataRow<string>(row.Bug) { TestDisplayName = "Tested: " + row.Bug });

    [Theory, MemberData(nameof(Bugs))]
    public void A_bug_of_others_has_a_test_by_name(string bug)
    {
        var rows = PromiseTests.NamesOfRows.Concat(TierPromiseTests.NamesOfRows).ToHashSet(StringComparer.Ordinal);
        foreach (var test in _ledger.Single(row => row.Bug == bug).Tests)
        {
            if (test.Split(".cs: ") is not [var file, var method])
            {
                Assert.Contains(test, rows);
                continue;
            }

            var text = File.ReadAllText(Path.Combine(Snapshot.ProjectDirectory, "..", "..", file + ".cs"));
            Assert.Matches($@"public (async )?(Task|void) {method}\(", text);
        }
    }

    [Fact]
    public void Every_row_of_these_tables_stands_for_a_bug()
    {
        var named = _ledger.SelectMany(row => row.Tests).ToHashSet(StringComparer.Ordinal);
        string[] own =
        [
            // More than was asked for.
            "Two instances with different state do not share where the state is keyed", "Companions are normalised as calls are, defaults included", "A default that is omitted or given is one call",
            "A parameter is left out of the key by one word, however calls name it", "An eviction waits for success, and a failed write evicts nothing", "A key without a text that other processes write alike",
        ];
        Assert.Equal([], PromiseTests.NamesOfRows.Concat(TierPromiseTests.NamesOfRows).Except(named).Except(own));
    }
}
