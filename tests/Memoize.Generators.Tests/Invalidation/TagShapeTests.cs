using Memoize.Generators.Tests.Harness;
using Microsoft.CodeAnalysis.CSharp;

namespace Memoize.Generators.Tests.Invalidation;

/// <summary>Tags and parts of keys by which entries of methods are evicted, compiled and run.</summary>
public sealed class TagShapeTests
{
    const string Db = "public sealed record User(int Id, string? Name); public static class Db { [NotInKey] public static int Version { get; set; } } ";

    static readonly Shape[] _shapes =
    [
        new("Entries of several methods are evicted by a tag",
            Db + """
            public static class S
            {
                [Cached(Tags = new[] { "t1:{id}", "t1s" })] public static int Get(int id) => Probe.Call(Db.Version);
                [Cached(Tags = new[] { "t1:{user.Id}:posts", "t1:{user.Id}" })] public static async Task<int> Posts([CacheKey("Id")] User user, CancellationToken ct = default) { await Task.Yield(); return Probe.Call(Db.Version); }
                [Cached] public static int Plain(int id) => Probe.Call(Db.Version);
                [EvictsTag("t1:{user.Id}")] public static void Save(User user) => Db.Version++;
                [EvictsTag("t1s", Before = true)] public static async Task SaveAll() { await Task.Yield(); Db.Version++; }
            }
            """,
            """
            var ada = new User(1, "Ada"); Say(S.Get(1), S.Get(2), await S.Posts(ada), S.Plain(1));
            S.Save(ada); Say(S.Get(1), S.Get(2), await S.Posts(ada), S.Plain(1));
            await S.SaveAll(); Say(S.Get(1), S.Get(2), await S.Posts(ada), S.Plain(1));
            Db.Version++; Say(Memo.EvictTag("t1:1"), Memo.EvictTag($"t1:{2}"), Memo.EvictTag("t1:3"), S.Get(1), S.Get(2));
            """,
            "0 0 0 0 1 0 1 0 2 2 1 0 2 1 0 3 3", 10),

        new("What is set has the tags of a call",
            Db + "public static partial class S { [Cached(Tags = new[] { \"t2:{name}\" })] public static partial string Get(string? name); static string GetCore(string? name) => Probe.Call(name + Db.Version); [Updates(nameof(Get))] public static string Put(string? name) => name + \"!\"; }",
            """
            var name = "a:b"; SCache.Get.Set("a:b", "set"); Say(S.Get("a:b"), Memo.EvictTag("t2:a:b"), Memo.EvictTag($"t2:{name}"), S.Get("a:b"));
            S.Put(null); Say(S.Get(null), Memo.EvictTag("t2:%null"), S.Get(null));
            """,
            "set 0 1 a:b0 ! 1 0", 2),

        new("An asynchronous method writes the values of a tag as the cached one does",
            Db + """
            public static class S
            {
                [Cached(Tags = new[] { "t6:{name}" })] public static int Get(string? name) => Probe.Call(Db.Version);
                [Cached(Tags = new[] { "t6:{at}" })] public static int Of(DateTime at) => Probe.Call(Db.Version);
                [EvictsTag("t6:{name}")] public static async Task Save(string? name) { await Task.Yield(); Db.Version++; }
                [EvictsTag("t6:{name}", Before = true)] public static async ValueTask Import(string? name) { await Task.Yield(); Db.Version++; }
                [EvictsTag("t6:{at}")] public static Task Change(DateTime at) { Db.Version++; return Task.CompletedTask; }
            }
            """,
            """
            Say(S.Get("a:b"), S.Get(null), S.Of(new(2026, 1, 2)));
            await S.Save("a:b"); Say(S.Get("a:b")); await S.Save(null); Say(S.Get(null)); await S.Import("a:b"); Say(S.Get("a:b")); await S.Change(new(2026, 1, 2)); Say(S.Of(new(2026, 1, 2)));
            var name = "a:b"; Say(await Memo.EvictTagAsync($"t6:{name}"), await Memo.EvictTagAsync("t6:%null"));
            """,
            "0 0 0 1 2 3 4 1 1", 7) { Setup = new() { Language = LanguageVersion.CSharp11 } },

        new("Entries are evicted by one part of the key",
            Db + "public sealed class C { [Cached] public int Get([CacheKey(Indexed = true)] int userId, int year) => Probe.Call(Db.Version); }",
            "var c = new C(); Say(c.Get(1, 1), c.Get(1, 2), c.Get(2, 1)); Db.Version++; Say(CCache.Get.EvictWhere(userId: 1), c.Get(1, 1), c.Get(1, 2), c.Get(2, 1), CCache.Get.EvictWhere(3));",
            "0 0 0 2 1 1 0 0", 5),

        new("Entries are evicted by several parts, of which some are left out",
            Db + """
            public static class S
            {
                [Cached] public static ValueTask<int> Get([CacheKey(Indexed = true)] int userId, [CacheKey("Id", Indexed = true)] User? user, [CacheKey(IgnoreCase = true, Indexed = true)] string region, int other) => new(Probe.Call(Db.Version));
            }
            """,
            """
            var ada = new User(7, "Ada"); foreach (var id in new[] { 1, 2 }) foreach (var region in new[] { "eu", "us" }) await S.Get(id, id == 1 ? ada : null, region, 0);
            Say(SCache.Get.EvictWhere(userId: 1, region: "EU"), SCache.Get.EvictWhere(userId: 1, region: "EU"), SCache.Get.EvictWhere(userId: 7), SCache.Get.EvictWhere(region: "Eu"), SCache.Get.EvictWhere(userUId: 7), SCache.Get.EvictWhere(userUId: null));
            Throws<ArgumentException>(() => SCache.Get.EvictWhere());
            """.Replace("userUId", "userId_", StringComparison.Ordinal),
            "1 0 0 1 1 1 ArgumentException", 4),

        new("Each instance and each type argument has its own",
            Db + """
            public sealed class C<U> { [Cached(PerInstance = true)] public int Own([CacheKey(Indexed = true)] int id) => Probe.Call(Db.Version); [Cached(Tags = new[] { "t5:{a}" })] public static int Of<T>([CacheKey(Indexed = true)] int a) => Probe.Call(Db.Version); }
            """,
            """
            var one = new C<int>(); var two = new C<int>(); Say(one.Own(1), two.Own(1), C<int>.Of<string>(1), C<int>.Of<long>(1)); Db.Version++;
            Say(CCache<int>.Own.EvictWhere(one, 1), one.Own(1), two.Own(1), CCache<int>.Of.EvictWhere<string>(1), C<int>.Of<string>(1), C<int>.Of<long>(1), Memo.EvictTag("t5:1"));
            """,
            "0 0 0 0 1 1 0 1 1 0 2", 6),
    ];

    [Theory]
    [MemberData(nameof(Names))]
    public Task Works(string name) => Table.Verify(_shapes, name);

    public static IEnumerable<TheoryDataRow<string>> Names() => Table.Names(_shapes);
}
