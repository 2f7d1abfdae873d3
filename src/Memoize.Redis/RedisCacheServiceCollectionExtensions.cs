using Memoize.Redis;
using Microsoft.Extensions.Caching.Distributed;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers a <see cref="RedisCache"/>.</summary>
public static class RedisCacheServiceCollectionExtensions
{
    /// <summary>
    /// Registers one <see cref="RedisCache"/> for all, and makes it the application's <see cref="IDistributedCache"/>, where HybridCache,
    /// FusionCache and sessions find it.
    /// </summary>
    /// <param name="services">The registrations.</param>
    /// <param name="configure">Changes the options; may be null where the container has an <see cref="IConnectionMultiplexer"/>.</param>
    /// <returns><paramref name="services"/>.</returns>
    public static IServiceCollection AddRedisCache(this IServiceCollection services, Action<RedisCacheOptions>? configure = null)
    {
        services.AddMemoizeRedis(configure);
        services.AddSingleton<IDistributedCache>(static provider => provider.GetRequiredService<RedisCache>());
        return services;
    }

    /// <summary>
    /// Registers one <see cref="RedisCache"/> for all, as nothing but itself: the application's <see cref="IDistributedCache"/> stays what it
    /// is. Where the options name no server, the <see cref="IConnectionMultiplexer"/> of the container is used.
    /// </summary>
    /// <param name="services">The registrations.</param>
    /// <param name="configure">Changes the options; may be null where the container has an <see cref="IConnectionMultiplexer"/>.</param>
    /// <returns><paramref name="services"/>.</returns>
    public static IServiceCollection AddMemoizeRedis(this IServiceCollection services, Action<RedisCacheOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.AddOptions<RedisCacheOptions>();
        if (configure is not null)
            services.Configure(configure);
        services.TryAddSingleton(static provider =>
        {
            var options = provider.GetRequiredService<IOptions<RedisCacheOptions>>().Value;
            if (options is { Configuration: null, ConfigurationOptions: null, Multiplexer: null })
                options.Multiplexer = provider.GetService<IConnectionMultiplexer>();
            return new RedisCache(options);
        });
        return services;
    }
}
