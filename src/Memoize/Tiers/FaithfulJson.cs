using System.Collections;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Memoize.Tiers;

/// <summary>
/// JSON that refuses to write what it would not give back: an object of a derived type, of which only what the declared type knows is
/// written, and a collection that compares its strings in another way than usual. Such a result is served, and not stored.
/// </summary>
internal static class FaithfulJson
{
    private static readonly ConditionalWeakTable<JsonSerializerOptions, JsonSerializerOptions> Made = new();

    /// <summary>The same options, with the refusals.</summary>
    internal static JsonSerializerOptions Of(JsonSerializerOptions options)
        => Made.GetValue(options, static options => new(options) { TypeInfoResolver = options.TypeInfoResolver?.WithAddedModifier(Watch) });

    /// <summary>What of the options changes what is written, or how it is read; empty if nothing does.</summary>
    internal static string DialectOf(JsonSerializerOptions options) => string.Join('|', new[]
    {
        options.PropertyNamingPolicy?.GetType().FullName,
        options.DictionaryKeyPolicy?.GetType().FullName,
        options.ReferenceHandler?.GetType().FullName,
        options.NumberHandling == JsonNumberHandling.Strict ? null : "numbers " + (int)options.NumberHandling,
        options.DefaultIgnoreCondition == JsonIgnoreCondition.Never ? null : "ignores " + (int)options.DefaultIgnoreCondition,
        options.PreferredObjectCreationHandling == JsonObjectCreationHandling.Replace ? null : "populates",
        options.UnmappedMemberHandling == JsonUnmappedMemberHandling.Skip ? null : "disallows",
        options.IncludeFields ? "fields" : null,
        options.IgnoreReadOnlyProperties || options.IgnoreReadOnlyFields ? "no read-only members" : null,
        options.PropertyNameCaseInsensitive ? "any case" : null,
        options.Converters.Count == 0 ? null : string.Join('+', options.Converters.Select(static converter => converter.GetType().FullName)),
    }.Where(static part => part is not null));

    private static void Watch(JsonTypeInfo type)
    {
        if (type.Kind is not (JsonTypeInfoKind.Object or JsonTypeInfoKind.Enumerable or JsonTypeInfoKind.Dictionary))
            return;

        var declared = type.Type;
        var isExact = type.PolymorphismOptions is null && !declared.IsInterface && !declared.IsAbstract;
        var isObject = type.Kind == JsonTypeInfoKind.Object;
        var before = type.OnSerializing;
        type.OnSerializing = value =>
        {
            before?.Invoke(value);
            if (isExact && value.GetType() != declared)
                throw new NotSupportedException($"This {declared} is a {value.GetType()}, and would come back as less than it is.");
            if (!isObject && ComparesOtherwise(value))
                throw new NotSupportedException($"This {value.GetType()} compares its strings in a way of its own, and would come back with the usual one.");
        };
    }

    /// <summary>Whether it compares strings in another way than usual.</summary>
    // By what it does: the comparer of a dictionary cannot be asked for without knowing its values' type.
    internal static bool ComparesOtherwise(object collection) => collection switch
    {
        IDictionary map => Finds(map.Keys.OfType<string>(), map.Contains),
        ISet<string> set => Finds(set, set.Contains),
        IReadOnlySet<string> set => Finds(set, set.Contains),
        _ => false,
    };

    private static bool Finds(IEnumerable<string> keys, Func<string, bool> contains)
    {
        const int Enough = 4;
        HashSet<string>? all = null;
        foreach (var key in keys.Where(static key => key.Any(char.IsLetter)).Take(Enough))
        {
            foreach (var other in new[] { key.ToUpperInvariant(), key.ToLowerInvariant() })
            {
                if (other != key && contains(other) && !(all ??= new(keys, StringComparer.Ordinal)).Contains(other))
                    return true;
            }
        }

        return false;
    }
}
