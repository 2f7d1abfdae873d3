using System.Diagnostics.Metrics;
using System.Runtime.InteropServices;

namespace Memoize.Observability;

/// <summary>
/// Makes instruments that are read from counters which are kept anyway: when somebody collects, one measurement for each thing that counts, with
/// its name as the label. Things of one name, such as methods of two versions of an assembly, are one to whoever reads the label.
/// </summary>
/// <param name="meter">Where they belong.</param>
/// <param name="label">The name of the label.</param>
/// <param name="all">What there is at this moment.</param>
/// <param name="name">The value of the label.</param>
/// <param name="counts">What it has counted.</param>
internal sealed class Instruments<TThing, TCounts>(Meter meter, string label, Func<IEnumerable<TThing>> all, Func<TThing, string> name, Func<TThing, TCounts> counts)
{
    internal void Count(string instrument, Func<TCounts, long> count, string unit, string description)
        => CountOf(instrument, thing => count(counts(thing)), unit, description);

    internal void CountOf(string instrument, Func<TThing, long?> count, string unit, string description)
        => meter.CreateObservableCounter(instrument, () => Collect(count), unit, description);

    internal void CountByReason(string instrument, (string Reason, Func<TCounts, long> Count)[] reasons, string unit, string description, bool onlyWhatHappened = false)
        => meter.CreateObservableCounter(
            instrument,
            () => reasons.SelectMany(one => Collect(thing => one.Count(counts(thing)) is var count && (count > 0 || !onlyWhatHappened) ? count : null, one.Reason)),
            unit,
            description);

    internal void LevelOf(string instrument, Func<TThing, long?> level, string unit, string description)
        => meter.CreateObservableUpDownCounter(instrument, () => Collect(level), unit, description);

    private List<Measurement<long>> Collect(Func<TThing, long?> count, string? reason = null)
    {
        var sums = new Dictionary<string, long>();
        foreach (var thing in all())
        {
            if (count(thing) is { } number)
                CollectionsMarshal.GetValueRefOrAddDefault(sums, name(thing), out _) += number;
        }

        var measurements = new List<Measurement<long>>(sums.Count);
        foreach (var (of, sum) in sums)
        {
            measurements.Add(reason is null
                ? new(sum, new KeyValuePair<string, object?>(label, of))
                : new(sum, new KeyValuePair<string, object?>(label, of), new KeyValuePair<string, object?>(MemoMeter.ReasonTag, reason)));
        }

        return measurements;
    }
}
