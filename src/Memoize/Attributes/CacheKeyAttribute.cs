namespace Memoize;

/// <summary>
/// Says how a parameter of a cached method takes part in the key, or that a member of its type does.
/// </summary>
/// <remarks>
/// On a parameter it chooses members (<c>[CacheKey("Id")]</c>), a comparison (<see cref="IgnoreCase"/>) or element-wise equality
/// (<see cref="Structural"/>). On a field, property or primary constructor parameter of the type that declares cached instance
/// methods, it puts that member's value into the key of every cached method of the type that reads it.
/// </remarks>
[AttributeUsage(AttributeTargets.Parameter | AttributeTargets.Field | AttributeTargets.Property)]
public sealed class CacheKeyAttribute : Attribute
{
    /// <summary>The whole value takes part in the key.</summary>
    public CacheKeyAttribute() => Members = [];

    /// <summary>Only these members take part in the key, in place of the whole object.</summary>
    /// <param name="members">Member paths such as <c>"Id"</c> or <c>"Customer.Id"</c>; they are checked at compile time.</param>
    public CacheKeyAttribute(params string[] members) => Members = members;

    /// <summary>The member paths that take part in the key; empty for the whole value.</summary>
    public IReadOnlyList<string> Members { get; }

    /// <summary>
    /// Compares a <see cref="string"/> without regard to case (ordinal, independent of culture). The default is
    /// <see langword="false"/>: strings are equal when they are the same characters.
    /// </summary>
    public bool IgnoreCase { get; set; }

    /// <summary>
    /// Keeps an index of this part of the key, so that the handle of the method can evict all entries with one value of it:
    /// <c>ReportsCache.GetReport.EvictWhere(userId: 7)</c>. The default is <see langword="false"/>.
    /// </summary>
    public bool Indexed { get; set; }

    /// <summary>
    /// Compares a collection element by element, and passes a copy of it to the method, so that a later change of the caller's
    /// collection cannot reach the cache. A call with a collection of a type that is not known, so that a copy might behave otherwise,
    /// goes past the cache and counts as <see cref="CacheStatistics.Bypassed"/>. The default is <see langword="false"/>: a collection as a parameter does not compile.
    /// </summary>
    public bool Structural { get; set; }
}
