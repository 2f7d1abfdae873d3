using Memoize.Integration.Library;

namespace Memoize.Integration.Tests.Peers;

/// <summary>What the tests of the promises of <c>cached</c> call.</summary>
internal static class Rust
{
    [Cached]
    public static long Fib(int n, [NotInKey] Stock source)
    {
        source.Read(n);
        return n < 2 ? n : Fib(n - 1, source) + Fib(n - 2, source);
    }

    [Cached(MaxSize = 10)]
    public static string Few(int id, [NotInKey] Stock source) => source.Read(id);

    [Cached(Ttl = 60)]
    public static string Minute(int id, [NotInKey] Stock source) => source.Read(id);

    [Cached(Ttl = 0.5)]
    public static string HalfSecond(int id, [NotInKey] Stock source) => source.Read(id);

    [Cached(Ttl = 60, MaxSize = 10)]
    public static string FewForAMinute(int id, [NotInKey] Stock source) => source.Read(id);

    [Cached(CacheNull = false)]
    public static string? NoneNotKept(int id, [NotInKey] Stock source) => source.Read(id) is null ? "" : null;

    [Cached]
    public static string? NoneKept(int id, [NotInKey] Stock source) => source.Read(id) is null ? "" : null;

    [Cached(ErrorTtl = 10)]
    public static string ErrorsKept(int id, [NotInKey] Stock source) => source.Read(id);

    [Cached(Ttl = 60, StaleIfError = 600)]
    public static string Fallback(int id, [NotInKey] Stock source) => source.Read(id);

    [Cached(TtlFrom = nameof(LifetimeOf))]
    public static RustToken Token(string scope, int seconds, [NotInKey] Stock source) => new(source.Read(scope), TimeSpan.FromSeconds(seconds));

    internal static TimeSpan LifetimeOf(RustToken token) => token.ValidFor;

    [Cached(Sliding = 60)]
    public static string Sliding(int id, [NotInKey] Stock source) => source.Read(id);

    [Cached(MaxSize = 100)]
    public static async Task<string> Remote(int id, [NotInKey] Stock source) => await source.ReadAsync(id);

    [Cached]
    public static string Float(double number, [CacheKey(IgnoreCase = true)] string text, [NotInKey] Stock source) => source.Read(number + text);

    [Cached]
    public static string Generic<T>(T id, [NotInKey] Stock source)
        where T : IEquatable<T> => source.Read(id);
}

public sealed record RustToken(string Text, TimeSpan ValidFor);

[CacheHandles("RustServiceHandles")]
public sealed class RustService([NotInKey] Stock source)
{
    [Cached(Ttl = 60)]
    public string Load(int id) => source.Read(id);

    [Cached(Ttl = 300)]
    public string Key() => source.Read("key");
}

internal static class RustLevels
{
    [Cached(Ttl = 300, Tiers = "shared")]
    public static Task<string> Crunch(int id, [NotInKey] Stock source) => source.ReadAsync(id);
}
