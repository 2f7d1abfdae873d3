using Memoize.Tiers;
using Microsoft.Extensions.DependencyInjection;

namespace Memoize.DependencyInjection;

// What the entries of a registration are called in the tiers. It depends on the other registrations of the interface, of which all are
// known when the container is there: what would depend on the order in which they are used would be another thing in each process.
internal sealed partial class Registrations
{
    private readonly List<DecoratedRegistration> decorated = [];

    /// <summary>The identity that another process finds out as well.</summary>
    /// <param name="registration">The registration.</param>
    /// <param name="service">The interface, with its type arguments.</param>
    /// <param name="implementation">The class that stands behind the decorator.</param>
    public EntryIdentity IdentityOf(DecoratedRegistration registration, Type service, Type implementation)
    {
        var others = decorated.FindAll(other => other != registration && IsFor(other, service) && services.Contains(other.Descriptor, ReferenceEqualityComparer.Instance));
        return others.Exists(registration.MayBeLike)
            ? EntryIdentity.NotShared($"{Show(service)} is registered more than once{(registration.Key is { } key ? $" with the key {key}" : "")}, with what may be the same class: give them keys, or factories that say what they make (AddSingleton<{service.Name}, {implementation.Name}>(provider => …))")
            : EntryIdentity.Of(implementation, registration.Key, isAlone: others.Count == 0);
    }

    private static bool IsFor(DecoratedRegistration registration, Type service)
        => registration.Service == service || (service.IsConstructedGenericType && registration.Service == service.GetGenericTypeDefinition());

    private ServiceDescriptor Known(DecoratedRegistration registration, ServiceDescriptor replaced)
    {
        registration.Descriptor = replaced;
        decorated.Add(registration);
        return replaced;
    }
}
