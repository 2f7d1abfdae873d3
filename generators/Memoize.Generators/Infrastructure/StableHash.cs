using System.Globalization;

namespace Memoize.Generators.Infrastructure;

/// <summary>A hash for names that must be the same in every build, on every machine: FNV-1a, 64 bits.</summary>
internal static class StableHash
{
    public static string Hex(string text, int digits = 8)
    {
        var hash = 14695981039346656037UL;
        foreach (var character in text)
        {
            hash = unchecked((hash ^ character) * 1099511628211UL);
        }

        return hash.ToString("x16", CultureInfo.InvariantCulture).Substring(0, digits);
    }
}
