namespace Memoize;

/// <summary>
/// Caches a method of an interface that is not ours, in the decorator that <see cref="CachedDecoratorAttribute"/> asks for. It has all
/// options of <see cref="CachedAttribute"/>, and is checked as that is.
/// </summary>
/// <param name="service">The interface that declares the method; of a generic one the open type.</param>
/// <param name="method">The name of the method: <c>nameof(IWeatherApi.GetForecastAsync)</c>.</param>
/// <param name="parameters">The types of its parameters, which tell overloads apart; not needed where there is one method of the name.</param>
[AttributeUsage(AttributeTargets.Assembly, AllowMultiple = true)]
public sealed class CachedMemberAttribute(Type service, string method, params Type[] parameters) : CachedAttribute
{
    /// <summary>The interface that declares the method.</summary>
    public Type Service { get; } = service;

    /// <summary>The name of the method.</summary>
    public string Method { get; } = method;

    /// <summary>The types of its parameters; empty where the name alone says which method is meant.</summary>
    public IReadOnlyList<Type> Parameters { get; } = parameters;

    /// <summary>The names of parameters that cannot change the result and are left out of the key, as <see cref="NotInKeyAttribute"/> says it.</summary>
    public string[]? NotInKey { get; set; }
}
