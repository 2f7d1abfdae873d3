namespace Memoize.Generators.Tests.Programs;

/// <summary>
/// Which random programs a run writes: a few; with <c>MEMOIZE_PROGRAMS=200</c> as many as that, for a night; and with
/// <c>MEMOIZE_PROGRAM_SEED=17</c> the one that has failed.
/// </summary>
static class Seeds
{
    public static TheoryData<int> Of(int usually) => int.TryParse(Environment.GetEnvironmentVariable("MEMOIZE_PROGRAM_SEED"), out var one) ? [one]
        : [.. Enumerable.Range(1, int.TryParse(Environment.GetEnvironmentVariable("MEMOIZE_PROGRAMS"), out var many) ? many : usually)];
}
