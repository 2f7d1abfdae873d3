using Memoize.Catalog;

namespace Memoize.Configuration;

/// <summary>Finds methods by what people write: the stable name, or the name without its parameter types where there is only one.</summary>
internal sealed class MethodNames(IReadOnlyDictionary<string, CachedMethodInfo> known)
{
    /// <summary>The method that is meant.</summary>
    /// <param name="text">What was written; case does not matter, as in all keys of a configuration.</param>
    /// <param name="why">If there is none: the reason, and what may have been meant.</param>
    internal CachedMethodInfo? Find(string text, out string why)
    {
        why = "";
        if (known.TryGetValue(text, out var exact))
            return exact;

        var found = known.Values.Where(method => Same(method.Name, text)).ToList();
        if (found.Count == 0)
            found = [.. known.Values.Where(method => Same(method.Name.Split('(')[0], text))];
        switch (found)
        {
            case [var only]:
                return only;
            case []:
                why = $"there is no cached method of this name in the assemblies that are loaded.{NearNames.DidYouMean(text, known.Keys)}"
                    + (known.Count == 0 ? " There are no cached methods at all." : "")
                    + " One of an assembly that is loaded later is made known by AddMemoize(memo => memo.AddMethodsOf(typeof(…))).";
                return null;
            default:
                why = $"several methods have this name: {string.Join(", ", found.Select(static method => method.Name).Order(StringComparer.Ordinal))}. Give one of these, with its parameter types.";
                return null;
        }
    }

    private static bool Same(string name, string text) => name.Equals(text, StringComparison.OrdinalIgnoreCase);
}
