namespace Memoize;

/// <summary>
/// Leaves a parameter, or a member of the instance, out of the key, because its value cannot change the result. The author
/// answers for that: two calls that differ only here share one entry.
/// </summary>
[AttributeUsage(AttributeTargets.Parameter | AttributeTargets.Field | AttributeTargets.Property)]
public sealed class NotInKeyAttribute : Attribute;
