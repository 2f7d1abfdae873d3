using Memoize.Generators.Tests.Harness;
using Memoize.Generators.Tests.Options;
using Microsoft.CodeAnalysis;
using Microsoft.Extensions.Caching.Distributed;

namespace Memoize.Generators.Tests.Tiers;

/// <summary>Tiers from the attribute to the store: each row forgets what is in memory, as another process would not have it, and calls again.</summary>
[Collection(ProcessWide.Name)]
public sealed class TierTests
{
    const string Store =
        """
        using System.Collections.Concurrent;
        using System.Linq;
        using Microsoft.Extensions.Caching.Distributed;

        public sealed class Store : IDistributedCache
        {
            private readonly ConcurrentDictionary<string, byte[]> _values = new();

            public byte[]? Get(string key) => _values.TryGetValue(key, out var value) ? value : null;
            public Task<byte[]?> GetAsync(string key, CancellationToken token = default) => Task.FromResult(Get(key));
            public void Refresh(string key) { }
            public Task RefreshAsync(string key, CancellationToken token = default) => Task.CompletedTask;
            public void Remove(string key) => _values.TryRemove(key, out _);
            public async Task RemoveAsync(string key, CancellationToken token = default) { await Gate.Task; Remove(key); }
            public void Set(string key, byte[] value, DistributedCacheEntryOptions options) => _values[key] = value;
            public async Task SetAsync(string key, byte[] value, DistributedCacheEntryOptions options, CancellationToken token = default) { await Gate.Task; Set(key, value, options); }

            /// <summary>What every change waits for.</summary>
            public TaskCompletionSource Gate = Open();

            private static TaskCompletionSource Open() { var gate = new TaskCompletionSource(); gate.SetResult(); return gate; }

            public string Keys => string.Join(" ", _values.Keys.Where(key => !key.Contains("stamp:") && !key.Contains("tag:")));

            public static Store Start()
            {
                Memo.RemoveTier("disk");
                var store = new Store();
                Memo.AddTier("disk", store, new() { Timeout = 30 });
                return store;
            }

            /// <summary>What a new process would have: nothing in memory.</summary>
            public static void Restart()
            {
                Memo.FlushTiersAsync().Wait();
                Memo.TimeProvider = Memo.TimeProvider;
            }
        }
        """;

    internal static Shape Row(string name, string code, string run, string said, int calls) =>
        new(name, code, "var store = Store.Start();\n" + run + "\nMemo.RemoveTier(\"disk\");", said, calls)
        {
            More = [("Store.cs", Store)],
            Setup = new() { References = [MetadataReference.CreateFromFile(typeof(IDistributedCache).Assembly.Location)] },
        };

    static readonly Shape[] _shapes =
    [
        Row("A value survives the process",
            "public static class S { [Cached(Ttl = 300, Tiers = \"disk\")] public static string M(int a) => Probe.Call(\"v\" + a); }",
            "Say(S.M(1)); Store.Restart(); Say(S.M(1)); Say(store.Keys);",
            "v1 v1 memoize:S.M(int)(a:1)", 1),
        Row("Without Tiers it does not",
            "public static class S { [Cached(Ttl = 300)] public static string M(int a) => Probe.Call(\"v\" + a); }",
            "Say(S.M(1)); Store.Restart(); Say(S.M(1)); Say(store.Keys);",
            "v1 v1 ", 2),
        Row("Tiers of the type, and a method that is in memory alone",
            "[CacheDefaults(Ttl = 300, Tiers = \"disk\")] public static class S { [Cached] public static string M(int a) => Probe.Call(\"v\" + a); [Cached(Tiers = \"\")] public static string N(int a) => Probe.Call(\"w\" + a); }",
            "S.M(1); S.N(1); Store.Restart(); S.M(1); S.N(1); Say(store.Keys);",
            "memoize:S.M(int)(a:1)", 3),
        Row("A key of everything that can be shared",
            "public enum E { A, B } public static class S { [Cached(Ttl = 300, Tiers = \"disk\", Name = \"m\")] public static string M(string? s, double d, E e, Guid g, (int, char) t, decimal m, DateTime w, [CacheKey(Structural = true)] int[] n, bool? b) => Probe.Call(\"v\"); }",
            "string C() => S.M(\"a,\\\"b\", -0.0, E.B, Guid.Empty, (1, 'x'), 1.10m, new DateTime(2026, 1, 2, 3, 4, 5, DateTimeKind.Utc), new[] { 1, 2 }, null); C(); Store.Restart(); C(); Say(store.Keys);",
            "memoize:m(s:\"a,\\\"b\",d:-0,e:1,g:00000000-0000-0000-0000-000000000000,t:(1,%20'x'),m:1.10,w:2026-01-02T03:04:05.0000000Z,n:[1,%202],b:null)", 1),
        Row("A set that is passed as an enumerable goes past the tiers, which could not name its comparer",
            "public static class S { [Cached(Ttl = 300, Tiers = \"disk\")] public static bool M([CacheKey(Structural = true)] IEnumerable<string> a) => Probe.Call(a.Contains(\"A\")); }",
            "for (var i = 0; i < 2; i++) { Say(S.M(new HashSet<string>(StringComparer.OrdinalIgnoreCase) { \"a\" })); Say(S.M(new List<string> { \"a\" })); Store.Restart(); } Say(SCache.M.Statistics.Bypassed);",
            "True False True False 2", 3),
        Row("A record and a list of records come back as they were",
            "public sealed record Line(string Article, decimal Price); public sealed record Bill(int Number, IReadOnlyList<Line> Lines); public static class S { [Cached(Ttl = 300, Tiers = \"disk\")] public static async Task<Bill> M(int a) { await Task.Yield(); return Probe.Call(new Bill(a, new[] { new Line(\"x\", 1.50m) })); } }",
            "S.M(1).Wait(); Store.Restart(); var b = S.M(1).Result; Say(b.Number); Say(b.Lines[0]);",
            "1 Line { Article = x, Price = 1.50 }", 1),
        Row("An eviction reaches the tier, and so do Clear and tags",
            "public static class S { [Cached(Ttl = 300, Tiers = \"disk\", Tags = new[] { \"a:{a}\" })] public static string M(int a) => Probe.Call(\"v\" + Probe.Calls); }",
            "S.M(1); Store.Restart(); SCache.M.Evict(1); S.M(1); SayCalls(); Store.Restart(); SCache.M.Clear(); S.M(1); SayCalls(); Store.Restart(); Memo.EvictTag(\"a:1\"); S.M(1); SayCalls(); Store.Restart(); S.M(1);",
            "(2) (3) (4)", 4),
        Row("The handle of a method with tiers evicts and sets without holding the thread",
            "public static class S { [Cached(Ttl = 300, Tiers = \"disk\")] public static string M(int a) => Probe.Call(\"v\"); }",
            "SCache.M.SetAsync(1, \"set\").AsTask().Wait(); Store.Restart(); Say(S.M(1)); SCache.M.EvictAsync(1).AsTask().Wait(); Store.Restart(); Say(S.M(1)); SCache.M.ClearAsync().AsTask().Wait(); Store.Restart(); Say(S.M(1));",
            "set v v", 2),
        Row("What is evicted by a part of the key is found in no tier",
            "public static class S { [Cached(Ttl = 300, Tiers = \"disk\")] public static string M([CacheKey(Indexed = true)] int user, int year) => Probe.Call(\"v\"); }",
            "S.M(1, 1); S.M(2, 1); Store.Restart(); S.M(1, 1); SayCalls(); SCache.M.EvictWhere(1); S.M(1, 1); SayCalls();",
            "(2) (3)", 3),
        Row("All that the program adds, in its order",
            "[CacheDefaults(Ttl = 300, Tiers = \"*\")] public static class S { [Cached] public static string M(int a) => Probe.Call(\"v\" + a); }",
            "S.M(1); Store.Restart(); Say(S.M(1)); Say(store.Keys);",
            "v1 memoize:S.M(int)(a:1)", 1),
        Row("A batch loads what no tier has",
            "public static class S { [Cached(Ttl = 300, Tiers = \"disk\")] public static string M(int a) => Probe.Call(\"v\" + a); [CachedBatch(nameof(M))] public static async Task<List<string>> Many(IReadOnlyList<int> a) { await Task.Yield(); Say(string.Join(\"+\", a)); return a.Select(x => Probe.Call(\"v\" + x)).ToList(); } }".Replace("Say(", "Probe.Say("),
            "S.Many(new[] { 1, 2 }).Wait(); Store.Restart(); Say(string.Join(\",\", S.Many(new[] { 3, 1, 3, 2 }).Result)); Say(S.M(3));",
            "1+2 3 v3,v1,v3,v2 v3", 3),
        Row("An asynchronous method that evicts and updates awaits the tiers, and holds no thread",
            """
            public static class S
            {
                [Cached(Ttl = 300, Tiers = "disk", Tags = new[] { "t" })] public static string M(int a) => Probe.Call("v" + a);
                [Evicts(nameof(M))] public static async Task E(int a) => await Task.Yield();
                [Evicts(nameof(M), All = true)] public static async Task A() => await Task.Yield();
                [Evicts(nameof(M), Before = true)] public static async Task<int> B(int a) { await Task.Yield(); return a; }
                [Updates(nameof(M))] public static async Task<string> U(int a) { await Task.Yield(); return "u"; }
                [EvictsTag("t")] public static async Task T() => await Task.Yield();
            }
            """,
            """
            void Look(Func<Task> write)
            {
                S.M(1); Store.Restart();
                store.Gate = new TaskCompletionSource();
                var writing = write();
                Thread.Sleep(20);
                Say(writing.IsCompleted);
                store.Gate.SetResult();
                writing.Wait();
                Store.Restart();
                S.M(1); SayCalls();
            }
            Look(() => S.E(1)); Look(() => S.A()); Look(() => S.U(1)); Look(() => S.T());
            S.M(1); Store.Restart(); Say(S.B(1).Result); S.M(1); SayCalls();
            """,
            "False (2) False (3) False (4) False (5) 1 (6)", 6),
        Row("What is evicted before a task is awaited, and a store that hangs holds no thread",
            """
            public interface I
            {
                [Cached(Ttl = 300, Tiers = "disk")] string M(int a);
                [Evicts(nameof(M), Before = true)] Task E(int a);
            }
            public sealed class Impl : I { public string M(int a) => Probe.Call("i" + a); public async Task E(int a) { S.Ran++; await Task.Yield(); } }
            public static class S
            {
                public static int Ran;
                [Cached(Ttl = 300, Tiers = "disk", Tags = new[] { "t" })] public static string M(int a) => Probe.Call("v" + a);
                [Evicts(nameof(M), Before = true)] public static async Task<int> B(int a) { Ran++; await Task.Yield(); return a; }
                [Evicts(nameof(M), Before = true)] public static async ValueTask<int> V(int a) { Ran++; await Task.Yield(); return a; }
                [EvictsTag("t", Before = true)] public static Task T() { Ran++; return Task.CompletedTask; }
                [Evicts(nameof(M), Before = true)] public static Task F(int a) { Ran++; throw new FormatException(); }
                [Evicts(nameof(M), Before = true)] [Updates(nameof(M), Map = new[] { "a = b" })] public static async Task<string> U(int a, int b) { Ran++; await Task.Yield(); return "u"; }
            }
            """,
            """
            void Look(Func<Task> write)
            {
                S.M(1); Store.Restart(); var ran = S.Ran;
                store.Gate = new TaskCompletionSource();
                var writing = write();
                Say(writing.IsCompleted || S.Ran > ran);
                store.Gate.SetResult();
                try { writing.Wait(); } catch (AggregateException e) { Say(e.InnerException!.GetType().Name); }
                Store.Restart(); Say(S.Ran - ran);
                S.M(1); SayCalls();
            }
            I i = new CachedI(new Impl());
            Look(() => S.B(1)); Look(() => S.V(1).AsTask()); Look(() => S.T()); Look(() => S.F(1)); Look(() => S.U(1, 2)); Look(() => i.E(1));
            """,
            "False 1 (2) False 1 (3) False 1 (4) False FormatException 1 (5) False 1 (6) False 1 (6)", 6),
        Row("A method that takes a reference waits for what is evicted before it",
            "public static class S { [Cached(Ttl = 300, Tiers = \"disk\")] public static string M(int a) => Probe.Call(\"v\"); [Evicts(nameof(M), Before = true)] public static Task R(in int a) => Task.CompletedTask; }",
            "S.M(1); Store.Restart(); S.R(1).Wait(); S.M(1); SayCalls();",
            "(2)", 2),
        Row("A generic method says in its keys for which types it is",
            """
            public static class S
            {
                [Cached(Ttl = 300, Tiers = "disk", Name = "m")] public static string M<T>(int a) => Probe.Call(typeof(T).Name + a);
                public static string Like<T>(T like, int a) => M<T>(a);
            }
            """,
            """
            S.M<int>(1); S.M<List<string[]>>(1); S.Like(new { X = 1 }, 1); Store.Restart();
            Say(S.M<int>(1)); Say(S.M<List<string[]>>(1)); SayCalls(); S.Like(new { X = 1 }, 1); SayCalls();
            Say(string.Join(" ", store.Keys.Split(' ').Order(StringComparer.Ordinal)));
            SCache.M.EvictAsync<int>(1).AsTask().Wait(); Store.Restart(); S.M<int>(1); S.M<List<string[]>>(1); SayCalls();
            SCache.M.Clear(); S.M<List<string[]>>(1); SayCalls();
            """,
            "Int321 List`11 (3) (4) memoize:m<System.Collections.Generic.List`1<System.String[]>>(a:1) memoize:m<System.Int32>(a:1) (5) (6)", 6),
        Row("A method of a generic type",
            "public static class G<T> { [Cached(Ttl = 300, Tiers = \"disk\", Name = \"g\")] public static string M(int a) => Probe.Call(typeof(T).Name + a); }",
            "G<int>.M(1); G<string>.M(1); Store.Restart(); Say(G<int>.M(1)); Say(G<string>.M(1)); Say(string.Join(\" \", store.Keys.Split(' ').Order(StringComparer.Ordinal)));",
            "Int321 String1 memoize:g<System.Int32>(a:1) memoize:g<System.String>(a:1)", 2),
        Row("The partial door",
            "public partial class S { [Cached(Ttl = 300, Tiers = \"disk\")] public static partial string M(int a); private static string MCore(int a) => Probe.Call(\"v\" + a); }",
            "S.M(1); Store.Restart(); Say(S.M(1));",
            "v1", 1),
    ];

    public static IEnumerable<TheoryDataRow<string>> Rows => Table.Names(_shapes);

    [Theory, MemberData(nameof(Rows))]
    public Task Tiers_reach_the_store(string name) => Table.Verify(_shapes, name);
}
