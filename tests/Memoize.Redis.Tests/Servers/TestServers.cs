using Memoize.Redis.Tests;
using StackExchange.Redis;

[assembly: AssemblyFixture(typeof(TestServers))]

namespace Memoize.Redis.Tests;

/// <summary>One server of each kind for all tests, started by the first that needs it; each test has a prefix of its own.</summary>
public sealed class TestServers : IDisposable
{
    internal const string Redis = "redis";
    internal const string Cluster = "cluster";
    internal const string Garnet = "garnet";

    private static int s_prefixes;
    private static Lazy<RedisProcess> s_redis = new(() => RedisProcess.Start());
    private static Lazy<RedisCluster> s_cluster = new(() => RedisCluster.Start(primaries: 3, replicas: false, timeout: 15_000));
#if NET10_0_OR_GREATER
    private static Lazy<GarnetInside> s_garnet = new(() => new());
#endif

    /// <summary>What can be had here. Where nothing may be missing, a missing server fails.</summary>
    public static IEnumerable<TheoryDataRow<string>> All
    {
        get
        {
            if (RedisProcess.IsInstalled || Environment.GetEnvironmentVariable("CI") == "true")
            {
                yield return Redis;
                yield return Cluster;
            }
#if NET10_0_OR_GREATER
            yield return Garnet;
#endif
        }
    }

    internal static string Address(string kind) => kind switch
    {
#if NET10_0_OR_GREATER
        Garnet => $"127.0.0.1:{s_garnet.Value.Port}",
#endif
        Cluster => s_cluster.Value.Address,
        _ => s_redis.Value.Address,
    };

    /// <summary>The cluster of all tests: three primaries without replicas.</summary>
    internal static RedisCluster SharedCluster => s_cluster.Value;

    internal static string NewPrefix() => $"t{Interlocked.Increment(ref s_prefixes)}:";

    internal static RedisCache Cache(string kind, string? prefix = null) => new(new RedisCacheOptions
    {
        Configuration = Address(kind),
        KeyPrefix = prefix ?? NewPrefix(),
        Timeout = TimeSpan.FromSeconds(20),
    });

    /// <summary>A second look at the same server, without the code under test.</summary>
    internal static async Task<ConnectionMultiplexer> Plain(string kind)
        => await ConnectionMultiplexer.ConnectAsync(Address(kind) + ",allowAdmin=true,syncTimeout=20000,asyncTimeout=20000");

    /// <summary>A server that is killed needs redis-server itself.</summary>
    internal static RedisProcess OwnRedis(params string[] arguments)
    {
        if (Environment.GetEnvironmentVariable("CI") != "true")
            Assert.SkipUnless(RedisProcess.IsInstalled, "redis-server is not installed.");
        return RedisProcess.Start(arguments);
    }

    /// <summary>The same for a cluster; a second and a half without an answer is death there. With less, replicas of a busy machine take over unasked.</summary>
    internal static RedisCluster OwnCluster(bool replicas = true)
    {
        if (Environment.GetEnvironmentVariable("CI") != "true")
            Assert.SkipUnless(RedisProcess.IsInstalled, "redis-server is not installed.");
        return RedisCluster.Start(primaries: 3, replicas, timeout: 1_500);
    }

    public void Dispose()
    {
        if (s_redis.IsValueCreated)
            s_redis.Value.Dispose();
        if (s_cluster.IsValueCreated)
            s_cluster.Value.Dispose();
#if NET10_0_OR_GREATER
        if (s_garnet.IsValueCreated)
            s_garnet.Value.Dispose();
#endif
    }
}
