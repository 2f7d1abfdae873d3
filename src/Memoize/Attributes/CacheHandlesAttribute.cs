namespace Memoize;

/// <summary>
/// Names the generated static class that holds the handles of a type's cached methods, where the default
/// <c>{Type}Cache</c> is taken or not wanted.
/// </summary>
/// <param name="name">The simple name of the class; it is generated into the namespace of the type.</param>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct | AttributeTargets.Interface)]
public sealed class CacheHandlesAttribute(string name) : Attribute
{
    /// <summary>The simple name of the generated class.</summary>
    public string Name { get; } = name;
}
