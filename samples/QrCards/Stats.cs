using System.Globalization;
using System.Text;
using Memoize;

namespace QrCards;

internal static class Stats
{
    public static string AsText()
    {
        var text = new StringBuilder();
        foreach (var cache in Memo.Caches)
        {
            var seen = cache.Statistics;
            text.AppendLine(CultureInfo.InvariantCulture, $"{cache.Name}: {seen.Hits} hits, {seen.Misses} misses, {seen.Loads} loads, {cache.Count} entries");
        }

        foreach (var tier in Memo.Tiers)
        {
            var seen = tier.Statistics;
            text.AppendLine(CultureInfo.InvariantCulture, $"tier {tier.Name}: {seen}");
        }

        return text.ToString();
    }
}
