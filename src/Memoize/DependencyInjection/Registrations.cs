using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using Memoize.Catalog;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Memoize.DependencyInjection;

/// <summary>What <c>AddMemoize</c> has done to the registrations of one service collection.</summary>
internal sealed class Registrations(IServiceCollection services)
{
    private readonly HashSet<ServiceDescriptor> done = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<Type, CachedDecorator> named = [];

    public IServiceCollection Services => services;

    public bool AllowsLate { get; set; }

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

            var replaced = DecoratorOf(descriptor.ServiceType) is { } decorator ? Decorate(descriptor, decorator, background) : Tracked(descriptor, background);
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
        => named.ContainsKey(service) || CachedDecorators.Of(service).Count > 0 || CachedDecorators.NameOfGeneric(service) is not null;

    private CachedDecorator? DecoratorOf(Type service)
    {
        if (named.TryGetValue(service, out var decorator))
            return decorator;

        if (CachedDecorators.NameOfGeneric(service) is { } name)
        {
            throw new InvalidOperationException(service.IsGenericTypeDefinition
                ? $"{Show(service)} is registered as an open generic type. Without reflection a decorator can only be made of closed ones: register these, and name their decorators, AddMemoize(memo => memo.Decorate({name}<…>.Decorator))."
                : $"{Show(service)} has the generic decorator {name}. Without reflection it must be named: AddMemoize(memo => memo.Decorate({Show(service, name)}.Decorator)).");
        }

        return CachedDecorators.Of(service) switch
        {
            [] => null,
            [var only] => only,
            _ => throw new InvalidOperationException($"Several assemblies have a decorator of {Show(service)}. Say which is meant: AddMemoize(memo => memo.Decorate(….Decorator))."),
        };
    }

    private ServiceDescriptor Decorate(ServiceDescriptor descriptor, CachedDecorator decorator, BackgroundTypes background)
    {
        if (descriptor.IsKeyedService && ReferenceEquals(descriptor.ServiceKey, KeyedService.AnyKey))
            throw new InvalidOperationException($"{Show(descriptor)} is registered for any key, and then there is not one registration to cache for. Register the keys that are used.");

        var inner = Inner(descriptor);
        var tracks = LivesInScope(descriptor)
            && (decorator.LoadsInBackground || (ImplementationOf(descriptor) is { } type ? background.Has(type) : background.MayBe(descriptor.ServiceType)));
        return descriptor.With(provider =>
        {
            var service = inner(provider);
            var container = provider.GetRequiredService<ContainerCaches>();
            if (tracks)
                container.Track(service, inner, disposesInstance: false);
            return decorator.Create(service, container.OwnerOf(inner, decorator));
        });
    }

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
            if (WantsKey(descriptor))
                throw new InvalidOperationException($"{Show(descriptor)}: {type.Name} wants to know its key, and behind a decorator the container would give it another one. Register it with a factory: (provider, key) => new {type.Name}(…).");
            own = ServiceDescriptor.DescribeKeyed(type, key, type, descriptor.Lifetime);
        }

        done.Add(own);
        services.Add(own);
        return provider => provider.GetRequiredKeyedService(own.ServiceType, key);
    }

    private static string Show(ServiceDescriptor descriptor) => Show(descriptor.ServiceType) + (descriptor.IsKeyedService ? $" (key {descriptor.ServiceKey})" : "");

    private static string Show(Type type) => type.IsGenericType ? Show(type, type.Name.Split('`')[0]) : type.Name;

    private static string Show(Type type, string name)
        => $"{name}<{string.Join(", ", type.GetGenericArguments().Select(static argument => argument.IsGenericParameter ? argument.Name : Show(argument)))}>";
}
