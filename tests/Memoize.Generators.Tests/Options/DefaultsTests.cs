using Memoize.Generators.Tests.Advice;
using Memoize.Generators.Tests.Harness;

namespace Memoize.Generators.Tests.Options;

/// <summary>A default that no method could take is said once, where it stands, and not at every method that takes it.</summary>
public sealed class DefaultsTests
{
    const string Two = "[Cached] public static string? M(int a) => string.Concat(a, a); [Cached] public static string? N(int a) => string.Concat(a, \"n\");";

    static AdviceCase OfType(string defaults, string at, string expected) => new(
        "Of a type: " + defaults, "MEMO0301", $"[CacheDefaults({defaults})] public static class S {{ {Two} }}", expected)
    { Refuses = true, At = at };

    static AdviceCase OfAssembly(string defaults, string at, string expected) => new(
        "Of the assembly: " + defaults, "MEMO0301", $"[assembly: CacheDefaults({defaults})] public static class S {{ {Two} }} public static class T {{ {Two} }}", expected)
    { Refuses = true, At = at };

    static AdviceCase Fits(string name, string code) => new(name, "MEMO0301", code);

    static readonly AdviceCase[] _cases =
    [
        OfType("Ttl = -1", "Ttl = -1", "Ttl = -1 of 'S' has no meaning: a lifetime is more than 0 seconds; give a time, or leave it out for values that do not expire"),
        OfType("Ttl = 9, Sliding = 0", "Sliding = 0", "Sliding = 0 of 'S' has no meaning: the time that a read adds to a life"),
        OfType("Ttl = 9, Sliding = 10", "Sliding = 10", "Sliding = 10 of 'S' has no meaning: every value expires after Ttl = 9 seconds"),
        OfType("Ttl = 9, Jitter = 2", "Jitter = 2", "Jitter = 2 of 'S' has no meaning: it is the part of a lifetime by which values may live shorter"),
        OfType("MaxSize = 2, Ttl = 9", "MaxSize = 2", "MaxSize = 2 of 'S' has no meaning: a cache keeps at least 3 entries; give a larger bound, or leave it out for 1024"),
        OfType("Eviction = (Eviction)7", "Eviction = (Eviction)7", "Eviction = 7 of 'S' has no meaning: there are Eviction.Lru and Eviction.Lfu"),
        OfType("Ttl = double.PositiveInfinity", "Ttl = double.PositiveInfinity", "Ttl of 'S' has no meaning: it is a number of seconds"),
        OfAssembly("ErrorTtl = 0", "ErrorTtl = 0", "ErrorTtl = 0 of 'App' has no meaning: an exception is remembered for more than 0 seconds"),
        OfAssembly("Ttl = 9, RefreshAhead = 1.5", "RefreshAhead = 1.5", "RefreshAhead = 1.5 of 'App' has no meaning: it is the part of a lifetime after which a hit loads the value anew"),
        OfAssembly("Timeout = double.NaN", "Timeout = double.NaN", "Timeout of 'App' has no meaning: it is a number of seconds; leave it out to wait for as long as a load takes"),
        new("Of the type, beyond the lifetime that the assembly gives", "MEMO0301",
            "[assembly: CacheDefaults(Ttl = 9)] [CacheDefaults(Sliding = 10)] public static class S { [Cached] public static string M(int a) => string.Concat(a, a); }",
            "Sliding = 10 of 'S' has no meaning: every value expires after Ttl = 9 seconds") { Refuses = true, At = "Sliding = 10" },
        new("Of a type around it", "MEMO0301",
            "[CacheDefaults(MaxSize = 1)] public static class S { public static class T { [Cached] public static string M(int a) => string.Concat(a, a); } }",
            "MaxSize = 1 of 'S'") { Refuses = true, At = "MaxSize = 1" },
        new("That nobody takes yet", "MEMO0301",
            "[CacheDefaults(MaxSize = 1)] public static class S { } public static class T { [Cached] public static string M(int a) => string.Concat(a, a); }",
            "MaxSize = 1 of 'S'"),
        new("A method that says otherwise is generated", "MEMO0301",
            "[CacheDefaults(Ttl = -1)] public static class S { [Cached(Ttl = 5)] public static string M(int a) => string.Concat(a, a); }",
            "Ttl = -1 of 'S'"),
        new("The method itself is wrong", "MEMO0301",
            "[CacheDefaults(Ttl = 9)] public static class S { [Cached(Sliding = 10)] public static string M(int a) => string.Concat(a, a); }",
            "Sliding = 10 of 'S.M(int)'") { Refuses = true, At = "Sliding = 10" },

        Fits("A method that says no to a default", "[CacheDefaults(Ttl = 9)] public static class S { [Cached(Ttl = double.PositiveInfinity)] public static string M(int a) => string.Concat(a, a); }"),
        Fits("A type that says no to a default of the assembly", "[assembly: CacheDefaults(Ttl = 9)] [CacheDefaults(Ttl = double.PositiveInfinity, Sliding = 20)] public static class S { [Cached] public static string M(int a) => string.Concat(a, a); }"),
        Fits("A default beyond the shorter life that a method gives its values", "[CacheDefaults(Sliding = 60)] public static class S { [Cached(Ttl = 10)] public static string M(int a) => string.Concat(a, a); }"),
        Fits("Every option in its range", "[CacheDefaults(Ttl = 9, Sliding = 5, StaleWhileRevalidate = 1, StaleIfError = 60, RefreshAhead = 0.8, Jitter = 0.1, Timeout = 1, ErrorTtl = 1, NullTtl = 1, MaxSize = 3, Eviction = Eviction.Lfu)] public static class S { [Cached] public static string? M(int a) => string.Concat(a, a); }"),

        new("Probably not meant, of a type", "MEMO0302", $"[CacheDefaults(Ttl = 1e12)] public static class S {{ {Two} }}", "Ttl = 1000000000000 of 'S' is probably not meant: it is more than ten years") { At = "Ttl = 1e12" },
        new("Probably not meant, of the assembly", "MEMO0302", $"[assembly: CacheDefaults(MaxSize = 1_000_000_000)] public static class S {{ {Two} }}", "MaxSize = 1000000000 of 'App'") { At = "MaxSize = 1_000_000_000" },
        new("Null for longer than a result, of a type", "MEMO0302", $"[CacheDefaults(Ttl = 9, NullTtl = 10)] public static class S {{ {Two} }}", "NullTtl = 10 of 'S'") { At = "NullTtl = 10" },
    ];

    public static IEnumerable<TheoryDataRow<string>> Rows => RuleCase.Names(_cases);

    [Theory, MemberData(nameof(Rows))]
    public Task A_default_that_means_nothing(string name) => AdviceCase.Verify(_cases, name);
}
