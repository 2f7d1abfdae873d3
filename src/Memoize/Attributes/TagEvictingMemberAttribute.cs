namespace Memoize;

/// <summary>
/// Lets a method of an interface that is not ours evict all entries that have a tag, in the decorator that
/// <see cref="CachedDecoratorAttribute"/> asks for. It has all options of <see cref="EvictsTagAttribute"/>, and is checked as that is.
/// </summary>
[AttributeUsage(AttributeTargets.Assembly, AllowMultiple = true)]
public sealed class TagEvictingMemberAttribute : Attribute
{
    /// <summary>Evicts a tag.</summary>
    /// <param name="service">The interface that declares the method; of a generic one the open type.</param>
    /// <param name="member">The name of the method, best written with <c>nameof</c>.</param>
    /// <param name="tag">The tag, with parameters of the method in it: <c>"user:{id}"</c>.</param>
    /// <param name="parameters">The types of the parameters of <paramref name="member"/>, which tell overloads apart; not needed where there is one method of the name.</param>
    public TagEvictingMemberAttribute(Type service, string member, string tag, params Type[] parameters)
        => (Service, Member, Tag, Parameters) = (service, member, tag, parameters);

    /// <summary>The interface that declares the method.</summary>
    public Type Service { get; }

    /// <summary>The name of the method.</summary>
    public string Member { get; }

    /// <summary>The types of its parameters; empty where the name alone says which method is meant.</summary>
    public IReadOnlyList<Type> Parameters { get; }

    /// <inheritdoc cref="EvictsTagAttribute.Tag"/>
    public string Tag { get; }

    /// <inheritdoc cref="EvictsTagAttribute.Before"/>
    public bool Before { get; set; }
}
