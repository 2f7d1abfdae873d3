using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using Memoize.Catalog;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Memoize.DependencyInjection;

/// <summary>What <c>AddMemoize</c> has done to the registrations of one service collection.</summary>
internal sealed partial class Registrations(IServiceCollection services)
{
    private readonly HashSet<ServiceDescriptor> done = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<Type, CachedDecorator> named = [];

    public IServiceCollection Services => services;

    public bool AllowsLate { get; set; }

    /// <summary>The tiers, in the order in which they were added.</summary>
    public List<TierRegistration> Tiers { get; } = [];

    /// <summary>The section that is read in place of the one that the container has.</summary>
    public IConfiguration? Configuration { get; set; }

    public void Name(CachedDecorator decorator) => named[decorator.Service] = decorator;

    /// <summary>Puts decorators before what has none yet, and lets instances be known that loads in the background run on.</summary>
    public void Decorate()
    {
        var known = services.Count;
        foreach (var descriptor in services)
            Load(descriptor);
        var background = new BackgroundTypes();
        for (var i = 0; i < known; i++)
        {
            var descriptor = services[i];
            if (done.Contains(descriptor))
                continue;

            var replaced = DecoratorOf(descriptor.ServiceType) is { } decorator ? Decorate(descriptor, decorator, background)
                : GenericDecoratorOf(descriptor) is { } generic ? Decorate(descriptor, generic, background)
                : Tracked(descriptor, background);
            if (replaced is null)
                continue;
            done.Add(replaced);
            services[i] = replaced;
        }
    }

    /// <summary>Refuses a container in which a call through an interface would pass its decorator by.</summary>
    public void CheckLate()
    {
        if (AllowsLate)
            return;

        var late = services.Where(descriptor => !done.Contains(descriptor) && HasDecorator(descriptor.ServiceType)).Select(Show).Distinct().ToList();
        if (late.Count > 0)
        {
            throw new InvalidOperationException(
                $"{string.Join(", ", late)} was registered after AddMemoize, so no cache stands before it. Call AddMemoize after all registrations, "
                + "or once more at the end (that is harmless); where it is meant, as with the fake of a test, say AddMemoize(memo => memo.AllowLateRegistrations()).");
        }
    }

    private bool HasDecorator(Type service)
        => named.ContainsKey(service) || CachedDecorators.Of(service).Count > 0 || CachedDecorators.OfGeneric(service).Count > 0;

    private CachedDecorator? DecoratorOf(Type service)
    {
        if (named.TryGetValue(service, out var decorator))
            return decorator;

        return CachedDecorators.Of(service) switch
        {
            [] => null,
            [var only] => only,
            _ => throw new InvalidOperationException($"Several assemblies have a decorator of {Show(service)}. Say which is meant: AddMemoize(memo => memo.Decorate(….Decorator))."),
        };
    }

    private ServiceDescriptor Decorate(ServiceDescriptor descriptor, CachedDecorator decorator, BackgroundTypes background)
    {
        CheckKey(descriptor);
        var decorated = new DecoratedRegistration(descriptor);
        var inner = Inner(descriptor);
        var tracks = Tracks(descriptor, decorator.LoadsInBackground, background);
        return Known(decorated, descriptor.With(provider =>
        {
            var service = inner(provider);

            // A registration that passes on what another one gives: one call is one lookup.
            if (service is ICachedDecorator)
                return service;

            var container = provider.GetRequiredService<ContainerCaches>();
            if (tracks)
                container.Track(service, inner, disposesInstance: false);
            return decorator.Create(service, container.OwnerOf(inner, decorator.CreateOwner, decorated, descriptor.ServiceType, service));
        }));
    }

    private static void CheckKey(ServiceDescriptor descriptor)
    {
        if (descriptor.IsKeyedService && ReferenceEquals(descriptor.ServiceKey, KeyedService.AnyKey))
            throw new InvalidOperationException($"{Show(descriptor)} is registered for any key, and then there is not one registration to cache for. Register the keys that are used.");
    }

    private static bool Tracks(ServiceDescriptor descriptor, bool loadsInBackground, BackgroundTypes background)
        => LivesInScope(descriptor)
            && (loadsInBackground || (ImplementationOf(descriptor) is { } type ? background.Has(type) : background.MayBe(descriptor.ServiceType)));

    // What a singleton needs is there for as long as the container. An open generic type cannot have a factory.
    private ServiceDescriptor? Tracked(ServiceDescriptor descriptor, BackgroundTypes background)
    {
        if (!LivesInScope(descriptor) || descriptor.ServiceType.IsGenericTypeDefinition
            || (descriptor.IsKeyedService && ReferenceEquals(descriptor.ServiceKey, KeyedService.AnyKey)))
        {
            return null;
        }

        Func<IServiceProvider, object> resolve;
        var disposesInstance = false;
        if (ImplementationOf(descriptor) is not { } type)
        {
            if (!background.MayBe(descriptor.ServiceType))
                return null;
            resolve = FactoryOf(descriptor);
            disposesInstance = true;
        }
        else if (!background.Has(type) || WantsKey(descriptor))
        {
            return null;
        }
        else if (!typeof(IDisposable).IsAssignableFrom(type) && !typeof(IAsyncDisposable).IsAssignableFrom(type))
        {
            resolve = Inner(descriptor);
        }
        else if (type.GetConstructors().Length == 1)
        {
            // The container disposes what a factory gives, so it must not have made it before: it would dispose it twice.
            var create = ActivatorUtilities.CreateFactory(type, Type.EmptyTypes);
            resolve = provider => create(provider, null);
            disposesInstance = true;
        }
        else
        {
            return null;
        }

        return descriptor.With(provider =>
        {
            var service = resolve(provider);
            provider.GetRequiredService<ContainerCaches>().Track(service, resolve, disposesInstance);
            return service;
        });
    }

    private static bool LivesInScope(ServiceDescriptor descriptor) => descriptor.Lifetime != ServiceLifetime.Singleton;

    [return: DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)]
    private static Type? ImplementationOf(ServiceDescriptor descriptor)
        => descriptor.IsKeyedService ? descriptor.KeyedImplementationType : descriptor.ImplementationType;

    private static bool WantsKey(ServiceDescriptor descriptor)
        => descriptor is { IsKeyedService: true, KeyedImplementationType: { } type } && type.GetConstructors()
            .SelectMany(static constructor => constructor.GetParameters())
            .Any(static parameter => parameter.IsDefined(typeof(ServiceKeyAttribute))
                || parameter.GetCustomAttribute<FromKeyedServicesAttribute>() is { LookupMode: ServiceKeyLookupMode.InheritKey });

    private static Func<IServiceProvider, object> FactoryOf(ServiceDescriptor descriptor)
    {
        if (!descriptor.IsKeyedService)
            return descriptor.ImplementationFactory!;

        var (factory, key) = (descriptor.KeyedImplementationFactory!, descriptor.ServiceKey);
        return provider => factory(provider, key);
    }

    private static void Load(ServiceDescriptor descriptor)
    {
        CachedMethodCatalog.Load(descriptor.ServiceType);
        if (ImplementationOf(descriptor) is { } type)
            CachedMethodCatalog.Load(type);
    }

    // The implementation becomes a registration of its own, under a key that nobody else has: the container makes it and disposes it, once.
    private Func<IServiceProvider, object> Inner(ServiceDescriptor descriptor)
    {
        if ((descriptor.IsKeyedService ? descriptor.KeyedImplementationInstance : descriptor.ImplementationInstance) is { } instance)
            return _ => instance;

        var key = new object();
        ServiceDescriptor own;
        if (ImplementationOf(descriptor) is not { } type)
        {
            var factory = FactoryOf(descriptor);
            own = ServiceDescriptor.DescribeKeyed(typeof(object), key, (provider, _) => factory(provider), descriptor.Lifetime);
        }
        else
        {
            CheckWantsKey(descriptor, type);
            own = ServiceDescriptor.DescribeKeyed(type, key, type, descriptor.Lifetime);
        }

        AddOwn(own);
        return provider => provider.GetRequiredKeyedService(own.ServiceType, key);
    }

    private void AddOwn(ServiceDescriptor own)
    {
        done.Add(own);
        services.Add(own);
    }

    private static void CheckWantsKey(ServiceDescriptor descriptor, Type type)
    {
        if (WantsKey(descriptor))
            throw new InvalidOperationException($"{Show(descriptor)}: {Show(type)} wants to know its key, and behind a decorator the container would give it another one. {(type.IsGenericTypeDefinition ? "Register its closed types with factories" : "Register it with a factory")}: (provider, key) => new {Show(type)}(…).");
    }

    private static string Show(ServiceDescriptor descriptor) => Show(descriptor.ServiceType) + (descriptor.IsKeyedService ? $" (key {descriptor.ServiceKey})" : "");

    internal static string Show(Type type) => type.IsGenericType ? Show(type, type.Name.Split('`')[0]) : type.Name;

    private static string Show(Type type, string name)
        => $"{name}<{string.Join(", ", type.GetGenericArguments().Select(static argument => argument.IsGenericParameter ? argument.Name : Show(argument)))}>";
}
