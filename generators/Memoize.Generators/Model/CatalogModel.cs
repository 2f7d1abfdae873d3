using Memoize.Generators.Infrastructure;

namespace Memoize.Generators.Model;

/// <summary>What is to be known of a cached method before it is called.</summary>
/// <param name="Name">The stable name.</param>
/// <param name="LoadsInBackground">Whether there are loads that no call waits for.</param>
/// <param name="LoadsOn">The open class on whose instances these run; null where there is none, or none that can be named.</param>
/// <param name="Weighs">Whether there is a bound by weight.</param>
/// <param name="Tiers">The names of its tiers as a C# literal; null where there are none.</param>
internal sealed record CatalogEntryModel(string Name, bool LoadsInBackground, string? LoadsOn, bool Weighs, string? Tiers)
{
    public static CatalogEntryModel Of(CachedMethodModel method) => new(
        method.Options.Name,
        method.Options.LoadsInBackground,
        method.LoadsOnOwnInstance && method.Door != Door.Decorator && (method.Door == Door.Plain || method.Handle is not null) ? OpenType(method) : null,
        method.Options.Settings.Any(setting => setting.Name == "MaxBytes"),
        method.Options.Settings.FirstOrDefault(setting => setting.Name == "Tiers")?.Value);

    private static string OpenType(CachedMethodModel method) => "global::" + string.Join(
        ".",
        (method.Namespace.Length == 0 ? [] : new[] { method.Namespace }).Concat(method.Containers.Select(type =>
            type.TypeParameters.Count == 0 ? type.Name : $"{type.Name}<{new string(',', type.TypeParameters.Count - 1)}>")));
}

/// <summary>The cached methods of the assembly.</summary>
internal sealed record CatalogModel(EquatableArray<CatalogEntryModel> Methods);
