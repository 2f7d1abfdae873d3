using System.Globalization;

namespace Memoize.Benchmarks;

/// <summary>The one table that everything is printed in, as Markdown.</summary>
internal static class Table
{
    public static IEnumerable<Subject> Subjects() => [.. Hits.All(), .. KeyHits.All(), .. Misses.All()];

    public static void Begin(bool quick)
    {
        Console.WriteLine($"{Environment.ProcessorCount} processors, .NET {Environment.Version}, {(quick ? "quick" : "full")} run");
        Console.WriteLine();
        Print("what", "row", "result", "allocated", "ratio");
        Print("---", "---", "---:", "---:", "---:");
    }

    /// <summary>Ratios are to the first row of the group that is BitFaster's with a lifetime.</summary>
    public static void Print(IReadOnlyList<Measured> rows)
    {
        foreach (var group in rows.GroupBy(row => row.Subject.Group))
        {
            var basis = group.First(row => row.Subject.Name.StartsWith("FastConcurrentTLru", StringComparison.Ordinal)).Nanoseconds;
            foreach (var row in group)
                Print(row.Subject.Group, row.Subject.Name, Number(row.Nanoseconds, "0.0") + " ns", Number(row.Bytes, "0.#") + " B", Number(row.Nanoseconds / basis, "0.00"));
        }
    }

    public static void Print(string what, string name, string result, string allocated = "", string ratio = "")
        => Console.WriteLine($"| {what} | {name} | {result} | {allocated} | {ratio} |");

    public static string Number(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
