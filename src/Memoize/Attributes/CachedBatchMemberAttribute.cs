namespace Memoize;

/// <summary>
/// Makes a method of an interface that is not ours the batch of a cached one, in the decorator that
/// <see cref="CachedDecoratorAttribute"/> asks for. It has all options of <see cref="CachedBatchAttribute"/>, and is checked as that is.
/// </summary>
[AttributeUsage(AttributeTargets.Assembly, AllowMultiple = true)]
public sealed class CachedBatchMemberAttribute : Attribute
{
    /// <summary>A batch of a cached method of the same interface, or of one that it inherits.</summary>
    /// <param name="service">The interface that declares the method; of a generic one the open type.</param>
    /// <param name="member">The name of the method, best written with <c>nameof</c>.</param>
    /// <param name="method">The name of the cached method, best written with <c>nameof</c>.</param>
    /// <param name="parameters">The types of the parameters of <paramref name="member"/>, which tell overloads apart; not needed where there is one method of the name.</param>
    public CachedBatchMemberAttribute(Type service, string member, string method, params Type[] parameters)
        => (Service, Member, Method, Parameters) = (service, member, method, parameters);

    /// <summary>A batch of a cached method of another type, which the interface inherits.</summary>
    /// <param name="service">The interface that declares the method; of a generic one the open type.</param>
    /// <param name="member">The name of the method, best written with <c>nameof</c>.</param>
    /// <param name="type">The type that declares the cached method.</param>
    /// <param name="method">The name of the cached method, best written with <c>nameof</c>.</param>
    /// <param name="parameters">The types of the parameters of <paramref name="member"/>, which tell overloads apart; not needed where there is one method of the name.</param>
    public CachedBatchMemberAttribute(Type service, string member, Type type, string method, params Type[] parameters)
        => (Service, Member, Type, Method, Parameters) = (service, member, type, method, parameters);

    /// <summary>The interface that declares the method.</summary>
    public Type Service { get; }

    /// <summary>The name of the method.</summary>
    public string Member { get; }

    /// <summary>The types of its parameters; empty where the name alone says which method is meant.</summary>
    public IReadOnlyList<Type> Parameters { get; }

    /// <inheritdoc cref="CachedBatchAttribute.Method"/>
    public string Method { get; }

    /// <inheritdoc cref="CachedBatchAttribute.Type"/>
    public Type? Type { get; }
}
