using Memoize.Catalog;
using Memoize.DependencyInjection;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Memoize;

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
