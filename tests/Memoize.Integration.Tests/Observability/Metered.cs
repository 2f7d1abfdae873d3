using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace Memoize.Integration.Tests.Observability;

/// <summary>Listens to the meter as an exporter does, and shows one method's share of it: other tests run beside this one.</summary>
internal sealed class Metered : IDisposable
{
    private readonly MeterListener listener = new();
    private readonly string method;
    private readonly ConcurrentDictionary<string, long> numbers = new();
    private int calls;

    public Metered(CacheHandle handle)
        : this(handle.Name)
    {
    }

    public Metered(string method)
    {
        this.method = method;
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (instrument.Meter.Name == "Memoize")
                self.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Take(instrument, tags, value));
        listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) =>
        {
            if (Take(instrument, tags, 1))
                Durations.Enqueue(value);
        });
        listener.Start();
    }

    /// <summary>The seconds of the loads.</summary>
    public ConcurrentQueue<double> Durations { get; } = new();

    /// <summary>How often the meter has called this listener about the method.</summary>
    public int Calls => Volatile.Read(ref calls);

    /// <summary>Every measurement there is of the method, such as <c>memoize.evictions capacity = 2</c>; those that are 0 left out.</summary>
    public string[] Collect()
    {
        foreach (var name in numbers.Keys.Where(name => !name.StartsWith("memoize.load.duration", StringComparison.Ordinal)))
            numbers.TryRemove(name, out _);
        listener.RecordObservableInstruments();
        return [.. numbers.Where(pair => pair.Value != 0).Select(pair => $"{pair.Key} = {pair.Value}").Order(StringComparer.Ordinal)];
    }

    public void Dispose() => listener.Dispose();

    private bool Take(Instrument instrument, ReadOnlySpan<KeyValuePair<string, object?>> tags, long value)
    {
        var mine = false;
        var name = instrument.Name;
        foreach (var (key, tag) in tags)
        {
            if (key == "memoize.method")
                mine = method.Equals(tag);
            else
                name += $" {tag}";
        }

        if (!mine)
            return false;
        Interlocked.Increment(ref calls);
        numbers.AddOrUpdate(name, value, (_, before) => before + value);
        return true;
    }
}
