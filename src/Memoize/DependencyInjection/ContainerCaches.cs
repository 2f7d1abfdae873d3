using System.Collections.Concurrent;
using Memoize.Flights;
using Memoize.Isolation;
using Memoize.Tiers;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Memoize.DependencyInjection;

/// <summary>The caches of all decorated registrations in one container: two containers made of the same registrations share nothing.</summary>
internal sealed class ContainerCaches : IDisposable
{
    private readonly ConcurrentDictionary<object, Lazy<object>> owners = new(ReferenceEqualityComparer.Instance);

    private readonly ConcurrentDictionary<object, InstanceOrigin> origins = new(ReferenceEqualityComparer.Instance);
    private readonly Registrations registrations;
    private readonly IServiceScopeFactory scopes;
    private readonly IDisposable? logging;

    public ContainerCaches(Registrations registrations, IServiceScopeFactory scopes, ILoggerFactory? logs)
    {
        registrations.CheckLate();
        this.registrations = registrations;
        this.scopes = scopes;
        logging = logs is null ? null : CacheDomain.Process.Loggers.Attach(logs);
    }

    /// <summary>The container is gone, and so are its logs.</summary>
    public void Dispose() => logging?.Dispose();

    /// <summary>The owner of the caches of a registration; always the same one in this container.</summary>
    /// <param name="resolve">Stands for the registration; of an open one, for one combination of type arguments.</param>
    /// <param name="create">Makes it.</param>
    /// <param name="registration">The registration.</param>
    /// <param name="service">The interface, with its type arguments.</param>
    /// <param name="instance">What stands behind the first decorator.</param>
    public object OwnerOf(object resolve, Func<object> create, DecoratedRegistration registration, Type service, object instance)
        => (owners.TryGetValue(resolve, out var known) ? known : owners.GetOrAdd(resolve, _ => new Lazy<object>(() =>
        {
            var owner = create();
            EntryIdentity.Name(owner, registrations.IdentityOf(registration, service, instance.GetType()));
            return owner;
        }))).Value;

    /// <summary>An instance of a registration is there: loads in the background that it starts are to run on another one of the same kind.</summary>
    /// <param name="instance">The instance.</param>
    /// <param name="resolve">The registration: how it gives its instances.</param>
    /// <param name="disposesInstance">Whether the container does not dispose what that gives.</param>
    public void Track(object instance, Func<IServiceProvider, object> resolve, bool disposesInstance)
        => BackgroundLoad.Track(instance, origins.GetOrAdd(resolve, _ => new(scopes, resolve, disposesInstance)));
}

/// <summary>Asks for the caches when the host starts, so that what was registered too late is said then.</summary>
internal sealed class StartupCheck : IValidateOptions<StartupCheck>
{
    // The options themselves, which say nothing.
    public StartupCheck()
    {
    }

    public StartupCheck(ContainerCaches caches) => ArgumentNullException.ThrowIfNull(caches);

    public ValidateOptionsResult Validate(string? name, StartupCheck options) => ValidateOptionsResult.Success;
}
