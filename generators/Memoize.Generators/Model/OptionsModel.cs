using Memoize.Generators.Infrastructure;

namespace Memoize.Generators.Model;

/// <summary>What the attribute asks for, defaults of type and assembly included.</summary>
/// <param name="Name">The stable name.</param>
/// <param name="MaxSize">The bound on entries.</param>
/// <param name="Lfu">Whether the least frequently used make room.</param>
/// <param name="Settings">All other options that differ from what they are by themselves.</param>
internal sealed record OptionsModel(string Name, int MaxSize, bool Lfu, EquatableArray<SettingModel> Settings)
{
    /// <summary>Whether values expire by age.</summary>
    public bool IsTimed => Settings.Any(setting => setting.Name == "Ttl");

    /// <summary>Whether there are loads that no call waits for.</summary>
    public bool LoadsInBackground => Settings.Any(setting => setting.Name is "StaleWhileRevalidate" or "RefreshAhead");
}

/// <summary>One option.</summary>
/// <param name="Name">Its name, on the attribute and at run time.</param>
/// <param name="Value">Its value, as a C# literal.</param>
/// <param name="Words">What it means, for people.</param>
internal sealed record SettingModel(string Name, string Value, string Words);

/// <summary>The user's methods that decide about calls and values, as expressions in which <c>{0}</c> is the value.</summary>
/// <param name="When">Whether the cache is asked for these arguments; null for always.</param>
/// <param name="Unless">Whether the value is not remembered; null for never.</param>
/// <param name="TtlFrom">How long the value lives; null for what the options say.</param>
/// <param name="Weigher">What the value weighs; null for 1.</param>
/// <param name="Arguments">The parameters whose arguments the expressions about the value use.</param>
internal sealed record RulesModel(string? When, string? Unless, string? TtlFrom, string? Weigher, EquatableArray<ParameterModel> Arguments)
{
    /// <summary>Whether something is to be said about each value.</summary>
    public bool HasTerms => Unless is not null || TtlFrom is not null || Weigher is not null;
}
