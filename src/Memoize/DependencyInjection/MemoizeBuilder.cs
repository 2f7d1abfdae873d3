using Memoize.Catalog;
using Memoize.DependencyInjection;
using Memoize.Tiers;
using Microsoft.Extensions.Caching.Distributed;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Memoize;

#pragma warning disable RS0026   // the second argument tells the two overloads of AddTier apart

/// <summary>What <c>AddMemoize</c> can be told.</summary>
public sealed class MemoizeBuilder
{
    private readonly Registrations registrations;

    internal MemoizeBuilder(Registrations registrations) => this.registrations = registrations;

    /// <summary>The registrations.</summary>
    public IServiceCollection Services => registrations.Services;

    /// <summary>
    /// Names the decorator of an interface, <c>memo.Decorate(CachedRepository&lt;int&gt;.Decorator)</c>. Needed where two assemblies have a
    /// decorator of one interface, and ahead of time for a generic interface of values, which no container can close then.
    /// </summary>
    /// <param name="decorator">The static <c>Decorator</c> property of the generated class.</param>
    /// <returns>This.</returns>
    public MemoizeBuilder Decorate(CachedDecorator decorator)
    {
        ArgumentNullException.ThrowIfNull(decorator);
        registrations.Name(decorator);
        return this;
    }

    /// <summary>
    /// Accepts registrations that come after <c>AddMemoize</c> and have no decorator, such as the fakes of a test host; otherwise they are an error.
    /// </summary>
    /// <returns>This.</returns>
    public MemoizeBuilder AllowLateRegistrations()
    {
        registrations.AllowsLate = true;
        return this;
    }

    /// <summary>
    /// Reads the options of methods from another section than <c>Memoize</c> of the configuration that the container has; see
    /// <see cref="MemoizeConfiguration"/>.
    /// </summary>
    /// <param name="section">The section that has <c>Methods</c> below it.</param>
    /// <returns>This.</returns>
    public MemoizeBuilder UseConfiguration(IConfiguration section)
    {
        ArgumentNullException.ThrowIfNull(section);
        registrations.Configuration = section;
        return this;
    }

    /// <summary>
    /// Adds a tier whose store is the <see cref="IDistributedCache"/> of the container: the one that is registered with the key
    /// <paramref name="name"/>, or else the one without a key.
    /// </summary>
    /// <param name="name">The name, as in <c>[Cached(Tiers = "redis,disk")]</c>.</param>
    /// <param name="options">How it is treated; null for the defaults. What the section <c>Tiers:{name}</c> of the configuration says takes the place of this.</param>
    /// <param name="configure">Is given the tier before anybody uses it, for example for a serializer of its own.</param>
    /// <returns>This.</returns>
    /// <inheritdoc cref="AddTier(string, Func{IServiceProvider, IDistributedCache}, CacheTierOptions?, Action{CacheTier}?)" path="/*[self::remarks or self::exception]"/>
    public MemoizeBuilder AddTier(string name, CacheTierOptions? options = null, Action<CacheTier>? configure = null)
        => AddTier(name, services => services.GetKeyedService<IDistributedCache>(name) ?? services.GetRequiredService<IDistributedCache>(), options, configure);

    /// <summary>Adds a tier. Those that are added first are nearer, to methods with <c>Tiers = "*"</c>.</summary>
    /// <remarks>
    /// It is there from when the host starts, or the first decorator is made, until the container is disposed, which waits until what
    /// is being written has been. A tier of the same name that there is already is not used meanwhile.
    /// </remarks>
    /// <param name="name">The name, as in <c>[Cached(Tiers = "redis,disk")]</c>.</param>
    /// <param name="store">Gives the store, once; what the container has made the container disposes.</param>
    /// <param name="options">How it is treated; null for the defaults. What the section <c>Tiers:{name}</c> of the configuration says takes the place of this.</param>
    /// <param name="configure">Is given the tier before anybody uses it, for example for a serializer of its own.</param>
    /// <returns>This.</returns>
    /// <exception cref="InvalidOperationException">There is a tier of this name.</exception>
    public MemoizeBuilder AddTier(string name, Func<IServiceProvider, IDistributedCache> store, CacheTierOptions? options = null, Action<CacheTier>? configure = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(store);
        if (registrations.Tiers.Exists(tier => tier.Name == name))
            throw new InvalidOperationException($"A tier named '{name}' was added already. Give this one another name.");
        registrations.Tiers.Add(new(name, store, options ?? new(), configure));
        return this;
    }

    /// <summary>
    /// Makes the cached methods of an assembly known that may not be loaded when the host starts, so that a configuration can name them.
    /// </summary>
    /// <param name="type">Any type of the assembly.</param>
    /// <returns>This.</returns>
    public MemoizeBuilder AddMethodsOf(Type type)
    {
        ArgumentNullException.ThrowIfNull(type);
        CachedMethodCatalog.Load(type);
        return this;
    }
}
