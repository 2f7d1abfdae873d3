using Memoize;

namespace QrCards;

/// <summary>How often cards were scanned in one hour in one country.</summary>
public sealed record Scans(DateOnly Day, int Hour, string Country, int Count, int Visitors);

public static class Reports
{
    /// <summary>
    /// A report takes long and is large: a year of one country is 8,760 rows, more than half a megabyte. It is kept on disk, where a
    /// restart does not harm it, and memory holds as many as fit into 64 MB.
    /// </summary>
    [Cached(Ttl = 3600, MaxBytes = 64 << 20, Weigher = nameof(Weight), Tiers = "disk")]
    public static async Task<IReadOnlyList<Scans>> ScansAsync(
        DateOnly from, DateOnly to, [CacheKey(Structural = true)] IReadOnlyList<string> countries, CancellationToken cancellationToken)
    {
        // What a warehouse would have to do meanwhile.
        await Task.Delay(TimeSpan.FromSeconds(1), cancellationToken);
        var rows = new List<Scans>();
        for (var day = from; day <= to; day = day.AddDays(1))
        {
            foreach (var country in countries)
            {
                for (var hour = 0; hour < 24; hour++)
                    rows.Add(Count(day, hour, country));
            }
        }

        return rows;
    }

    internal static long Weight(IReadOnlyList<Scans> rows) => 56L * rows.Count;

    private static Scans Count(DateOnly day, int hour, string country)
    {
        var seed = ((((day.DayNumber * 24) + hour) * 31) + country.Sum(letter => letter)) & 0x7FFFFFFF;
        var count = seed * 7919L % 1000;
        return new Scans(day, hour, country, (int)count, (int)(count * 2 / 3));
    }
}
