using Memoize.Redis.Tests;
using StackExchange.Redis;

[assembly: AssemblyFixture(typeof(TestServers))]

namespace Memoize.Redis.Tests;

/// <summary>One server of each kind for all tests, started by the first that needs it; each test has a prefix of its own.</summary>
public sealed class TestServers : IDisposable
{
    internal const string Redis = "redis";
    internal const string Garnet = "garnet";

    private static int s_prefixes;
    private static Lazy<RedisProcess> s_redis = new(() => RedisProcess.Start());
#if NET10_0_OR_GREATER
    private static Lazy<GarnetInside> s_garnet = new(() => new());
#endif

    /// <summary>What can be had here. Where nothing may be missing, a missing server fails.</summary>
    public static IEnumerable<TheoryDataRow<string>> All
    {
        get
        {
            if (RedisProcess.IsInstalled || Environment.GetEnvironmentVariable("CI") == "true")
                yield return Redis;
#if NET10_0_OR_GREATER
            yield return Garnet;
#endif
        }
    }

    internal static string Address(string kind)
#if NET10_0_OR_GREATER
        => kind == Garnet ? $"127.0.0.1:{s_garnet.Value.Port}" : s_redis.Value.Address;
#else
        => s_redis.Value.Address;
#endif

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

    public void Dispose()
    {
        if (s_redis.IsValueCreated)
            s_redis.Value.Dispose();
#if NET10_0_OR_GREATER
        if (s_garnet.IsValueCreated)
            s_garnet.Value.Dispose();
#endif
    }
}
