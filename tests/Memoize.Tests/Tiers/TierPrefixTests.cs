using Memoize.Tags;
using Memoize.Tiers;

namespace Memoize.Tests.Tiers;

/// <summary>What stands before the keys of a tier: one prefix, whoever adds it.</summary>
[Collection(nameof(Api.ProcessWide))]
public sealed class TierPrefixTests : IDisposable
{
    private readonly TestTiers tiers = new();

    public void Dispose() => tiers.Dispose();

    [Theory]
    [InlineData(null, null, "memoize:")]
    [InlineData("", null, "memoize:")]
    [InlineData("shop:", null, "")]
    [InlineData("shop:", "prices:", "prices:")]
    [InlineData("shop:", "", "")]
    [InlineData(null, "", "")]
    public async Task The_tier_adds_one_where_the_store_has_none(string? own, string? given, string expected)
    {
        var store = own is null ? new TestStore() : new PrefixedStore(own);
        tiers.Add(store, out var name, new() { Timeout = 5, Prefix = given });
        var cache = new TieredCache<int>(name);
        await cache.CallAsync("home", 1, new() { Tags = [EntryTag.Of("pages")] });
        await Memo.FlushTiersAsync(TestContext.Current.CancellationToken);

        string[] keys = [.. store.Values.Keys.Order(StringComparer.Ordinal)];
        Assert.Equal(
            [expected + "#stamp:Shop.Prices.Find(string)", expected + "#tag:pages", expected + "#tags", expected + "Shop.Prices.Find(string)(id:\"home\")"],
            keys);
    }

    private sealed class PrefixedStore(string prefix) : TestStore, IPrefixedCache
    {
        public string KeyPrefix => prefix;
    }
}
