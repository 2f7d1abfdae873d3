namespace Memoize;

/// <summary>
/// Generates a caching decorator of an interface: <c>CachedWeatherApi : IWeatherApi</c>. On an assembly, for an interface that is not
/// ours; <see cref="CachedMemberAttribute"/> beside it says which of its methods are cached, and how. On an interface of ours, whose
/// methods say so themselves by <see cref="CachedAttribute"/>, or are inherited from one whose methods do, it is needed only to choose
/// another <see cref="Name"/>.
/// </summary>
[AttributeUsage(AttributeTargets.Assembly | AttributeTargets.Interface, AllowMultiple = true, Inherited = false)]
public sealed class CachedDecoratorAttribute : Attribute
{
    /// <summary>On an interface of ours: says something about its decorator.</summary>
    public CachedDecoratorAttribute()
    {
    }

    /// <summary>On an assembly: asks for the decorator of an interface.</summary>
    /// <param name="service">The interface; of a generic one the open type, <c>typeof(IRepository&lt;&gt;)</c>.</param>
    public CachedDecoratorAttribute(Type service) => Service = service;

    /// <summary>The interface; null where the attribute is on the interface.</summary>
    public Type? Service { get; }

    /// <summary>The name of the generated class; the default is <c>Cached{Name of the interface without I}</c>.</summary>
    public string? Name { get; set; }
}
