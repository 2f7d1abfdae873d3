using System.Runtime.CompilerServices;

namespace Memoize.Dashboard;

/// <summary>Numbers by which the page names methods: names need not be unique, and a number fits into a path.</summary>
internal static class MethodIds
{
    private static readonly ConditionalWeakTable<CachedMethod, object> Ids = new();
    private static long last;

    internal static long Of(CachedMethod method) => (long)Ids.GetValue(method, static _ => Interlocked.Increment(ref last));

    internal static CachedMethod? Find(long id) => Memo.Caches.FirstOrDefault(method => Of(method) == id);
}
