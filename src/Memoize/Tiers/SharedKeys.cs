using System.Buffers;
using System.IO.Hashing;
using System.Runtime.InteropServices;
using System.Text;

namespace Memoize.Tiers;

/// <summary>The keys of one method in the tiers: <c>memoize:Shop.PriceList.Find(string)(id: "a")</c>, and what vouches for them.</summary>
internal static class SharedKeys
{
    /// <summary>The key as a store gets it.</summary>
    /// <param name="tier">The tier.</param>
    /// <param name="whole">Method and arguments.</param>
    internal static string InStore(CacheTier tier, string whole)
        => Fit(tier, tier.Prefix, whole);

    // No key begins with '#', and hardly anybody's who uses the same store for something else.

    /// <summary>Where the stamp is that all values of a method carry.</summary>
    internal static string StampOfMethod(CacheTier tier, string method) => Fit(tier, tier.Prefix + "#stamp:", method);

    /// <summary>Where the stamp is that all values with a tag carry.</summary>
    internal static string StampOfTag(CacheTier tier, string tag) => Fit(tier, tier.Prefix + "#tag:", tag);

    /// <summary>Where the stamp is that all values carry that have a tag, whichever: for evictions of more tags than anybody can remember.</summary>
    internal static string StampOfAllTags(CacheTier tier) => tier.Prefix + "#tags";

    // What is too long, or has characters that stores reject, is named by its hash, after as much of it as a person needs to know it.
    private static string Fit(CacheTier tier, string prefix, string text)
    {
        var escaped = Escape(text);
        if (prefix.Length + escaped.Length <= tier.Options.LongestKey)
            return prefix + escaped;

        var hash = Convert.ToHexString(XxHash128.Hash(MemoryMarshal.AsBytes(text.AsSpan())));
        var shown = Math.Max(0, tier.Options.LongestKey - prefix.Length - hash.Length - 1);
        return string.Concat(prefix, escaped.AsSpan(0, Math.Min(shown, escaped.Length)), "#", hash);
    }

    private static readonly SearchValues<char> Kept = SearchValues.Create([.. Enumerable.Range('!', '~' - '!' + 1).Select(static c => (char)c).Except(['%', '#'])]);

    // Letters, digits and punctuation of ASCII stay; '%', '#', blanks and all else become %XX of their UTF-8.
    private static string Escape(string text)
    {
        if (!text.AsSpan().ContainsAnyExcept(Kept))
            return text;

        var escaped = new StringBuilder(text.Length + 16);
        foreach (var b in Encoding.UTF8.GetBytes(text))
        {
            if (b is >= (byte)'!' and <= (byte)'~' and not ((byte)'%' or (byte)'#'))
                escaped.Append((char)b);
            else
                escaped.Append('%').Append(b.ToString("X2", System.Globalization.CultureInfo.InvariantCulture));
        }

        return escaped.ToString();
    }
}
