using Memoize.Catalog;

namespace Memoize.DependencyInjection;

/// <summary>The classes on whose instances loads in the background run, as far as they are known at one moment.</summary>
internal sealed class BackgroundTypes
{
    private readonly HashSet<Type> types = [.. CachedMethodCatalog.All.Select(static method => method.LoadsOn).OfType<Type>()];

    /// <summary>Whether such loads run on instances of the class: its own methods, or inherited ones.</summary>
    public bool Has(Type implementation)
    {
        for (var type = implementation; type is not null; type = type.BaseType)
        {
            if (types.Contains(type.IsConstructedGenericType ? type.GetGenericTypeDefinition() : type))
                return true;
        }

        return false;
    }

    /// <summary>Whether what a factory gives for the service may be such an instance.</summary>
    public bool MayBe(Type service)
        => service != typeof(object) && (Has(service) || types.Any(service.IsAssignableFrom));
}
