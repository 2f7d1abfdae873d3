using System.Collections;
using System.Reflection;

namespace Memoize.Generators.Tests.Programs.Results;

/// <summary>Where two values differ for anybody who looks closely: field by field, number by its bits, and without any serializer.</summary>
sealed class Difference
{
    readonly HashSet<(object, object)> _seen = new();

    /// <summary>The first difference, with the path to it; null where there is none.</summary>
    public static string? Of(object? was, object? came, string path) => new Difference().Find(was, came, path);

    string? Find(object? was, object? came, string path)
    {
        if (was is null || came is null)
            return was == came ? null : $"{path} was {Show(was)} and came as {Show(came)}";
        if (IsPlain(was))
            return was.GetType() == came.GetType() && IsSame(was, came) ? null : $"{path} was {Show(was)} and came as {Show(came)}";
        if (!was.GetType().IsValueType && !_seen.Add((was, came)))
            return null;
        if (was is IEnumerable all && came is IEnumerable others && FindInElements(all, others, path) is { } element)
            return element;

        // What is declared as an interface of collections may come as another one.
        if (was.GetType() != came.GetType())
            return was is IEnumerable && IsOfFramework(was.GetType()) && IsOfFramework(came.GetType()) ? null : $"{path} was a {was.GetType()} and came as a {came.GetType()}";
        return FindInFields(was, came, path);
    }

    string? FindInFields(object was, object came, string path)
    {
        for (var type = was.GetType(); type is not null && type != typeof(object); type = type.BaseType)
        {
            if (was is IEnumerable && IsOfFramework(type))
                break;
            foreach (var field in type.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
            {
                if (!field.IsDefined(typeof(NonSerializedAttribute), false) && Find(field.GetValue(was), field.GetValue(came), $"{path}.{field.Name}") is { } difference)
                    return difference;
            }
        }

        return null;
    }

    string? FindInElements(IEnumerable was, IEnumerable came, string path)
    {
        if (IsDefault(was) || IsDefault(came))
            return IsDefault(was) == IsDefault(came) ? null : $"{path} was {(IsDefault(was) ? "default" : "there")} and came otherwise";
        var (first, second) = (was.Cast<object?>().ToList(), came.Cast<object?>().ToList());
        if (first.Count != second.Count)
            return $"{path} had {first.Count} elements and came with {second.Count}";
        if (IgnoresCase(was) != IgnoresCase(came))
            return $"{path} ignores case {IgnoresCase(was)} and came ignoring it {IgnoresCase(came)}";

        if (!IsHashed(was.GetType()))
            return first.Zip(second).Select((pair, i) => Find(pair.First, pair.Second, $"{path}[{i}]")).FirstOrDefault(difference => difference is not null);
        return first.Where(one => !IsTaken(second, other => Of(one, other, path) is null)).Select(one => $"{path} has lost {Show(one)}").FirstOrDefault();
    }

    static bool IsTaken(List<object?> from, Predicate<object?> which)
    {
        var at = from.FindIndex(which);
        if (at >= 0)
            from.RemoveAt(at);
        return at >= 0;
    }

    // Their order is nobody's to rely on; that of the others is the order in which their elements came in.
    static bool IsHashed(Type type) => type.Name.StartsWith("ImmutableHashSet", StringComparison.Ordinal) || type.Name.StartsWith("ImmutableDictionary", StringComparison.Ordinal);

    static bool IsDefault(object collection) => collection.GetType().GetProperty("IsDefault")?.GetValue(collection) is true;

    // By what it does, as a caller would find out.
    static bool IgnoresCase(object collection) => collection switch
    {
        IDictionary map => map.Keys.OfType<string>().Any(key => Other(key) is { } other && map.Contains(other) && !map.Keys.OfType<string>().Contains(other)),
        ISet<string> set => set.Any(key => Other(key) is { } other && set.Contains(other) && !set.AsEnumerable().ToList().Contains(other)),
        _ => false,
    };

    static string? Other(string key) => key.ToUpperInvariant() is var upper && upper != key ? upper : key.ToLowerInvariant() is var lower && lower != key ? lower : null;

    static bool IsPlain(object value) => value is string or Uri or Version or Type || value.GetType() is { IsPrimitive: true } or { IsEnum: true }
        || value is decimal or DateTime or DateTimeOffset or TimeSpan or DateOnly or TimeOnly or Guid or Half or Int128 or UInt128;

    static bool IsSame(object was, object came) => (was, came) switch
    {
        (double a, double b) => BitConverter.DoubleToInt64Bits(a) == BitConverter.DoubleToInt64Bits(b) || (double.IsNaN(a) && double.IsNaN(b)),
        (float a, float b) => BitConverter.SingleToInt32Bits(a) == BitConverter.SingleToInt32Bits(b) || (float.IsNaN(a) && float.IsNaN(b)),
        (Half a, Half b) => BitConverter.HalfToInt16Bits(a) == BitConverter.HalfToInt16Bits(b) || (Half.IsNaN(a) && Half.IsNaN(b)),
        (decimal a, decimal b) => a == b && a.Scale == b.Scale,
        (DateTime a, DateTime b) => a.Ticks == b.Ticks && a.Kind == b.Kind,
        (DateTimeOffset a, DateTimeOffset b) => a.EqualsExact(b),
        (Uri a, Uri b) => a.OriginalString == b.OriginalString && a.IsAbsoluteUri == b.IsAbsoluteUri,
        _ => was.Equals(came),
    };

    static bool IsOfFramework(Type type) => type.IsArray || type.Namespace?.StartsWith("System", StringComparison.Ordinal) == true;

    static string Show(object? value) => value switch
    {
        null => "null",
        string text => "'" + string.Concat(text.Select(character => character is > ' ' and < '\x7F' ? character.ToString() : $"\\u{(int)character:X4}")) + "'",
        char character => $"\\u{(int)character:X4}",
        Uri uri => $"{uri.OriginalString} ({(uri.IsAbsoluteUri ? "absolute" : "relative")})",
        DateTime time => $"{time:O} {time.Kind}",
        _ => FormattableString.Invariant($"{value}"),
    };
}
