using System.Globalization;
using Memoize.Generators.Diagnostics;
using Memoize.Generators.Infrastructure;
using Memoize.Generators.Model;
using Microsoft.CodeAnalysis;

namespace Memoize.Generators.Parsing;

// The options of the attribute.
internal sealed partial class MethodExaminer
{
    private const string Unlimited = "leave it out for values that do not expire";

    private OptionChain? _chain;

    private OptionChain Chain => _chain ??= new OptionChain(_method, _cached);

    private Location? AttributeLocation => _cached.LocationOf(_cancellation) ?? _location;

    private OptionsModel ReadOptions(ITypeSymbol value)
    {
        var settings = new List<SettingModel>();
        var ttl = Time(settings, "Ttl", Unlimited, "{0} s");
        var timed = ttl > 0 || _cached.HasNamed("TtlFrom");
        var sliding = Time(settings, "Sliding", Unlimited, "{0} s after the last read");
        if (ttl > 0 && sliding > ttl)
        {
            ReportOption(Chain.Get("Sliding", 0d), "Sliding", $"every value expires after Ttl = {Literals.Of(ttl)} seconds, so reading could never extend its life; give a shorter time, or remove it");
        }

        var maxSize = Chain.Get("MaxSize", 1024);
        if (maxSize.Value < 3)
        {
            ReportOption(maxSize, "MaxSize", "a cache keeps at least 3 entries; give a larger bound, or remove the attribute");
        }

        AfterExpiry(settings, timed, "StaleWhileRevalidate", "stale for {0} s while a load runs");
        AfterExpiry(settings, timed, "StaleIfError", "stale for {0} s where loads fail");
        Part(settings, timed, "RefreshAhead", "loaded anew after {0} of its life");
        Part(settings, timed, "Jitter", "lives shorter by up to {0}");
        Time(settings, "Timeout", "leave it out to wait for as long as a load takes", "loads take {0} s at most");
        Time(settings, "ErrorTtl", "leave it out to load again at the next call", "exceptions for {0} s");
        Nulls(settings, value);
        Weight(settings);
        CheckPlace();
        if (TierNames is { Count: > 0 } tiers)
        {
            settings.Add(new SettingModel("Tiers", Literals.Of(string.Join(",", tiers)), "then " + string.Join(", then ", tiers)));
        }

        var name = _cached.Named<string?>("Name", null);
        if (name is not null && string.IsNullOrWhiteSpace(name))
        {
            ReportOption("Name", "an empty name names nothing; remove it");
        }

        var eviction = Chain.Get("Eviction", 0);
        if (eviction.Value is not (0 or 1))
        {
            ReportOption(eviction, "Eviction", "there are Eviction.Lru and Eviction.Lfu");
        }

        return new OptionsModel(name ?? Names.Signature(_method), maxSize.Value, eviction.Value == 1, settings.ToEquatableArray());
    }

    // Options that only some declarations can have.
    private void CheckPlace()
    {
        if (_cached.Named("PerInstance", false) && _method.IsStatic)
        {
            ReportOption("PerInstance", "a static method has no instance; remove it");
        }

        if (_cached.HasNamed("Core") && !PartialCore.IsPartialDoor(_method))
        {
            ReportOption("Core", "only a partial method without a body has a core; declare the method partial, or remove it");
        }
    }

    // A number of seconds. What is left out is no limit or no such time at all; zero and less are mistakes.
    private double Time(List<SettingModel> settings, string option, string without, string words)
    {
        var setting = Chain.Get(option, 0d);

        // The only way to say no to a default.
        if (!setting.IsGiven || (double.IsPositiveInfinity(setting.Value) && option is ("Ttl" or "Sliding") && Chain.HasDefault(option)))
        {
            return 0;
        }

        if (double.IsNaN(setting.Value) || double.IsInfinity(setting.Value))
        {
            ReportOption(setting, option, $"it is a number of seconds; {without}");
        }
        else if (setting.Value < 0)
        {
            ReportOption(setting, option, $"a lifetime cannot be negative; {without}");
        }
        else if (setting.Value == 0)
        {
            ReportOption(setting, option, $"nothing would be remembered; give a time in seconds, or {without}");
        }

        Add(settings, option, setting.Value, words);
        return setting.Value;
    }

    // What happens after a lifetime needs one.
    private void AfterExpiry(List<SettingModel> settings, bool timed, string option, string words)
    {
        if (NeedsLifetime(Chain.Get(option, 0d), timed, option))
        {
            Time(settings, option, "leave it out where old values are of no use", words);
        }
    }

    private void Part(List<SettingModel> settings, bool timed, string option, string words)
    {
        var setting = Chain.Get(option, 0d);
        if (!NeedsLifetime(setting, timed, option))
        {
            return;
        }

        if (!(setting.Value > 0 && setting.Value < 1))
        {
            ReportOption(setting, option, "it is a part of the lifetime, more than 0 and less than 1");
        }

        Add(settings, option, setting.Value, words);
    }

    private bool NeedsLifetime(Setting<double> setting, bool timed, string option)
    {
        if (setting.IsGiven && !timed && !setting.IsDefault)
        {
            ReportOption(setting, option, "values do not expire by age here; give a Ttl or TtlFrom, or remove it");
        }

        return setting.IsGiven && timed;
    }

    private void Nulls(List<SettingModel> settings, ITypeSymbol value)
    {
        var canBeNull = !value.IsValueType || value.OriginalDefinition.SpecialType == SpecialType.System_Nullable_T;
        var time = Chain.Get("NullTtl", 0d);
        var keep = Chain.Get("CacheNull", true);
        if (!canBeNull)
        {
            RefuseUnlessDefault(time, "NullTtl", "the result is never null; remove it");
            RefuseUnlessDefault(keep, "CacheNull", "the result is never null; remove it");
            return;
        }

        if (!keep.Value)
        {
            RefuseUnlessDefault(time, "NullTtl", "CacheNull = false says that null is not remembered at all; remove one of the two");
            settings.Add(new SettingModel("CacheNull", "false", "null is not remembered"));
            return;
        }

        Time(settings, "NullTtl", "leave it out to treat null like any result", "null for {0} s");
    }

    private void Weight(List<SettingModel> settings)
    {
        if (!_cached.HasNamed("MaxBytes"))
        {
            return;
        }

        var bytes = _cached.Named("MaxBytes", 0L);
        if (bytes <= 0)
        {
            ReportOption($"MaxBytes = {bytes}", "nothing would fit; give a positive number, or remove it");
        }

        settings.Add(new SettingModel("MaxBytes", bytes.ToString(CultureInfo.InvariantCulture), $"at most {bytes.ToString("N0", CultureInfo.InvariantCulture)} by weight"));
    }

    private static void Add(List<SettingModel> settings, string option, double value, string words) =>
        settings.Add(new SettingModel(option, Literals.Of(value), words.Replace("{0}", Literals.Of(value))));

    private void RefuseUnlessDefault<T>(Setting<T> setting, string option, string reason)
    {
        if (setting is { IsGiven: true, IsDefault: false })
        {
            ReportOption(setting, option, reason);
        }
    }

    private void ReportOption<T>(Setting<T> setting, string option, string reason)
    {
        var value = setting.Value is double number ? Literals.Of(number) : Convert.ToString(setting.Value, CultureInfo.InvariantCulture);
        var shown = value is "NaN" or "Infinity" or "-Infinity" ? option : $"{option} = {(setting.Value is bool flag ? flag ? "true" : "false" : value)}";
        _problems.Add(new Problem(Rules.Option, setting.Source?.LocationOf(_cancellation) ?? AttributeLocation, shown + setting.Origin, _display, reason) { Fix = option });
    }

    // The option as the user wrote it ("MaxSize = 2"); its name is what the code fix removes.
    private void ReportOption(string option, string reason) =>
        _problems.Add(new Problem(Rules.Option, AttributeLocation, option, _display, reason) { Fix = option.Split(' ')[0] });
}
