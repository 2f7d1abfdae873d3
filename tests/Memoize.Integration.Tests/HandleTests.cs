namespace Memoize.Integration.Tests;

/// <summary>The handle of a method is the remote control of its cache.</summary>
public class HandleTests
{
    private static readonly Counted _counted = new();

    [Fact]
    public void Everything_a_handle_can_do()
    {
        Assert.Equal("1#1", Rates.Quote(1));
        Assert.True(RatesCache.Quote.TryGet(1, "#", out var quote));
        Assert.Equal("1#1", quote);
        Assert.True(RatesCache.Quote.Evict(1));
        Assert.False(RatesCache.Quote.TryGet(1, "#", out _));
        Assert.Equal("1#2", Rates.Quote(1));
        Assert.Equal("1#3", RatesCache.Quote.Refresh(1));
        Assert.Equal("1#4", RatesCache.Quote.Uncached(1));
        Assert.Equal("1#3", Rates.Quote(1));
        RatesCache.Quote.Set(2, "#", "mine");
        Assert.Equal("mine", Rates.Quote(2));
        Assert.Equal(2, RatesCache.Quote.Statistics.Count);
        RatesCache.Quote.Clear();
        Assert.Equal(0, RatesCache.Quote.Statistics.Count);
        Assert.Contains(Memo.Caches, cache => cache.Name == RatesCache.Quote.Name);
    }

    internal static string Next(string text) => text + (_counted.Ran(_counted) is { } counted ? counted.Runs : 0);
}

internal static class Rates
{
    [Cached]
    public static string Quote(int id, string mark = "#") => HandleTests.Next(id + mark);
}
