using System.Globalization;
using Memoize.Tiers;
using Microsoft.Extensions.Configuration;

namespace Memoize.Configuration;

/// <summary>Reads the options of a tier out of a section, by hand: a binder would need reflection.</summary>
internal static class TierSettings
{
    /// <summary>The section that has the tiers below it, by their names.</summary>
    internal const string Section = "Tiers";

    private static readonly string[] Names =
    [
        nameof(CacheTierOptions.Timeout), nameof(CacheTierOptions.WriteTimeout), nameof(CacheTierOptions.RetryAfter), nameof(CacheTierOptions.LeaseDuration),
        nameof(CacheTierOptions.LongestLoad), nameof(CacheTierOptions.CompressAbove), nameof(CacheTierOptions.Prefix), nameof(CacheTierOptions.LongestKey),
    ];

    /// <summary>The options with what the section says in the place of what they say.</summary>
    /// <param name="section">The section of one tier.</param>
    /// <param name="options">What holds where it is silent.</param>
    /// <param name="problems">Gets what is wrong, in sentences.</param>
    internal static CacheTierOptions Read(IConfiguration section, CacheTierOptions options, List<string> problems)
    {
        var values = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var child in section.GetChildren())
        {
            if (Names.Contains(child.Key, StringComparer.OrdinalIgnoreCase))
                values[child.Key] = child.Value?.Trim() ?? "";
            else
                problems.Add($"{child.Path}: a tier has no such option.{NearNames.DidYouMean(child.Key, Names)} There are {string.Join(", ", Names)}.");
        }

        double Seconds(string name, double otherwise) => Read(name, otherwise, "seconds, such as 0.05, or a time, such as 00:00:01", static text =>
            text.Contains(':') ? TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var time) ? time.TotalSeconds : null
            : double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds) ? seconds
            : null);
        int Whole(string name, int otherwise) => Read(name, otherwise, "a whole number", static text =>
            int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null);
        T Read<T>(string name, T otherwise, string what, Func<string, T?> parse)
            where T : struct
        {
            if (!values.TryGetValue(name, out var text))
                return otherwise;
            if (parse(text) is { } value)
                return value;
            problems.Add($"{((section as IConfigurationSection)?.Path ?? Section)}:{name} is '{text}'. Give {what}.");
            return otherwise;
        }

        var read = new CacheTierOptions
        {
            Timeout = Seconds(nameof(options.Timeout), options.Timeout),
            WriteTimeout = Seconds(nameof(options.WriteTimeout), options.WriteTimeout),
            RetryAfter = Seconds(nameof(options.RetryAfter), options.RetryAfter),
            LeaseDuration = Seconds(nameof(options.LeaseDuration), options.LeaseDuration),
            LongestLoad = Seconds(nameof(options.LongestLoad), options.LongestLoad),
            CompressAbove = Whole(nameof(options.CompressAbove), options.CompressAbove),
            Prefix = values.TryGetValue(nameof(options.Prefix), out var prefix) ? prefix : options.Prefix,
            LongestKey = Whole(nameof(options.LongestKey), options.LongestKey),
            Json = options.Json,
            TimeProvider = options.TimeProvider,
        };
        try
        {
            read.Validate();
        }
        catch (ArgumentException e)
        {
            problems.Add($"{((section as IConfigurationSection)?.Path ?? Section)}: {e.Message.Split(" (Parameter")[0]}");
        }

        return read;
    }
}
