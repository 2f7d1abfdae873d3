using Memoize.Integration.Library;

namespace Memoize.Integration.Tests.Peers;

/// <summary>What the tests of HybridCache's promises call.</summary>
internal static class Hybrid
{
    [Cached(Ttl = 300)]
    public static Task<string> LoadAsync(int customer, int order, [NotInKey] Stock source, CancellationToken cancellationToken = default)
        => source.ReadAsync($"{customer}/{order}", cancellationToken);

    [Cached(Ttl = 300)]
    public static string Load(int id, [NotInKey] Stock source) => source.Read(id);

    [Cached(Ttl = 300, MaxBytes = 1000)]
    public static string Large(int length, [NotInKey] Stock source)
    {
        source.Read(length);
        return new('x', length);
    }
}

/// <summary>The same in two levels.</summary>
[CacheDefaults(Ttl = 300, Tiers = "shared")]
internal static class HybridLevels
{
    [Cached(Tags = ["peers-hybrid"])]
    public static Task<string> LoadAsync(string id, [NotInKey] Stock source) => source.ReadAsync(id);

#pragma warning disable MEMO0202 // Nobody here changes what they get.
    [Cached]
    public static byte[] Bytes(int count, [NotInKey] Stock source)
    {
        source.Read(count);
        return [.. Enumerable.Range(1, count).Select(number => (byte)number)];
    }
#pragma warning restore MEMO0202

    [Cached]
    public static Bill Bill(int number, [NotInKey] Stock source)
    {
        source.Read(number);
        return new(number, "x");
    }
}

internal sealed record Bill(int Number, string Article);

[CacheDefaults(Ttl = 10)]
internal static class HybridDefaults
{
    [Cached]
    public static string Usual(int id, [NotInKey] Stock source) => source.Read(id);

    [Cached(Ttl = 100)]
    public static string Special(int id, [NotInKey] Stock source) => source.Read(id);
}
