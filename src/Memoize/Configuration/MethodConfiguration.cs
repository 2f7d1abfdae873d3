using Memoize.Catalog;

namespace Memoize.Configuration;

/// <summary>The settings of methods by their names: of those that have been called, and of those that have not been yet.</summary>
internal static class MethodConfiguration
{
    private static readonly object Gate = new();
    private static readonly Dictionary<string, (MethodSettings Settings, object Source)> Named = new(StringComparer.Ordinal);

    internal static MethodSettings? Of(string method)
    {
        lock (Gate)
            return Named.TryGetValue(method, out var named) ? named.Settings : null;
    }

    /// <summary>The settings of a source, in place of those that it gave before. Where two sources speak of a method, the later one counts.</summary>
    internal static void Set(object source, IReadOnlyDictionary<string, MethodSettings> settings)
    {
        HashSet<string> touched;
        lock (Gate)
        {
            touched = [.. settings.Keys, .. Named.Where(pair => pair.Value.Source == source).Select(static pair => pair.Key)];
            foreach (var name in touched)
            {
                if (settings.TryGetValue(name, out var own))
                    Named[name] = (own, source);
                else
                    Named.Remove(name);
            }
        }

        foreach (var method in Memo.Caches)
        {
            if (touched.Contains(method.Name))
                method.Apply(Of(method.Name));
        }
    }

    /// <summary>The methods there are: those of the catalogs of the loaded assemblies, and those that somebody made by hand.</summary>
    internal static IReadOnlyDictionary<string, CachedMethodInfo> Known
    {
        get
        {
            var known = new Dictionary<string, CachedMethodInfo>(StringComparer.Ordinal);
            foreach (var method in CachedMethodCatalog.All)
                known[method.Name] = method;
            foreach (var method in Memo.Caches)
            {
                known[method.Name] = new(method.Name)
                {
                    LoadsInBackground = method.Options.StaleWhileRevalidate > 0 || method.Options.RefreshAhead > 0,
                    Weighs = method.Options.MaxBytes > 0,
                    Tiers = method.Options.Tiers,
                };
            }

            return known;
        }
    }
}
