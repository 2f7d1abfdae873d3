using Memoize.Keys;
using Memoize.Tiers;
using Microsoft.Extensions.Time.Testing;

namespace Memoize.Tests.Tiers;

/// <summary>A value is as old as its load, whenever it gets to a tier.</summary>
[Collection(nameof(Api.ProcessWide))]
public sealed class TierAgeTests : IDisposable
{
    private readonly TestTiers tiers = new();
    private readonly FakeTimeProvider clock = new();
    private readonly TestStore store = new();
    private readonly CacheTier tier;
    private readonly TierPipeline<string, string> pipeline;

    public TierAgeTests()
    {
        Memo.TimeProvider = clock;
        tier = tiers.Add(store, out var name);
        var method = new CachedMethod("Shop.Prices.Find(string)", new() { Ttl = 300, Tiers = name });
        pipeline = new(method.CreateCache<string, string>(false), new(method, new(1, static key => KeyPart.Shared(key)), static _ => false), null);
    }

    public void Dispose()
    {
        Memo.TimeProvider = TimeProvider.System;
        tiers.Dispose();
    }

    [Fact]
    public async Task What_waits_to_be_written_gets_older_meanwhile()
    {
        var load = pipeline.Begin("a", default, isRefresh: false)!;
        await load.Around(static _ => Task.FromResult("value"))(default);
        load.Keep("value", default);
        clock.Advance(TimeSpan.FromSeconds(200));
        load.Finish();
        await pipeline.Method.FlushAsync();
        Assert.Equal(TimeSpan.FromSeconds(100), store.LastExpiry!.AbsoluteExpirationRelativeToNow);
    }

    [Fact]
    public async Task The_same_of_what_was_set()
    {
        var write = pipeline.WriterOf("a", "value", default, null, Memoize.Storage.Kept.Stored)!;
        clock.Advance(TimeSpan.FromSeconds(200));
        await write(tier);
        Assert.Equal(TimeSpan.FromSeconds(100), store.LastExpiry!.AbsoluteExpirationRelativeToNow);
    }
}
