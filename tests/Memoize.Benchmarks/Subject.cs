namespace Memoize.Benchmarks;

/// <summary>One row: something that answers <see cref="Keys.Count"/> calls, each with a key of its own, from a cache.</summary>
/// <param name="Name">What it is.</param>
/// <param name="Group">The rows it is compared with.</param>
/// <param name="Run">Makes all the calls once; the result keeps them from being optimised away.</param>
/// <param name="Calls">The calls that one run makes.</param>
internal sealed record Subject(string Group, string Name, Func<int> Run, int Calls = Keys.Count);

/// <summary>The arguments. What was stored and what asks hold different instances of equal strings, as real arguments do.</summary>
internal static class Keys
{
    public const int Count = 256;

    public static int[] Ids { get; } = [.. Enumerable.Range(1_000, Count)];

    public static string[] Regions { get; } = Make();

    public static string[] StoredRegions { get; } = Make();

    public static Guid[] Guids { get; } = [.. Ids.Select(i => new Guid(i, 7, 7, 1, 2, 3, 4, 5, 6, 7, 8))];

    private static string[] Make() => [.. Ids.Select(i => $"region-{i % 90 + 10}")];
}
