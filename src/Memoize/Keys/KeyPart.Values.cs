using System.Runtime.CompilerServices;

namespace Memoize.Keys;

// The types whose own equality calls values equal that a method can tell apart, or the reverse.
public static partial class KeyPart
{
    private static bool Same(double a, double b)
        => BitConverter.DoubleToInt64Bits(a) == BitConverter.DoubleToInt64Bits(b) || (double.IsNaN(a) && double.IsNaN(b));

    private static bool Same(float a, float b)
        => BitConverter.SingleToInt32Bits(a) == BitConverter.SingleToInt32Bits(b) || (float.IsNaN(a) && float.IsNaN(b));

    private static bool Same(Half a, Half b)
        => BitConverter.HalfToInt16Bits(a) == BitConverter.HalfToInt16Bits(b) || (Half.IsNaN(a) && Half.IsNaN(b));

    private static bool Same(decimal a, decimal b) => a == b && a.Scale == b.Scale && decimal.IsNegative(a) == decimal.IsNegative(b);

    private static bool Same(DateTime a, DateTime b) => a.Ticks == b.Ticks && a.Kind == b.Kind;

    private static bool Same(double? a, double? b) => a.HasValue == b.HasValue && Same(a.GetValueOrDefault(), b.GetValueOrDefault());

    private static bool Same(float? a, float? b) => a.HasValue == b.HasValue && Same(a.GetValueOrDefault(), b.GetValueOrDefault());

    private static bool Same(decimal? a, decimal? b) => a.HasValue == b.HasValue && Same(a.GetValueOrDefault(), b.GetValueOrDefault());

    private static bool Same(DateTime? a, DateTime? b) => a.HasValue == b.HasValue && Same(a.GetValueOrDefault(), b.GetValueOrDefault());

    private static bool Same(DateTimeOffset? a, DateTimeOffset? b)
        => a.HasValue == b.HasValue && a.GetValueOrDefault().EqualsExact(b.GetValueOrDefault());

    // Uri.Equals leaves out the fragment, and more; what was written is what a method can read.
    private static bool Same(Uri? a, Uri? b)
        => ReferenceEquals(a, b)
           || (a is not null && b is not null && a.IsAbsoluteUri == b.IsAbsoluteUri && a.OriginalString == b.OriginalString);

    private static int HashOf(double value) => (double.IsNaN(value) ? double.NaN : value + 0.0).GetHashCode();

    private static int HashOf(float value) => (float.IsNaN(value) ? float.NaN : value + 0.0f).GetHashCode();

    private static int HashOf(Half value) => Half.IsNaN(value) ? 0x7E00 : BitConverter.HalfToInt16Bits(value);

    private static int HashOf(decimal value) => Combine(value.GetHashCode(), value.Scale);

    private static int HashOf(DateTime value) => value.Ticks.GetHashCode() ^ ((int)value.Kind << 30);

    private static int HashOf(DateTimeOffset value) => Combine(value.UtcTicks.GetHashCode(), value.Offset.Ticks.GetHashCode());

    private static int HashOf(Uri? value) => Hash(value?.OriginalString);

    /// <summary>Whether a type is one of those above, or a tuple, whose own equality would compare what it holds as numbers.</summary>
    internal static bool HasOwnIdentity(Type type)
        => type == typeof(double) || type == typeof(float) || type == typeof(Half) || type == typeof(decimal)
           || type == typeof(DateTime) || type == typeof(DateTimeOffset) || typeof(ITuple).IsAssignableFrom(type)
           || IsOfFloats(type);

    // An item of a tuple, which may be declared as less than it is; no object needs a box.
    internal static bool EqualItem<T>(T a, T b)
        => typeof(T).IsValueType || typeof(T) == typeof(string) || Parts<T>.Own is not null ? Equal(a, b) : EqualBoxed(a, b);

    internal static int HashItem<T>(T value)
        => typeof(T).IsValueType || typeof(T) == typeof(string) || Parts<T>.Own is not null ? Hash(value) : HashBoxed(value);

    internal static int CombineAll(params ReadOnlySpan<int> hashes)
    {
        var all = hashes.Length;
        foreach (var hash in hashes)
            all = Combine(all, hash);
        return all;
    }

    internal static bool EqualBoxed(object? a, object? b) => (a, b) switch
    {
        (null, null) => true,
        (null, _) or (_, null) => false,
        (double x, double y) => Same(x, y),
        (float x, float y) => Same(x, y),
        (Half x, Half y) => Same(x, y),
        (decimal x, decimal y) => Same(x, y),
        (DateTime x, DateTime y) => Same(x, y),
        (DateTimeOffset x, DateTimeOffset y) => x.EqualsExact(y),
        (Uri x, Uri y) => Same(x, y),
        (ITuple x, ITuple y) => x.GetType() == y.GetType() && SameItems(x, y),
        _ => a.Equals(b) && HaveSameBits(a, b),
    };

    private static bool SameItems(ITuple a, ITuple b)
    {
        if (a.Length != b.Length)
            return false;
        for (var i = 0; i < a.Length; i++)
        {
            if (!EqualBoxed(a[i], b[i]))
                return false;
        }

        return true;
    }

    internal static int HashBoxed(object? value) => value switch
    {
        null => 0,
        string x => Hash(x),
        double x => HashOf(x),
        float x => HashOf(x),
        Half x => HashOf(x),
        decimal x => HashOf(x),
        DateTime x => HashOf(x),
        DateTimeOffset x => HashOf(x),
        Uri x => HashOf(x),
        ITuple x => HashItems(x),
        _ => value.GetHashCode(),
    };

    private static int HashItems(ITuple value)
    {
        var hash = value.Length;
        for (var i = 0; i < value.Length; i++)
            hash = Combine(hash, HashBoxed(value[i]));
        return hash;
    }
}
