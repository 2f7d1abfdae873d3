using Memoize.Integration.Library;

namespace Memoize.Integration.Tests.Peers;

/// <summary>What the tests of FusionCache's promises call.</summary>
internal static class Fusion
{
    [Cached(Ttl = 300)]
    public static Task<string> LoadAsync(int id, [NotInKey] Stock source, CancellationToken cancellationToken = default) => source.ReadAsync(id, cancellationToken);

    [Cached(Ttl = 300)]
    public static async ValueTask<string> LoadValueAsync(int id, [NotInKey] Stock source) => await source.ReadAsync(id);

    [Cached(Ttl = 60, StaleIfError = 600)]
    public static string Resilient(int id, [NotInKey] Stock source) => source.Read(id);

    [Cached(Ttl = 60, StaleIfError = 600, Timeout = 2)]
    public static Task<string> PatientAsync(int id, [NotInKey] Stock source, CancellationToken cancellationToken = default) => source.ReadAsync(id, cancellationToken);

    [Cached(Ttl = 100, RefreshAhead = 0.5)]
    public static Task<string> EagerAsync(int id, [NotInKey] Stock source) => source.ReadAsync(id);

    [Cached(Ttl = 10, Name = "peers-short")]
    public static string Short(int id, [NotInKey] Stock source) => source.Read(id);

    [Cached(Ttl = 1000, Name = "peers-long")]
    public static string Long(int id, [NotInKey] Stock source) => source.Read(id);

    [Cached(Ttl = 300, Tags = ["customer:{customer}"])]
    public static string Tagged(int customer, string page, [NotInKey] Stock source) => source.Read(customer + page);

    [Cached(TtlFrom = nameof(SecondsIn))]
    public static string Adaptive(int seconds, [NotInKey] Stock source) => source.Read(seconds);

    internal static TimeSpan SecondsIn(string value) => TimeSpan.FromSeconds(int.Parse(value.Split('#')[0], System.Globalization.CultureInfo.InvariantCulture));

    [Cached(Ttl = 300)]
    public static string? Nothing(int id, [NotInKey] Stock source)
    {
        source.Read(id);
        return null;
    }

    [Cached(Ttl = 100, Jitter = 0.2)]
    public static string Jittered(int id, [NotInKey] Stock source) => source.Read(id);
}

public interface IFusionShop
{
    [Cached(Ttl = 300)]
    string Find(int id);
}

internal sealed class FusionShop(Stock source) : IFusionShop
{
    public string Find(int id) => source.Read(id);
}
