namespace Memoize.Generators.Tests.Advice;

/// <summary>MEMO0302 and MEMO0303: options that are possible and surely not meant, and names that two methods have.</summary>
public sealed class OptionTests
{
    static AdviceCase Options(string options, params string[] expected) => new(
        options, "MEMO0302", $"public static class S {{ [Cached({options})] public static string M(int a) => string.Concat(a, a); }}", expected);

    static readonly AdviceCase[] _cases =
    [
        Options("Ttl = 320_000_000", "Ttl = 320000000 of 'S.M(int)' is probably not meant: it is more than ten years"),
        Options("Ttl = 86_400_000_000", "in seconds, not in milliseconds or ticks"),
        Options("Sliding = 1e12", "Sliding = 1000000000000"),
        Options("Ttl = 0.001", "steps of 16 ms"),
        Options("Ttl = 10, Sliding = 0.01", "Sliding = 0.01"),
        Options("MaxSize = 1_000_000_000", "20 GB"),
        Options("Ttl = 300, MaxSize = 1000"),
        Options("Ttl = 31_536_000"),
        Options("Ttl = 0.05"),
        Options("MaxSize = 10_000_000"),
        Options("MaxSize = 3"),
        new("Two methods chose one name", "MEMO0303",
            "public static class S { [Cached(Name = \"n\")] public static string M(int a) => string.Concat(a, a); } public static class T { [Cached(Name = \"n\")] public static string M(int a) => string.Concat(a, a); }",
            "The cache of 'S.M(int)' is named \"n\", and so is that of 'T.M(int)'", "The cache of 'T.M(int)' is named \"n\", and so is that of 'S.M(int)'"),
        new("A chosen name is what another method is called", "MEMO0303",
            "public static class S { [Cached] public static string M(int a) => string.Concat(a, a); [Cached(Name = \"S.M(int)\")] public static string N(int a) => string.Concat(a, a); }",
            "The cache of 'S.N(int)' is named \"S.M(int)\""),
        new("Different names", "MEMO0303",
            "public static class S { [Cached(Name = \"n\")] public static string M(int a) => string.Concat(a, a); [Cached(Name = \"N\")] public static string N(int a) => string.Concat(a, a); }"),
        new("The halves of a partial method are one", "MEMO0303",
            "public static partial class S { [Cached(Name = \"n\")] public static partial string M(int a); static string MCore(int a) => string.Concat(a, a); }"),
    ];

    public static IEnumerable<TheoryDataRow<string>> Rows => AdviceCase.Names(_cases);

    [Theory, MemberData(nameof(Rows))]
    public Task Options_that_are_not_meant(string name) => AdviceCase.Verify(_cases, name);
}
