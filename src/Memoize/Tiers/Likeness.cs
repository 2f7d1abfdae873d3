using System.Collections;
using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace Memoize.Tiers;

/// <summary>
/// Whether a value that was written and read again is what it was, down to its private fields: what a serializer does not see shows in
/// no bytes. For a few values of each method, in the background.
/// </summary>
internal sealed class Likeness
{
    // A long list is like its beginning, and nothing that deep is read by eye.
    private const int Most = 10_000;
    private const int Deepest = 100;
    private const BindingFlags Fields = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    private readonly HashSet<object> seen = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<Type, FieldInfo[]> fields = [];
    private int compared;

    private Likeness()
    {
    }

    /// <summary>What is not as it was, in words that hold no value; null where nothing is.</summary>
    internal static string? DifferenceOf<T>(T was, T came) => new Likeness().Compare(was, came, typeof(T).Name, 0);

    private string? Compare(object? was, object? came, string path, int depth)
    {
        if (was is null || came is null)
            return was == came ? null : $"{path} is {(came is null ? "empty when it comes back, and was not" : "no longer empty when it comes back")}";
        if (depth > Deepest || ++compared > Most)
            return null;

        var type = was.GetType();
        if (IsValue(type) || type != came.GetType())
        {
            return was is not string && was is IEnumerable && came is IEnumerable ? CompareElements((IEnumerable)was, (IEnumerable)came, path, depth)
                : type != came.GetType() ? $"{path} is a {type}, and comes back as a {came.GetType()}"
                : IsSame(was, came) ? null : $"{path} comes back with another value";
        }

        if (!type.IsValueType && !seen.Add(was))
            return null;
        if (was is IEnumerable all && CompareElements(all, (IEnumerable)came, path, depth) is { } element)
            return element;
        return CompareFields(type, was, came, path, depth);
    }

    // Of the framework's types only those that are made of others are looked into, and by what they show: how they keep it is their affair.
    private string? CompareFields(Type type, object was, object came, string path, int depth)
    {
        for (var level = type; level is not null && (!IsOfFramework(level) || IsPlainSum(level)); level = level.BaseType)
        {
            foreach (var field in FieldsOf(level))
            {
                var name = field.Name;
                if (name.StartsWith('<') && name.IndexOf('>') is > 1 and var end)
                    name = name[1..end];
                if (Compare(field.GetValue(was), field.GetValue(came), $"{path}.{name}", depth + 1) is { } difference)
                    return difference;
            }
        }

        return null;
    }

    private string? CompareElements(IEnumerable was, IEnumerable came, string path, int depth)
    {
        if (FaithfulJson.ComparesOtherwise(was) != FaithfulJson.ComparesOtherwise(came))
            return $"{path} compares its strings in a way of its own, and comes back with the usual one";
        if (was is IDictionary map && came is IDictionary mapped)
            return CompareEntries(map, mapped, path, depth);

        var others = came.GetEnumerator();
        using var end = others as IDisposable;
        foreach (var one in was)
        {
            if (!others.MoveNext())
                return $"{path} comes back with fewer elements";
            if (Compare(one, others.Current, path + "[]", depth + 1) is { } difference)
                return difference;
            if (compared > Most)
                return null;
        }

        return others.MoveNext() ? $"{path} comes back with more elements" : null;
    }

    private string? CompareEntries(IDictionary was, IDictionary came, string path, int depth)
    {
        if (was.Count != came.Count)
            return $"{path} comes back with another number of entries";
        foreach (DictionaryEntry entry in was)
        {
            if (!came.Contains(entry.Key))
                return $"{path} comes back with other keys";
            if (Compare(entry.Value, came[entry.Key], path + "[]", depth + 1) is { } difference)
                return difference;
            if (compared > Most)
                return null;
        }

        return null;
    }

    // Handlers of events are nobody's data, and the author may say of a field that it is none.
    [UnconditionalSuppressMessage("Trimming", "IL2070", Justification = "A field that was trimmed away is read by nobody, and is not missed here.")]
    private FieldInfo[] FieldsOf(Type type)
    {
        if (!fields.TryGetValue(type, out var found))
            fields[type] = found = [.. type.GetFields(Fields).Where(static field => !field.FieldType.IsAssignableTo(typeof(Delegate)) && !field.FieldType.IsPointer && !field.IsDefined(typeof(NonSerializedAttribute), false))];
        return found;
    }

    private static bool IsOfFramework(Type type) => type.Namespace is { } space && (space == "System" || space.StartsWith("System.", StringComparison.Ordinal));

    private static bool IsPlainSum(Type type) => type.IsAssignableTo(typeof(ITuple)) || (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(KeyValuePair<,>));

    private static bool IsValue(Type type) => type.IsPrimitive || type.IsEnum || type == typeof(string) || type == typeof(decimal) || type == typeof(DateTime) || type == typeof(DateTimeOffset)
        || type == typeof(TimeSpan) || type == typeof(DateOnly) || type == typeof(TimeOnly) || type == typeof(Guid) || type == typeof(Half) || type == typeof(Int128) || type == typeof(UInt128)
        || type == typeof(Uri) || type == typeof(Version);

    // Of what is equal, too, a method could tell some apart. The sign of a decimal that is zero is not among that: no text has it.
    private static bool IsSame(object was, object came) => was.Equals(came) && (was, came) switch
    {
        (DateTime a, DateTime b) => a.Kind == b.Kind,
        (DateTimeOffset a, DateTimeOffset b) => a.EqualsExact(b),
        (decimal a, decimal b) => a.Scale == b.Scale,
        (double a, double b) => double.IsNegative(a) == double.IsNegative(b) || double.IsNaN(a),
        (float a, float b) => float.IsNegative(a) == float.IsNegative(b) || float.IsNaN(a),
        (Half a, Half b) => Half.IsNegative(a) == Half.IsNegative(b) || Half.IsNaN(a),
        (Uri a, Uri b) => a.OriginalString == b.OriginalString,
        _ => true,
    };
}
