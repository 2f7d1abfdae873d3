using Memoize.Generators.Diagnostics;
using Memoize.Generators.Model;
using Microsoft.CodeAnalysis;

namespace Memoize.Generators.Parsing;

// The options of the attribute.
internal sealed partial class MethodExaminer
{
    private OptionsModel ReadOptions()
    {
        var ttl = Seconds("Ttl");
        var sliding = Seconds("Sliding");
        if (ttl > 0 && sliding > ttl)
        {
            Report(Rules.Option, AttributeLocation, $"Sliding = {Literals.Of(sliding)}", _display, $"every value expires after Ttl = {Literals.Of(ttl)} seconds, so reading could never extend its life; give a shorter time, or remove it");
        }

        var maxSize = _cached.Named("MaxSize", 1024);
        if (maxSize < 3)
        {
            ReportOption($"MaxSize = {maxSize}", "a cache keeps at least 3 entries; give a larger bound, or remove the attribute");
        }

        if (_cached.Named("PerInstance", false) && _method.IsStatic)
        {
            ReportOption("PerInstance", "a static method has no instance; remove it");
        }

        if (_cached.HasNamed("Core") && !PartialCore.IsPartialDoor(_method))
        {
            ReportOption("Core", "only a partial method without a body has a core; declare the method partial, or remove it");
        }

        var name = _cached.Named<string?>("Name", null);
        if (name is not null && string.IsNullOrWhiteSpace(name))
        {
            ReportOption("Name", "an empty name names nothing; remove it");
        }

        var lfu = _cached.Named("Eviction", 0);
        if (lfu is not (0 or 1))
        {
            ReportOption($"Eviction = {lfu}", "there are Eviction.Lru and Eviction.Lfu");
        }

        return new OptionsModel(
            Literals.Of(ttl),
            Literals.Of(sliding),
            maxSize,
            lfu == 1,
            name ?? Names.Signature(_method));
    }

    private Location? AttributeLocation => _cached.LocationOf(_cancellation) ?? _location;

    // The option as the user wrote it ("MaxSize = 2"); its name is what the code fix removes.
    private void ReportOption(string option, string reason) =>
        _problems.Add(new Problem(Rules.Option, AttributeLocation, option, _display, reason) { Fix = option.Split(' ')[0] });

    private double Seconds(string option)
    {
        var seconds = _cached.Named(option, 0d);
        if (double.IsNaN(seconds) || double.IsInfinity(seconds))
        {
            ReportOption(option, "it is a number of seconds; leave it out for values that do not expire");
        }
        else if (seconds < 0)
        {
            ReportOption($"{option} = {Literals.Of(seconds)}", "a lifetime cannot be negative; leave it out for values that do not expire");
        }
        else if (seconds == 0 && _cached.HasNamed(option))
        {
            ReportOption($"{option} = 0", "nothing would be remembered; give a time in seconds, or leave it out for values that do not expire");
        }

        return seconds;
    }
}
