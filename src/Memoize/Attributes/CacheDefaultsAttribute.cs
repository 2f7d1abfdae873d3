namespace Memoize;

/// <summary>
/// What all <see cref="CachedAttribute"/> of a type, or of the assembly, say unless they say otherwise. The nearest wins: the method,
/// then the type, the types around it, and the assembly, for each option by itself.
/// </summary>
/// <remarks>
/// A default that cannot mean anything for a method, such as <see cref="NullTtl"/> for one that never returns null or
/// <see cref="StaleIfError"/> for one whose values do not expire, leaves that method as it is. The options mean what they mean on
/// <see cref="CachedAttribute"/>, with the same units.
/// </remarks>
[AttributeUsage(AttributeTargets.Assembly | AttributeTargets.Class | AttributeTargets.Struct | AttributeTargets.Interface, Inherited = false)]
public sealed class CacheDefaultsAttribute : Attribute
{
    /// <summary>See <see cref="CachedAttribute.Ttl"/>, in seconds. A method that wants no limit says <see cref="double.PositiveInfinity"/>.</summary>
    public double Ttl { get; set; }

    /// <summary>See <see cref="CachedAttribute.Sliding"/>, in seconds.</summary>
    public double Sliding { get; set; }

    /// <summary>See <see cref="CachedAttribute.MaxSize"/>.</summary>
    public int MaxSize { get; set; } = 1024;

    /// <summary>See <see cref="CachedAttribute.Eviction"/>.</summary>
    public Eviction Eviction { get; set; }

    /// <summary>See <see cref="CachedAttribute.StaleWhileRevalidate"/>, in seconds.</summary>
    public double StaleWhileRevalidate { get; set; }

    /// <summary>See <see cref="CachedAttribute.StaleIfError"/>, in seconds.</summary>
    public double StaleIfError { get; set; }

    /// <summary>See <see cref="CachedAttribute.RefreshAhead"/>, a part between 0 and 1.</summary>
    public double RefreshAhead { get; set; }

    /// <summary>See <see cref="CachedAttribute.Jitter"/>, a part between 0 and 1.</summary>
    public double Jitter { get; set; }

    /// <summary>See <see cref="CachedAttribute.Tiers"/>; a method says <c>Tiers = ""</c> to be in memory alone.</summary>
    public string? Tiers { get; set; }

    /// <summary>See <see cref="CachedAttribute.Timeout"/>, in seconds.</summary>
    public double Timeout { get; set; }

    /// <summary>See <see cref="CachedAttribute.ErrorTtl"/>, in seconds.</summary>
    public double ErrorTtl { get; set; }

    /// <summary>See <see cref="CachedAttribute.NullTtl"/>, in seconds.</summary>
    public double NullTtl { get; set; }

    /// <summary>See <see cref="CachedAttribute.CacheNull"/>.</summary>
    public bool CacheNull { get; set; } = true;
}
