using System.Diagnostics;
using Memoize.Redis;
using Memoize.Redis.Tests;
using Microsoft.Extensions.Caching.Distributed;

namespace Memoize.Tiers.Tests;

/// <summary>One tier that is made to fail: what was asked for is counted, and everything ends with the test.</summary>
public abstract class FaultBench : IAsyncDisposable
{
    private static int s_articles;

    private readonly List<object> owned = [];
    private readonly List<string> asked = [];
    private protected CacheTier tier = null!;

    public async ValueTask DisposeAsync()
    {
        Memo.RemoveTier("shared");
        owned.Reverse();
        foreach (var one in owned)
        {
            if (one is IAsyncDisposable later)
                await later.DisposeAsync();
            else
                ((IDisposable)one).Dispose();
        }
        GC.SuppressFinalize(this);
    }

    private protected async Task RecoversAsync(string what)
    {
        var began = Stopwatch.GetTimestamp();
        for (var stores = tier.Statistics.Stores; tier.Statistics.Stores == stores;)
        {
            await AskAsync();
            await Task.Delay(20);
            Assert.True(Stopwatch.GetElapsedTime(began).TotalSeconds < 15, $"{what}: {tier.Statistics}");
        }
        var recovered = Stopwatch.GetElapsedTime(began).TotalMilliseconds;
        TestContext.Current.TestOutputHelper?.WriteLine($"{what}: stores again after {recovered:0} ms");
        Assert.InRange(recovered, 0, 10_000);
    }

    // Whatever was loaded is in the tier, or is counted as not stored.
    private protected async Task AllIsCountedAsync()
    {
        await Memo.FlushTiersAsync();
        var (loads, statistics) = (asked.Sum(Shop.Runs), tier.Statistics);
        Assert.True(loads == statistics.Stores + StoreTests.NotStored(tier), $"{loads} loads, {statistics}");
    }

    private protected async Task AskAsync()
    {
        var article = NewArticle();
        Shop.Versions[article] = s_articles;
        Assert.Equal(new Price(article, s_articles, 2.50m), await Shop.FindAsync(article));
    }

    private protected string NewArticle()
    {
        var article = $"f-{++s_articles}";
        asked.Add(article);
        return article;
    }

    // The tier has something, and its connections are made.
    private protected async Task AddAsync(IDistributedCache store, double timeout = 0.05)
    {
        tier = Memo.AddTier("shared", store, new() { Timeout = timeout, Prefix = TestServers.NewPrefix() });
        if (store is RedisCache redis)
            Assert.True(SpinWait.SpinUntil(() => redis.IsListening, TimeSpan.FromSeconds(20)));
        await RecoversAsync("the beginning");
    }

    private protected T Own<T>(T one)
        where T : notnull
    {
        owned.Add(one);
        return one;
    }
}
