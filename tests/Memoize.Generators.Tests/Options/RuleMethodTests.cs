using Memoize.Generators.Tests.Harness;

namespace Memoize.Generators.Tests.Options;

/// <summary>When, Unless, TtlFrom, Weigher and MaxBytes: the user's methods decide, and are found and called as the compiler would.</summary>
[Collection(ProcessWide.Name)]
public sealed class RuleMethodTests
{
    static readonly Shape[] _shapes =
    [
        new("When: calls that it turns down run the original and leave no trace",
            "public static class S { internal static bool Small(int a) => a < 10; [Cached(When = nameof(Small))] public static int M(int a) => Probe.Call(a); }",
            "S.M(1); S.M(1); S.M(10); S.M(10); Say(SCache.M.Statistics.Count, SCache.M.Statistics.Bypassed, SCache.M.Statistics.Misses);",
            "1 2 1", 3),
        new("When takes some of the arguments, by name, in its own order",
            "public static class S { internal static bool Ok(string? c, long a) => c != null && a > 0; [Cached(When = nameof(Ok))] public static int M(int a, int b, string? c) => Probe.Call(a + b); }",
            "S.M(1, 2, \"x\"); S.M(1, 2, \"x\"); SayCalls(); S.M(1, 2, null); S.M(0, 2, \"x\"); SayCalls();",
            "(1) (3)", 3),
        new("When may be an instance method, private and read the instance, because the original decides otherwise",
            "public sealed class C { [NotInKey] public bool On; private bool IsOn() => On; [Cached(When = nameof(IsOn))] public int M(int a) => Probe.Call(a); }",
            "var c = new C(); c.M(1); c.M(1); c.On = true; c.M(1); c.M(1); SayCalls();",
            "(3)", 3),
        new("When of an asynchronous method, and of one with a span",
            "public static class S { internal static bool Ok(ReadOnlySpan<char> a) => a.Length > 1; [Cached(When = nameof(Ok))] public static int M(ReadOnlySpan<char> a) => Probe.Call(a.Length); internal static bool No() => false; [Cached(When = nameof(No))] public static async ValueTask<int> V(int a) { await Task.Yield(); return Probe.Call(a); } }",
            "S.M(\"a\"); S.M(\"a\"); S.M(\"ab\"); S.M(\"ab\"); SayCalls(); await S.V(1); await S.V(1); SayCalls();",
            "(3) (5)", 5),
        new("Unless: values that it names are handed out and not remembered",
            "public static class S { internal static bool Draft(string? v) => v is null || v.StartsWith('d'); [Cached(Unless = nameof(Draft))] public static string? M(string a) => Probe.Call(a); }",
            "Say(S.M(\"d\"), S.M(\"d\"), S.M(\"x\"), S.M(\"x\")); SCache.M.Set(\"y\", \"draft\"); SCache.M.Set(\"z\", \"zz\"); Say(S.M(\"y\"), S.M(\"z\"));",
            "d d x x y zz", 4),
        new("Unless sees the value of a task, and arguments by name",
            "public static class S { private static bool Odd(int value, int b) => (value + b) % 2 == 1; [Cached(Unless = nameof(Odd))] public static async Task<int> M(int a, int b) { await Task.Yield(); return Probe.Call(a); } }",
            "await S.M(1, 1); await S.M(1, 1); SayCalls(); await S.M(1, 2); await S.M(1, 2); SayCalls();",
            "(1) (3)", 3),
        new("TtlFrom: each value has its own lifetime; zero is none",
            """
            public sealed class Clock : TimeProvider { public long Now; public override long GetTimestamp() => Now; public override long TimestampFrequency => 1; }
            public static class S { internal static TimeSpan Life(int value) => TimeSpan.FromSeconds(value); [Cached(Ttl = 1000, TtlFrom = nameof(Life))] public static int M(int a) => Probe.Call(a); }
            """,
            "var clock = new Clock(); Memo.TimeProvider = clock; S.M(0); S.M(0); S.M(5); S.M(50); SayCalls(); clock.Now = 6; S.M(5); S.M(50); SayCalls();",
            "(4) (5)", 5),
        new("A value that is not kept is not asked for its lifetime",
            "public sealed record R(int Seconds); public static class S { internal static bool None(R? r) => r is null; internal static TimeSpan Life(R r) => TimeSpan.FromSeconds(r.Seconds); [Cached(Unless = nameof(None), TtlFrom = nameof(Life))] public static R? M(int a) => Probe.Call(a == 0 ? null : new R(a)); }",
            "Say(S.M(0)); Say(S.M(0)); S.M(5); S.M(5); Say(SCache.M.Statistics.NotStoredFailed);",
            "null null 0", 3),
        new("MaxBytes and Weigher: the bound holds, what is too heavy is handed out",
            "public static class S { internal static int Weight(string v) => v.Length; [Cached(MaxBytes = 10, Weigher = nameof(Weight))] public static string M(int a) => Probe.Call(new string('x', a)); }",
            "S.M(4); S.M(5); Say(SCache.M.Statistics.Count); S.M(11); S.M(11); SayCalls(); S.M(6); Say(SCache.M.Statistics.Count <= 2, SCache.M.TryGet(6, out _));",
            "2 (4) True True", 5),
        new("Strings and bytes weigh what they hold",
            "public static class S { [Cached(MaxBytes = 20)] public static string? M(int a) => Probe.Call(a < 0 ? null : new string('x', a)); [Cached(MaxBytes = 20)] public static ReadOnlyMemory<byte> B(int a) => Probe.Call(new byte[a]); }",
            "S.M(10); S.M(10); S.M(11); S.M(11); S.M(-1); S.M(-1); SayCalls(); S.B(20); S.B(20); S.B(21); S.B(21); SayCalls();",
            "(4) (7)", 7),
        new("Rules of a generic method, of a base type and of a generic type",
            "public class Base { protected internal static bool Never<T>(T value) => false; } public sealed class C<K> : Base where K : IEquatable<K> { internal static TimeSpan Life(K value) => TimeSpan.FromHours(1); [Cached(Unless = nameof(Never))] public static T M<T>(T a) where T : IEquatable<T> => Probe.Call(a); [Cached(TtlFrom = nameof(Life))] public static K N(K a) => Probe.Call(a); }",
            "C<int>.M(1); C<int>.M(1); C<int>.M(\"a\"); C<int>.M(\"a\"); C<string>.N(\"b\"); C<string>.N(\"b\"); SayCalls();",
            "(3)", 3),
        new("The overload that fits best is taken, defaults are left out, and names that are taken are no trouble",
            "public static class S { internal static bool No(string value) => true; internal static bool No(int value, int Rules, bool extra = false) => false; [Cached(Unless = nameof(No))] public static int M(int value, int Rules, int key) => Probe.Call(value); }",
            "S.M(1, 2, 3); S.M(1, 2, 3); SayCalls();",
            "(1)", 1),
        new("Rules of methods on the partial door, private ones included",
            "public static partial class S { [Cached(When = nameof(Ok), Unless = nameof(Bad))] public static partial int M(int a); private static bool Ok(int a) => a > 0; private static bool Bad(int v) => v > 10; private static int MCore(int a) => Probe.Call(a); }",
            "S.M(0); S.M(0); S.M(1); S.M(1); S.M(11); S.M(11); SayCalls();",
            "(5)", 5),
        new("CacheDefaults: the nearest says, option by option, and the method may say otherwise",
            """
            [assembly: CacheDefaults(Ttl = 10, MaxSize = 3, NullTtl = 1)]
            public sealed class Clock : TimeProvider { public long Now; public override long GetTimestamp() => Now; public override long TimestampFrequency => 1; }
            [CacheDefaults(Ttl = 20)] public static class S { [Cached] public static int M(int a) => Probe.Call(a); [Cached(Ttl = 5)] public static int N(int a) => Probe.Call(a); [Cached(Ttl = double.PositiveInfinity)] public static int O(int a) => Probe.Call(a); public static class Inner { [Cached] public static int I(int a) => Probe.Call(a); } }
            public static class T { [Cached] public static int M(int a) => Probe.Call(a); }
            """,
            "var clock = new Clock(); Memo.TimeProvider = clock; void All() { S.M(1); S.N(1); S.O(1); S.Inner.I(1); T.M(1); SayCalls(); } All(); clock.Now = 7; All(); clock.Now = 15; All(); clock.Now = 25; All(); for (var i = 0; i < 9; i++) S.M(i); Say(SCache.M.Statistics.Count);",
            "(5) (6) (8) (12) 3", 20),
    ];

    public static IEnumerable<TheoryDataRow<string>> Rows => Table.Names(_shapes);

    [Theory, MemberData(nameof(Rows))]
    public Task A_rule_decides(string name) => Table.Verify(_shapes, name);
}
