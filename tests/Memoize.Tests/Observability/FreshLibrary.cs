using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Reflection;
using System.Runtime.Loader;

namespace Memoize.Tests.Observability;

/// <summary>
/// The library as a process finds it that has not used it yet: loaded once more, with its own static state. Listeners are there before it.
/// </summary>
internal sealed class FreshLibrary : IDisposable
{
    private readonly AssemblyLoadContext context = new("fresh", isCollectible: true);
    private readonly ActivityListener activities;
    private readonly MeterListener meters = new();
    private readonly HashSet<ActivitySource> sources = [];
    private readonly HashSet<Meter> made = [];
    private readonly Assembly library;
    private readonly string prefix = $"Fresh{Guid.NewGuid():N}.";
    private int loads;
    private int durations;

    internal FreshLibrary()
    {
        library = context.LoadFromAssemblyPath(typeof(Memo).Assembly.Location);
        activities = new()
        {
            ShouldListenTo = source =>
            {
                if (source.Name != "Memoize")
                    return false;
                lock (sources)
                    sources.Add(source);
                SourcePublished?.Invoke();
                return true;
            },
            Sample = static (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = activity =>
            {
                if (IsOurs(activity.GetTagItem("memoize.method")))
                    Interlocked.Increment(ref loads);
            },
        };
        meters.InstrumentPublished = (instrument, self) =>
        {
            if (instrument.Meter.Name != "Memoize")
                return;
            lock (made)
                made.Add(instrument.Meter);
            InstrumentPublished?.Invoke();
            self.EnableMeasurementEvents(instrument);
        };
        meters.SetMeasurementEventCallback<double>((_, _, tags, _) =>
        {
            foreach (var tag in tags)
            {
                if (tag.Key == "memoize.method" && IsOurs(tag.Value))
                    Interlocked.Increment(ref durations);
            }
        });
    }

    /// <summary>What a listener does when it hears of the source, on the thread that publishes it.</summary>
    internal Action? SourcePublished { get; set; }

    /// <summary>The same for an instrument.</summary>
    internal Action? InstrumentPublished { get; set; }

    /// <summary>The loads that listeners have heard of: as activities, and as durations.</summary>
    internal (int Activities, int Durations) Heard => (Volatile.Read(ref loads), Volatile.Read(ref durations));

    /// <summary>How many sources there are that listeners can hear of.</summary>
    internal int Sources
    {
        get
        {
            lock (sources)
                return sources.Count(static source => source.HasListeners());
        }
    }

    internal void Listen()
    {
        ActivitySource.AddActivityListener(activities);
        meters.Start();
        lock (sources)
            sources.Clear();
        lock (made)
            made.Clear();
    }

    /// <summary>The first call of another method.</summary>
    internal void Call(int number)
    {
        var options = Activator.CreateInstance(Type("Memoize.CacheOptions"));
        var method = Activator.CreateInstance(Type("Memoize.CachedMethod"), $"{prefix}M{number}()", options)!;
        dynamic cache = method.GetType().GetMethod("CreateCache")!.MakeGenericMethod(typeof(int), typeof(string)).Invoke(method, new object?[] { false, null })!;
        Func<CancellationToken, string> load = static _ => "value";
        Assert.Equal("value", (string)cache.Load(1, load, CancellationToken.None));
    }

    public void Dispose()
    {
        activities.Dispose();
        meters.Dispose();
        foreach (var source in sources)
            source.Dispose();
        foreach (var meter in made)
            meter.Dispose();
        context.Unload();
    }

    private Type Type(string name) => library.GetType(name, throwOnError: true)!;

    private bool IsOurs(object? method) => method is string name && name.StartsWith(prefix, StringComparison.Ordinal);
}
