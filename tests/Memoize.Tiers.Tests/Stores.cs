using Memoize.Memcached.Tests;
using Memoize.Redis;
using Memoize.Redis.Tests;
using Memoize.Sqlite;
using Microsoft.Extensions.Caching.Distributed;

namespace Memoize.Tiers.Tests;

/// <summary>The tiers of one test over real stores: a name of a store, or several with a plus between, nearest first.</summary>
internal sealed class Stores : IAsyncDisposable
{
    internal const string Memcached = "memcached";
    internal const string Sqlite = "sqlite";

    private static readonly Lazy<MemcachedServer> s_memcached = new(() =>
    {
        // One for all tests: it goes with the process.
        var server = MemcachedServer.Start("-m", "256");
        AppDomain.CurrentDomain.ProcessExit += (_, _) => server.Dispose();
        return server;
    });

    private readonly List<object> owned = [];
    private readonly string? folder;

    internal Stores(string kinds, double timeout = 20)
    {
        foreach (var kind in kinds.Split('+'))
        {
            var options = new CacheTierOptions { Timeout = timeout, WriteTimeout = 60, LeaseDuration = 60, Prefix = TestServers.NewPrefix() };
            if (kind == Sqlite)
            {
                folder = Directory.CreateTempSubdirectory("memoize-tiers-").FullName;
                Disk = Memo.AddTier("disk", Own(new SqliteCache(new() { File = Path.Combine(folder, "cache.db"), BusyTimeout = 5_000 })), options);
            }
            else
            {
                Shared = Memo.AddTier("shared", Own<IDistributedCache>(kind == Memcached ? s_memcached.Value.Connect() : TestServers.Cache(kind)), options);
                // Who begins to listen forgets what it had before.
                if (Shared.Store is RedisCache redis)
                    Assert.True(SpinWait.SpinUntil(() => redis.IsListening, TimeSpan.FromSeconds(20)));
            }
        }
    }

    internal CacheTier? Shared { get; }

    internal CacheTier? Disk { get; }

    internal IEnumerable<CacheTier> All => new[] { Shared, Disk }.OfType<CacheTier>();

    /// <summary>Each store alone, and two together.</summary>
    internal static IEnumerable<string> Kinds
    {
        get
        {
            foreach (var kind in TestServers.All)
                yield return kind.Data;
            yield return Memcached;
            yield return Sqlite;
            yield return "redis+sqlite";
            yield return "memcached+sqlite";
        }
    }

    /// <summary>Waits for what is written behind the callers' backs, and forgets what is in memory, as a new process has nothing there.</summary>
    internal static async Task RestartAsync()
    {
        await Memo.FlushTiersAsync();
        Memo.TimeProvider = Memo.TimeProvider;
    }

    public async ValueTask DisposeAsync()
    {
        await Memo.FlushTiersAsync();
        Memo.RemoveTier("shared");
        Memo.RemoveTier("disk");
        Memo.TimeProvider = TimeProvider.System;
        foreach (var store in owned)
            await (store is IAsyncDisposable later ? later.DisposeAsync() : Now((IDisposable)store));
        if (folder is not null)
            Directory.Delete(folder, recursive: true);

        static ValueTask Now(IDisposable store)
        {
            store.Dispose();
            return ValueTask.CompletedTask;
        }
    }

    private T Own<T>(T store)
        where T : IDistributedCache
    {
        owned.Add(store);
        return store;
    }
}
