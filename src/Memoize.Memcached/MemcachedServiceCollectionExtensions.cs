using Memoize.Memcached;
using Microsoft.Extensions.Caching.Distributed;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers a <see cref="MemcachedCache"/>.</summary>
public static class MemcachedServiceCollectionExtensions
{
    /// <summary>
    /// Adds one <see cref="MemcachedCache"/> for the whole application, which is also its <see cref="IDistributedCache"/> unless it has
    /// one already: HybridCache and FusionCache find it there.
    /// </summary>
    /// <param name="services">The services.</param>
    /// <param name="configure">Names the servers, and more.</param>
    /// <returns>The services.</returns>
    public static IServiceCollection AddMemcachedCache(this IServiceCollection services, Action<MemcachedCacheOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(configure);
        services.AddOptions().Configure(configure);
        services.TryAddSingleton(static provider => new MemcachedCache(
            provider.GetRequiredService<IOptions<MemcachedCacheOptions>>().Value, provider.GetService<ILogger<MemcachedCache>>()));
        services.TryAddSingleton<IDistributedCache>(static provider => provider.GetRequiredService<MemcachedCache>());
        return services;
    }
}
