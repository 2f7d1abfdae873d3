using System.Collections.Concurrent;
using Microsoft.Extensions.Options;

namespace Memoize.DependencyInjection;

/// <summary>The caches of all decorated registrations in one container: two containers made of the same registrations share nothing.</summary>
internal sealed class ContainerCaches
{
    private readonly ConcurrentDictionary<object, Lazy<object>> owners = new(ReferenceEqualityComparer.Instance);

    public ContainerCaches(Registrations registrations) => registrations.CheckLate();

    /// <summary>The owner of the caches of a registration; always the same one in this container.</summary>
    public object OwnerOf(object registration, CachedDecorator decorator)
        => owners.GetOrAdd(registration, static (_, decorator) => new Lazy<object>(decorator.CreateOwner), decorator).Value;
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
