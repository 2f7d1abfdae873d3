using System.Globalization;
using Memoize.Catalog;
using Microsoft.Extensions.Configuration;

namespace Memoize.Configuration;

/// <summary>Reads the settings of methods out of a section, by hand: a binder would need reflection.</summary>
internal sealed class SettingsReader
{
    private const string Methods = "Methods";
    private const string Defaults = "Defaults";
    private const string DefaultTiers = "DefaultTiers";
    private const string Tiers = "Tiers";

    private static readonly Dictionary<string, Action<MethodSettings, string>> Options = new(StringComparer.OrdinalIgnoreCase)
    {
        [nameof(MethodSettings.Enabled)] = static (settings, text) => settings.Enabled = Truth(text),
        [nameof(MethodSettings.Ttl)] = static (settings, text) => settings.Ttl = Seconds(text),
        [nameof(MethodSettings.Sliding)] = static (settings, text) => settings.Sliding = Seconds(text),
        [nameof(MethodSettings.StaleWhileRevalidate)] = static (settings, text) => settings.StaleWhileRevalidate = Seconds(text),
        [nameof(MethodSettings.StaleIfError)] = static (settings, text) => settings.StaleIfError = Seconds(text),
        [nameof(MethodSettings.RefreshAhead)] = static (settings, text) => settings.RefreshAhead = Number(text, "a part from 0 to 1, such as 0.8"),
        [nameof(MethodSettings.Jitter)] = static (settings, text) => settings.Jitter = Number(text, "a part from 0 to 1, such as 0.1"),
        [nameof(MethodSettings.Timeout)] = static (settings, text) => settings.Timeout = Seconds(text),
        [nameof(MethodSettings.ErrorTtl)] = static (settings, text) => settings.ErrorTtl = Seconds(text),
        [nameof(MethodSettings.NullTtl)] = static (settings, text) => settings.NullTtl = Seconds(text),
        [nameof(MethodSettings.CacheNull)] = static (settings, text) => settings.CacheNull = Truth(text),
        [nameof(MethodSettings.MaxSize)] = static (settings, text) => settings.MaxSize = (int)Whole(text, int.MaxValue),
        [nameof(MethodSettings.Tiers)] = static (settings, text) => settings.Tiers = text,
        [nameof(MethodSettings.MaxBytes)] = static (settings, text) => settings.MaxBytes = Whole(text, long.MaxValue),
    };

    private readonly MethodNames names;
    private readonly Dictionary<string, MethodSettings> settings = new(StringComparer.Ordinal);
    private readonly HashSet<string> unreadable = new(StringComparer.Ordinal);
    private readonly List<string> problems = [];
    private string? defaultTiers;

    private SettingsReader(MethodNames names) => this.names = names;

    /// <summary>What a section says, as far as it can be read.</summary>
    /// <param name="Settings">By the names of the methods.</param>
    /// <param name="Unreadable">The methods of which something could not be read.</param>
    /// <param name="Problems">What is wrong, in sentences.</param>
    /// <param name="DefaultTiers">What <c>Tiers = "*"</c> means; null for all.</param>
    internal sealed record Result(IReadOnlyDictionary<string, MethodSettings> Settings, IReadOnlyCollection<string> Unreadable, IReadOnlyList<string> Problems, string? DefaultTiers);

    internal static Result Read(IConfiguration section, IReadOnlyDictionary<string, CachedMethodInfo> known)
    {
        var reader = new SettingsReader(new(known));
        foreach (var child in section.GetChildren())
            reader.ReadChild(child);
        return new(reader.settings, reader.unreadable, reader.problems, reader.defaultTiers);
    }

    // Other packages may have sections of their own here. What looks like ours and is not would be ignored in silence.
    private void ReadChild(IConfigurationSection child)
    {
        if (child.Key.Equals(Methods, StringComparison.OrdinalIgnoreCase))
        {
            foreach (var method in child.GetChildren())
                ReadMethod(method);
        }
        else if (child.Key.Equals(Defaults, StringComparison.OrdinalIgnoreCase))
        {
            problems.Add($"{child.Path} means nothing: what is said for all methods is said in the code, by [assembly: CacheDefaults(…)]. Name the methods, below {Methods}.");
        }
        else if (child.Key.Equals(DefaultTiers, StringComparison.OrdinalIgnoreCase))
        {
            defaultTiers = child.Value ?? "";
        }
        else if (!child.Key.Equals(Tiers, StringComparison.OrdinalIgnoreCase)
            && new[] { Methods, DefaultTiers, Tiers }.FirstOrDefault(name => NearNames.Distance(child.Key, name) <= 2) is { } near)
        {
            problems.Add($"{child.Path} means nothing. Did you mean {near}?");
        }
    }

    private void ReadMethod(IConfigurationSection section)
    {
        if (names.Find(section.Key, out var why) is not { } method)
        {
            problems.Add($"{section.Path}: {why}");
            return;
        }

        var read = new MethodSettings();
        var before = problems.Count;
        foreach (var option in section.GetChildren())
            ReadOption(read, option);
        if (section.Value is { Length: > 0 })
            problems.Add($"{section.Path} is a method, and has options below it, such as {section.Path}:Ttl; it has no value of its own.");
        if (problems.Count == before)
            Check(section, method, read);

        if (problems.Count > before)
            unreadable.Add(method.Name);
        else
            settings[method.Name] = read;
    }

    private void Check(IConfigurationSection section, CachedMethodInfo method, MethodSettings read)
    {
        try
        {
            read.Check(method.Name, new(), method.LoadsInBackground, method.Weighs, method.Tiers.Length > 0);
        }
        catch (ArgumentException e)
        {
            problems.Add($"{section.Path}: {e.Message.Split(" (Parameter")[0]}");
        }
    }

    private void ReadOption(MethodSettings read, IConfigurationSection option)
    {
        if (!Options.TryGetValue(option.Key, out var set))
        {
            problems.Add($"{option.Path}: there is no such option, or it cannot be changed at run time.{NearNames.DidYouMean(option.Key, Options.Keys)} There are {string.Join(", ", Options.Keys)}.");
            return;
        }

        try
        {
            set(read, option.Value?.Trim() ?? "");
        }
        catch (FormatException e)
        {
            problems.Add($"{option.Path} is '{option.Value}'. Give {e.Message}.");
        }
    }

    private static bool Truth(string text) => bool.TryParse(text, out var value) ? value : throw new FormatException("true or false");

    private static double Number(string text, string what)
        => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) ? value : throw new FormatException(what);

    private static double Seconds(string text)
        => text.Contains(':') && TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var time)
            ? time.TotalSeconds
            : Number(text, "seconds, such as 300 or 0.5, or a time, such as 00:05:00");

    private static long Whole(string text, long most)
        => long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) && value <= most ? value : throw new FormatException("a whole number");
}
