using System.Globalization;
using Memoize.Generators.Diagnostics;
using Memoize.Generators.Infrastructure;
using Memoize.Generators.Model;
using Microsoft.CodeAnalysis;

namespace Memoize.Generators.Parsing;

// The options of the attribute.
internal sealed partial class MethodExaminer
{
    private OptionChain? _chain;

    // A default that cannot be: said once, where it stands, and nothing is generated for who takes it.
    private bool _hasWrongDefault;

    private OptionChain Chain => _chain ??= new OptionChain(_method, _cached);

    private Location? AttributeLocation => _cached.LocationOf(_cancellation) ?? _location;

    private OptionsModel ReadOptions(ITypeSymbol value)
    {
        var settings = new List<SettingModel>();
        var ttl = Time(settings, "Ttl", "{0} s");
        var timed = ttl > 0 || _cached.HasNamed("TtlFrom");
        Slide(settings, ttl);
        var maxSize = Chain.Get("MaxSize", 1024);
        Refuse(maxSize, "MaxSize", OptionRange.OfMaxSize(maxSize.Value));
        AfterExpiry(settings, timed, "StaleWhileRevalidate", "stale for {0} s while a load runs");
        AfterExpiry(settings, timed, "StaleIfError", "stale for {0} s where loads fail");
        Part(settings, timed, "RefreshAhead", "loaded anew after {0} of its life");
        Part(settings, timed, "Jitter", "lives shorter by up to {0}");
        Time(settings, "Timeout", "loads take {0} s at most");
        Time(settings, "ErrorTtl", "exceptions for {0} s");
        Nulls(settings, value);
        Weight(settings);
        CheckPlace();
        if (Chain.Tiers is { Count: > 0 } tiers)
        {
            settings.Add(new SettingModel("Tiers", Literals.Of(string.Join(",", tiers)), "then " + string.Join(", then ", tiers.Select(name => name == "*" ? "what the program adds" : name))));
        }

        var name = _cached.Named<string?>("Name", null);
        if (name is not null && string.IsNullOrWhiteSpace(name))
        {
            ReportOption("Name", "an empty name names nothing; remove it");
        }

        var eviction = Chain.Get("Eviction", 0);
        Refuse(eviction, "Eviction", OptionRange.OfEviction(eviction.Value));
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
    private double Time(List<SettingModel> settings, string option, string words)
    {
        var setting = Chain.Get(option, 0d);
        if (!setting.IsGiven || OptionRange.IsNone(option, setting, Chain))
        {
            return 0;
        }

        Refuse(setting, option, OptionRange.Fault(option, setting.Value));
        Add(settings, option, setting.Value, words);
        return setting.Value;
    }

    // A default that is longer than a lifetime which somebody nearer gives means nothing there, and leaves the method as it is.
    private void Slide(List<SettingModel> settings, double ttl)
    {
        var sliding = Chain.Get("Sliding", 0d);
        var reason = OptionRange.OfSliding(sliding.Value, ttl);
        if (reason is not null && Chain.Get("Ttl", 0d).Level < sliding.Level && !double.IsInfinity(sliding.Value))
        {
            return;
        }

        if (Time(settings, "Sliding", "{0} s after the last read") > 0 && !double.IsInfinity(sliding.Value))
        {
            Refuse(sliding, "Sliding", reason);
        }
    }

    // What happens after a lifetime needs one.
    private void AfterExpiry(List<SettingModel> settings, bool timed, string option, string words)
    {
        if (NeedsLifetime(Chain.Get(option, 0d), timed, option))
        {
            Time(settings, option, words);
        }
    }

    private void Part(List<SettingModel> settings, bool timed, string option, string words)
    {
        var setting = Chain.Get(option, 0d);
        if (!NeedsLifetime(setting, timed, option))
        {
            return;
        }

        Refuse(setting, option, OptionRange.Fault(option, setting.Value));
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

        Time(settings, "NullTtl", "null for {0} s");
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

    private void Refuse<T>(Setting<T> setting, string option, string? reason)
    {
        if (reason is null)
        {
            return;
        }

        if (setting.IsDefault)
        {
            _hasWrongDefault = true;
            return;
        }

        ReportOption(setting, option, reason);
    }

    private void ReportOption<T>(Setting<T> setting, string option, string reason)
    {
        var value = setting.Value is double number ? Literals.Of(number) : Convert.ToString(setting.Value, CultureInfo.InvariantCulture);
        ReportOption(Literals.Assignment(option, setting.Value is bool flag ? flag ? "true" : "false" : value), reason);
    }

    // The option as the user wrote it ("MaxSize = 2"); its name is what the code fix removes.
    private void ReportOption(string option, string reason)
    {
        var name = option.Split(' ')[0];
        _problems.Add(new Problem(Rules.Option, _cached.LocationOf(name, _cancellation) ?? _location, option, _display, reason) { Fix = name });
    }
}
