using Memoize;
using Memoize.DependencyInjection;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Puts generated decorators before the registrations of a container.</summary>
public static class MemoizeServiceCollectionExtensions
{
    /// <summary>
    /// Puts the generated decorators (<c>CachedWeatherApi</c>) before all registrations of their interfaces that are there: transient,
    /// scoped and singleton ones, keyed ones, with types, factories and instances, open generic ones. Each registration has caches of its own in each container.
    /// </summary>
    /// <remarks>
    /// Call it after the registrations. What is registered later is not decorated, and is found when the host starts or the first decorator
    /// is made: an <see cref="InvalidOperationException"/> then names it. To call it again is harmless and decorates what came in between.
    /// At the same moment, the section <c>Memoize</c> of the configuration that the container has is read, and an error in it is said.
    /// </remarks>
    /// <param name="services">The registrations.</param>
    /// <param name="configure">Says more; may be null.</param>
    /// <returns><paramref name="services"/>.</returns>
    /// <exception cref="InvalidOperationException">A registration cannot be decorated; the message names it and says what to do.</exception>
    public static IServiceCollection AddMemoize(this IServiceCollection services, Action<MemoizeBuilder>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        var registrations = services
            .Where(static descriptor => !descriptor.IsKeyedService && descriptor.ServiceType == typeof(Registrations))
            .Select(static descriptor => descriptor.ImplementationInstance as Registrations)
            .FirstOrDefault(existing => existing?.Services == services);
        if (registrations is null)
        {
            registrations = new Registrations(services);
            services.RemoveAll<Registrations>();
            services.AddSingleton(registrations);
            services.TryAddSingleton(static provider => new ContainerConfiguration(
                provider.GetRequiredService<Registrations>(), provider, provider.GetService<IConfiguration>(), provider.GetService<ILoggerFactory>()));
            services.TryAddSingleton(static provider =>
            {
                provider.GetRequiredService<ContainerConfiguration>();
                return new ContainerCaches(provider.GetRequiredService<Registrations>(), provider.GetRequiredService<IServiceScopeFactory>(), provider.GetService<ILoggerFactory>());
            });

            // The host validates options when it starts.
            services.AddOptionsWithValidateOnStart<StartupCheck>();
            services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<StartupCheck>, StartupCheck>(static provider => new(provider.GetRequiredService<ContainerCaches>())));
        }

        configure?.Invoke(new MemoizeBuilder(registrations));
        registrations.Decorate();
        return services;
    }
}
