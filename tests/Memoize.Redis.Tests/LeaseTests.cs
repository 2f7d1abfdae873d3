using Memoize.Tiers;
using static Memoize.Redis.Tests.TestHelp;

namespace Memoize.Redis.Tests;

/// <summary>Two caches with connections of their own stand for two processes.</summary>
public sealed class LeaseTests
{
    [Theory, MemberData(nameof(TestServers.All), MemberType = typeof(TestServers))]
    public async Task One_of_64_is_given_the_lease(string kind)
    {
        var prefix = TestServers.NewPrefix();
        await using var here = TestServers.Cache(kind, prefix);
        await using var there = TestServers.Cache(kind, prefix);
        for (var round = 0; round < 20; round++)
        {
            var reads = await Task.WhenAll(Enumerable.Range(0, 64).Select(i => (i % 2 == 0 ? here : there).Ask($"key {round}")));
            Assert.DoesNotContain(reads, static read => read.Found);
            var lease = Assert.Single(reads, static read => read.Lease is not null).Lease!.Value;
            Assert.True(await there.Put($"key {round}", "value", lease));
            Assert.True((await here.Ask($"key {round}")).Found);
            Assert.False(await here.Put($"key {round}", "again", lease));
            Assert.Equal("value", await here.Text($"key {round}"));
        }
    }

    [Theory, MemberData(nameof(TestServers.All), MemberType = typeof(TestServers))]
    public async Task Who_is_not_given_the_lease_hears_which_one_it_is(string kind)
    {
        await using var cache = TestServers.Cache(kind);
        foreach (var hasValue in (bool[])[false, true])
        {
            await cache.RemoveAsync("a");
            if (hasValue)
                await cache.Put("a", "old");
            var lease = (await cache.LeaseAsync("a", Minute)).Lease!.Value;
            var first = hasValue ? await cache.LeaseAsync("a", Minute) : await cache.Ask("a");
            Assert.True(first is { Found: false, Lease: null, Holder: not null });
            Assert.Equal(first, await cache.LeaseAsync("a", Minute));
            await cache.ReleaseAsync("a", lease);
            await cache.LeaseAsync("a", Minute);
            Assert.NotEqual(first.Holder, Assert.NotNull((await cache.LeaseAsync("a", Minute)).Holder));
        }
    }

    [Theory, MemberData(nameof(TestServers.All), MemberType = typeof(TestServers))]
    public async Task An_eviction_or_another_value_ends_the_lease(string kind)
    {
        var prefix = TestServers.NewPrefix();
        await using var here = TestServers.Cache(kind, prefix);
        await using var there = TestServers.Cache(kind, prefix);
        Func<Task>[] ends =
        [
            () => there.RemoveAsync("a"),
            () => Task.Run(() => there.Remove("a")),
            () => there.Put("a", "newer"),
            () => Task.Run(() => there.Set("a", Bytes("newer"), ForAMinute)),
            () => there.ClearAsync(),
        ];
        foreach (var end in ends)
        {
            await here.RemoveAsync("a");
            var lease = (await here.Ask("a")).Lease!.Value;
            await end();
            var after = await there.Text("a");
            Assert.False(await here.Put("a", "older", lease));
            Assert.Equal(after, await there.Text("a"));
        }
    }

    [Theory, MemberData(nameof(TestServers.All), MemberType = typeof(TestServers))]
    public async Task A_lease_that_is_renewed_lasts_and_one_that_has_ended_is_not_brought_back(string kind)
    {
        var prefix = TestServers.NewPrefix();
        await using var cache = TestServers.Cache(kind, prefix);
        using var plain = await TestServers.Plain(kind);
        var lease = (await cache.Ask("a", TimeSpan.FromSeconds(20))).Lease!.Value;
        var holder = (await cache.Ask("a")).Holder;
        Assert.InRange(await LeftAsync(plain, prefix), 5, 20);
        Assert.Equal(LeaseRenewal.Renewed, await cache.RenewAsync("a", lease, Minute));
        Assert.InRange(await LeftAsync(plain, prefix), 45, 60);
        Assert.Equal(holder, (await cache.Ask("a")).Holder);
        Assert.True(await cache.Put("a", "value", lease));
        Assert.Equal(LeaseRenewal.Ended, await cache.RenewAsync("a", lease, Minute));

        Func<CacheLease, Task>[] ends = [_ => cache.RemoveAsync("a"), _ => cache.Put("a", "newer"), held => cache.ReleaseAsync("a", held).AsTask()];
        foreach (var end in ends)
        {
            await cache.RemoveAsync("a");
            lease = (await cache.Ask("a")).Lease!.Value;
            await end(lease);
            Assert.Equal(LeaseRenewal.Ended, await cache.RenewAsync("a", lease, Minute));
            Assert.False(await cache.Put("a", "older", lease));
        }

        // It would be his who has it now.
        await cache.RemoveAsync("a");
        var next = (await cache.Ask("a", TimeSpan.FromMilliseconds(200))).Lease!.Value;
        Assert.Equal(LeaseRenewal.Ended, await cache.RenewAsync("a", lease, Minute));
        await Until(async () => (await cache.Ask("a")).Lease is not null);
        Assert.Equal(LeaseRenewal.Ended, await cache.RenewAsync("a", next, Minute));
    }

    [Theory, MemberData(nameof(TestServers.All), MemberType = typeof(TestServers))]
    public async Task A_lease_is_handed_over_when_its_time_is_up(string kind)
    {
        var prefix = TestServers.NewPrefix();
        await using var cache = TestServers.Cache(kind, prefix);
        using var plain = await TestServers.Plain(kind);
        var died = (await cache.Ask("a")).Lease!.Value;
        Assert.Null((await cache.Ask("a")).Lease);
        Assert.InRange(await LeftAsync(plain, prefix), 45, 60);

        // The time is the server's. What is left of it is taken away, so that nothing here depends on being quick.
        Assert.True(await plain.GetDatabase().KeyExpireAsync(LeaseKey(prefix), TimeSpan.FromMilliseconds(1)));
        Memoize.Tiers.CacheLease? next = null;
        await Until(async () => (next = (await cache.Ask("a")).Lease) is not null);
        Assert.False(await cache.Put("a", "from the dead", died));
        Assert.Null(await cache.Text("a"));
        Assert.True(await cache.Put("a", "alive", next!.Value));
        Assert.Equal("alive", await cache.Text("a"));
    }

    [Theory, MemberData(nameof(TestServers.All), MemberType = typeof(TestServers))]
    public async Task A_lease_that_is_given_back_is_free_for_the_next_and_only_its_holder_gives_it_back(string kind)
    {
        await using var cache = TestServers.Cache(kind);
        var first = (await cache.Ask("a")).Lease!.Value;
        await cache.ReleaseAsync("a", first);
        var second = (await cache.Ask("a")).Lease!.Value;
        await cache.ReleaseAsync("a", first);
        Assert.Null((await cache.Ask("a")).Lease);
        Assert.False(await cache.Put("a", "first", first));
        Assert.True(await cache.Put("a", "second", second));
    }

    [Theory, MemberData(nameof(TestServers.All), MemberType = typeof(TestServers))]
    public async Task A_value_is_renewed_under_a_lease_while_it_is_read(string kind)
    {
        await using var cache = TestServers.Cache(kind);
        await cache.Put("a", "old");
        var lease = (await cache.LeaseAsync("a", Minute)).Lease;
        Assert.NotNull(lease);
        Assert.Null((await cache.LeaseAsync("a", Minute)).Lease);
        Assert.True((await cache.Ask("a")).Found);
        Assert.True(await cache.Put("a", "new", lease.Value));
        Assert.Equal("new", await cache.Text("a"));
        Assert.NotNull((await cache.LeaseAsync("a", Minute)).Lease);
    }

    [Theory, MemberData(nameof(TestServers.All), MemberType = typeof(TestServers))]
    public async Task A_short_lease_ends_by_itself(string kind)
    {
        await using var cache = TestServers.Cache(kind);
        var lease = (await cache.Ask("a", TimeSpan.FromMilliseconds(200))).Lease!.Value;
        await Until(async () => (await cache.Ask("a")).Lease is not null, seconds: 10);
        Assert.False(await cache.Put("a", "late", lease));
    }

    /// <summary>The database of the model: whoever stores has read it while holding a lease; whoever writes evicts afterwards.</summary>
    [Theory, MemberData(nameof(TestServers.All), MemberType = typeof(TestServers))]
    public async Task Nothing_stale_is_left_when_loads_and_evictions_race(string kind)
    {
        var prefix = TestServers.NewPrefix();
        await using var here = TestServers.Cache(kind, prefix);
        await using var there = TestServers.Cache(kind, prefix);
        for (var round = 0; round < 100; round++)
        {
            var truth = 0;
            var key = $"key {round}";
            async Task Load(RedisCache cache, int seed)
            {
                var random = new Random(seed);
                for (var i = 0; i < 8; i++)
                {
                    if ((await cache.Ask(key)).Lease is not { } lease)
                        continue;
                    var read = Volatile.Read(ref truth);
                    if (random.Next(2) == 0)
                        await Task.Yield();
                    await cache.Put(key, $"{read}", lease);
                }
            }
            async Task Write(RedisCache cache)
            {
                for (var i = 0; i < 4; i++)
                {
                    Interlocked.Increment(ref truth);
                    await cache.RemoveAsync(key);
                }
            }
            await Task.WhenAll(Load(here, round), Load(there, round + 1), Write(here), Write(there), Load(here, round + 2));
            Assert.Contains(await here.Text(key), (string?[])[null, $"{truth}"]);
        }
    }

    private static string LeaseKey(string prefix) => "{" + prefix + "a}:lease";

    private static async Task<double> LeftAsync(StackExchange.Redis.ConnectionMultiplexer plain, string prefix)
        => (await plain.GetDatabase().KeyTimeToLiveAsync(LeaseKey(prefix)))!.Value.TotalSeconds;
}
