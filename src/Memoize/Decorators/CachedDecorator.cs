namespace Memoize;

/// <summary>
/// How <c>AddMemoize</c> puts a generated decorator before the registrations of its interface. Every generated decorator has one in
/// its static <c>Decorator</c> property; to name it is needed only where two assemblies have a decorator of one interface, and ahead of
/// time for a generic interface of values. Immutable.
/// </summary>
public sealed class CachedDecorator
{
    private readonly Func<object, object, object> create;

    private CachedDecorator(Type service, Func<object> createOwner, Func<object, object, object> create, bool loadsInBackground)
    {
        Service = service;
        LoadsInBackground = loadsInBackground;
        CreateOwner = createOwner;
        this.create = create;
    }

    /// <summary>The interface.</summary>
    public Type Service { get; }

    /// <summary>Describes a decorator; for generated code.</summary>
    /// <typeparam name="TService">The interface.</typeparam>
    /// <typeparam name="TCaches">The caches of one registration.</typeparam>
    /// <param name="createCaches">Makes the caches of a registration.</param>
    /// <param name="create">Makes a decorator of a service with these caches.</param>
    /// <param name="loadsInBackground">Whether there are loads that no call waits for, so that they need a service of their own.</param>
    /// <returns>The description.</returns>
    public static CachedDecorator Of<TService, TCaches>(Func<TCaches> createCaches, Func<TService, TCaches, TService> create, bool loadsInBackground = false)
        where TService : class
        where TCaches : class
    {
        ArgumentNullException.ThrowIfNull(createCaches);
        ArgumentNullException.ThrowIfNull(create);
        return new(typeof(TService), createCaches, (inner, caches) => create((TService)inner, (TCaches)caches), loadsInBackground);
    }

    internal bool LoadsInBackground { get; }

    internal Func<object> CreateOwner { get; }

    internal object Create(object inner, object owner) => create(inner, owner);
}
