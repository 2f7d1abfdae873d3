namespace Memoize;

/// <summary>
/// Evicts what a cached method remembers when this method has succeeded: put it on methods that write. Several attributes on one
/// method evict from several.
/// </summary>
/// <remarks>
/// <para>
/// Every parameter in the key of the cached method is matched with a parameter of this method that has the same name and a type that
/// converts to its type; <see cref="Map"/> names others. All of it is checked at compile time. A cached method with overloads is
/// evicted in every overload whose key can be matched.
/// </para>
/// <para>
/// A method that returns a task has succeeded when the task has. A method that throws evicts nothing, unless <see cref="Before"/> is
/// set. An eviction wins over loads that are under way: no call that starts after the method has returned sees what was loaded before.
/// </para>
/// <para>
/// On an ordinary method every direct call is redirected at compile time; on a <c>partial</c> method, whose body is in a method named
/// <c>{Method}Core</c>, everybody who calls it evicts. On a member of an interface the generated decorator evicts, from the caches of
/// all registrations. It is the same with <see cref="CachedAttribute"/>.
/// </para>
/// </remarks>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true, Inherited = false)]
public sealed class EvictsAttribute : Attribute
{
    /// <summary>Evicts from a cached method of the same type, or of a base type.</summary>
    /// <param name="method">Its name, best written with <c>nameof</c>.</param>
    public EvictsAttribute(string method) => Method = method;

    /// <summary>Evicts from a cached method of another type.</summary>
    /// <param name="type">The type that declares the cached method.</param>
    /// <param name="method">Its name, best written with <c>nameof</c>.</param>
    public EvictsAttribute(Type type, string method)
    {
        Type = type;
        Method = method;
    }

    /// <summary>The type that declares the cached method; null for the type of the method that carries the attribute.</summary>
    public Type? Type { get; }

    /// <summary>The name of the cached method.</summary>
    public string Method { get; }

    /// <summary>
    /// Where the parameters of the cached method come from, if not from parameters of the same names: <c>"id = user.Id"</c> for each,
    /// with the name of a parameter of the cached method on the left and, on the right, a parameter of this method or a member of one;
    /// <c>return</c> is what this method returns. If something on the way to the member is null, nothing is evicted.
    /// </summary>
    /// <remarks>Members are read when the method has succeeded, so that an id which the method assigns is the one that is evicted.</remarks>
    public string[] Map { get; set; } = [];

    /// <summary>
    /// Evicts all entries of the cached method and its overloads, so that nothing has to be matched. The default is
    /// <see langword="false"/>.
    /// </summary>
    public bool All { get; set; }

    /// <summary>
    /// Evicts before the method runs, and once more when it has ended, even if it throws: for methods that may have changed something
    /// before they fail. The default is <see langword="false"/>: once, after success.
    /// </summary>
    public bool Before { get; set; }
}
