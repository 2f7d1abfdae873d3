namespace Memoize;

/// <summary>
/// Caches a method of an interface that is not ours, in the decorator that <see cref="CachedDecoratorAttribute"/> asks for. It has the
/// options of <see cref="CachedAttribute"/> but those that an interface has no use for, and is checked as that is.
/// </summary>
/// <param name="service">The interface that declares the method; of a generic one the open type.</param>
/// <param name="method">The name of the method: <c>nameof(IWeatherApi.GetForecastAsync)</c>.</param>
/// <param name="parameters">The types of its parameters, which tell overloads apart; not needed where there is one method of the name.</param>
[AttributeUsage(AttributeTargets.Assembly, AllowMultiple = true)]
public sealed class CachedMemberAttribute(Type service, string method, params Type[] parameters) : Attribute
{
    /// <summary>The interface that declares the method.</summary>
    public Type Service { get; } = service;

    /// <summary>The name of the method.</summary>
    public string Method { get; } = method;

    /// <summary>The types of its parameters; empty where the name alone says which method is meant.</summary>
    public IReadOnlyList<Type> Parameters { get; } = parameters;

    /// <summary>The names of parameters that cannot change the result and are left out of the key, as <see cref="NotInKeyAttribute"/> says it.</summary>
    public string[]? NotInKey { get; set; }

    /// <inheritdoc cref="CachedAttribute.Ttl"/>
    public double Ttl { get; set; }

    /// <inheritdoc cref="CachedAttribute.Sliding"/>
    public double Sliding { get; set; }

    /// <inheritdoc cref="CachedAttribute.MaxSize"/>
    public int MaxSize { get; set; } = 1024;

    /// <inheritdoc cref="CachedAttribute.Eviction"/>
    public Eviction Eviction { get; set; }

    /// <inheritdoc cref="CachedAttribute.StaleWhileRevalidate"/>
    public double StaleWhileRevalidate { get; set; }

    /// <inheritdoc cref="CachedAttribute.StaleIfError"/>
    public double StaleIfError { get; set; }

    /// <inheritdoc cref="CachedAttribute.RefreshAhead"/>
    public double RefreshAhead { get; set; }

    /// <inheritdoc cref="CachedAttribute.Jitter"/>
    public double Jitter { get; set; }

    /// <inheritdoc cref="CachedAttribute.Tiers"/>
    public string? Tiers { get; set; }

    /// <inheritdoc cref="CachedAttribute.Timeout"/>
    public double Timeout { get; set; }

    /// <inheritdoc cref="CachedAttribute.ErrorTtl"/>
    public double ErrorTtl { get; set; }

    /// <inheritdoc cref="CachedAttribute.NullTtl"/>
    public double NullTtl { get; set; }

    /// <inheritdoc cref="CachedAttribute.CacheNull"/>
    public bool CacheNull { get; set; } = true;

    /// <inheritdoc cref="CachedAttribute.When"/>
    public string? When { get; set; }

    /// <inheritdoc cref="CachedAttribute.Unless"/>
    public string? Unless { get; set; }

    /// <inheritdoc cref="CachedAttribute.TtlFrom"/>
    public string? TtlFrom { get; set; }

    /// <inheritdoc cref="CachedAttribute.MaxBytes"/>
    public long MaxBytes { get; set; }

    /// <inheritdoc cref="CachedAttribute.Weigher"/>
    public string? Weigher { get; set; }

    /// <inheritdoc cref="CachedAttribute.Tags"/>
    public string[] Tags { get; set; } = [];

    /// <inheritdoc cref="CachedAttribute.Name"/>
    public string? Name { get; set; }

    /// <inheritdoc cref="CachedAttribute.VaryBy"/>
    public string? VaryBy { get; set; }
}
