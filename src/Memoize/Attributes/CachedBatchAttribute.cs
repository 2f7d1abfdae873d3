namespace Memoize;

/// <summary>
/// Makes a method that loads several things at once the batch of a cached method that loads one: what is remembered is not loaded
/// again, what is missing is loaded in one call of the original, and both methods share their entries.
/// </summary>
/// <remarks>
/// <para>
/// One parameter is a collection of what the cached method takes as one of its parameters. All others that are in the key of the cached
/// method are found by name. The result is a dictionary by item, in which what was not found is missing, or a list of one value for
/// each item in their order; or a task of one of these.
/// </para>
/// <para>
/// Keys that another call is loading, of either method, are waited for and not loaded twice. How long a value is remembered, and how
/// many, says the <see cref="CachedAttribute"/> of the cached method. Where both are members of an interface, the generated decorator
/// does the batch, with the cache of its registration.
/// </para>
/// </remarks>
[AttributeUsage(AttributeTargets.Method, Inherited = false)]
public sealed class CachedBatchAttribute : Attribute
{
    /// <summary>A batch of a cached method of the same type.</summary>
    /// <param name="method">The name of the cached method, best written with <c>nameof</c>.</param>
    public CachedBatchAttribute(string method) => Method = method;

    /// <summary>A batch of a cached method of another type.</summary>
    /// <param name="type">The type that declares the cached method.</param>
    /// <param name="method">The name of the cached method, best written with <c>nameof</c>.</param>
    public CachedBatchAttribute(Type type, string method)
    {
        Type = type;
        Method = method;
    }

    /// <summary>The name of the cached method.</summary>
    public string Method { get; }

    /// <summary>The type that declares the cached method; null for the type of the batch itself.</summary>
    public Type? Type { get; }

    /// <summary>
    /// On a <c>partial</c> method: the name of the method with the same parameters that holds the body, best written with
    /// <c>nameof</c>. The default is the method's name followed by <c>Core</c>.
    /// </summary>
    public string? Core { get; set; }
}
