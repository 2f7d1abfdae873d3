namespace Memoize.Generators.Parsing;

/// <summary>What somebody may have meant who wrote a name that does not exist.</summary>
internal static class NearNames
{
    /// <summary>The nearest of the names; null where none is near.</summary>
    public static string? To(string wrong, IEnumerable<string> names) => names
        .Distinct(StringComparer.Ordinal)
        .Select(name => (Name: name, Distance: Distance(wrong, name)))
        .Where(near => near.Distance <= Math.Max(2, wrong.Length / 3) && near.Distance < Math.Max(wrong.Length, near.Name.Length))
        .OrderBy(near => near.Distance)
        .ThenBy(near => near.Name, StringComparer.Ordinal)
        .Select(near => near.Name)
        .FirstOrDefault();

    /// <summary>The same as the end of a message.</summary>
    public static string DidYouMean(string wrong, IEnumerable<string> names) => To(wrong, names) is { } near ? $"; did you mean '{near}'?" : "";

    // Levenshtein's; a difference of case counts as nothing, and a common beginning or end counts for much.
    private static int Distance(string a, string b)
    {
        if (string.Equals(a, b, StringComparison.OrdinalIgnoreCase))
        {
            return 0;
        }

        if (Begins(a, b) || Begins(b, a))
        {
            return 1;
        }

        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var same = char.ToUpperInvariant(a[i - 1]) == char.ToUpperInvariant(b[j - 1]);
                (diagonal, row[j]) = (row[j], Math.Min(diagonal + (same ? 0 : 1), Math.Min(row[j], row[j - 1]) + 1));
            }
        }

        return row[b.Length];
    }

    private static bool Begins(string a, string b) =>
        (b.Length > 1 && a.StartsWith(b, StringComparison.OrdinalIgnoreCase)) || (b.Length > 3 && a.EndsWith(b, StringComparison.OrdinalIgnoreCase));
}
