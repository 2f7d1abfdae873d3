using System.ComponentModel;
using Memoize.Catalog;

namespace Memoize;

/// <summary>Knows the generated decorators of the loaded assemblies, and looks behind decorators; for generated code. Safe for use by many threads.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class CachedDecorators
{
    private static readonly Dictionary<Type, List<Func<CachedDecorator>>> Known = [];
    private static readonly Dictionary<Type, string> Generic = [];

    /// <summary>The service behind a decorator.</summary>
    /// <typeparam name="T">The interface.</typeparam>
    /// <param name="service">A decorator, or any other service.</param>
    /// <returns>What is decorated; the service itself if it is no decorator.</returns>
    public static T Inner<T>(T service)
        where T : class
        => service is ICachedDecorator { Inner: T inner } ? inner : service;

    /// <summary>Makes a decorator known; called when its assembly is loaded, so it does next to nothing.</summary>
    /// <param name="service">The interface.</param>
    /// <param name="decorator">The decorator.</param>
    public static void Announce(Type service, Func<CachedDecorator> decorator)
    {
        lock (Known)
        {
            if (!Known.TryGetValue(service, out var decorators))
                Known.Add(service, decorators = []);
            decorators.Add(decorator);
        }
    }

    /// <summary>Makes the decorator of a generic interface known.</summary>
    /// <param name="service">The open interface.</param>
    /// <param name="name">The name of the decorator.</param>
    public static void AnnounceGeneric(Type service, string name)
    {
        lock (Known)
            Generic[service] = name;
    }

    /// <summary>The decorators of an interface that the loaded assemblies have; the assembly of the interface is asked even if none of its code has run.</summary>
    internal static IReadOnlyList<CachedDecorator> Of(Type service)
    {
        CachedMethodCatalog.Load(service);
        Func<CachedDecorator>[] decorators;
        lock (Known)
        {
            if (!Known.TryGetValue(service, out var known))
                return [];
            decorators = [.. known];
        }

        return [.. decorators.Select(static decorator => decorator())];
    }

    /// <summary>The name of the decorator of a generic interface; null where there is none.</summary>
    internal static string? NameOfGeneric(Type service)
    {
        if (!service.IsGenericType)
            return null;

        CachedMethodCatalog.Load(service);
        lock (Known)
            return Generic.GetValueOrDefault(service.GetGenericTypeDefinition());
    }
}
