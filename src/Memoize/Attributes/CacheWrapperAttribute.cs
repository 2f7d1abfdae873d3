using System.ComponentModel;

namespace Memoize;

/// <summary>
/// Marks a generated method that is a cached wrapper itself, so that a project which calls it in another assembly knows that the
/// call needs no redirection. Written by the generator on cached partial methods; not for use in code.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
[AttributeUsage(AttributeTargets.Method, Inherited = false)]
public sealed class CacheWrapperAttribute : Attribute;
