namespace Memoize;

/// <summary>
/// Stores what this method returns as if the cached method had returned it: put it on methods that write and return what they have
/// written.
/// </summary>
/// <remarks>
/// Parameters are matched as for <see cref="EvictsAttribute"/>. Where another write of the same entry, an eviction or a <c>Set</c>
/// comes between the beginning and the end of this method, nobody could tell which of the values is current: then the entry is evicted
/// instead. A result that is null where the cached method never returns null evicts, too. A method that throws changes nothing.
/// On a member of an interface the generated decorator stores the result for its own registration, and the others forget the entry.
/// </remarks>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true, Inherited = false)]
public sealed class UpdatesAttribute : Attribute
{
    /// <summary>Updates a cached method of the same type, or of a base type.</summary>
    /// <param name="method">Its name, best written with <c>nameof</c>.</param>
    public UpdatesAttribute(string method) => Method = method;

    /// <summary>Updates a cached method of another type.</summary>
    /// <param name="type">The type that declares the cached method.</param>
    /// <param name="method">Its name, best written with <c>nameof</c>.</param>
    public UpdatesAttribute(Type type, string method)
    {
        Type = type;
        Method = method;
    }

    /// <summary>The type that declares the cached method; null for the type of the method that carries the attribute.</summary>
    public Type? Type { get; }

    /// <summary>The name of the cached method.</summary>
    public string Method { get; }

    /// <summary>Where the parameters of the cached method come from; see <see cref="EvictsAttribute.Map"/>.</summary>
    public string[] Map { get; set; } = [];
}
