namespace Memoize.Dashboard;

/// <summary>One entry as it is shown.</summary>
internal sealed record EntryRow(string Key, string? Instance, double Age, double? Remaining, long? Weight, string? Value);

/// <summary>A few entries of one method: never more than a page, and never a walk through more than a bounded number.</summary>
internal sealed record EntryPage(IReadOnlyList<EntryRow> Entries, int Skip, bool HasMore, int Looked, bool ShowsValues, bool ShowsWeights)
{
    internal const int Size = 50;
    internal const int MostLooked = 100_000;

    private const int LongestText = 2000;

    internal static EntryPage Take(CachedMethod method, string search, int skip, MemoizeDashboardOptions options)
    {
        var rows = new List<EntryRow>();
        var looked = 0;
        var passed = 0;
        EntryPage Page(bool hasMore) => new(rows, skip, hasMore, looked, options.ShowValue is not null, method.CurrentOptions.MaxBytes > 0);

        foreach (var entry in method.Entries(MostLooked))
        {
            looked++;
            if (search.Length > 0 && !entry.Key.Contains(search, StringComparison.OrdinalIgnoreCase))
                continue;
            if (passed++ < skip)
                continue;
            if (rows.Count == Size)
                return Page(hasMore: true);
            rows.Add(new(entry.Key, entry.Instance, entry.Age.TotalSeconds, entry.Remaining?.TotalSeconds, entry.Weight, ValueOf(entry, options.ShowValue)));
        }

        return Page(hasMore: false);
    }

    private static string? ValueOf(CacheEntry entry, Func<object?, string?>? show)
    {
        if (show is null || !entry.TryGetValue(out var value))
            return null;

        try
        {
            return show(value) is { Length: > LongestText } text ? $"{text.AsSpan(0, LongestText)}…" : show(value);
        }
        catch (Exception e)
        {
            return e.GetType().Name;
        }
    }
}
