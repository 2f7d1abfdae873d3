namespace Memoize;

/// <summary>
/// Remembers the results of the method. Calls with equal arguments run it once; the others get the remembered value until it
/// expires, is evicted, or makes room for another.
/// </summary>
/// <remarks>
/// <para>
/// On an ordinary method (the <em>plain</em> door) every direct call in a project that references Memoize is redirected at compile
/// time. On a <c>partial</c> method (the <em>partial</em> door) the method itself becomes the cached wrapper, and its body is written
/// in a method of the same parameters named <c>{Method}Core</c>: everybody gets the cached result, also through interfaces,
/// delegates and reflection.
/// </para>
/// <para>
/// The key consists of all parameters by value; see <see cref="CacheKeyAttribute"/> and <see cref="NotInKeyAttribute"/>. What cannot
/// be proved to be a correct key does not compile.
/// </para>
/// </remarks>
[AttributeUsage(AttributeTargets.Method, Inherited = false)]
public class CachedAttribute : Attribute
{
    /// <summary>
    /// Seconds for which a value is served, counted from the moment it is ready. The default, 0, means that values do not expire
    /// by age. Fractions are allowed: <c>0.5</c> is half a second.
    /// </summary>
    public double Ttl { get; set; }

    /// <summary>
    /// Seconds after the last read at which a value expires. The default, 0, means that reading does not matter. Where
    /// <see cref="Ttl"/> is given too, no amount of reading keeps a value beyond it.
    /// </summary>
    public double Sliding { get; set; }

    /// <summary>
    /// The most entries that are kept: a hard bound, at least 3; the default is 1024. When it is reached, <see cref="Eviction"/>
    /// decides what goes. A cache is never unbounded.
    /// </summary>
    public int MaxSize { get; set; } = 1024;

    /// <summary>What makes room when <see cref="MaxSize"/> is reached. The default is <see cref="Eviction.Lru"/>.</summary>
    public Eviction Eviction { get; set; }

    /// <summary>
    /// Gives every instance a cache of its own, which lives as long as the instance does and holds it weakly.
    /// <see cref="MaxSize"/> then bounds each of them. The default is <see langword="false"/>: one cache for all instances, which
    /// compiles only if the method reads no state of its instance.
    /// </summary>
    public bool PerInstance { get; set; }

    /// <summary>
    /// On a <c>partial</c> method: the name of the method with the same parameters that holds the body, best written with
    /// <c>nameof</c>. The default is the method's name followed by <c>Core</c>.
    /// </summary>
    public string? Core { get; set; }

    /// <summary>
    /// The stable name under which the cache is listed in <see cref="Memo.Caches"/>. The default is the full name of the method
    /// with its parameter types; give one to keep it across renames.
    /// </summary>
    public string? Name { get; set; }

    /// <summary>
    /// What belongs to the caller and is part of the key: names that <see cref="CacheVaryByAttribute"/> declares for the assembly,
    /// separated by commas, such as <c>"tenant,culture"</c>. A minus says that one does not matter to this method: <c>"-tenant"</c>
    /// leaves out what is part of all keys by default, and allows the method to read it. The default is what the assembly says.
    /// </summary>
    public string? VaryBy { get; set; }
}
