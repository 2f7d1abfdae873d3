using System.Buffers;
using System.ComponentModel;
using System.Globalization;
using System.Net;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Text;

namespace Memoize.Keys;

public static partial class KeyPart
{
    /// <summary>
    /// A part of a key as every process, machine and culture spells it: equal parts have the same text, and different parts have
    /// different ones. Only for the types that the compile-time check of <c>Tiers</c> lets through.
    /// </summary>
    /// <typeparam name="T">The type of the part.</typeparam>
    /// <param name="value">The part.</param>
    /// <returns>The text.</returns>
    /// <exception cref="NotSupportedException">The type has no such text.</exception>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public static string Shared<T>(T value)
    {
        // The most usual ones need no room to be built in.
        switch (value)
        {
            case int x: return x.ToString("D", CultureInfo.InvariantCulture);
            case long x: return x.ToString("D", CultureInfo.InvariantCulture);
            case Guid x: return x.ToString("D", CultureInfo.InvariantCulture);
            case string x when !x.AsSpan().ContainsAnyExcept(Plain): return string.Concat("\"", x, "\"");
        }

        var text = new StringBuilder();
        AppendShared(text, value);
        return text.ToString();
    }

    // What stands for itself between quotation marks: most of ASCII.
    private static readonly SearchValues<char> Plain = SearchValues.Create([.. Enumerable.Range(' ', '~' - ' ' + 1).Select(static c => (char)c).Except(['"', '\\'])]);

    internal static void AppendShared(StringBuilder text, object? value)
    {
        var invariant = CultureInfo.InvariantCulture;
        switch (value)
        {
            case null: text.Append("null"); break;
            case string x: Quote(text, x, '"'); break;
            case char x: Quote(text, [x], '\''); break;
            case bool x: text.Append(x ? "true" : "false"); break;
            case Enum x: text.Append(NumberOf(x, invariant)); break;
            case double x: text.Append(double.IsNaN(x) ? "NaN" : x.ToString("R", invariant)); break;
            case float x: text.Append(float.IsNaN(x) ? "NaN" : x.ToString("R", invariant)); break;
            case Half x: text.Append(Half.IsNaN(x) ? "NaN" : x.ToString("R", invariant)); break;
            case decimal x: Append(text, x); break;
            case DateTime x: text.Append(x.ToString("yyyy-MM-ddTHH:mm:ss.fffffff", invariant)).Append(x.Kind switch { DateTimeKind.Utc => "Z", DateTimeKind.Local => "L", _ => "" }); break;
            case DateTimeOffset x: text.Append(x.ToString("O", invariant)); break;
            case DateOnly x: text.Append(x.ToString("O", invariant)); break;
            case TimeOnly x: text.Append(x.ToString("O", invariant)); break;
            case TimeSpan x: text.Append(x.ToString("c", invariant)); break;
            case Guid x: text.Append(x.ToString("D", invariant)); break;
            case byte or sbyte or short or ushort or int or uint or long or ulong or nint or nuint or Int128 or UInt128 or BigInteger:
                text.Append(((IFormattable)value).ToString("D", invariant));
                break;
            case Uri x: Quote(text, x.OriginalString, '"'); text.Append(x.IsAbsoluteUri ? "" : "~"); break;
            case Version or IPAddress or Rune: text.Append(value); break;
            case ISharedPart x: x.AppendShared(text); break;
            case ITuple x: AppendSharedItems(text, x); break;
            default: throw new NotSupportedException($"{value.GetType()} has no text that is the same for all processes.");
        }
    }

    // Not as the enum formats itself, which is with the minus sign of the current culture.
    private static string NumberOf(Enum value, CultureInfo invariant) => value.GetTypeCode() == TypeCode.UInt64
        ? Convert.ToUInt64(value, invariant).ToString(invariant)
        : Convert.ToInt64(value, invariant).ToString(invariant);

    private static void AppendSharedItems(StringBuilder text, ITuple value)
    {
        text.Append('(');
        for (var i = 0; i < value.Length; i++)
        {
            if (i > 0)
                text.Append(", ");
            AppendShared(text, value[i]);
        }

        text.Append(')');
    }
}

/// <summary>A part that holds several values.</summary>
internal interface ISharedPart
{
    void AppendShared(StringBuilder text);
}
