using System.Globalization;
using Memoize.Tags;
using Memoize.Tiers;
using Microsoft.Extensions.Time.Testing;

namespace Memoize.Tests.Tiers;

/// <summary>What is owed to a tier that cannot be told of evictions is bounded, and nothing that was evicted is read when it is back.</summary>
[Collection(nameof(Api.ProcessWide))]
public sealed class TierDebtTests : IDisposable
{
    private readonly TestTiers tiers = new();
    private readonly FakeTimeProvider clock = new();
    private readonly TestStore store = new();
    private readonly CacheTier tier;
    private readonly string name;

    public TierDebtTests() => tier = tiers.Add(store, out name, new() { Timeout = 5, RetryAfter = 0.5, TimeProvider = clock });

    public void Dispose() => tiers.Dispose();

    [Fact]
    public async Task Thirty_thousand_evictions_are_ten_thousand_debts_at_most()
    {
        var one = new TieredCache<string>(name, name: "Shop.One(string)");
        var other = new TieredCache<string>(name, name: "Shop.Other(string)");
        await one.CallAsync("1", "old");
        await one.CallAsync("29999", "old");
        await other.CallAsync("1", "old");
        await other.CallAsync("2", "old");
        await Memo.FlushTiersAsync(TestContext.Current.CancellationToken);
        await FailAsync(one);
        await other.Cache.EvictAsync("1");
        for (var i = 0; i < 30_000; i++)
        {
            await one.Cache.EvictAsync(Text(i));
            if (i % 1000 == 0)
                Assert.InRange(tier.Statistics.Owed, 1, 10_020);
        }

        await RecoverAsync();
        Assert.Equal("new", await one.Another(name).CallAsync("1", "new"));
        Assert.Equal("new", await one.Another(name).CallAsync("29999", "new"));
        Assert.Equal("new", await other.Another(name).CallAsync("1", "new"));
        // Of the method with few evictions only those are gone.
        Assert.Equal("old", await other.Another(name).CallAsync("2", "new"));
    }

    [Fact]
    public async Task Thirty_thousand_evictions_of_tags_are_ten_thousand_debts_at_most()
    {
        var cache = new TieredCache<string>(name);
        foreach (var id in (string[])["0", "29999", "never"])
            await cache.CallAsync(id, "old", Tagged(id));
        await cache.CallAsync("without", "old");
        await Memo.FlushTiersAsync(TestContext.Current.CancellationToken);
        await FailAsync(cache);
        for (var i = 0; i < 30_000; i++)
        {
            await Memo.EvictTagAsync(TagOf(Text(i)));
            if (i % 1000 == 0)
                Assert.InRange(tier.Statistics.Owed, 1, 10_020);
        }

        // Another method, of which this process knows nothing yet, is not believed about tags either.
        var other = cache.Another(name);
        Assert.Equal("new", await other.CallAsync("0", "new", Tagged("0")));

        await RecoverAsync();
        Assert.Equal("new", await cache.Another(name).CallAsync("0", "new", Tagged("0")));
        Assert.Equal("new", await cache.Another(name).CallAsync("29999", "new", Tagged("29999")));
        // Too much is gone, but only what has a tag.
        Assert.Equal("new", await cache.Another(name).CallAsync("never", "new", Tagged("never")));
        Assert.Equal("old", await cache.Another(name).CallAsync("without", "new"));

        // What was stored since then is good, and is evicted as ever.
        await Memo.FlushTiersAsync(TestContext.Current.CancellationToken);
        Assert.Equal("new", await cache.Another(name).CallAsync("0", "newer", Tagged("0")));
        await Memo.EvictTagAsync(TagOf("0"));
        Assert.Equal("newer", await cache.Another(name).CallAsync("0", "newer", Tagged("0")));
        Assert.Equal("new", await cache.Another(name).CallAsync("29999", "newer", Tagged("29999")));
    }

    /// <summary>
    /// The truth of a key is a number that grows. Who writes it evicts afterwards; from then on this process reads nothing older, and neither does any
    /// other once nothing is owed any more.
    /// </summary>
    [Theory, InlineData(1), InlineData(2), InlineData(3), InlineData(4), InlineData(5), InlineData(6), InlineData(7), InlineData(8)]
    public async Task Nothing_from_before_an_eviction_is_read_after_it(int seed)
    {
        tier.MostOwed = 20;
        var random = new Random(seed);
        var methods = Enumerable.Range(0, 3).Select(i => new TieredCache<string>(name, name: $"Shop.M{i}(string)")).ToArray();
        var others = methods.Select(method => method.Another(name)).ToArray();
        var truth = new int[3, 40];
        for (var step = 0; step < 4000; step++)
        {
            var (m, id) = (random.Next(random.Next(3) + 1), random.Next(40));
            var key = Text(id);
            switch (random.Next(100))
            {
                case < 45:
                    Assert.Equal(Text(truth[m, id]), await methods[m].CallAsync(key, Text(truth[m, id]), Tagged(key)));
                    break;
                case < 70:
                    truth[m, id]++;
                    await methods[m].Cache.EvictAsync(key);
                    break;
                case < 85:
                    for (m = 0; m < 3; m++)
                        truth[m, id]++;
                    await Memo.EvictTagAsync(TagOf(key));
                    break;
                case < 86:
                    for (id = 0; id < 40; id++)
                        truth[m, id]++;
                    await methods[m].Method.ClearAsync();
                    break;
                case < 94:
                    // What is not in memory is read from the tier.
                    methods[m].Cache.Forget(key);
                    break;
                case < 96 when store.Failure is null:
                    await Memo.FlushTiersAsync(TestContext.Current.CancellationToken);
                    await FailAsync(methods[0]);
                    break;
                case < 98 when store.Failure is not null:
                    await RecoverAsync();
                    for (var one = 0; one < 3; one++)
                    {
                        for (var i = 0; i < 40; i++)
                        {
                            others[one].Cache.Forget(Text(i));
                            Assert.Equal(Text(truth[one, i]), await others[one].CallAsync(Text(i), Text(truth[one, i]), Tagged(Text(i))));
                        }
                    }

                    // Without leases nothing keeps the writes of another process from coming after the next eviction.
                    await Memo.FlushTiersAsync(TestContext.Current.CancellationToken);

                    break;
            }

            Assert.InRange(tier.Statistics.Owed, 0, 20 + 17 + 4);
        }
    }

    private string TagOf(string id) => $"{name}:{id}";

    private EntryRules<string> Tagged(string id) => new() { Tags = [EntryTag.Of(TagOf(id))] };

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private async Task FailAsync(TieredCache<string> cache)
    {
        store.Failure = new InvalidOperationException("down");
        await cache.CallAsync("fails" + Guid.NewGuid(), "all the same");
        Assert.False(tier.IsAvailable);
    }

    private async Task RecoverAsync()
    {
        store.Failure = null;
        var end = DateTime.UtcNow.AddSeconds(30);
        while (!tier.IsAvailable || tier.Statistics.Owed > 0)
        {
            Assert.True(DateTime.UtcNow < end, "It does not come back.");
            clock.Advance(TimeSpan.FromSeconds(1));
            await Task.Delay(1, TestContext.Current.CancellationToken);
        }
    }
}
