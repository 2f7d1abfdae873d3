using System.Collections;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;

namespace Memoize.Generators.Tests.Robustness;

/// <summary>The programs of the other tests, as material: every text in a table of theirs that is code.</summary>
static partial class TestedCode
{
    const BindingFlags Static = BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    /// <summary>Each once, in the same order in every run.</summary>
    public static IReadOnlyList<string> All { get; } =
    [
        .. typeof(TestedCode).Assembly.GetTypes()
            .Where(type => type.Name.EndsWith("Tests", StringComparison.Ordinal) && type.Namespace != typeof(TestedCode).Namespace)
            .SelectMany(Tables)
            .SelectMany(table => table.Cast<object>())
            .SelectMany(Texts)
            .Where(text => text.Contains("[Cached", StringComparison.Ordinal) && text.Contains('{', StringComparison.Ordinal))
            .Select(text => Mark().Replace(text, "$1"))
            .Distinct(StringComparer.Ordinal)
            .Order(StringComparer.Ordinal),
    ];

    static IEnumerable<IEnumerable> Tables(Type tests) => tests.GetFields(Static).Where(field => field.FieldType.IsArray).Select(field => field.GetValue(null))
        .Concat(tests.GetProperties(Static).Where(property => property.PropertyType.Name.StartsWith("TheoryData", StringComparison.Ordinal)).Select(property => property.GetValue(null)))
        .OfType<IEnumerable>();

    static IEnumerable<string> Texts(object row) => row switch
    {
        string text => [text],
        ITheoryDataRow data => data.GetData().OfType<string>(),
        ITuple tuple => Enumerable.Range(0, tuple.Length).Select(i => tuple[i]).OfType<string>(),
        _ => row.GetType().GetProperties().Where(property => property.PropertyType == typeof(string)).Select(property => (string?)property.GetValue(row)).OfType<string>(),
    };

    // Where a diagnostic must stand.
    [GeneratedRegex(@"\{\|MEMO\d{4}:(.*?)\|\}", RegexOptions.Singleline)]
    private static partial Regex Mark();
}
