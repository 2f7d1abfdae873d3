using Microsoft.Extensions.DependencyInjection;

namespace Memoize.DependencyInjection;

/// <summary>A registration that a decorator stands before, as far as it tells what that is in the tiers.</summary>
internal sealed class DecoratedRegistration
{
    // Whether instances are of this class, and of none that derives from it.
    private readonly bool isExact;
    private readonly Type implementation;

    public DecoratedRegistration(ServiceDescriptor original)
    {
        Service = original.ServiceType;
        Key = original.ServiceKey;
        var known = original.IsKeyedService ? original.KeyedImplementationType ?? original.KeyedImplementationInstance?.GetType() : original.ImplementationType ?? original.ImplementationInstance?.GetType();
        isExact = known is not null;

        // The delegate of a factory may say more than the interface: AddSingleton<IApi, Api>(provider => …).
        implementation = known ?? (original.IsKeyedService ? (Delegate)original.KeyedImplementationFactory! : original.ImplementationFactory!).GetType().GenericTypeArguments[^1];
    }

    /// <summary>The class behind the decorator, as far as it is known before there is an instance.</summary>
    public Type Implementation => implementation;

    /// <summary>The interface, perhaps open.</summary>
    public Type Service { get; }

    /// <summary>The key; null for none.</summary>
    public object? Key { get; }

    /// <summary>What takes its place in the collection: one that has been removed from there is no registration any longer.</summary>
    public ServiceDescriptor Descriptor { get; set; } = null!;

    /// <summary>Whether both may give instances of one class under one key, so that nobody can tell their entries apart.</summary>
    public bool MayBeLike(DecoratedRegistration other) => Equals(Key, other.Key) && ((isExact, other.isExact) switch
    {
        (true, true) => DefinitionOf(implementation) == DefinitionOf(other.implementation),
        _ when IsOpen || other.IsOpen => true,
        (true, false) => other.implementation.IsAssignableFrom(implementation),
        (false, true) => implementation.IsAssignableFrom(other.implementation),
        (false, false) => implementation.IsAssignableFrom(other.implementation) || other.implementation.IsAssignableFrom(implementation),
    });

    private bool IsOpen => Service.IsGenericTypeDefinition;

    private static Type DefinitionOf(Type type) => type.IsConstructedGenericType ? type.GetGenericTypeDefinition() : type;
}
