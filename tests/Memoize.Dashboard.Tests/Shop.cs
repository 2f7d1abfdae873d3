namespace Memoize.Dashboard.Tests;

internal static class Shop
{
    [Cached(Ttl = 300, MaxSize = 1000)]
    public static string Price(int id) => $"secret {id}";

    [Cached(Ttl = 60)]
    public static string Greet(string name) => name.Length > 0 ? $"hello {name}" : throw new ArgumentException(name);

    /// <summary>Kept behind memory, too.</summary>
    [Cached(Ttl = 60, Tiers = "shelf")]
    public static string Kept(DateOnly day) => $"kept {day:O}";

    /// <summary>Weighed, and for ever.</summary>
    [Cached(MaxBytes = 100_000)]
    public static string Label(int length) => new('=', length);
}
