using Memoize.Generators.Tests.Harness;
using Memoize.Generators.Tests.Options;
using Memoize.Generators.Tests.Tiers;

namespace Memoize.Generators.Tests.Promises;

/// <summary>What other caches get wrong with stores behind memory, as far as no compiler can know it: each a test by name that runs.</summary>
[Collection(ProcessWide.Name)]
public sealed class TierPromiseTests
{
    const string Clock =
        """
        public sealed class Clock : TimeProvider
        {
            private long _now = new DateTime(2026, 1, 1).Ticks;

            public override long GetTimestamp() => _now;
            public override long TimestampFrequency => TimeSpan.TicksPerSecond;
            public override DateTimeOffset GetUtcNow() => new(_now, TimeSpan.Zero);
            public void Pass(double seconds) => _now += (long)(seconds * TimeSpan.TicksPerSecond);
        }

        """;

    static readonly Shape[] _shapes =
    [
        TierTests.Row("Memory never outlives what is behind it: there is one lifetime for all tiers, so that no rule can find a longer one",
            Clock + "public static class S { [Cached(Ttl = 10, Tiers = \"disk\")] public static string M(int a) => Probe.Call(\"v\" + Probe.Calls); }",
            "var clock = new Clock(); Memo.TimeProvider = clock; Memo.RemoveTier(\"disk\"); Memo.AddTier(\"disk\", store, new() { Timeout = 30, TimeProvider = clock }); "
            + "S.M(1); Memo.FlushTiersAsync().Wait(); clock.Pass(6); Store.Restart(); S.M(1); SayCalls(); clock.Pass(3); S.M(1); SayCalls(); clock.Pass(2); S.M(1); SayCalls();",
            "(1) (1) (2)", 2),
        TierTests.Row("A tier that nobody has registered is passed over, and memory caches",
            "public static class S { [Cached(Ttl = 300, Tiers = \"nobody\")] public static string M(int a) => Probe.Call(\"v\" + a); }",
            "Say(S.M(1), S.M(1)); SayCalls(); Store.Restart(); Say(S.M(1), store.Keys);",
            "v1 v1 (1) v1 ", 2),
        TierTests.Row("Of two tiers the one that is registered is used",
            "public static class S { [Cached(Ttl = 300, Tiers = \"nobody,disk\")] public static string M(int a) => Probe.Call(\"v\" + a); }",
            "S.M(1); Store.Restart(); Say(S.M(1), store.Keys);",
            "v1 memoize:S.M(int)(a:1)", 1),
        TierTests.Row("Two methods in one store do not share, whatever their keys and values are",
            "public static class S { [Cached(Ttl = 300, Tiers = \"disk\")] public static string M(int a) => Probe.Call(\"m\" + a); [Cached(Ttl = 300, Tiers = \"disk\")] public static int M(string a) => Probe.Call(a.Length + 40); [Cached(Ttl = 300, Tiers = \"disk\")] public static string N(int a) => Probe.Call(\"n\" + a); }",
            "for (var i = 0; i < 2; i++) { Say(S.M(1), S.M(\"1\"), S.N(1)); Store.Restart(); }",
            "m1 41 n1 m1 41 n1", 3),
        TierTests.Row("A key of any length and any characters is its own",
            "public static class S { [Cached(Ttl = 300, Tiers = \"disk\")] public static string M(string a) => Probe.Call(a.Length + \":\" + (int)a[^1]); }",
            "var keys = new[] { \" \", \"\\r\\n\", \"a b\", \"a%20b\", \"a\\0b\", \"(a:1)\", \"\\uD800\", \"\\uFFFD\", new string('k', 10_000), new string('k', 9_999) + \"l\" }; "
            + "var first = keys.Select(key => S.M(key)).ToList(); Store.Restart(); Say(keys.Select(key => S.M(key)).SequenceEqual(first), store.Keys.Split(' ').Length);",
            "True 10", 10),
        TierTests.Row("A type that the chosen serializer does not know is not stored, and no call fails",
            "public sealed record Line(int A); public static class S { [Cached(Ttl = 300, Tiers = \"disk\")] public static Line M(int a) => Probe.Call(new Line(a)); }",
            "Memo.RemoveTier(\"disk\"); Memo.AddTier(\"disk\", store, new() { Timeout = 30, Json = new System.Text.Json.JsonSerializerOptions { TypeInfoResolver = System.Text.Json.Serialization.Metadata.JsonTypeInfoResolver.Combine() } }); "
            + "Say(S.M(1), S.M(1)); SayCalls(); Store.Restart(); Say(S.M(1)); Say(store.Keys.Length);",
            "Line { A = 1 } Line { A = 1 } (1) Line { A = 1 } 0", 2),
    ];

    public static IEnumerable<TheoryDataRow<string>> Rows => Table.Names(_shapes);

    [Theory, MemberData(nameof(Rows))]
    public Task Bugs_of_stores_do_not_happen(string name) => Table.Verify(_shapes, name);

    public static IEnumerable<string> NamesOfRows => _shapes.Select(shape => shape.Name);
}
