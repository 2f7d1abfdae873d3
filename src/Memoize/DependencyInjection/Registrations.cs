using System.Reflection;
using Microsoft.Extensions.DependencyInjection;

namespace Memoize.DependencyInjection;

/// <summary>What <c>AddMemoize</c> has done to the registrations of one service collection.</summary>
internal sealed class Registrations(IServiceCollection services)
{
    private readonly HashSet<ServiceDescriptor> done = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<Type, CachedDecorator> named = [];

    public IServiceCollection Services => services;

    public bool AllowsLate { get; set; }

    public void Name(CachedDecorator decorator) => named[decorator.Service] = decorator;

    /// <summary>Puts decorators before what has none yet.</summary>
    public void Decorate()
    {
        for (var i = 0; i < services.Count; i++)
        {
            var descriptor = services[i];
            if (done.Contains(descriptor) || DecoratorOf(descriptor.ServiceType) is not { } decorator)
                continue;

            var decorated = Decorate(descriptor, decorator);
            done.Add(decorated);
            services[i] = decorated;
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

    // The implementation becomes a registration of its own, under a key that nobody else has: the container makes it and disposes it, once.
    private ServiceDescriptor Decorate(ServiceDescriptor descriptor, CachedDecorator decorator)
    {
        if (descriptor.IsKeyedService && ReferenceEquals(descriptor.ServiceKey, KeyedService.AnyKey))
            throw new InvalidOperationException($"{Show(descriptor)} is registered for any key, and then there is not one registration to cache for. Register the keys that are used.");

        var inner = Inner(descriptor);
        object Create(IServiceProvider provider)
            => decorator.Create(inner(provider), provider.GetRequiredService<ContainerCaches>().OwnerOf(inner, decorator));

        return descriptor.IsKeyedService
            ? ServiceDescriptor.DescribeKeyed(descriptor.ServiceType, descriptor.ServiceKey, (provider, _) => Create(provider), descriptor.Lifetime)
            : ServiceDescriptor.Describe(descriptor.ServiceType, Create, descriptor.Lifetime);
    }

    private Func<IServiceProvider, object> Inner(ServiceDescriptor descriptor)
    {
        if ((descriptor.IsKeyedService ? descriptor.KeyedImplementationInstance : descriptor.ImplementationInstance) is { } instance)
            return _ => instance;

        var key = new object();
        ServiceDescriptor own;
        if (descriptor is { IsKeyedService: true, KeyedImplementationFactory: { } keyedFactory })
        {
            var original = descriptor.ServiceKey;
            own = ServiceDescriptor.DescribeKeyed(typeof(object), key, (provider, _) => keyedFactory(provider, original), descriptor.Lifetime);
        }
        else if (descriptor is { IsKeyedService: false, ImplementationFactory: { } factory })
        {
            own = ServiceDescriptor.DescribeKeyed(typeof(object), key, (provider, _) => factory(provider), descriptor.Lifetime);
        }
        else if (descriptor.IsKeyedService)
        {
            var type = descriptor.KeyedImplementationType!;
            if (type.GetConstructors().SelectMany(static constructor => constructor.GetParameters()).Any(static parameter => parameter.IsDefined(typeof(ServiceKeyAttribute))))
                throw new InvalidOperationException($"{Show(descriptor)}: {type.Name} wants to know its key by [ServiceKey], and behind a decorator the container would give it another one. Register it with a factory: (provider, key) => new {type.Name}(…).");
            own = ServiceDescriptor.DescribeKeyed(type, key, type, descriptor.Lifetime);
        }
        else
        {
            var type = descriptor.ImplementationType!;
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
