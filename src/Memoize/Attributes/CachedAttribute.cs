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
public sealed class CachedAttribute : Attribute
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
    /// Seconds after <see cref="Ttl"/> during which callers still get the old value at once, while one load in the background brings
    /// a new one. The default, 0, means that nobody gets a value beyond its lifetime. Needs <see cref="Ttl"/> or
    /// <see cref="TtlFrom"/>.
    /// </summary>
    public double StaleWhileRevalidate { get; set; }

    /// <summary>
    /// Seconds after <see cref="Ttl"/> during which a load that fails, or takes longer than <see cref="Timeout"/>, gives its callers
    /// the old value in place of the exception. The default, 0, means that they get the exception. Needs <see cref="Ttl"/> or
    /// <see cref="TtlFrom"/>.
    /// </summary>
    public double StaleIfError { get; set; }

    /// <summary>
    /// The part of a value's lifetime, between 0 and 1, after which a hit starts one load in the background, so that a key that is in
    /// use never makes anybody wait. The default, 0, means never. Needs <see cref="Ttl"/> or <see cref="TtlFrom"/>.
    /// </summary>
    public double RefreshAhead { get; set; }

    /// <summary>
    /// The part of its lifetime, between 0 and 1, by which a value may live shorter, at random, so that values that were loaded
    /// together do not all expire together. No value lives longer. The default is 0. Needs <see cref="Ttl"/> or
    /// <see cref="TtlFrom"/>.
    /// </summary>
    public double Jitter { get; set; }

    /// <summary>
    /// Where results are remembered besides memory, nearest first, separated by commas: names that <see cref="Memo.AddTier"/> is given
    /// when the program starts, such as <c>"redis,disk"</c>. The default is memory alone, and so is a name that no tier has. Processes
    /// that share a store share the results; <see cref="Ttl"/> counts from when the value was loaded, by whichever process.
    /// </summary>
    public string? Tiers { get; set; }

    /// <summary>
    /// Seconds after which the callers of a load stop waiting: they get the old value where <see cref="StaleIfError"/> allows it, and
    /// a <see cref="TimeoutException"/> otherwise. The load's token is cancelled, its result is not remembered, and the next call
    /// starts another. The default, 0, means no limit.
    /// </summary>
    public double Timeout { get; set; }

    /// <summary>
    /// Seconds for which the exception of a load is remembered and thrown again without another load. The default, 0, means that the
    /// next call loads again.
    /// </summary>
    public double ErrorTtl { get; set; }

    /// <summary>
    /// The lifetime of a result that is null, in seconds, in place of <see cref="Ttl"/>. The default, 0, makes no difference between
    /// null and other results.
    /// </summary>
    public double NullTtl { get; set; }

    /// <summary>Whether a result that is null is remembered. The default is <see langword="true"/>.</summary>
    public bool CacheNull { get; set; } = true;

    /// <summary>
    /// The name of a method, best written with <c>nameof</c>, that says for the arguments of a call whether the cache is asked at all.
    /// It returns <see cref="bool"/>; its parameters are matched with those of the cached method by name, and it may take fewer.
    /// Where it says <see langword="false"/>, the original runs, as if there were no attribute.
    /// </summary>
    public string? When { get; set; }

    /// <summary>
    /// The name of a static method, best written with <c>nameof</c>, that says for a loaded value whether it is <em>not</em> to be
    /// remembered. It returns <see cref="bool"/> and takes the value (of a task, its result) and, if it likes, arguments of the call by
    /// name. Callers get the value either way.
    /// </summary>
    public string? Unless { get; set; }

    /// <summary>
    /// The name of a static method, best written with <c>nameof</c>, that says how long a loaded value lives, in place of
    /// <see cref="Ttl"/>. It returns <see cref="TimeSpan"/> and takes the value and, if it likes, arguments of the call by name. Zero or
    /// less: the value is not remembered.
    /// </summary>
    public string? TtlFrom { get; set; }

    /// <summary>
    /// The most that all entries may weigh together, a hard bound beside <see cref="MaxSize"/>. What a value weighs says
    /// <see cref="Weigher"/>; strings and arrays of bytes weigh what they hold. A value that weighs more than the whole is returned and
    /// not remembered. The default, 0, means no bound by weight.
    /// </summary>
    public long MaxBytes { get; set; }

    /// <summary>
    /// The name of a static method, best written with <c>nameof</c>, that says what a value weighs, in the unit of
    /// <see cref="MaxBytes"/>. It returns <see cref="long"/> or <see cref="int"/> and takes the value and, if it likes, arguments of the
    /// call by name.
    /// </summary>
    public string? Weigher { get; set; }

    /// <summary>
    /// What the entries can be evicted by, together with entries of other methods: <c>"users"</c>, <c>"user:{id}"</c>,
    /// <c>"user:{user.Id}"</c>, with names of parameters in braces. A template begins with text, and a value in it stands between
    /// separators (<c>: / | , ; = # &amp;</c>) or at the end. It is checked at compile time.
    /// </summary>
    /// <remarks>
    /// <c>Memo.EvictTag($"user:{id}")</c> and <see cref="EvictsTagAttribute"/> evict them. How values are written says
    /// <see cref="Memoize.Tags.TagText"/>.
    /// </remarks>
    public string[] Tags { get; set; } = [];

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
