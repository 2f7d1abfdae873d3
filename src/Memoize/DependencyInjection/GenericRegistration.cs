using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;

namespace Memoize.DependencyInjection;

/// <summary>
/// A registration of a generic interface behind its decorator. A closed one is the key under which the container makes its decorator; an
/// open one has a decorator, and caches, for each combination of type arguments that it is asked for.
/// </summary>
/// <param name="resolve">How the service behind the decorator is made; null for an open registration, which has a key.</param>
/// <param name="key">The key of an open registration, which nobody else has.</param>
/// <param name="decorated">What is known of the registration.</param>
/// <param name="tracks">Whether loads in the background are to know where the service came from.</param>
internal sealed class GenericRegistration(Func<IServiceProvider, object>? resolve, object? key, DecoratedRegistration decorated, bool tracks)
{
    private readonly ConcurrentDictionary<Type, Func<IServiceProvider, object>> resolvers = new();

    public object? Key => key;

    public DecoratedRegistration Decorated => decorated;

    public bool Tracks => tracks;

    /// <summary>How the service behind the decorator is made; the same delegate for the same type, which also stands for the registration.</summary>
    public Func<IServiceProvider, object> ResolverOf(Type service)
        => resolve ?? resolvers.GetOrAdd(service, type => provider => Make(provider, type));

    private object Make(IServiceProvider provider, Type service)
    {
        try
        {
            return provider.GetRequiredKeyedService(service, key);
        }
        catch (ArgumentException e) when (e.InnerException is TypeLoadException)
        {
            throw new InvalidOperationException(
                $"{Registrations.Show(service)}: {Registrations.Show(decorated.Implementation)} is registered for all type arguments, and its constraints do not allow these. "
                + "Behind a decorator it is not left out of an enumeration, as it would be otherwise: register it for the types that it is for.",
                e);
        }
    }
}
