using Memoize.Generators.Tests.Harness;

namespace Memoize.Generators.Tests.Options;

/// <summary>The options about time reach the cache: each row lets time pass and counts how often the original runs.</summary>
[Collection(ProcessWide.Name)]
public sealed class LifetimeTests
{
    const string Clock =
        """
        public sealed class Clock : TimeProvider
        {
            private long _now;

            public override long GetTimestamp() => _now;
            public override long TimestampFrequency => TimeSpan.TicksPerSecond;
            public void Pass(double seconds) => _now += (long)(seconds * TimeSpan.TicksPerSecond);

            public static Clock Start()
            {
                var clock = new Clock();
                Memo.TimeProvider = clock;
                return clock;
            }
        }
        """;

    // The clock is the process's, so these rows run by themselves.
    static Shape Row(string name, string code, string run, string said, int calls) =>
        new(name, code, "var clock = Clock.Start();\n" + run, said, calls) { More = [("Clock.cs", Clock)] };

    const string Failing =
        """
        public static class S
        {
            public static bool Fails;
            {0}
            public static string M(int a) { Probe.Call(); if (S.Fails) throw new InvalidOperationException("no"); return "v" + Probe.Calls; }
        }
        """;

    static string Fails(string options) => Failing.Replace("{0}", $"[Cached({options})]").Replace("public static bool Fails;", "[NotInKey] public static bool Fails;");

    static readonly Shape[] _shapes =
    [
        Row("NullTtl: null lives shorter than other results",
            "public static class S { [Cached(Ttl = 100, NullTtl = 10)] public static string? M(int a) => Probe.Call(a < 0 ? null : \"v\"); }",
            "S.M(-1); S.M(1); clock.Pass(9); S.M(-1); S.M(1); SayCalls(); clock.Pass(2); S.M(-1); S.M(1); SayCalls();",
            "(2) (3)", 3),
        Row("NullTtl of a nullable number",
            "public static class S { [Cached(NullTtl = 10)] public static int? M(int a) => Probe.Call<int?>(null); }",
            "S.M(1); clock.Pass(9); S.M(1); clock.Pass(2); S.M(1); SayCalls();",
            "(2)", 2),
        Row("CacheNull = false: null is not remembered, other results are",
            "public static class S { [Cached(CacheNull = false)] public static string? M(int a) => Probe.Call(a < 0 ? null : \"v\"); }",
            "S.M(-1); S.M(-1); S.M(1); S.M(1); SayCalls();",
            "(3)", 3),
        Row("StaleIfError: a failing load gives the old value, and the failure afterwards",
            Fails("Ttl = 10, StaleIfError = 100"),
            "Say(S.M(1)); S.Fails = true; clock.Pass(11); Say(S.M(1)); clock.Pass(100); Throws<InvalidOperationException>(() => S.M(1));",
            "v1 v1 InvalidOperationException", 3),
        Row("Without StaleIfError the failure is thrown",
            Fails("Ttl = 10"),
            "Say(S.M(1)); S.Fails = true; clock.Pass(11); Throws<InvalidOperationException>(() => S.M(1));",
            "v1 InvalidOperationException", 2),
        Row("ErrorTtl: the exception is remembered",
            Fails("ErrorTtl = 10"),
            "S.Fails = true; Throws<InvalidOperationException>(() => S.M(1)); Throws<InvalidOperationException>(() => S.M(1)); SayCalls(); clock.Pass(11); S.Fails = false; Say(S.M(1));",
            "InvalidOperationException InvalidOperationException (1) v2", 2),
        Row("StaleWhileRevalidate: the old value at once, and one load behind it",
            """
            public static class S
            {
                [NotInKey] public static readonly SemaphoreSlim Loaded = new(0);
                [Cached(Ttl = 10, StaleWhileRevalidate = 100)]
                public static async Task<int> M(int a) { await Task.Yield(); var value = Probe.Call(Probe.Calls); S.Loaded.Release(); return value; }
            }
            """,
            """
            Say(await S.M(1)); await S.Loaded.WaitAsync();
            clock.Pass(11); Say(await S.M(1)); await S.Loaded.WaitAsync();
            while (SCache.M.Statistics.LoadTime < TimeSpan.Zero || await S.M(1) == 0) await Task.Yield();
            Say(await S.M(1)); SayCalls();
            """,
            "0 0 1 (2)", 2),
        Row("RefreshAhead: a hit late in the life of a value starts its successor",
            """
            public static class S
            {
                [NotInKey] public static readonly SemaphoreSlim Loaded = new(0);
                [Cached(Ttl = 10, RefreshAhead = 0.5)]
                public static async Task<int> M(int a) { await Task.Yield(); var value = Probe.Call(Probe.Calls); S.Loaded.Release(); return value; }
            }
            """,
            """
            Say(await S.M(1)); await S.Loaded.WaitAsync();
            clock.Pass(4); Say(await S.M(1)); SayCalls();
            clock.Pass(2); Say(await S.M(1)); await S.Loaded.WaitAsync();
            while (await S.M(1) == 0) await Task.Yield();
            clock.Pass(4.5); Say(await S.M(1)); SayCalls();
            """,
            "0 0 (1) 0 1 (2)", 2),
        Row("Jitter: a value lives at most as long as it may, and at least the rest",
            "public static class S { [Cached(Ttl = 100, Jitter = 0.2)] public static int M(int a) => Probe.Call(a); }",
            "S.M(1); clock.Pass(79); S.M(1); SayCalls(); clock.Pass(22); S.M(1); SayCalls();",
            "(1) (2)", 2),
        Row("Timeout: a load that takes too long is given up, and the key is free",
            """
            public static class S
            {
                [NotInKey] public static readonly TaskCompletionSource<int> Never = new();
                [Cached(Timeout = 1)]
                public static Task<int> M(int a) => Probe.Call(Probe.Calls == 0 ? S.Never.Task : Task.FromResult(7));
            }
            """,
            "Memo.TimeProvider = TimeProvider.System; try { await S.M(1); } catch (TimeoutException e) { Say(e.Message.Contains(\"S.M(int)\")); } Say(await S.M(1)); S.Never.SetResult(9); Say(await S.M(1));",
            "True 7 7", 2),
        Row("All that makes sense together, on the partial door",
            """
            public sealed partial class C
            {
                [Cached(Ttl = 10, StaleIfError = 50, NullTtl = 1, ErrorTtl = 5, Jitter = 0.1, MaxSize = 10, Eviction = Eviction.Lfu)]
                public partial Task<string?> M(int a);
                private async Task<string?> MCore(int a) { await Task.Yield(); return Probe.Call<string?>(a < 0 ? null : "v"); }
            }
            """,
            "var c = new C(); Say(await c.M(1), await c.M(-1)); clock.Pass(2); Say(await c.M(1), await c.M(-1)); SayCalls();",
            "v null v null (3)", 3),
    ];

    public static IEnumerable<TheoryDataRow<string>> Rows => Table.Names(_shapes);

    [Theory, MemberData(nameof(Rows))]
    public Task An_option_does_what_it_says(string name) => Table.Verify(_shapes, name);
}
