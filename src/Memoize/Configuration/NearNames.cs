namespace Memoize.Configuration;

/// <summary>What somebody may have meant who wrote something else.</summary>
internal static class NearNames
{
    private const int Most = 3;

    /// <summary>A sentence that names what is near, with a space before it; nothing if nothing is.</summary>
    internal static string DidYouMean(string text, IEnumerable<string> names)
    {
        var known = names.Select(name => (Name: name, Distance: DistanceTo(name, text))).ToList();
        var nearest = known.Select(static candidate => candidate.Distance).DefaultIfEmpty(0).Min();
        var near = known
            .Where(candidate => candidate.Distance <= Math.Max(2, text.Length / 4) && candidate.Distance <= nearest + 1)
            .OrderBy(static candidate => candidate.Distance)
            .ThenBy(static candidate => candidate.Name, StringComparer.Ordinal)
            .Take(Most)
            .Select(static candidate => candidate.Name)
            .ToList();
        return near.Count == 0 ? "" : $" Did you mean {string.Join(", or ", near)}?";
    }

    /// <summary>How many characters are to be changed, put in or left out, whatever their case.</summary>
    internal static int Distance(string one, string other)
    {
        var row = Enumerable.Range(0, other.Length + 1).ToArray();
        for (var i = 0; i < one.Length; i++)
        {
            var diagonal = row[0]++;
            for (var j = 0; j < other.Length; j++)
            {
                var same = char.ToUpperInvariant(one[i]) == char.ToUpperInvariant(other[j]);
                (row[j + 1], diagonal) = (Math.Min(same ? diagonal : diagonal + 1, Math.Min(row[j], row[j + 1]) + 1), row[j + 1]);
            }
        }

        return row[^1];
    }

    // People leave out parameter types, namespaces and types, and mean the method.
    private static int DistanceTo(string name, string text)
    {
        var bare = name.Split('(')[0];
        var forms = new[] { name, bare, bare[(bare.LastIndexOf('.') + 1)..] };
        return forms.Min(form => Distance(form, text));
    }
}
