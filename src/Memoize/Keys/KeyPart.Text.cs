using System.Collections;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;

namespace Memoize.Keys;

public static partial class KeyPart
{
    /// <summary>
    /// The value as a person reads it in a log or a debugger: the same in every culture, strings quoted and escaped, so that two
    /// different keys do not look alike. Not an identity.
    /// </summary>
    public static string Text<T>(T value)
    {
        var text = new StringBuilder();
        Append(text, value);
        return text.ToString();
    }

    private static void Append(StringBuilder text, object? value)
    {
        switch (value)
        {
            case null: text.Append("null"); break;
            case string x: Quote(text, x, '"'); break;
            case char x: Quote(text, [x], '\''); break;
            case bool x: text.Append(x ? "true" : "false"); break;
            case decimal x when x == 0 && decimal.IsNegative(x): text.Append('-').Append((-x).ToString(CultureInfo.InvariantCulture)); break;
            case DateTime x: text.Append(x.ToString("O", CultureInfo.InvariantCulture)); break;
            case DateTimeOffset x: text.Append(x.ToString("O", CultureInfo.InvariantCulture)); break;
            case Uri x: Quote(text, x.OriginalString, '"'); break;
            case Type x: text.Append(x.FullName ?? x.Name); break;
            case ITuple x: AppendItems(text, x); break;
            case IFormattable x: text.Append(x.ToString(null, CultureInfo.InvariantCulture)); break;
            default: text.Append(value.ToString()); break;
        }
    }

    private static void AppendItems(StringBuilder text, ITuple value)
    {
        text.Append('(');
        for (var i = 0; i < value.Length; i++)
        {
            if (i > 0)
                text.Append(", ");
            Append(text, value[i]);
        }

        text.Append(')');
    }

    internal static string TextOfAll(IEnumerable items, char open, char close)
    {
        var text = new StringBuilder().Append(open);
        foreach (var item in items)
        {
            if (text.Length > 1)
                text.Append(", ");
            Append(text, item);
        }

        return text.Append(close).ToString();
    }

    internal static string TextOf(ReadOnlySpan<char> characters)
    {
        var text = new StringBuilder();
        Quote(text, characters, '"');
        return text.ToString();
    }

    private static void Quote(StringBuilder text, ReadOnlySpan<char> characters, char quote)
    {
        text.Append(quote);
        for (var i = 0; i < characters.Length; i++)
        {
            var c = characters[i];
            switch (c)
            {
                case '\\': text.Append("\\\\"); break;
                case '\n': text.Append("\\n"); break;
                case '\r': text.Append("\\r"); break;
                case '\t': text.Append("\\t"); break;
                case '\0': text.Append("\\0"); break;
                default:
                    if (c == quote)
                        text.Append('\\').Append(c);
                    else if (char.IsControl(c) || IsHalf(characters, i) || c is '\u2028' or '\u2029')
                        text.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:X4}");
                    else
                        text.Append(c);
                    break;
            }
        }

        text.Append(quote);
    }

    // Half of a surrogate pair without the other one: no encoding could tell it from another such half.
    private static bool IsHalf(ReadOnlySpan<char> characters, int at)
        => char.IsHighSurrogate(characters[at]) ? at + 1 == characters.Length || !char.IsLowSurrogate(characters[at + 1])
            : char.IsLowSurrogate(characters[at]) && (at == 0 || !char.IsHighSurrogate(characters[at - 1]));
}
