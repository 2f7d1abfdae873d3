using Microsoft.CodeAnalysis;

namespace Memoize.Generators.Parsing;

/// <summary>
/// What an option can be by itself, whichever attribute says it: each says in its own words what it is, what it may be, and what to
/// write instead.
/// </summary>
internal static class OptionRange
{
    /// <summary>The options that are a number of seconds.</summary>
    public static readonly IReadOnlyList<string> Times = ["Ttl", "Sliding", "StaleWhileRevalidate", "StaleIfError", "Timeout", "ErrorTtl", "NullTtl"];

    /// <summary>The options that are a part of a lifetime.</summary>
    public static readonly IReadOnlyList<string> Parts = ["RefreshAhead", "Jitter"];

    /// <summary>Why a number cannot be that option, as the end of a sentence; null where it can.</summary>
    public static string? Fault(string option, double value) => option switch
    {
        "Jitter" => value is > 0 and < 1 ? null : "it is the part of a lifetime by which values may live shorter, more than 0 and less than 1, such as 0.1; leave it out for one lifetime for all",
        "RefreshAhead" => value is > 0 and < 1 ? null : "it is the part of a lifetime after which a hit loads the value anew, more than 0 and less than 1, such as 0.8; leave it out to load when a value has expired",
        _ when double.IsNaN(value) || double.IsInfinity(value) => $"it is a number of seconds; {Without(option)}",
        _ when value <= 0 => $"{What(option)} more than 0 seconds; give a time, or {Without(option)}",
        _ => null,
    };

    /// <summary>The same for <c>MaxSize</c>.</summary>
    public static string? OfMaxSize(int value) => value >= 3 ? null : "a cache keeps at least 3 entries; give a larger bound, or leave it out for 1024";

    /// <summary>The same for <c>Eviction</c>, of which the compiler accepts any number.</summary>
    public static string? OfEviction(int value) => value is 0 or 1 ? null : "there are Eviction.Lru and Eviction.Lfu";

    /// <summary>Why a value cannot live on because it is read: it is over before.</summary>
    public static string? OfSliding(double sliding, double ttl) => ttl > 0 && sliding > ttl
        ? $"every value expires after Ttl = {Literals.Of(ttl)} seconds, so reading could never extend its life; give a shorter time, or remove it"
        : null;

    /// <summary>Everything that is wrong with one [CacheDefaults], whichever methods take it.</summary>
    public static IEnumerable<(string Option, string Value, string Reason)> FaultsOf(ISymbol owner, AttributeData defaults)
    {
        var chain = new OptionChain(owner, defaults);
        foreach (var option in Times.Concat(Parts))
        {
            var setting = chain.Get(option, 0d);
            if (setting.Level == 0 && !IsNone(option, setting, chain) && Fault(option, setting.Value) is { } reason)
            {
                yield return (option, Literals.Of(setting.Value), reason);
            }
        }

        var sliding = chain.Get("Sliding", 0d);
        if (sliding is { Level: 0, Value: > 0 } && OfSliding(sliding.Value, LengthOf(chain.Get("Ttl", 0d).Value)) is { } tooLong && !double.IsInfinity(sliding.Value))
        {
            yield return ("Sliding", Literals.Of(sliding.Value), tooLong);
        }

        if (chain.Get("MaxSize", 1024) is { Level: 0 } size && OfMaxSize(size.Value) is { } tooSmall)
        {
            yield return ("MaxSize", Literals.Of(size.Value), tooSmall);
        }

        if (chain.Get("Eviction", 0) is { Level: 0 } eviction && OfEviction(eviction.Value) is { } unknown)
        {
            yield return ("Eviction", Literals.Of(eviction.Value), unknown);
        }
    }

    /// <summary>The only way to say no to a default of somebody further away.</summary>
    public static bool IsNone(string option, Setting<double> setting, OptionChain chain) =>
        double.IsPositiveInfinity(setting.Value) && option is "Ttl" or "Sliding" && chain.HasDefault(option, setting.Level);

    private static double LengthOf(double ttl) => double.IsInfinity(ttl) ? 0 : ttl;

    private static string What(string option) => option switch
    {
        "Ttl" => "a lifetime is",
        "Sliding" => "the time that a read adds to a life is",
        "StaleWhileRevalidate" => "old values are served for",
        "StaleIfError" => "old values stand in for loads that fail for",
        "Timeout" => "callers wait for a load for",
        "ErrorTtl" => "an exception is remembered for",
        _ => "null is remembered for",
    };

    /// <summary>What the option being absent means, as advice.</summary>
    public static string Without(string option) => option switch
    {
        "Ttl" => "leave it out for values that do not expire",
        "Sliding" => "leave it out where reading does not matter",
        "StaleWhileRevalidate" => "leave it out where nobody may get a value beyond its lifetime",
        "StaleIfError" => "leave it out to let callers see every failure",
        "Timeout" => "leave it out to wait for as long as a load takes",
        "ErrorTtl" => "leave it out to load again at the next call",
        _ => "leave it out to treat null like any result, or write CacheNull = false to remember none",
    };
}
