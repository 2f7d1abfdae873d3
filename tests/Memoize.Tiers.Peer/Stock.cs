namespace Memoize.Tiers.Peer;

public sealed record Level(int Article, int Version);

/// <summary>The cached method of the other processes. A load reads first and takes its time afterwards, so that evictions can come in between.</summary>
public static class Stock
{
    private static int s_runs;

    public static Truth Truth { get; set; } = null!;

    /// <summary>How long a load takes, in milliseconds.</summary>
    public static int Delay { get; set; }

    /// <summary>What each load waits for when it has read.</summary>
    public static Task Gate { get; set; } = Task.CompletedTask;

    public static int Runs => Volatile.Read(ref s_runs);

    [Cached(Ttl = 300, MaxSize = 1000, Tiers = "shared")]
    public static Task<Level> FindAsync(int article) => ReadAsync(article);

    internal static async Task<Level> ReadAsync(int article)
    {
        var version = Truth.Read(article);
        Interlocked.Increment(ref s_runs);
        await Gate;
        await Task.Delay(Delay);
        return new(article, version);
    }
}
