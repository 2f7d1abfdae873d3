using System.Buffers;
using Microsoft.Extensions.Caching.Distributed;
using Microsoft.Extensions.Caching.Hybrid;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Shop;

namespace Memoize.MemoryPack.Tests;

/// <summary>Results in MemoryPack's format, from the attribute to the store and back.</summary>
public sealed class MemoryPackTests
{
    private static readonly MemoryPackSerializerFactory Factory = new();

    private static CancellationToken Ends => TestContext.Current.CancellationToken;

    private static MemoryDistributedCache NewStore() => new(Options.Create(new MemoryDistributedCacheOptions()));

    [Theory]
    [InlineData("x")]
    [InlineData("é ı \U0001F600")]
    [InlineData("half \ud83d, and U+FFFD \ufffd")]
    public async Task A_method_stores_and_another_process_reads(string article)
    {
        var tier = Memo.AddTier("packed", NewStore(), new() { Timeout = 20 }).Use(Factory);
        try
        {
            var runs = Bills.Runs;
            var (line, text) = (Bills.Of(article), Bills.Text("t" + article.Length));
            await Memo.FlushTiersAsync(Ends);
            Memo.TimeProvider = Memo.TimeProvider;      // forgets what is in memory
            var again = Bills.Of(article);
            Assert.NotSame(line, again);
            Assert.Equal((line.Article, line.Price), (again.Article, again.Price));
            Assert.Equal(line.Sizes, again.Sizes);
            Assert.Equal(line.Dates, again.Dates);
            Assert.Equal(text, Bills.Text("t" + article.Length));
            Assert.Equal(runs + 2, Bills.Runs);
            Assert.Equal((2, 0), (tier.Statistics.Hits, tier.Statistics.Unreadable));
        }
        finally
        {
            Memo.RemoveTier("packed");
        }
    }

    [Fact]
    public async Task What_was_stored_as_JSON_before_is_a_miss()
    {
        var store = NewStore();
        var runs = Bills.Runs;
        foreach (var packed in new[] { false, false, true, true })
        {
            var tier = Memo.AddTier("packed", store, new() { Timeout = 20 });
            if (packed)
                tier.Use(Factory);
            Memo.TimeProvider = Memo.TimeProvider;
            Assert.Equal("json", Bills.Of("json").Article);
            await Memo.FlushTiersAsync(Ends);
            Memo.RemoveTier("packed");
        }

        Assert.Equal(runs + 2, Bills.Runs);
    }

    [Fact]
    public async Task An_object_of_a_derived_type_is_not_stored_as_less_than_it_is()
    {
        var tier = Memo.AddTier("packed", NewStore(), new() { Timeout = 20 }).Use(Factory);
        try
        {
            for (var round = 0; round < 2; round++)
            {
                Assert.Equal("wow", Assert.IsType<Dog>(Zoo.Pet("dog")).Sound);
                Assert.Equal(4, Zoo.Pet("animal").Legs);
                Assert.Equal("B-1", Assert.IsType<Car>(Zoo.Drive("B-1")).Plate);
                await Memo.FlushTiersAsync(Ends);
                Memo.TimeProvider = Memo.TimeProvider;
            }

            Assert.Equal((2, 2, 2), (tier.Statistics.Stores, tier.Statistics.Hits, tier.Statistics.NotStoredUnserializable));
        }
        finally
        {
            Memo.RemoveTier("packed");
        }
    }

    [Theory]
    [InlineData("derived")]
    [InlineData("secret")]
    [InlineData("without case")]
    public async Task What_is_lost_inside_of_a_result_is_seen_however_many_were_well_before(string kind)
    {
        var tier = Memo.AddTier("packed", NewStore(), new() { Timeout = 20 }).Use(Factory);
        try
        {
            for (var i = 0; i < 5; i++)
                Zoo.Farm("plain", i + kind.Length);
            Zoo.Farm(kind, 0);
            await Memo.FlushTiersAsync(Ends);
            Assert.Equal((5, 1), (tier.Statistics.Stores, tier.Statistics.NotStoredUnserializable));
        }
        finally
        {
            Memo.TimeProvider = Memo.TimeProvider;
            Memo.RemoveTier("packed");
        }
    }

    [Fact]
    public void A_derived_type_is_refused_by_the_serializer_itself_for_HybridCache_too()
    {
        Assert.True(Factory.TryCreateSerializer<Animal>(out var serializer));
        Assert.Throws<NotSupportedException>(() => serializer.Serialize(new Dog(), new ArrayBufferWriter<byte>()));
        serializer.Serialize(new Animal(), new ArrayBufferWriter<byte>());
        serializer.Serialize(null!, new ArrayBufferWriter<byte>());
    }

    [Fact]
    public void It_knows_what_is_MemoryPackable_and_leaves_the_rest_to_others()
    {
        Assert.True(Factory.TryCreateSerializer<Line>(out _));
        Assert.False(Factory.TryCreateSerializer<Unknown>(out var none));
        Assert.Null(none);
    }

    [Fact]
    public void Whatever_is_cut_off_or_left_over_is_an_exception_and_no_result()
    {
        Assert.True(Factory.TryCreateSerializer<Line>(out var serializer));
        var buffer = new ArrayBufferWriter<byte>();
        serializer.Serialize(new("abc", 1, [1], []), buffer);
        var bytes = buffer.WrittenMemory;
        Assert.Equal("abc", serializer.Deserialize(new(bytes)).Article);
        for (var length = 0; length < bytes.Length; length++)
            Assert.ThrowsAny<Exception>(() => serializer.Deserialize(new(bytes[..length])));
        Assert.ThrowsAny<Exception>(() => serializer.Deserialize(new(new byte[] { 0 }.Concat(bytes.ToArray()).ToArray())));
        Assert.ThrowsAny<Exception>(() => serializer.Deserialize(new([.. bytes.ToArray(), 7])));
    }

    [Fact]
    public async Task HybridCache_takes_it_too()
    {
        var services = new ServiceCollection();
        services.AddSingleton<IDistributedCache>(NewStore()).AddHybridCache().AddSerializerFactory<MemoryPackSerializerFactory>();
        await using var provider = services.BuildServiceProvider();
        var cache = provider.GetRequiredService<HybridCache>();
        Assert.Equal(new Shape(7), await cache.GetOrCreateAsync("k", static _ => ValueTask.FromResult(new Shape(7)), cancellationToken: Ends));
    }
}
