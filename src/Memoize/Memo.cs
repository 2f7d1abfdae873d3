using Memoize.Isolation;
using Memoize.Observability;
using Memoize.Tags;
using Microsoft.Extensions.Logging;

namespace Memoize;

/// <summary>The process-wide entry to all caches. Safe for use by many threads.</summary>
/// <remarks>In a flow of execution that a test has isolated, all of this is about the caches of that flow.</remarks>
public static partial class Memo
{
    /// <summary>Guards the list of methods, and the time provider together with the making of caches.</summary>
    internal static readonly object Gate = new();

    private static readonly List<WeakReference<CachedMethod>> Methods = [];

    /// <summary>
    /// All cached methods whose caches have been used so far, in the order of their first use: a snapshot.
    /// </summary>
    /// <remarks>A method that nobody else refers to, such as one of an unloaded assembly, is not kept alive by this list.</remarks>
    public static IReadOnlyList<CachedMethod> Caches
    {
        get
        {
            lock (Gate)
                return Alive();
        }
    }

    /// <summary>
    /// Whether results are remembered; <see langword="true"/> unless somebody says otherwise. While it is
    /// <see langword="false"/>, every call runs the original by itself: nothing is served, nothing is stored and nobody waits for
    /// another's load. Evictions and <c>Set</c> still work. The entries come back when it is switched on again, unless their time
    /// is over.
    /// </summary>
    public static bool Enabled
    {
        get => CacheDomain.Current.Enabled;
        set => CacheDomain.Current.Enabled = value;
    }

    /// <summary>
    /// The clock of all lifetimes and load times, <see cref="TimeProvider.System"/> by default; for tests. Setting it clears all
    /// caches, because the deadlines of two clocks must not mix.
    /// </summary>
    /// <exception cref="ArgumentNullException">The value is null.</exception>
    public static TimeProvider TimeProvider
    {
        get => CacheDomain.Current.TimeProvider;
        set
        {
            ArgumentNullException.ThrowIfNull(value);
            CacheDomain.Current.Use(value);
            foreach (var method in Caches)
                method.Forget();
        }
    }

    /// <summary>
    /// Where messages go, category <c>Memoize</c>: failures in the background, old values that were served because of an error, loads
    /// that took too long, values that were not stored, and clears. Null (the default) for the container that <c>AddMemoize</c> was
    /// called for, if there is one, the latest if there are several.
    /// </summary>
    /// <remarks>No message has a key or a value in it. What may come often is written at most every ten seconds for each method.</remarks>
    public static ILoggerFactory? LoggerFactory
    {
        get => CacheDomain.Current.Loggers.Factory;
        set => CacheDomain.Current.Loggers.Factory = value;
    }

    /// <summary>Removes all entries of all methods, as <see cref="CachedMethod.Clear"/> does for one.</summary>
    public static void ClearAll()
    {
        foreach (var method in Caches)
            method.Empty();
        MemoLog.WereCleared(CacheDomain.Current);
    }

    /// <summary>
    /// Removes the entries of all methods that have a tag. Loads of such entries that are running go on for those who wait for them,
    /// but their values are not kept: no call that starts after this has returned sees a value whose load began before it.
    /// </summary>
    /// <remarks>Costs a lookup for each cache of a method with tags, and the removal of what it finds.</remarks>
    /// <param name="tag">The whole text of the tag, such as <c>"user:42"</c>.</param>
    /// <returns>How many entries there were.</returns>
    /// <exception cref="ArgumentException"><paramref name="tag"/> is empty or null.</exception>
    public static int EvictTag(string tag) => EvictTag(EntryTag.Of(tag));

    /// <summary>The same with values in the text, which are written as in the tags of a method.</summary>
    /// <param name="tag">An interpolated string, such as <c>$"user:{id}"</c>; see <see cref="TagText"/>.</param>
    /// <returns>How many entries there were.</returns>
    /// <exception cref="ArgumentException"><paramref name="tag"/> is empty.</exception>
    public static int EvictTag(ref TagText tag) => EvictTag(EntryTag.Of(ref tag));

    private static int EvictTag(EntryTag tag)
    {
        var evicted = ForgetTagged(tag);
        if (!HasTiersHere)
            return evicted;

        EvictTagFromTiers(tag);
        return evicted + ForgetTagged(tag);
    }

    internal static int ForgetTagged(EntryTag tag)
    {
        var evicted = 0;
        foreach (var method in Caches)
            evicted += method.EvictTag(tag);
        return evicted;
    }

    internal static void Register(CachedMethod method)
    {
        MemoMeter.Start();
        lock (Gate)
        {
            // Now and then, so that a process which loads and unloads assemblies for ever does not collect empty references.
            if (Methods.Count == Methods.Capacity)
                Methods.RemoveAll(static reference => !reference.TryGetTarget(out _));
            Methods.Add(new(method));
        }
    }

    private static List<CachedMethod> Alive()
    {
        var alive = new List<CachedMethod>(Methods.Count);
        foreach (var reference in Methods)
        {
            if (reference.TryGetTarget(out var method))
                alive.Add(method);
        }

        return alive;
    }
}
