using System.Diagnostics;
using System.Text.RegularExpressions;
using Memoize.Integration.Library;
using Memoize.Tests.Tiers;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace Memoize.Integration.Tests.Observability;

/// <summary>What an exporter of OpenTelemetry receives when it is set up with the names of the guide, docs/observability.md.</summary>
[Collection(nameof(Isolated))]
public sealed partial class OpenTelemetryTests
{
    private static readonly string _guide = File.ReadAllText(Path.Combine(RepositoryRoot.Path, "docs", "observability.md"));

    [Fact]
    public async Task The_meter_of_the_guide_gives_every_instrument_of_the_guide()
    {
        var exported = new List<Metric>();
        Assert.Contains("AddMeter(\"Memoize\")", _guide, StringComparison.Ordinal);
        using var provider = Sdk.CreateMeterProviderBuilder().AddMeter("Memoize").AddInMemoryExporter(exported).Build();

        var stock = new Stock();
        var depot = new Depot(stock);
        var method = DepotCache.Heavy.Name;

        // Other tests have called it, and counters count on.
        DepotCache.Heavy.Clear();
        depot.Heavy(10, 0);
        DepotCache.Heavy.Clear();
        provider.ForceFlush();
        var before = Counts();
        exported.Clear();

        depot.Heavy(10, 1);
        depot.Heavy(10, 1);

        // Reasons are told of only where there was one: null is not kept, and a store that fails takes nothing, and is not asked again.
        depot.Some(-1);
        Memo.AddTier("guide", new TestStore { Failure = new IOException("gone") }, new() { Timeout = 5 });
        try
        {
            Shelved.Number(1);
            Shelved.Number(2);
            await Memo.FlushTiersAsync();
            provider.ForceFlush();
        }
        finally
        {
            Memo.RemoveTier("guide");
        }

        Assert.Equal(
            InstrumentsOf(_guide).Order(StringComparer.Ordinal),
            exported.Select(metric => metric.Name).Distinct().Order(StringComparer.Ordinal));
        var after = Counts();
        Assert.Equal((1L, 1L, 1L), (after.Hits - before.Hits, after.Misses - before.Misses, after.Loads - before.Loads));
        Assert.Equal(10, Sum(exported, "memoize.entries_weight", method));
        var durations = exported.Single(metric => metric.Name == "memoize.load.duration");
        Assert.Equal("s", durations.Unit);
        Assert.Equal(1 + 1, Of(durations, method).Sum(point => point.GetHistogramCount()));

        (long Hits, long Misses, long Loads) Counts()
            => (Sum(exported, "memoize.hits", method), Sum(exported, "memoize.misses", method), Sum(exported, "memoize.loads", method));
    }

    [Fact]
    public void The_source_of_the_guide_gives_an_activity_for_each_load()
    {
        var exported = new List<Activity>();
        Assert.Contains("AddSource(\"Memoize\")", _guide, StringComparison.Ordinal);
        using var provider = Sdk.CreateTracerProviderBuilder().AddSource("Memoize").AddInMemoryExporter(exported).Build();

        var depot = new Depot(new Stock());
        for (var i = 0; i < 3; i++)
            depot.Heavy(20, 2);
        provider.ForceFlush();

        var load = Assert.Single(exported, activity => DepotCache.Heavy.Name.Equals(activity.GetTagItem("memoize.method")));
        Assert.Equal(("memoize.load", "stored"), (load.OperationName, load.GetTagItem("memoize.load.result")));
    }

    private static long Sum(List<Metric> exported, string name, string method)
        => Of(exported.Single(metric => metric.Name == name), method).Sum(point => point.GetSumLong());

    private static List<MetricPoint> Of(Metric metric, string method)
    {
        var points = new List<MetricPoint>();
        foreach (ref readonly var point in metric.GetMetricPoints())
        {
            foreach (var (key, value) in point.Tags)
            {
                if (key == "memoize.method" && method.Equals(value))
                    points.Add(point);
            }
        }

        return points;
    }

    // The first column of the table of instruments.
    private static IEnumerable<string> InstrumentsOf(string guide)
        => guide[..guide.IndexOf("## Traces", StringComparison.Ordinal)].Split('\n')
            .Where(line => line.StartsWith("| `memoize.", StringComparison.Ordinal))
            .SelectMany(line => Quoted().Matches(line.Split('|')[1]).Select(match => match.Groups[1].Value));

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Quoted();
}

internal static class Shelved
{
    [Cached(Ttl = 60, Tiers = "guide")]
    public static int Number(int id) => id;
}
