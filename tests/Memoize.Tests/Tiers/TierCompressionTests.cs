using Memoize.Tiers;

namespace Memoize.Tests.Tiers;

/// <summary>Large values are compressed, and kept so only where that makes them smaller.</summary>
[Collection(nameof(Api.ProcessWide))]
public sealed class TierCompressionTests : IDisposable
{
    private const int FlagsAt = 3;

    private readonly TestTiers tiers = new();

    public void Dispose() => tiers.Dispose();

    private static CancellationToken Ends => TestContext.Current.CancellationToken;

    public static TheoryData<int, int, bool> Lengths() => new()
    {
        { 4096, 4095, false },
        { 4096, 4096, true },
        { 100, 10_000, true },
        { 10_000, 9_999, false },
        { int.MaxValue, 1_000_000, false },
        { 0, 100, true },
    };

    [Theory, MemberData(nameof(Lengths))]
    public async Task A_value_is_compressed_from_the_length_on_that_the_option_says(int above, int length, bool isCompressed)
    {
        var stored = await StoredAsync(new byte[length], new() { Timeout = 5, CompressAbove = above });
        Assert.Equal(isCompressed ? 1 : 0, stored[FlagsAt]);
        Assert.True(isCompressed ? stored.Length < 250 : stored.Length > length, $"{stored.Length} bytes");
    }

    [Fact]
    public async Task The_default_compresses_from_4096_bytes_on()
    {
        Assert.InRange((await StoredAsync(new byte[4095])).Length, 4095, 5000);
        Assert.InRange((await StoredAsync(new byte[4096])).Length, 0, 500);
    }

    [Fact]
    public async Task What_does_not_become_smaller_is_kept_as_it_is()
    {
        var noise = new byte[50_000];
        new Random(7).NextBytes(noise);
        var stored = await StoredAsync(noise);
        Assert.Equal(0, stored[FlagsAt]);
        Assert.True(stored.AsSpan().EndsWith(noise));
    }

    [Theory, InlineData(null), InlineData(""), InlineData("x")]
    public async Task Where_everything_is_to_be_compressed_nothing_and_next_to_nothing_are_stored_too(string? value)
        => await StoredAsync(value, new() { Timeout = 5, CompressAbove = 0 });

    // What the store holds; another process reads the same value from it.
    private async Task<byte[]> StoredAsync<TValue>(TValue value, CacheTierOptions? options = null)
    {
        var store = new TestStore();
        var tier = tiers.Add(store, out var name, options);
        var cache = new TieredCache<TValue>(name);
        Assert.Equal(value, await cache.CallAsync("a", value));
        await Memo.FlushTiersAsync(Ends);
        Assert.Equal(1, tier.Statistics.Stores);

        var other = cache.Another();
        Assert.Equal(value, await other.CallAsync("a", default(TValue)!));
        Assert.Equal(0, other.Runs);
        return store.Values[Assert.Single(store.ValueKeys)];
    }
}
