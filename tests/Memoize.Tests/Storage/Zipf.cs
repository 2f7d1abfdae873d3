namespace Memoize.Tests.Storage;

/// <summary>Requests as they come in practice: a few keys are asked for all the time, and most hardly ever.</summary>
internal static class Zipf
{
    /// <summary>The keys that are asked for, one after the other; always the same for a seed.</summary>
    internal static int[] Trace(int requests, int keys, double exponent, int seed)
    {
        var sums = new double[keys];
        var sum = 0.0;
        for (var i = 0; i < keys; i++)
            sums[i] = sum += 1 / Math.Pow(i + 1, exponent);

        var random = new Random(seed);
        var trace = new int[requests];
        foreach (ref var key in trace.AsSpan())
        {
            var found = Array.BinarySearch(sums, random.NextDouble() * sum);
            key = Math.Min(found < 0 ? ~found : found, keys - 1);
        }

        return trace;
    }
}
