using Memoize.Memcached;
using Memoize.Memcached.Tests;
using Memoize.Redis;
using Memoize.Redis.Tests;
using Memoize.Sqlite;
using Memoize.Tiers.Peer;

namespace Memoize.Tiers.Tests;

/// <summary>Two processes on one real store, of which one has seen a value that is of no use and asks for its lease when the other has stored another one.</summary>
[Collection(nameof(ProcessWide))]
public sealed class ReplacedTests : IAsyncDisposable
{
    private readonly Peers peers = new();
    private readonly List<object> owned = [];

    public async ValueTask DisposeAsync()
    {
        await Memo.FlushTiersAsync();
        Memo.RemoveTier("shared");
        Memo.TimeProvider = Memo.TimeProvider;
        foreach (var one in Enumerable.Reverse(owned))
        {
            if (one is IAsyncDisposable later)
                await later.DisposeAsync();
            else
                ((IDisposable)one).Dispose();
        }
        peers.Dispose();
    }

    [Theory, InlineData("redis"), InlineData("memcached"), InlineData("sqlite")]
    public async Task What_another_process_has_stored_before_the_lease_was_given_is_not_loaded_again(string kind)
    {
        Stock.Truth = peers.Truth;
        if (kind == "redis")
        {
            var server = Own(TestServers.OwnRedis());
            await OnceAsync(kind, server.Address, Own(new RedisCache(new RedisCacheOptions { Configuration = server.Address, KeyPrefix = "peers:", Timeout = TimeSpan.FromSeconds(20) })));
        }
        else if (kind == "memcached")
        {
            var server = Own(MemcachedServer.Start());
            await OnceAsync(kind, server.Address, Own(new MemcachedCache(new MemcachedCacheOptions { Servers = { server.Address }, KeyPrefix = "peers:", OperationTimeout = TimeSpan.FromSeconds(20) })));
        }
        else
        {
            await OnceAsync(kind, peers.File, Own(new SqliteCache(new() { File = peers.File, BusyTimeout = 20_000 })));
        }
    }

    private async Task OnceAsync<TStore>(string kind, string address, TStore store)
        where TStore : ILeasingCache, IBatchReads
    {
        // One peer does it all: another might hear of the clear while it loads, and then it would store nothing.
        await peers.StartAsync(1, kind, address, "method");
        var stepped = new SteppedStore<TStore>(store);
        var tier = Memo.AddTier("shared", stepped, new CacheTierOptions { Timeout = 60, LeaseDuration = 3, Prefix = (store as IPrefixedCache)?.KeyPrefix.Length > 0 ? "" : "memoize:" });
        var runs = Stock.Runs;
        for (var key = 0; key < 5; key++)
        {
            Assert.Equal(2 * key + 1, (await peers.FindAsync(0, key)).Runs);
            Assert.Equal("0", await peers.SayAsync(0, "clear"));
            peers.Truth.Write(key);
            stepped.BeforeLease = async () => Assert.Equal((1, 2 * key + 2), await peers.FindAsync(0, key) is var found ? (found.Version, found.Runs) : default);
            Assert.Equal(1, (await Stock.FindAsync(key)).Version);
            await Memo.FlushTiersAsync();
        }
        Assert.Equal((runs, 5L, 0L), (Stock.Runs, tier.Statistics.Hits, tier.Statistics.Stores));
    }

    private T Own<T>(T one)
        where T : class
    {
        owned.Add(one);
        return one;
    }
}
