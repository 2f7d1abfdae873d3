using System.ComponentModel;
using System.Diagnostics.CodeAnalysis;
using Memoize.Catalog;
using Memoize.DependencyInjection;
using Microsoft.Extensions.DependencyInjection;

namespace Memoize;

/// <summary>Knows the generated decorators of the loaded assemblies, and looks behind decorators; for generated code. Safe for use by many threads.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class CachedDecorators
{
    private static readonly Dictionary<Type, List<Func<CachedDecorator>>> Known = [];
    private static readonly Dictionary<Type, List<GenericDecorator>> Generic = [];

    /// <summary>The service behind a decorator.</summary>
    /// <typeparam name="T">The interface.</typeparam>
    /// <param name="service">A decorator, or any other service.</param>
    /// <returns>What is decorated; the service itself if it is no decorator.</returns>
    public static T Inner<T>(T service)
        where T : class
        => service is ICachedDecorator { Inner: T inner } ? inner : service;

    /// <summary>Makes a decorator known; called when its assembly is loaded, so it does next to nothing.</summary>
    /// <param name="service">The interface.</param>
    /// <param name="decorator">The decorator.</param>
    public static void Announce(Type service, Func<CachedDecorator> decorator)
    {
        lock (Known)
        {
            if (!Known.TryGetValue(service, out var decorators))
                Known.Add(service, decorators = []);
            decorators.Add(decorator);
        }
    }

    /// <summary>Makes the decorator of a generic interface known.</summary>
    /// <param name="service">The open interface.</param>
    /// <param name="name">The name of the decorator.</param>
    /// <param name="registered">
    /// The open class that a container makes, with type arguments that only it knows; it calls <see cref="Registered"/>. Null where the
    /// assembly knows of no containers.
    /// </param>
    /// <param name="loadsInBackground">Whether there are loads that no call waits for, so that they need a service of their own.</param>
    public static void AnnounceGeneric(
        Type service, string name, [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] Type? registered, bool loadsInBackground = false)
    {
        lock (Known)
        {
            if (!Generic.TryGetValue(service, out var decorators))
                Generic.Add(service, decorators = []);
            decorators.Add(new(name, registered, loadsInBackground));
        }
    }

    /// <summary>What a container puts behind the decorator of a generic interface that it is making.</summary>
    /// <typeparam name="TService">The interface.</typeparam>
    /// <typeparam name="TCaches">The caches of one registration.</typeparam>
    /// <param name="services">The container, or the scope.</param>
    /// <param name="key">The key under which the decorator is asked for; null for none.</param>
    /// <param name="createCaches">Makes the caches of a registration.</param>
    /// <returns>The service that is decorated, and the caches of its registration.</returns>
    public static (TService Inner, TCaches Caches) Registered<TService, TCaches>(IServiceProvider services, object? key, Func<TCaches> createCaches)
        where TService : class
        where TCaches : class
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(createCaches);
        var registration = key as GenericRegistration ?? services.GetRequiredService<Registrations>().OpenOf(typeof(TService), key);
        var resolve = registration.ResolverOf(typeof(TService));
        var container = services.GetRequiredService<ContainerCaches>();
        var inner = resolve(services);
        if (registration.Tracks)
            container.Track(inner, resolve, disposesInstance: false);
        return ((TService)inner, (TCaches)container.OwnerOf(resolve, createCaches, registration.Decorated, typeof(TService), inner));
    }

    /// <summary>The decorators of an interface that the loaded assemblies have; the assembly of the interface is asked even if none of its code has run.</summary>
    internal static IReadOnlyList<CachedDecorator> Of(Type service)
    {
        CachedMethodCatalog.Load(service);
        Func<CachedDecorator>[] decorators;
        lock (Known)
        {
            if (!Known.TryGetValue(service, out var known))
                return [];
            decorators = [.. known];
        }

        return [.. decorators.Select(static decorator => decorator())];
    }

    /// <summary>The decorators of a generic interface, open or closed.</summary>
    internal static IReadOnlyList<GenericDecorator> OfGeneric(Type service)
    {
        if (!service.IsGenericType)
            return [];

        CachedMethodCatalog.Load(service);
        lock (Known)
            return Generic.TryGetValue(service.GetGenericTypeDefinition(), out var decorators) ? [.. decorators] : [];
    }
}
