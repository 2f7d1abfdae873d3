using System.Buffers;
using Memoize.Tests.Api;
using Memoize.Tests.Observability;
using Memoize.Tiers;
using Microsoft.Extensions.Caching.Hybrid;

namespace Memoize.Tests.Tiers;

/// <summary>Results that lose something on the way that no bytes show: served, not stored, and told of.</summary>
[Collection(nameof(ProcessWide))]
public sealed class TierLossTests : IDisposable
{
    private readonly TestTiers tiers = new();
    private readonly Written log = new();

    public TierLossTests() => Memo.LoggerFactory = log;

    public void Dispose()
    {
        tiers.Dispose();
        Memo.LoggerFactory = null;
        log.Dispose();
    }

    /// <summary>As a class of another assembly is seen: what it keeps is not.</summary>
    public class Money
    {
        private decimal _net;

        public string Currency { get; set; } = "EUR";

        public Money Set(decimal net)
        {
            _net = net;
            return this;
        }

        public decimal Net() => _net;
    }

    public sealed class Bag : List<int>
    {
        public int Total { get; set; }
    }

    public record Pet(string Name);

    public sealed record Cat(string Name, int Lives) : Pet(Name);

    public sealed record Owner(string Name, Pet Pet);

    private static CancellationToken Ends => TestContext.Current.CancellationToken;

    private async Task<(long Stored, long Lost)> StoreAsync<T>(IEnumerable<T> values, Action<CacheTier>? configure = null)
        where T : class
    {
        var tier = tiers.Add(new TestStore(), out var name);
        configure?.Invoke(tier);
        var cache = new TieredCache<T>(name);
        var key = 0;
        foreach (var value in values)
        {
            Assert.Same(value, await cache.CallAsync($"{key++}", value));
            await Memo.FlushTiersAsync(Ends);
        }

        return (tier.Statistics.Stores, tier.Statistics.NotStoredUnserializable);
    }

    [Fact]
    public async Task A_private_field_that_JSON_does_not_see_is_not_lost_however_often_it_is_tried()
    {
        Assert.Equal((0, 8), await StoreAsync(Enumerable.Range(1, 8).Select(static net => new Money().Set(net))));
        Assert.Equal("Warning 8 NotSerialized " + TieredCache<Money>.Name + ": a result was served and not stored in its tiers, because it cannot be written, or would not come back as it was: "
            + $"{typeof(Money)} comes back from its serializer as something else: Money._net comes back with another value. 0 more like this since the last message.", Assert.Single(log.Lines, static line => line.Contains("NotSerialized", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task After_one_that_is_lost_each_is_looked_at()
    {
        Assert.Equal((6, 3), await StoreAsync([new Money(), new Money().Set(1), new Money(), new(), new(), new(), new Money().Set(2), new Money().Set(3), new()]));
    }

    [Fact]
    public async Task What_a_collection_has_besides_its_elements_is_not_lost()
    {
        Assert.Equal((1, 1), await StoreAsync([new Bag { 1, 2 }, new Bag { Total = 7 }]));
    }

    [Fact]
    public async Task A_serializer_of_somebody_else_is_looked_at_for_each_value()
    {
        var pets = Enumerable.Range(0, 6).Select(static i => new Owner("o", i < 5 ? new Pet("p") : new Cat("c", 9)));
        Assert.Equal((5, 1), await StoreAsync(pets, static tier => tier.Use(new OfOwner())));
    }

    [Fact]
    public async Task Without_a_serializer_a_message_says_what_to_do()
    {
        Assert.Equal((0, 1), await StoreAsync([new Pet("p")], static tier => tier.Use(new None())));
        Assert.Contains("Give the tier a context.", Assert.Single(log.Lines, static line => line.Contains("NotSerialized", StringComparison.Ordinal)), StringComparison.Ordinal);
    }

    /// <summary>Writes what the declared types know.</summary>
    private sealed class OfOwner : IHybridCacheSerializer<Owner>
    {
        public Owner Deserialize(ReadOnlySequence<byte> source)
        {
            var parts = System.Text.Encoding.UTF8.GetString(source.ToArray()).Split(' ');
            return new(parts[0], new(parts[1]));
        }

        public void Serialize(Owner value, IBufferWriter<byte> target) => target.Write(System.Text.Encoding.UTF8.GetBytes($"{value.Name} {value.Pet.Name}"));
    }

    private sealed class None : IHybridCacheSerializerFactory
    {
        public bool TryCreateSerializer<T>([System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out IHybridCacheSerializer<T>? serializer)
            => throw new InvalidOperationException("Give the tier a context.");
    }
}
