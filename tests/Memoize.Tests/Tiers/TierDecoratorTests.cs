using Memoize.Tags;
using Memoize.Tiers;

namespace Memoize.Tests.Tiers;

/// <summary>Registrations of one interface share what is theirs with other processes, never with each other, and lose it to every eviction.</summary>
[Collection(nameof(Api.ProcessWide))]
public sealed class TierDecoratorTests : IDisposable
{
    private const string Place = "memoize:Shop.Prices.Find(string)(id:\"a\")";

    private readonly TestTiers tiers = new();

    private sealed class Sql;

    private sealed class Http;

    public void Dispose() => tiers.Dispose();

    private static Task Flush() => Memo.FlushTiersAsync(TestContext.Current.CancellationToken);

    private (TestStore Store, TieredDecorators Process) Start(bool leases)
    {
        var store = leases ? new LeasingStore() : new TestStore();
        tiers.Add(store, out var name);
        return (store, new(name));
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task What_one_process_has_loaded_the_same_registration_in_another_finds(bool leases)
    {
        var (store, one) = Start(leases);
        Assert.Equal("first", one.Register(typeof(Sql)).Call("a", "first"));
        await Flush();

        var other = one.Another();
        Assert.Equal("first", other.Register(typeof(Sql)).Call("a", "second"));
        Assert.Equal((0, 0), (other.Runs, other.Method.Statistics.Loads));
        Assert.Equal([Place], store.ValueKeys);
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task Two_classes_never_get_each_others_values_although_they_share_a_place(bool leases)
    {
        var (store, one) = Start(leases);
        var other = one.Another();
        var (sql, http) = (one.Register(typeof(Sql)), other.Register(typeof(Http)));
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal("sql", sql.Call("a", "sql"));
            await Flush();
            Assert.Equal("http", http.Call("a", "http"));
            await Flush();
            one.Method.Forget();
            other.Method.Forget();
        }

        Assert.Equal((3, 3), (one.Runs, other.Runs));
        Assert.Equal([Place], store.ValueKeys);
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task Several_registrations_in_one_container_have_places_of_their_own(bool leases)
    {
        var (store, one) = Start(leases);
        TieredDecorators.Registration[] Register(TieredDecorators process) =>
        [
            process.Register(typeof(Sql), isAlone: false), process.Register(typeof(Http), isAlone: false),
            process.Register(typeof(Sql), "eu"), process.Register(typeof(Sql), "us"), process.Register(typeof(Sql), 5), process.Register(typeof(Sql), 5L),
        ];
        var all = Register(one);
        for (var i = 0; i < all.Length; i++)
            Assert.Equal($"v{i}", all[i].Call("a", $"v{i}"));
        await Flush();

        var other = one.Another();
        var others = Register(other);
        for (var i = 0; i < all.Length; i++)
            Assert.Equal($"v{i}", others[i].Call("a", "wrong"));
        Assert.Equal(0, other.Runs);
        Assert.Contains("memoize:Shop.Prices.Find(string)[Memoize.Tests.Tiers.TierDecoratorTests+Sql@Memoize.Tests,\"eu\"](id:\"a\")", store.ValueKeys);

        // The place that vouches for all of them is the seventh.
        Assert.Equal(7, store.ValueKeys.Count());
    }

    public static TheoryData<bool, bool, string> Evictions
    {
        get
        {
            var rows = new TheoryData<bool, bool, string>();
            foreach (var leases in new[] { false, true })
            {
                foreach (var alone in new[] { false, true })
                {
                    foreach (var way in new[] { "Evict", "EvictAsync", "EvictTag", "EvictWhere", "Clear", "Set by a write" })
                        rows.Add(leases, alone, way);
                }
            }

            return rows;
        }
    }

    // A process that only writes has no registration of what it evicts, and one that has just been started has not used it yet.
    [Theory, MemberData(nameof(Evictions))]
    public async Task An_eviction_reaches_registrations_of_which_its_process_knows_nothing(bool leases, bool alone, string way)
    {
        var (_, one) = Start(leases);
        var rules = new EntryRules<string> { Tags = [EntryTag.Of("t"), EntryTag.Part(0, "a")] };
        one.Register(typeof(Sql), isAlone: alone).Call("a", "old", rules);
        await Flush();

        var admin = one.Another();
        var caches = admin.Caches;
        switch (way)
        {
            case "Evict":
                Assert.False(caches.Evict("a"));
                break;
            case "EvictAsync":
                await caches.EvictAsync("a");
                break;
            case "EvictTag":
                Memo.EvictTag("t");
                break;
            case "EvictWhere":
                caches.EvictWhere(EntryTag.Part(0, "a"));
                break;
            case "Clear":
                admin.Method.Clear();
                break;
            default:
                using (var update = new CacheUpdate([admin.Method]))
                    caches.Set("a", "written", default, update);
                break;
        }

        var fresh = one.Another();
        Assert.Equal("new", fresh.Register(typeof(Sql), isAlone: alone).Call("a", "new", rules));
        Assert.Equal(1, fresh.Runs);
    }

    [Theory]
    [InlineData(false, true)]
    [InlineData(true, true)]
    [InlineData(true, false)]
    public async Task A_load_under_way_during_an_eviction_is_found_by_nobody(bool sameProcess, bool alone)
    {
        var (_, one) = Start(leases: true);
        var writer = sameProcess ? one : one.Another();
        var (loading, loaded) = (new ManualResetEventSlim(), new ManualResetEventSlim());
        var registration = one.Register(typeof(Sql), isAlone: alone);
        var call = Task.Run(() => registration.Call("a", () =>
        {
            loading.Set();
            loaded.Wait();
            return "old";
        }));
        loading.Wait(TestContext.Current.CancellationToken);
        writer.Caches.Evict("a");
        loaded.Set();
        Assert.Equal("old", await call);
        await Flush();

        Assert.Equal("new", one.Another().Register(typeof(Sql), isAlone: alone).Call("a", "new"));
    }

    [Fact]
    public async Task Registrations_in_one_process_fence_each_others_loads()
    {
        var (_, one) = Start(leases: false);
        var (sql, http) = (one.Register(typeof(Sql), isAlone: false), one.Register(typeof(Http), isAlone: false));
        using var update = new CacheUpdate([one.Method]);
        var (loading, loaded) = (new ManualResetEventSlim(), new ManualResetEventSlim());
        var call = Task.Run(() => http.Call("a", () =>
        {
            loading.Set();
            loaded.Wait();
            return "old";
        }));
        loading.Wait(TestContext.Current.CancellationToken);
        one.Caches.Set(sql, "a", "written", default, update);
        loaded.Set();
        await call;
        await Flush();

        Assert.Equal("written", sql.Call("a", "wrong"));
        Assert.Equal("new", http.Call("a", "new"));
        Assert.Equal("new", one.Another().Register(typeof(Http), isAlone: false).Call("a", "new"));
    }

    [Fact]
    public async Task A_decorator_without_an_identity_remembers_in_memory_alone_and_is_counted()
    {
        var store = new TestStore();
        var tier = tiers.Add(store, out var name);
        var process = new TieredDecorators(name);
        var constructed = process.Construct();
        Assert.Equal("v", constructed.Call("a", "v"));
        Assert.Equal("v", constructed.Call("a", "w"));
        process.Caches.Set(constructed, "b", "set", default, null);
        await Flush();

        Assert.Empty(store.Values);
        Assert.Equal((1, 0), (tier.Statistics.NotShared, tier.Statistics.Misses));
        Assert.Equal("set", constructed.Call("b", "wrong"));

        // Somebody else has something there, and what it evicts is gone all the same.
        var other = process.Another();
        other.Register(typeof(Sql)).Call("a", "old");
        await Flush();
        process.Caches.Set(constructed, "a", "mine", default, null);
        Assert.Equal("old", process.Another().Register(typeof(Sql)).Call("a", "wrong"));
        process.Caches.Evict("a");
        Assert.Equal("new", process.Another().Register(typeof(Sql)).Call("a", "new"));
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task A_value_that_is_set_for_all_is_in_the_tiers_for_all(bool alone)
    {
        var (_, one) = Start(leases: true);
        TieredDecorators.Registration[] Register(TieredDecorators process)
            => alone ? [process.Register(typeof(Sql))] : [process.Register(typeof(Sql), isAlone: false), process.Register(typeof(Http), isAlone: false)];
        foreach (var registration in Register(one))
            registration.Call("a", "old");
        await Flush();
        await one.Caches.SetAsync("a", "set", default, null);

        Assert.All(Register(one.Another()), static registration => Assert.Equal("set", registration.Call("a", "wrong")));
    }

    [Fact]
    public async Task A_value_that_is_set_for_one_is_forgotten_by_the_same_one_in_another_container()
    {
        var (_, process) = Start(leases: false);
        var (one, same, other) = (process.Register(typeof(Sql), "k"), process.Register(typeof(Sql), "k"), process.Register(typeof(Http), "k"));
        Assert.Equal(("old", "old", "http"), (one.Call("a", "old"), same.Call("a", "old"), other.Call("a", "http")));
        await Flush();
        await process.Caches.SetAsync(one, "a", "set", default, null);
        Assert.Equal(("set", "set", "http"), (one.Call("a", "wrong"), same.Call("a", "wrong"), other.Call("a", "wrong")));
    }

    [Fact]
    public async Task A_rule_that_fails_evicts_from_memory_and_tiers()
    {
        var (_, one) = Start(leases: false);
        var sql = one.Register(typeof(Sql));
        sql.Call("a", "old");
        await Flush();
        var failing = new EntryRules<string> { Terms = static _ => throw new FormatException() };
        await Assert.ThrowsAsync<FormatException>(() => one.Caches.SetAsync("a", "set", failing, null).AsTask());
        Assert.Equal("new", sql.Call("a", "new"));
    }

    [Fact]
    public void What_has_no_name_or_key_that_lasts_is_not_shared()
    {
        Assert.Equal("[Memoize.Tests.Tiers.TierDecoratorTests+Sql@Memoize.Tests]", EntryIdentity.Of(typeof(Sql), null, isAlone: true).Text);
        Assert.Null(EntryIdentity.Of(typeof(Sql), null, isAlone: true).WhyNot);
        Assert.Contains("has no name that lasts", EntryIdentity.Of(new { A = 1 }.GetType(), null, isAlone: true).WhyNot, StringComparison.Ordinal);
        var dynamic = System.Reflection.DispatchProxy.Create<IDisposable, Proxy>().GetType();
        Assert.Contains("has no name that lasts", EntryIdentity.Of(dynamic, null, isAlone: true).WhyNot, StringComparison.Ordinal);
        Assert.Contains("its key, a Object, has no text that lasts", EntryIdentity.Of(typeof(Sql), new object(), isAlone: true).WhyNot, StringComparison.Ordinal);
    }

    public class Proxy : System.Reflection.DispatchProxy
    {
        protected override object? Invoke(System.Reflection.MethodInfo? targetMethod, object?[]? args) => null;
    }
}
