using Memoize.Sqlite;
using Microsoft.Extensions.Caching.Distributed;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers a <see cref="SqliteCache"/>.</summary>
public static class SqliteCacheServiceCollectionExtensions
{
    /// <summary>
    /// Registers one <see cref="SqliteCache"/> for all, and makes it the application's <see cref="IDistributedCache"/>, where HybridCache,
    /// FusionCache and sessions find it.
    /// </summary>
    /// <param name="services">The registrations.</param>
    /// <param name="configure">Changes the options; may be null.</param>
    /// <returns><paramref name="services"/>.</returns>
    public static IServiceCollection AddSqliteCache(this IServiceCollection services, Action<SqliteCacheOptions>? configure = null)
    {
        services.AddMemoizeSqlite(configure);
        services.AddSingleton<IDistributedCache>(static provider => provider.GetRequiredService<SqliteCache>());
        return services;
    }

    /// <summary>Registers one <see cref="SqliteCache"/> for all, as nothing but itself: the application's <see cref="IDistributedCache"/> stays what it is.</summary>
    /// <param name="services">The registrations.</param>
    /// <param name="configure">Changes the options; may be null.</param>
    /// <returns><paramref name="services"/>.</returns>
    public static IServiceCollection AddMemoizeSqlite(this IServiceCollection services, Action<SqliteCacheOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.AddOptions<SqliteCacheOptions>();
        if (configure is not null)
            services.Configure(configure);
        services.TryAddSingleton(static provider => new SqliteCache(
            provider.GetRequiredService<IOptions<SqliteCacheOptions>>().Value, provider.GetService<ILogger<SqliteCache>>()));
        return services;
    }
}
