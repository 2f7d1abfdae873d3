using System.Runtime.CompilerServices;
using Microsoft.Extensions.DependencyInjection;

namespace Memoize.DependencyInjection;

// Generic interfaces. Nobody can close a generic decorator without reflection but the container, which does so for every open
// registration. So it gets the open decorator to make.
internal sealed partial class Registrations
{
    private readonly Dictionary<(Type Service, object Key), (GenericRegistration Registration, ServiceDescriptor Descriptor, Type Implementation)> open = [];

    // Stands for no key, which no dictionary has.
    private static readonly object NoKey = new();

    /// <summary>The open registration that gives a closed service.</summary>
    public GenericRegistration OpenOf(Type service, object? key)
    {
        var definition = service.GetGenericTypeDefinition();

        // Without a key the container looks for an object to give instead, and may find one.
        return open.TryGetValue((definition, key ?? NoKey), out var made) || open.TryGetValue((definition, NoKey), out made)
            ? made.Registration
            : throw new InvalidOperationException($"{Show(service)}: AddMemoize has put its decorator before no such registration.");
    }

    private static GenericDecorator? GenericDecoratorOf(ServiceDescriptor descriptor)
    {
        var service = descriptor.ServiceType;
        switch (CachedDecorators.OfGeneric(service))
        {
            case []:
                return null;
            case [{ Registered: null } only]:
                throw new InvalidOperationException(
                    $"{Show(descriptor)} has the decorator {only.Name}, and no container can make that, because its assembly was compiled without Microsoft.Extensions.DependencyInjection.Abstractions. Reference that package there, "
                    + $"or register closed types and name their decorators: AddMemoize(memo => memo.Decorate({Show(service, only.Name)}.Decorator)).");
            case [var only]:
                if (!RuntimeFeature.IsDynamicCodeSupported && service.GenericTypeArguments.Any(static argument => argument.IsValueType))
                    throw new InvalidOperationException($"{Show(descriptor)}: ahead of time, no container can make {only.Name} for a type of values. Name it: AddMemoize(memo => memo.Decorate({Show(service, only.Name)}.Decorator)).");
                return only;
            default:
                throw new InvalidOperationException(service.IsGenericTypeDefinition
                    ? $"Several assemblies have a decorator of {Show(descriptor)}, and of an open type none can be named. Register the closed types, and say which decorators are meant: AddMemoize(memo => memo.Decorate(….Decorator))."
                    : $"Several assemblies have a decorator of {Show(descriptor)}. Say which is meant: AddMemoize(memo => memo.Decorate(….Decorator)).");
        }
    }

    private ServiceDescriptor Decorate(ServiceDescriptor descriptor, GenericDecorator decorator, BackgroundTypes background)
    {
        CheckKey(descriptor);
        return descriptor.ServiceType.IsGenericTypeDefinition ? DecorateOpen(descriptor, decorator, background) : DecorateClosed(descriptor, decorator, background);
    }

    // The key tells the decorator which registration it is for.
    private ServiceDescriptor DecorateClosed(ServiceDescriptor descriptor, GenericDecorator decorator, BackgroundTypes background)
    {
        var service = descriptor.ServiceType;
        var decorated = new DecoratedRegistration(descriptor);
        var registration = new GenericRegistration(Inner(descriptor), null, decorated, Tracks(descriptor, decorator.LoadsInBackground, background));
        AddOwn(ServiceDescriptor.DescribeKeyed(service.GetGenericTypeDefinition(), registration, decorator.Registered!, ServiceLifetime.Transient));
        return Known(decorated, descriptor.With(provider =>
        {
            var made = provider.GetRequiredKeyedService(service, registration);
            return made is ICachedDecorator { Inner: ICachedDecorator other } ? other : made;
        }));
    }

    private ServiceDescriptor DecorateOpen(ServiceDescriptor descriptor, GenericDecorator decorator, BackgroundTypes background)
    {
        var (service, key) = (descriptor.ServiceType, descriptor.ServiceKey);
        var implementation = ImplementationOf(descriptor)!;
        CheckWantsKey(descriptor, implementation);
        if (open.TryGetValue((service, key ?? NoKey), out var other) && services.Contains(other.Descriptor, ReferenceEqualityComparer.Instance))
        {
            throw new InvalidOperationException(
                $"{Show(descriptor)} is registered as an open generic type twice, with {Show(other.Implementation)} and {Show(implementation)}. A container does not tell a decorator which of the two it is for: "
                + $"remove the one that is not meant, with services.RemoveAll before the other, or register closed types.");
        }

        var decorated = new DecoratedRegistration(descriptor);
        var registration = new GenericRegistration(null, new object(), decorated, Tracks(descriptor, decorator.LoadsInBackground, background));
        AddOwn(ServiceDescriptor.DescribeKeyed(service, registration.Key, implementation, descriptor.Lifetime));
        var replaced = descriptor.IsKeyedService
            ? ServiceDescriptor.DescribeKeyed(service, key, decorator.Registered!, descriptor.Lifetime)
            : ServiceDescriptor.Describe(service, decorator.Registered!, descriptor.Lifetime);
        open[(service, key ?? NoKey)] = (registration, replaced, implementation);
        return Known(decorated, replaced);
    }
}
