namespace Memoize;

/// <summary>
/// Declares a value that belongs to the caller and is no argument (the tenant, the user, the culture), so that cached methods of this
/// assembly can have it in their keys: <c>[Cached(VaryBy = "tenant")]</c>.
/// </summary>
/// <remarks>
/// <para>
/// The source is a static property, field or method without parameters, which generated code of this assembly can reach. Its type is
/// one that can be part of a key; of a <see cref="System.Globalization.CultureInfo"/> the name counts, and whether the user's
/// overrides are applied.
/// </para>
/// <para>
/// It is read once per call, before the lookup and by the thread that calls. What it throws, the call throws. A cached method that reads a declared source
/// and does not vary by it does not compile.
/// </para>
/// </remarks>
/// <param name="name">What methods call it: letters, digits, <c>_</c>, <c>-</c> and <c>.</c>, beginning with a letter.</param>
/// <param name="source">The type that has the member.</param>
/// <param name="member">The static property, field or parameterless method, best written with <c>nameof</c>.</param>
[AttributeUsage(AttributeTargets.Assembly, AllowMultiple = true)]
public sealed class CacheVaryByAttribute(string name, Type source, string member) : Attribute
{
    /// <summary>What methods call it.</summary>
    public string Name { get; } = name;

    /// <summary>The type that has the member.</summary>
    public Type Source { get; } = source;

    /// <summary>The static property, field or parameterless method.</summary>
    public string Member { get; } = member;

    /// <summary>
    /// Makes it part of the key of every cached method of the assembly, except of those that say <c>VaryBy = "-name"</c>. The default
    /// is <see langword="false"/>: only methods that name it vary by it.
    /// </summary>
    public bool Default { get; set; }
}
