namespace Memoize;

/// <summary>
/// Evicts all entries that have a tag, of whatever method, when this method has succeeded; see <see cref="CachedAttribute.Tags"/>.
/// </summary>
/// <remarks>
/// What is said of success, of loads under way and of plain and partial methods at <see cref="EvictsAttribute"/> holds here, too.
/// </remarks>
/// <param name="tag">
/// The tag, with parameters of this method in it: <c>"user:{id}"</c>, <c>"user:{user.Id}"</c>. It is checked at compile time, and
/// values are written as <see cref="Memo.EvictTag(ref Tags.TagText)"/> writes them.
/// </param>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true, Inherited = false)]
public sealed class EvictsTagAttribute(string tag) : Attribute
{
    /// <summary>The tag, with names of parameters in braces.</summary>
    public string Tag { get; } = tag;

    /// <summary>
    /// Evicts before the method runs, and once more when it has ended, even if it throws. The default is <see langword="false"/>: once,
    /// after success.
    /// </summary>
    public bool Before { get; set; }
}
