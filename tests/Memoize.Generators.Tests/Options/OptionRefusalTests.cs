using Memoize.Generators.Tests.Advice;

namespace Memoize.Generators.Tests.Options;

/// <summary>MEMO0301, MEMO0302 and MEMO0304: options about time, null and weight that cannot mean anything, and methods that do not fit.</summary>
public sealed class OptionRefusalTests
{
    static AdviceCase Option(string options, params string[] expected) => new(
        options, "MEMO0301", $"public static class S {{ internal static TimeSpan Life(string? v) => default; internal static int Weight(string? v) => 1; [Cached({options})] public static string? M(int a) => string.Concat(a, a); }}", expected)
    { Refuses = true };

    static AdviceCase Number(string options, params string[] expected) => new(
        options + " of a number", "MEMO0301", $"public static class S {{ [Cached({options})] public static int M(string a) => a.Split(',').Length; }}", expected)
    { Refuses = true };

    static AdviceCase Unlikely(string options, params string[] expected) => new(
        options + " is not meant", "MEMO0302", $"public static class S {{ [Cached({options})] public static string? M(int a) => string.Concat(a, a); }}", expected);

    static AdviceCase Target(string option, string rules, params string[] expected) => new(
        option + " " + rules, "MEMO0304",
        $"public class B {{ public static bool Inherited(string? v) => false; }} public class S : B {{ {rules} [Cached({option})] public static string? M(int a, string? b, [NotInKey] object? c) => string.Concat(a, b); }}", expected)
    { Refuses = true };

    static readonly AdviceCase[] _cases =
    [
        Option("StaleWhileRevalidate = 5", "StaleWhileRevalidate = 5 of 'S.M(int)' has no meaning: values do not expire by age here; give a Ttl or TtlFrom, or remove it"),
        Option("StaleIfError = 5, Sliding = 5", "StaleIfError = 5"),
        Option("RefreshAhead = 0.5", "RefreshAhead = 0.5"),
        Option("Jitter = 0.5", "Jitter = 0.5"),
        Option("Ttl = 9, RefreshAhead = 1", "RefreshAhead = 1 of 'S.M(int)' has no meaning: it is the part of a lifetime after which a hit loads the value anew, more than 0 and less than 1, such as 0.8; leave it out to load when a value has expired"),
        Option("Ttl = 9, RefreshAhead = -0.1", "RefreshAhead = -0.1"),
        Option("Ttl = 9, Jitter = 1", "Jitter = 1 of 'S.M(int)' has no meaning: it is the part of a lifetime by which values may live shorter, more than 0 and less than 1, such as 0.1; leave it out for one lifetime for all"),
        Option("Ttl = 9, Jitter = double.NaN", "Jitter of"),
        Option("Ttl = 0", "Ttl = 0 of 'S.M(int)' has no meaning: a lifetime is more than 0 seconds; give a time, or leave it out for values that do not expire"),
        Option("Ttl = -1", "Ttl = -1 of 'S.M(int)' has no meaning: a lifetime is more than 0 seconds; give a time, or leave it out for values that do not expire"),
        Option("Sliding = 0", "Sliding = 0 of 'S.M(int)' has no meaning: the time that a read adds to a life is more than 0 seconds; give a time, or leave it out where reading does not matter"),
        Option("Ttl = 9, Sliding = 10", "Sliding = 10 of 'S.M(int)' has no meaning: every value expires after Ttl = 9 seconds, so reading could never extend its life"),
        Option("Ttl = 9, StaleWhileRevalidate = 0", "StaleWhileRevalidate = 0 of 'S.M(int)' has no meaning: old values are served for more than 0 seconds; give a time, or leave it out where nobody may get a value beyond its lifetime"),
        Option("Ttl = 9, StaleIfError = -1", "StaleIfError = -1 of 'S.M(int)' has no meaning: old values stand in for loads that fail for more than 0 seconds; give a time, or leave it out to let callers see every failure"),
        Option("Timeout = 0", "Timeout = 0 of 'S.M(int)' has no meaning: callers wait for a load for more than 0 seconds; give a time, or leave it out to wait for as long as a load takes"),
        Option("Timeout = -5", "Timeout = -5 of 'S.M(int)' has no meaning: callers wait for a load for more than 0 seconds"),
        Option("ErrorTtl = 0", "ErrorTtl = 0 of 'S.M(int)' has no meaning: an exception is remembered for more than 0 seconds; give a time, or leave it out to load again at the next call"),
        Option("NullTtl = 0", "NullTtl = 0 of 'S.M(int)' has no meaning: null is remembered for more than 0 seconds; give a time, or leave it out to treat null like any result, or write CacheNull = false to remember none"),
        Option("ErrorTtl = double.PositiveInfinity", "ErrorTtl of"),
        Option("NullTtl = 5, CacheNull = false", "NullTtl = 5 of 'S.M(int)' has no meaning: CacheNull = false says that null is not remembered at all"),
        Option("MaxBytes = 0", "MaxBytes = 0"),
        Option("Weigher = nameof(Weight)", "Weigher = Weight of 'S.M(int)' has no meaning: without MaxBytes nothing is weighed"),
        Option("TtlFrom = nameof(Life), StaleWhileRevalidate = 5, StaleIfError = 5, RefreshAhead = 0.5, Jitter = 0.5"),
        Option("Ttl = 9, StaleWhileRevalidate = 5, StaleIfError = 50, RefreshAhead = 0.8, Jitter = 0.1, Timeout = 2, ErrorTtl = 1, NullTtl = 3"),
        Option("Ttl = double.PositiveInfinity", "Ttl of 'S.M(int)' has no meaning: it is a number of seconds; leave it out for values that do not expire"),
        Option("MaxBytes = 100"),
        Option("MaxBytes = 100, Weigher = nameof(Weight)"),
        Number("NullTtl = 5", "NullTtl = 5 of 'S.M(string)' has no meaning: the result is never null"),
        Number("CacheNull = false", "CacheNull = false"),
        Number("MaxBytes = 5", "MaxBytes of 'S.M(string)' has no meaning: nothing says what a 'int' weighs; name a method with Weigher"),

        Unlikely("Ttl = 5, NullTtl = 6", "NullTtl = 6 of 'S.M(int)' is probably not meant: null would be remembered for longer than what is there (Ttl = 5)"),
        Unlikely("Ttl = 5, ErrorTtl = 6", "ErrorTtl = 6"),
        Unlikely("Ttl = 5, StaleIfError = 86400000000", "more than ten years"),
        Unlikely("Timeout = 0.001", "steps of 16 ms"),
        Unlikely("Ttl = 5, NullTtl = 5, ErrorTtl = 1, Timeout = 30"),

        Target("Unless = \"Drafty\"", "internal static bool Draft(string? v) => false;", "Unless = \"Drafty\" of 'S.M(int, string?, object?)' names a method that does not fit: there is no method of that name in 'S'; did you mean 'Draft'?"),
        Target("Unless = null", "", "Unless = null"),
        Target("Unless = nameof(R)", "internal static int R(string? v) => 0;", "it returns 'int' and must return bool"),
        Target("Unless = nameof(R)", "internal static bool R() => false;", "its first parameter must take the result, a 'string?'"),
        Target("Unless = nameof(R)", "internal static bool R(int v) => false;", "its first parameter must take the result, a 'string?'"),
        Target("Unless = nameof(R)", "internal static bool R(ref string? v) => false;", "its first parameter must take the result"),
        Target("Unless = nameof(R)", "internal static bool R(string? v, int x) => false;", "its parameter 'x' is matched by name with those of the cached method, which are 'a', 'b', 'c'"),
        Target("Unless = nameof(R)", "internal static bool R(string? v, short a) => false;", "its parameter 'a' is a 'short', and that of the cached method is a 'int'"),
        Target("Unless = nameof(R)", "internal static bool R(string? v, object? c) => false;", "its parameter 'c' is not part of the key, so nobody knows it where a value is set"),
        Target("Unless = nameof(R)", "internal bool R(string? v) => false;", "it is an instance method, but a value is judged by itself"),
        Target("When = nameof(R)", "internal bool R() => false;", "it is an instance method and the cached method is static; make it static"),
        Target("TtlFrom = nameof(R)", "internal static double R(string? v) => 0;", "it returns 'double' and must return TimeSpan"),
        Target("Weigher = nameof(R), MaxBytes = 5", "internal static double R(string? v) => 0;", "it returns 'double' and must return long"),
        Target("Unless = nameof(R)", "internal static bool R<T>(T v) => false;", "it has 1 type parameters and the cached method has 0"),
        Target("Unless = nameof(R)", "internal static int R(string? v) => 0; internal static int R(int v) => 0;", "none of its 2 overloads fits"),
        Target("Unless = nameof(R)", "internal static bool R(string? v) => false; internal static bool R(object? v) => false;", "two of its overloads fit equally well"),
        Target("Unless = nameof(Inherited)", ""),
        Target("When = nameof(R)", "internal static bool R(object? c, string? b) => false;"),
        Target("Unless = nameof(R)", "internal static bool R(in object? v, long a, int more = 3) => false;"),
    ];

    public static IEnumerable<TheoryDataRow<string>> Rows => AdviceCase.Names(_cases);

    [Theory, MemberData(nameof(Rows))]
    public Task Options_that_mean_nothing(string name) => AdviceCase.Verify(_cases, name);
}
