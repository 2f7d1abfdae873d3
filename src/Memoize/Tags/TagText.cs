using System.Buffers;
using System.Globalization;
using System.Net;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Text;

namespace Memoize.Tags;

/// <summary>
/// The text of a tag with values in it, such as <c>$"user:{id}"</c>. A value is written the same in every culture, and so that it
/// cannot pass for other text of a tag. Made by the compiler where <see cref="Memo.EvictTag(ref TagText)"/> is called.
/// </summary>
/// <remarks>
/// Strings and characters stand as they are, except that <c>: / | , ; = # &amp; %</c> and control characters are written as
/// <c>%3A</c> and so on. Null is <c>%null</c>. Dates are in ISO 8601 with all their digits. The types that can be a value are the
/// numbers, <see cref="bool"/>, <see cref="char"/>, <see cref="string"/>, enumerations, <see cref="Guid"/>, dates and times,
/// <see cref="Uri"/>, <see cref="Version"/> and <see cref="IPAddress"/>, and what is nullable of these.
/// </remarks>
[InterpolatedStringHandler]
public ref struct TagText
{
    private static readonly SearchValues<char> Escaped = SearchValues.Create([.. ":/|,;=#&%", .. Enumerable.Range(0, 0x20).Select(c => (char)c), .. Enumerable.Range(0x7F, 0x21).Select(c => (char)c)]);

    private DefaultInterpolatedStringHandler text;

    /// <summary>Starts a text; called by the compiler.</summary>
    /// <param name="literalLength">The number of characters that are not values.</param>
    /// <param name="formattedCount">The number of values.</param>
    public TagText(int literalLength, int formattedCount)
        => text = new(literalLength, formattedCount, CultureInfo.InvariantCulture);

    /// <summary>Adds text as it is.</summary>
    /// <param name="value">The text.</param>
    public void AppendLiteral(string value) => text.AppendLiteral(value);

    /// <summary>Adds a string as a value.</summary>
    /// <param name="value">The value.</param>
    public void AppendFormatted(string? value)
    {
        if (value is null)
            text.AppendLiteral("%null");
        else
            Escape(value);
    }

    /// <summary>Adds a value.</summary>
    /// <typeparam name="T">Its type; see the remarks on <see cref="TagText"/>.</typeparam>
    /// <param name="value">The value.</param>
    /// <exception cref="ArgumentException">Values of this type have no text that tells them apart.</exception>
    public void AppendFormatted<T>(T value)
    {
        switch (value)
        {
            case null: text.AppendLiteral("%null"); break;
            case string x: Escape(x); break;
            case char x: Escape([x]); break;
            case bool x: text.AppendLiteral(x ? "true" : "false"); break;
            case int or long or short or sbyte or byte or ushort or uint or ulong or nint or nuint or Int128 or UInt128 or BigInteger or Guid:
                text.AppendFormatted(value);
                break;
            case double or float or Half: text.AppendFormatted(value, "R"); break;
            case decimal x when x == 0 && decimal.IsNegative(x):
                text.AppendLiteral("-");
                text.AppendFormatted(-x);
                break;
            case decimal or DateOnly: text.AppendFormatted(value, value is DateOnly ? "O" : null); break;
            case DateTime or DateTimeOffset or TimeOnly: Escape(((IFormattable)value).ToString("O", CultureInfo.InvariantCulture)); break;
            case TimeSpan x: Escape(x.ToString("c", CultureInfo.InvariantCulture)); break;
            case Enum or Version or IPAddress or Rune: Escape(value.ToString()!); break;
            case Uri x: Escape(x.OriginalString); break;
            default:
                throw new ArgumentException(
                    $"A '{typeof(T)}' has no text that tells its values apart, so it cannot be part of a tag. Use a member of it, such as its id.", nameof(value));
        }
    }

    /// <summary>The text so far.</summary>
    /// <returns>The text of the tag.</returns>
    public override readonly string ToString() => text.ToString();

    internal string ToStringAndClear() => text.ToStringAndClear();

    private void Escape(scoped ReadOnlySpan<char> value)
    {
        while (value.IndexOfAny(Escaped) is >= 0 and var at)
        {
            text.AppendFormatted(value[..at]);
            text.AppendLiteral("%");
            text.AppendFormatted((int)value[at], "X2");
            value = value[(at + 1)..];
        }

        text.AppendFormatted(value);
    }
}
